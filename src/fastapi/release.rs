//! The end of a request's dependencies: what FastAPI has behind their `yield`.
//!
//! The last one made is released first. Those of [`Scope::Function`] come before the reply is sent,
//! and the others after it and after its background tasks; if there was a failure, all of them
//! come before its reply. Each learns how the request went, and may turn that into an exception.

use std::any::Any;
use std::cell::RefCell;
use std::panic::{AssertUnwindSafe, resume_unwind};

use actix_web::{HttpResponse, rt};
use futures_util::FutureExt;
use futures_util::future::LocalBoxFuture;

use super::activity::Activity;
use super::console::{Console, panic_message};
use super::depends::{Dependency, Outcome, Scope};
use super::error::HttpException;
use super::logging::Context;
use super::reply::Fault;

/// Why a request has no reply of its handler's own.
pub(super) enum Failure {
    /// An exception, or errors of validation; this is what the client gets.
    Raised(Box<HttpResponse>),
    /// The program is at fault.
    Fault(Fault),
    /// Something panicked.
    Panic(Box<dyn Any + Send>),
}

impl Failure {
    fn of(exception: HttpException) -> Self {
        exception.reply().map_or_else(Self::Fault, Self::raised)
    }

    pub fn raised(reply: HttpResponse) -> Self {
        Self::Raised(Box::new(reply))
    }

    /// What goes to the client.
    pub fn into_reply(self) -> Result<HttpResponse, Fault> {
        match self {
            Self::Raised(reply) => Ok(*reply),
            Self::Fault(fault) => Err(fault),
            Self::Panic(panic) => resume_unwind(panic),
        }
    }

    /// Tells the console, as the client cannot be told any more.
    pub fn tell(self, console: &Console) {
        match self {
            Self::Raised(reply) => {
                let status = reply.status();
                console.fault(format!("an exception came after the reply: {status}"));
            }
            Self::Fault(fault) => console.fault(fault.to_string()),
            Self::Panic(panic) => console.panic(panic_message(panic.as_ref())),
        }
    }
}

impl From<Fault> for Failure {
    fn from(fault: Fault) -> Self {
        Self::Fault(fault)
    }
}

type Release = Box<dyn FnOnce(Outcome) -> LocalBoxFuture<'static, Result<(), HttpException>>>;

/// What is to be released once a request is over, in the order in which it was made.
///
/// Whatever is left when this is dropped is released all the same: its request was given up. Only
/// a server that is abandoned takes it along.
pub(super) struct Releases {
    stack: RefCell<Vec<(Scope, Release)>>,
    activity: Activity,
    context: Context,
    /// Whether this is the last try: the event loop may be at its end.
    is_last: bool,
}

impl Releases {
    pub fn new(activity: &Activity) -> Self {
        let (activity, context) = (activity.clone(), Context::current());
        Self { stack: RefCell::default(), activity, context, is_last: false }
    }

    pub fn push<T: Dependency>(&self, made: T) {
        let release: Release = Box::new(|outcome| Box::pin(made.release(outcome)));
        self.stack.borrow_mut().push((T::SCOPE, release));
    }

    pub fn is_empty(&self) -> bool {
        self.stack.borrow().is_empty()
    }

    /// All that are left, to be released later.
    pub fn take(&self) -> Self {
        let (activity, context) = (self.activity.clone(), self.context.clone());
        Self { stack: RefCell::new(self.stack.take()), activity, context, is_last: false }
    }

    /// What comes of answering, with all released that does not wait for the end of the reply.
    pub async fn around<T, F: From<Failure>>(
        &self,
        answering: impl Future<Output = Result<T, F>>,
    ) -> Result<T, F> {
        let answered = AssertUnwindSafe(answering).catch_unwind().await;
        let answered = answered.unwrap_or_else(|panic| Err(Failure::Panic(panic).into()));
        match self.run(Scope::Function, answered).await {
            Ok(reply) => Ok(reply),
            Err(failure) => self.run(Scope::Request, Err(failure)).await,
        }
    }

    /// Releases those of a scope, which may make a failure of a success or another failure of one.
    pub async fn run<T, F: From<Failure>>(
        &self,
        scope: Scope,
        mut ended: Result<T, F>,
    ) -> Result<T, F> {
        while let Some(release) = self.pop(scope) {
            let outcome = if ended.is_ok() { Outcome::Returned } else { Outcome::Failed };
            let releasing = AssertUnwindSafe(async { release(outcome).await });
            ended = match releasing.catch_unwind().await {
                Ok(Ok(())) => ended,
                Ok(Err(exception)) => Err(Failure::of(exception).into()),
                Err(panic) => Err(Failure::Panic(panic).into()),
            };
        }
        ended
    }

    fn pop(&self, scope: Scope) -> Option<Release> {
        let mut stack = self.stack.borrow_mut();
        let last = stack.iter().rposition(|(of, _)| *of == scope)?;
        Some(stack.remove(last).1)
    }
}

impl Drop for Releases {
    fn drop(&mut self) {
        if self.is_empty() || self.is_last {
            return;
        }
        let (mut releases, busy) = (self.take(), self.activity.tasks());
        releases.is_last = true;
        rt::spawn(self.context.clone().around(async move {
            let given_up = || Err::<(), _>(Failure::Fault(Fault("given up".to_owned())));
            for scope in [Scope::Function, Scope::Request] {
                // Nobody waits for a reply that could tell of this.
                let _ = releases.run(scope, given_up()).await;
            }
            drop(busy);
        }));
    }
}

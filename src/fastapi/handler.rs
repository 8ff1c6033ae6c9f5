//! Handlers: functions of any arguments whose wrapper collects every error before it answers.
//!
//! An `async fn` runs on the server's event loop; a plain `fn` wrapped in [`blocking`] runs on a
//! pool of threads, where it may block, as FastAPI's `def` handlers do.

use std::panic::resume_unwind;

use actix_web::rt::task::spawn_blocking;
use futures_util::future::LocalBoxFuture;

use super::argument::{Argument, Rejection};
use super::error::{HttpException, ValidationError};
use super::openapi::Operation;
use super::pattern::Pattern;
use super::reply::{self, Fault, IntoReply, Reply};
use super::request::Request;

/// A handler bound to a route: its arguments are planned.
pub(super) trait Endpoint: Send + Sync {
    /// Adds the arguments to the route's OpenAPI operation.
    fn describe(&self, operation: &mut Operation);

    /// Answers a request.
    fn answer<'a>(&'a self, request: &'a Request) -> LocalBoxFuture<'a, Result<Reply, Fault>>;
}

/// A function that can answer requests. `Arguments` only tells implementations apart.
pub trait Handler<Arguments>: Sized + Send + Sync + 'static {
    /// What is worked out once for each route.
    type Plan: Send + Sync + 'static;

    /// Plans all arguments.
    fn plan(path: &Pattern) -> Self::Plan;

    /// Describes all arguments.
    fn describe(plan: &Self::Plan, operation: &mut Operation);

    /// Extracts all arguments, then calls the function or answers with what is wrong.
    fn call(
        &self,
        plan: &Self::Plan,
        request: &Request,
    ) -> impl Future<Output = Result<Reply, Fault>>;

    /// The function's own name, from which OpenAPI's operation id and summary are made.
    fn name() -> &'static str {
        let full = std::any::type_name::<Self>().trim_end_matches('>');
        full.rsplit("::").next().unwrap_or(full)
    }
}

/// A handler that runs on a pool of threads, made by [`blocking`].
#[derive(Clone)]
pub struct Blocking<F>(F);

/// Lets a plain `fn` be a handler: it runs off the event loop and may block.
pub fn blocking<F>(function: F) -> Blocking<F> {
    Blocking(function)
}

/// What the arguments said so far.
#[derive(Default)]
struct Outcome {
    errors: Vec<ValidationError>,
    abort: Option<HttpException>,
    fault: Option<Fault>,
}

impl Outcome {
    /// Keeps a value, or notes why there is none; after an abort nothing more is noted.
    fn take<T>(&mut self, extracted: Result<T, Rejection>) -> Option<T> {
        match extracted {
            Ok(value) => return Some(value),
            Err(Rejection::Invalid(errors)) => self.errors.extend(errors),
            Err(Rejection::Abort(exception)) => {
                self.abort.get_or_insert(exception);
            }
            Err(Rejection::Fault(message)) => {
                self.fault.get_or_insert(Fault(message));
            }
        }
        None
    }

    fn has_ended(&self) -> bool {
        self.abort.is_some() || self.fault.is_some()
    }

    fn into_reply(mut self) -> Result<Reply, Fault> {
        match (self.fault, self.abort) {
            (Some(fault), _) => Err(fault),
            (None, Some(exception)) => exception.into_reply(),
            (None, None) => {
                self.errors.sort_by_key(ValidationError::part);
                reply::invalid(&self.errors)
            }
        }
    }
}

/// Extracts each argument in turn; answers early if one aborts or any is missing at the end.
macro_rules! extract {
    ($plan:ident, $request:ident, $($argument:ident)*) => {{
        let mut outcome = Outcome::default();
        let ($($argument,)*) = $plan;
        $(
            let $argument = if outcome.has_ended() {
                None
            } else {
                outcome.take($argument::extract($argument, $request).await)
            };
        )*
        match ($($argument,)*) {
            ($(Some($argument),)*) => ($($argument,)*),
            #[allow(unreachable_patterns)]
            _ => return outcome.into_reply(),
        }
    }};
}

macro_rules! handlers {
    ($($argument:ident)*) => {
        #[allow(non_snake_case, unused_mut, unused_variables, clippy::unused_unit)]
        impl<F, Fut, $($argument),*> Handler<($($argument,)*)> for F
        where
            F: Fn($($argument),*) -> Fut + Send + Sync + 'static,
            Fut: Future,
            Fut::Output: IntoReply,
            $($argument: Argument,)*
        {
            type Plan = ($($argument::Plan,)*);

            fn plan(path: &Pattern) -> Self::Plan {
                ($($argument::plan(path),)*)
            }

            fn describe(plan: &Self::Plan, operation: &mut Operation) {
                let ($($argument,)*) = plan;
                $($argument::describe($argument, operation);)*
            }

            async fn call(
                &self,
                plan: &Self::Plan,
                request: &Request,
            ) -> Result<Reply, Fault> {
                let ($($argument,)*) = extract!(plan, request, $($argument)*);
                self($($argument),*).await.into_reply()
            }
        }

        #[allow(non_snake_case, unused_mut, unused_variables, clippy::unused_unit)]
        impl<F, R, $($argument),*> Handler<(Blocking<()>, $($argument,)*)> for Blocking<F>
        where
            F: Fn($($argument),*) -> R + Clone + Send + Sync + 'static,
            R: IntoReply + Send + 'static,
            $($argument: Argument + Send,)*
        {
            type Plan = ($($argument::Plan,)*);

            fn plan(path: &Pattern) -> Self::Plan {
                ($($argument::plan(path),)*)
            }

            fn describe(plan: &Self::Plan, operation: &mut Operation) {
                let ($($argument,)*) = plan;
                $($argument::describe($argument, operation);)*
            }

            async fn call(
                &self,
                plan: &Self::Plan,
                request: &Request,
            ) -> Result<Reply, Fault> {
                let ($($argument,)*) = extract!(plan, request, $($argument)*);
                let function = self.0.clone();
                match spawn_blocking(move || function($($argument),*)).await {
                    Ok(reply) => reply.into_reply(),
                    Err(error) => match error.try_into_panic() {
                        Ok(panic) => resume_unwind(panic),
                        Err(error) => Err(Fault(error.to_string())),
                    },
                }
            }
        }
    };
}

handlers! {}
handlers! { A }
handlers! { A B }
handlers! { A B C }
handlers! { A B C D }
handlers! { A B C D E }
handlers! { A B C D E G }
handlers! { A B C D E G H }
handlers! { A B C D E G H I }

/// A handler with the plan of its arguments.
pub(super) struct Planned<H: Handler<Arguments>, Arguments> {
    handler: H,
    plan: H::Plan,
}

impl<H: Handler<Arguments>, Arguments> Planned<H, Arguments> {
    pub(super) fn new(handler: H, path: &Pattern) -> Self {
        Self { handler, plan: H::plan(path) }
    }
}

impl<H: Handler<Arguments>, Arguments: 'static> Endpoint for Planned<H, Arguments> {
    fn describe(&self, operation: &mut Operation) {
        H::describe(&self.plan, operation);
    }

    fn answer<'a>(&'a self, request: &'a Request) -> LocalBoxFuture<'a, Result<Reply, Fault>> {
        Box::pin(self.handler.call(&self.plan, request))
    }
}

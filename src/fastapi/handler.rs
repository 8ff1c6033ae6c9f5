//! Handlers: functions of any arguments, called once all of them could be had.
//!
//! An `async fn` runs on the server's event loop; a plain `fn` wrapped in [`blocking`] runs on a
//! pool of threads, where it may block, as FastAPI's `def` handlers do.

use futures_util::future::LocalBoxFuture;

use super::argument::{Argument, Rejection, Turn};
use super::error::ValidationError;
use super::openapi::Operation;
use super::pattern::Pattern;
use super::reply::{Fault, IntoReply, Reply};
use super::request::Request;
use super::threadpool::run_in_threadpool;

/// A handler bound to a route: its arguments are planned.
pub(super) trait Endpoint: Send + Sync {
    /// Adds the arguments of this turn to the route's OpenAPI operation.
    fn describe(&self, turn: Turn, operation: &mut Operation);

    /// Answers a request in which this is wrong already.
    fn answer<'a>(
        &'a self,
        request: &'a Request,
        wrong: Vec<ValidationError>,
    ) -> LocalBoxFuture<'a, Result<Reply, Fault>>;
}

/// A function that can answer requests. `Marker` only tells implementations apart.
pub trait Handler<Marker>: Sized + Send + Sync + 'static {
    /// What it is called with.
    type Arguments: Argument;

    /// Calls the function.
    fn call(&self, arguments: Self::Arguments) -> impl Future<Output = Result<Reply, Fault>>;

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

macro_rules! handlers {
    ($($argument:ident)*) => {
        #[allow(non_snake_case)]
        impl<F, Fut, $($argument),*> Handler<($($argument,)*)> for F
        where
            F: Fn($($argument),*) -> Fut + Send + Sync + 'static,
            Fut: Future,
            Fut::Output: IntoReply,
            $($argument: Argument,)*
        {
            type Arguments = ($($argument,)*);

            async fn call(&self, arguments: Self::Arguments) -> Result<Reply, Fault> {
                let ($($argument,)*) = arguments;
                self($($argument),*).await.into_reply()
            }
        }

        #[allow(non_snake_case)]
        impl<F, R, $($argument),*> Handler<(Blocking<()>, $($argument,)*)> for Blocking<F>
        where
            F: Fn($($argument),*) -> R + Clone + Send + Sync + 'static,
            R: IntoReply + Send + 'static,
            $($argument: Argument + Send,)*
        {
            type Arguments = ($($argument,)*);

            async fn call(&self, arguments: Self::Arguments) -> Result<Reply, Fault> {
                let ($($argument,)*) = arguments;
                let function = self.0.clone();
                run_in_threadpool(move || function($($argument),*)).await.into_reply()
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
pub(super) struct Planned<H: Handler<Marker>, Marker> {
    handler: H,
    plan: <H::Arguments as Argument>::Plan,
}

impl<H: Handler<Marker>, Marker> Planned<H, Marker> {
    pub(super) fn new(handler: H, path: &Pattern) -> Self {
        Self { handler, plan: H::Arguments::plan(path) }
    }

    async fn reply(
        &self,
        request: &Request,
        mut wrong: Vec<ValidationError>,
    ) -> Result<Reply, Fault> {
        match H::Arguments::extract(&self.plan, request).await {
            Ok(arguments) if wrong.is_empty() => self.handler.call(arguments).await,
            Ok(_) => Rejection::Invalid(wrong).into_reply(),
            Err(Rejection::Invalid(errors)) => {
                wrong.extend(errors);
                Rejection::Invalid(wrong).into_reply()
            }
            Err(rejection) => rejection.into_reply(),
        }
    }
}

impl IntoReply for Rejection {
    fn into_reply(self) -> Result<Reply, Fault> {
        match self {
            Self::Abort(exception) => exception.into_reply(),
            Self::Invalid(errors) => Ok(Reply::Invalid(errors)),
            Self::Fault(message) => Err(Fault(message)),
        }
    }
}

impl<H: Handler<Marker>, Marker: 'static> Endpoint for Planned<H, Marker> {
    fn describe(&self, turn: Turn, operation: &mut Operation) {
        H::Arguments::describe_turn(&self.plan, turn, operation);
    }

    fn answer<'a>(
        &'a self,
        request: &'a Request,
        wrong: Vec<ValidationError>,
    ) -> LocalBoxFuture<'a, Result<Reply, Fault>> {
        Box::pin(self.reply(request, wrong))
    }
}

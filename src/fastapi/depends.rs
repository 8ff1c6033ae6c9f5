//! Dependencies: what several handlers need, made once for each request.
//!
//! FastAPI injects what a function returns; here a type says how it is made, and a handler asks
//! for it by that type. What FastAPI has behind a dependency's `yield` is its release.

use std::future::ready;
use std::ops::Deref;

use super::argument::{Argument, Rejection, Turn};
use super::error::HttpException;
use super::openapi::Operation;
use super::pattern::Pattern;
use super::request::Request;

/// A type that can be made from a request.
pub trait Dependency: Clone + 'static {
    /// What it is made from: an argument such as `Query<…>` or another `Depends<…>`, or several of
    /// them as a tuple.
    type Needs: Argument;

    /// Makes it, or ends the request: the handler is not called and nothing else is looked at.
    fn resolve(needs: Self::Needs) -> impl Future<Output = Result<Self, HttpException>>;

    /// When it is released. What it needs must last as long as itself.
    const SCOPE: Scope = Scope::Request;

    /// Does what is left to do when the request is over. An error becomes the reply, if that is
    /// not out yet; otherwise, and of a failure always, the console is told.
    fn release(self, _outcome: Outcome) -> impl Future<Output = Result<(), HttpException>> {
        ready(Ok(()))
    }
}

/// How long a dependency lasts. For a socket both are the same: until its handler has ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scope {
    /// Until the reply has been sent and the background tasks have ended.
    Request,
    /// Until the handler has returned: the reply is there, but not sent yet.
    Function,
}

/// How the request went for which a dependency was made. Whatever the scope is, a dependency is
/// released before the reply that tells of a failure.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// The handler has returned a reply, whatever its status.
    Returned,
    /// There was an exception: of the handler, of validation, of another dependency, or of a
    /// background task. Or a middleware has given the request up.
    Failed,
}

/// A handler's argument: a dependency, resolved before anything else is validated. Within one
/// request it is made once, however many ask for it.
#[derive(Clone, Debug)]
pub struct Depends<T>(pub T);

impl<T> Deref for Depends<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.0
    }
}

impl<T: Dependency> Argument for Depends<T> {
    type Plan = <T::Needs as Argument>::Plan;

    const TURN: Turn = Turn::Dependency;

    fn plan(path: &Pattern) -> Self::Plan {
        T::Needs::plan(path)
    }

    fn describe(plan: &Self::Plan, operation: &mut Operation) {
        T::Needs::describe(plan, operation);
    }

    async fn extract(plan: &Self::Plan, request: &Request) -> Result<Self, Rejection> {
        // What it needs is looked at each time, and told each time if it is wrong, as in FastAPI.
        let needs = T::Needs::extract(plan, request).await?;
        if let Some(made) = request.resolved::<T>() {
            return Ok(Self(made));
        }
        let made = T::resolve(needs).await.map_err(Rejection::Abort)?;
        request.remember(made.clone());
        request.releases().push(made.clone());
        Ok(Self(made))
    }
}

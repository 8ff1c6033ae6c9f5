//! Dependencies that are required and whose values nobody takes: those of routes and routers.
//!
//! FastAPI's `dependencies=[Depends(…)]`. They are resolved before what the handler asks for.

use futures_util::future::LocalBoxFuture;

use super::argument::{Argument, Rejection};
use super::depends::{Dependency, Depends};
use super::error::ValidationError;
use super::openapi::Operation;
use super::pattern::Pattern;
use super::request::Request;

/// A dependency that is not planned for a path yet.
#[derive(Clone, Copy)]
pub(super) struct Requirement(fn(&Pattern) -> Box<dyn Required>);

/// A dependency of a route.
pub(super) trait Required: Send + Sync {
    /// Adds what it needs to the route's OpenAPI operation.
    fn describe(&self, operation: &mut Operation);

    /// Resolves it, if no one has before.
    fn resolve<'a>(&'a self, request: &'a Request) -> LocalBoxFuture<'a, Result<(), Rejection>>;
}

struct Planned<T: Dependency>(<T::Needs as Argument>::Plan);

impl Requirement {
    pub fn of<T: Dependency>() -> Self {
        Self(|path| Box::new(Planned::<T>(T::Needs::plan(path))))
    }

    pub fn plan(self, path: &Pattern) -> Box<dyn Required> {
        self.0(path)
    }
}

impl<T: Dependency> Required for Planned<T> {
    fn describe(&self, operation: &mut Operation) {
        Depends::<T>::describe(&self.0, operation);
    }

    fn resolve<'a>(&'a self, request: &'a Request) -> LocalBoxFuture<'a, Result<(), Rejection>> {
        Box::pin(async { Depends::<T>::extract(&self.0, request).await.map(drop) })
    }
}

/// Resolves all of them in their order: what is wrong with the request according to them, or the
/// refusal that ends it.
pub(super) async fn meet(
    required: &[Box<dyn Required>],
    request: &Request,
) -> Result<Vec<ValidationError>, Rejection> {
    let mut wrong = Vec::new();
    for one in required {
        match one.resolve(request).await {
            Ok(()) => {}
            Err(Rejection::Invalid(errors)) => wrong.extend(errors),
            Err(rejection) => return Err(rejection),
        }
    }
    Ok(wrong)
}

//! [`Router`]: routes that share a prefix, tags, dependencies and replies, FastAPI's `APIRouter`.

use actix_web::http::StatusCode;

use super::depends::Dependency;
use super::requirement::Requirement;
use super::route::Route;

/// Routes to be included in an application or in another router.
///
/// What FastAPI's `include_router(router, …)` adds to a router is here a router around it, which
/// has the same options: `Router::new().prefix("/admin").include_router(router)`.
#[derive(Default)]
pub struct Router {
    prefix: String,
    shared: Shared,
    routes: Vec<(String, Route)>,
}

/// What several routes have in common; of routers inside each other, the outermost comes first.
#[derive(Clone, Default)]
pub(super) struct Shared {
    pub tags: Vec<String>,
    pub requirements: Vec<Requirement>,
    pub responses: Vec<(u16, String)>,
    pub deprecated: bool,
}

impl Router {
    /// A router without prefix, tags and routes.
    pub fn new() -> Self {
        Self::default()
    }

    /// What stands before the path of each of its routes.
    ///
    /// # Panics
    ///
    /// If it does not start with a slash, or ends with one.
    pub fn prefix(mut self, prefix: &str) -> Self {
        assert!(prefix.starts_with('/'), "the prefix `{prefix}` must start with a slash");
        assert!(!prefix.ends_with('/'), "the prefix `{prefix}` must not end with a slash");
        prefix.clone_into(&mut self.prefix);
        self
    }

    /// Under which headings its routes are listed, before their own tags.
    pub fn tags<const N: usize>(mut self, tags: [&str; N]) -> Self {
        self.shared.tags.extend(tags.map(str::to_owned));
        self
    }

    /// Requires a dependency of each of its routes, before their own.
    pub fn depends<T: Dependency>(mut self) -> Self {
        self.shared.requirements.push(Requirement::of::<T>());
        self
    }

    /// A reply that the OpenAPI document is to name for each of its routes, unless the route itself
    /// has other words for this status.
    pub fn response(mut self, status: StatusCode, description: &str) -> Self {
        self.shared.responses.push((status.as_u16(), description.to_owned()));
        self
    }

    /// Says in the OpenAPI document that none of its routes should be used any more.
    pub fn deprecated(mut self) -> Self {
        self.shared.deprecated = true;
        self
    }

    /// Adds a route; its path follows the prefix.
    pub fn route(mut self, path: &str, route: Route) -> Self {
        self.routes.push((path.to_owned(), route));
        self
    }

    /// Adds all routes of another router below this one's prefix.
    pub fn include_router(mut self, router: Self) -> Self {
        self.routes.extend(router.into_routes());
        self
    }

    /// Its routes with their whole paths and all that they share.
    pub(super) fn into_routes(self) -> impl Iterator<Item = (String, Route)> {
        let Self { prefix, shared, routes } = self;
        routes.into_iter().map(move |(path, route)| (prefix.clone() + &path, route.below(&shared)))
    }
}

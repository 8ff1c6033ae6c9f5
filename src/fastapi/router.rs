//! [`Router`]: routes that share a prefix and tags, FastAPI's `APIRouter`.

use super::route::Route;

/// Routes to be included in an application or in another router.
#[derive(Default)]
pub struct Router {
    prefix: String,
    tags: Vec<String>,
    routes: Vec<(String, Route)>,
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
        self.tags.extend(tags.map(str::to_owned));
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

    /// Its routes with their whole paths and tags.
    pub(super) fn into_routes(self) -> impl Iterator<Item = (String, Route)> {
        let Self { prefix, tags, routes } = self;
        routes.into_iter().map(move |(path, route)| (prefix.clone() + &path, route.below(&tags)))
    }
}

//! [`Api`]: an application as its author declares it, FastAPI's `app = FastAPI(…)`.
//!
//! It collects routes, state and metadata, and does nothing until `server` runs it.

use std::any::Any;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use actix_service::{apply, boxed};
use actix_web::Error;
use actix_web::dev::{ServiceRequest, ServiceResponse, Transform};
use actix_web::middleware::from_fn;
use tracing::Dispatch;

use super::activity::Activity;
use super::console::Console;
use super::depends::Dependency;
use super::lifespan::{Kept, Lifespan, Start};
use super::logging::Subscribe;
use super::middleware::Next;
use super::openapi::{Contact, Info, License, Operation, document};
use super::pages;
use super::pattern::Pattern;
use super::reply::{html, json_reply};
use super::requirement::Requirement;
use super::route::{Declared, Route};
use super::router::{Router, Shared};
use super::service::{Entry, Host, Page, Service};
use super::stack::{Inner, Layer, Wrap};
use super::state::States;
use super::static_files::StaticFiles;
use super::templates::Templates;
use super::value::Value;

/// An application: routes, middleware, state and what its documentation says.
pub struct Api {
    info: Info,
    docs: Docs,
    entries: Vec<Entry>,
    shared: Shared,
    wraps: Vec<Wrap>,
    templates: Option<PathBuf>,
    states: States,
    starts: Vec<Start>,
    subscribe: Option<Subscribe>,
}

/// Where the generated documentation is served; `None` switches a page off.
#[allow(clippy::struct_field_names, reason = "these are FastAPI's words")]
struct Docs {
    openapi_url: Option<String>,
    docs_url: Option<String>,
    redoc_url: Option<String>,
}

impl Default for Api {
    fn default() -> Self {
        Self::new()
    }
}

impl Api {
    /// An application without routes, with FastAPI's defaults: title `FastAPI`, version `0.1.0`,
    /// documentation at `/openapi.json`, `/docs` and `/redoc`.
    pub fn new() -> Self {
        let info = Info {
            title: "FastAPI".to_owned(),
            description: None,
            terms_of_service: None,
            contact: None,
            license: None,
            version: "0.1.0".to_owned(),
        };
        let docs = Docs {
            openapi_url: Some("/openapi.json".to_owned()),
            docs_url: Some("/docs".to_owned()),
            redoc_url: Some("/redoc".to_owned()),
        };
        Self {
            info,
            docs,
            entries: Vec::new(),
            shared: Shared::default(),
            wraps: Vec::new(),
            templates: None,
            states: States::default(),
            starts: Vec::new(),
            subscribe: None,
        }
    }

    /// Sets the title.
    pub fn title(mut self, title: &str) -> Self {
        title.clone_into(&mut self.info.title);
        self
    }

    /// Sets the description, Markdown kept to the last blank.
    pub fn description(mut self, description: &str) -> Self {
        self.info.description = Some(description.to_owned());
        self
    }

    /// Sets the API's own version.
    pub fn version(mut self, version: &str) -> Self {
        version.clone_into(&mut self.info.version);
        self
    }

    /// Sets the URL of the terms of service.
    pub fn terms_of_service(mut self, url: &str) -> Self {
        self.info.terms_of_service = Some(url.to_owned());
        self
    }

    /// Sets whom to ask.
    pub fn contact(mut self, contact: Contact) -> Self {
        self.info.contact = Some(contact);
        self
    }

    /// Sets the licence.
    pub fn license(mut self, license: License) -> Self {
        self.info.license = Some(license);
        self
    }

    /// Sets where the OpenAPI document is; `None` switches all documentation off.
    pub fn openapi_url(mut self, url: Option<&str>) -> Self {
        self.docs.openapi_url = url.map(str::to_owned);
        self
    }

    /// Sets where Swagger UI is; `None` switches it off.
    pub fn docs_url(mut self, url: Option<&str>) -> Self {
        self.docs.docs_url = url.map(str::to_owned);
        self
    }

    /// Sets where ReDoc is; `None` switches it off.
    pub fn redoc_url(mut self, url: Option<&str>) -> Self {
        self.docs.redoc_url = url.map(str::to_owned);
        self
    }

    /// Shares a value with all handlers that ask for `State<T>`; one value a type.
    pub fn state<T: Any + Send + Sync>(mut self, state: T) -> Self {
        self.states.insert(state);
        self
    }

    /// Requires a dependency of every route, before those of routers and routes.
    ///
    /// # Panics
    ///
    /// If there are routes already, which would not have it.
    pub fn depends<T: Dependency>(mut self) -> Self {
        assert!(self.entries.is_empty(), "a dependency of all routes stands before the first one");
        self.shared.requirements.push(Requirement::of::<T>());
        self
    }

    /// Has a function called when a server starts, before the first request.
    pub fn lifespan<F>(mut self, start: F) -> Self
    where
        F: FnOnce(&mut Lifespan) -> io::Result<()> + Send + 'static,
    {
        self.starts.push(Box::new(start));
        self
    }

    /// Gives all that is logged with tracing while a request is answered, and by what it leaves to
    /// do, to the subscriber that is made here for the console of a server.
    pub fn subscriber<S: Into<Dispatch>>(
        mut self,
        subscribe: impl FnOnce(Console) -> S + Send + 'static,
    ) -> Self {
        self.subscribe = Some(Box::new(|console| subscribe(console).into()));
        self
    }

    /// Adds a route. Of several that match a request, the first one answers.
    ///
    /// # Panics
    ///
    /// If the path is malformed or the handler's arguments do not fit it.
    pub fn route(mut self, path: &str, route: Route) -> Self {
        let route = route.below(&self.shared).bind(path);
        let is_socket = route.is_socket;
        self.entries.push(if is_socket {
            Entry::Socket(Arc::new(route))
        } else {
            Entry::Route(Box::new(route))
        });
        self
    }

    /// Adds all routes of a router.
    ///
    /// # Panics
    ///
    /// As [`Api::route`] does.
    pub fn include_router(self, router: Router) -> Self {
        router.into_routes().fold(self, |api, (path, route)| api.route(&path, route))
    }

    /// Serves the files of a directory below a path. Routes that were added before come first.
    ///
    /// # Panics
    ///
    /// If the path is malformed.
    pub fn mount(mut self, path: &str, files: StaticFiles) -> Self {
        let below = Pattern::new(&format!("{path}/{{path:path}}"));
        self.entries.push(Entry::Mount(below, files));
        self
    }

    /// Gives handlers the templates of a directory, named relative to the application's folder.
    pub fn templates(mut self, directory: impl Into<PathBuf>) -> Self {
        self.templates = Some(directory.into());
        self
    }

    /// Puts a function around all that was added so far, pages and errors included. It gets the
    /// console, the request and what comes next, as a function for actix-web's `from_fn` does.
    pub fn middleware<F, Fut>(self, function: F) -> Self
    where
        F: Fn(Console, ServiceRequest, Next) -> Fut + Clone + Send + Sync + 'static,
        Fut: Future<Output = Result<ServiceResponse, Error>> + 'static,
    {
        self.add_wrap(move |layer| boxed::factory(apply(from_fn(function.clone()), layer)))
    }

    /// Puts a middleware around all that was added so far, as actix-web's `App::wrap` does.
    pub fn wrap<M>(self, middleware: M) -> Self
    where
        M: Transform<Inner, ServiceRequest, Response = ServiceResponse, Error = Error>,
        M: Transform<Inner, ServiceRequest, InitError = ()> + Clone + Send + Sync + 'static,
    {
        self.add_wrap(move |layer| boxed::factory(apply(middleware.clone(), layer)))
    }

    fn add_wrap(mut self, wrap: impl Fn(Layer) -> Layer + Send + Sync + 'static) -> Self {
        self.wraps.push(Box::new(wrap));
        self
    }

    /// What was declared, in this order; the pages of the documentation are not.
    pub fn declared(&self) -> Vec<Declared> {
        self.entries.iter().filter_map(Entry::declared).collect()
    }

    /// Makes the application ready to answer for a server with this console. Directories are
    /// found from `root`; the error names one that is not there.
    pub(super) fn into_service(
        mut self,
        console: Console,
        root: &Path,
    ) -> io::Result<(Service, Kept)> {
        let pages = self.pages().into_iter().map(Entry::Page).map(Ok);
        if let Some(directory) = &self.templates {
            self.states.insert(Templates::open(root, directory)?);
        }
        let entries = self.entries.into_iter().map(|entry| match entry {
            Entry::Mount(pattern, files) => Ok(Entry::Mount(pattern, files.at(root)?)),
            entry => Ok(entry),
        });
        let entries = pages.chain(entries).collect::<io::Result<_>>()?;
        let mut lifespan = Lifespan::new(self.states);
        for start in self.starts {
            start(&mut lifespan)?;
        }
        let (states, kept) = lifespan.into_parts();
        let subscriber = self.subscribe.map_or_else(Dispatch::none, |make| make(console.clone()));
        let (states, activity) = (Arc::new(states), Activity::default());
        let host = Host { states, console, activity, subscriber };
        Ok((Service { entries, wraps: self.wraps, host }, kept))
    }

    fn pages(&self) -> Vec<Page> {
        let Some(openapi_url) = &self.docs.openapi_url else { return Vec::new() };
        let operations: Vec<Operation> =
            self.entries.iter().filter_map(Entry::operation).cloned().collect();
        // Few servers are ever asked for a page, and it is made when one is.
        let info = self.info.clone();
        let reply = move |status| json_reply(status, &Value::from(&document(&info, &operations)));
        let mut pages = vec![Page::new(openapi_url, reply)];
        let known = || (self.info.title.clone(), openapi_url.clone());
        if let Some(url) = &self.docs.docs_url {
            let redirect_url = "/docs/oauth2-redirect";
            let (title, openapi_url) = known();
            let page = move |_| Ok(html(pages::swagger(&title, &openapi_url, redirect_url)));
            pages.push(Page::new(url, page));
            pages.push(Page::new(redirect_url, |_| Ok(html(pages::oauth2_redirect()))));
        }
        if let Some(url) = &self.docs.redoc_url {
            let (title, openapi_url) = known();
            pages.push(Page::new(url, move |_| Ok(html(pages::redoc(&title, &openapi_url)))));
        }
        pages
    }
}

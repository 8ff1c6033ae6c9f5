//! One request from path to reply: Starlette's routing and its error pages.
//!
//! actix-web accepts, parses and writes; this service is its default handler, because actix's
//! router normalises paths and answers other methods in ways that FastAPI does not.

use std::sync::Arc;

use actix_web::http::{Method, StatusCode};
use actix_web::web::Payload;
use actix_web::{HttpRequest, HttpResponse};
use tracing::Dispatch;

use super::activity::Activity;
use super::console::Console;
use super::error::HttpException;
use super::location::own_url;
use super::openapi::Operation;
use super::pattern::Pattern;
use super::reply::Fault;
use super::request::decoded_path;
use super::response::Redirect;
use super::route::{BoundRoute, Declared};
use super::stack::Wrap;
use super::state::States;
use super::static_files::StaticFiles;

/// An application that can answer.
pub(super) struct Service {
    /// What may answer, in the order in which it is asked.
    pub entries: Vec<Entry>,
    /// The middleware, innermost first.
    pub wraps: Vec<Wrap>,
    /// What every request finds around it.
    pub host: Host,
}

/// What all requests of one running application share.
#[derive(Clone)]
pub(super) struct Host {
    pub states: Arc<States>,
    pub console: Console,
    pub activity: Activity,
    /// Who gets what is logged; nobody if the application does not say.
    pub subscriber: Dispatch,
}

/// Something with a path.
pub(super) enum Entry {
    Page(Page),
    Route(Box<BoundRoute>),
    /// Everything below a path, whatever the method.
    Mount(Pattern, StaticFiles),
}

type Render = Box<dyn Fn(StatusCode) -> Result<HttpResponse, Fault> + Send + Sync>;

/// A generated page; unlike a route it also answers HEAD.
pub(super) struct Page {
    pattern: Pattern,
    render: Render,
}

impl Page {
    pub fn new<F>(path: &str, render: F) -> Self
    where
        F: Fn(StatusCode) -> Result<HttpResponse, Fault> + Send + Sync + 'static,
    {
        Self { pattern: Pattern::new(path), render: Box::new(render) }
    }
}

impl Service {
    /// Answers a request.
    pub async fn answer(
        &self,
        http: &HttpRequest,
        payload: Payload,
    ) -> Result<HttpResponse, Fault> {
        let path = decoded_path(http).into_owned();
        let mut allowed = None;
        for entry in &self.entries {
            let Some(values) = entry.pattern().capture(&path) else { continue };
            match entry {
                Entry::Page(page) if [Method::GET, Method::HEAD].contains(http.method()) => {
                    return (page.render)(StatusCode::OK);
                }
                Entry::Page(_) => allowed.get_or_insert("GET, HEAD"),
                Entry::Route(route) if route.method == *http.method() => {
                    return route.answer(http, values, payload, &self.host).await;
                }
                Entry::Route(route) => allowed.get_or_insert(route.method.as_str()),
                Entry::Mount(_, files) => {
                    let rest = values.last().map_or("", String::as_str);
                    return files.answer(http, rest).await;
                }
            };
        }
        match allowed {
            Some(methods) => method_not_allowed(methods),
            None => self.redirect_or_not_found(http, &path),
        }
    }

    /// Sends the client to the same path with or without its last slashes, if that exists.
    fn redirect_or_not_found(&self, http: &HttpRequest, path: &str) -> Result<HttpResponse, Fault> {
        let other = match path.strip_suffix('/') {
            Some(_) => path.trim_end_matches('/').to_owned(),
            None => format!("{path}/"),
        };
        if path != "/" && self.knows(&other) {
            return Redirect::temporary(own_url(http, &other)).finish();
        }
        HttpException::of(StatusCode::NOT_FOUND).reply()
    }

    fn knows(&self, path: &str) -> bool {
        self.entries.iter().any(|entry| entry.pattern().is_match(path))
    }
}

impl Entry {
    fn pattern(&self) -> &Pattern {
        match self {
            Self::Page(page) => &page.pattern,
            Self::Route(route) => &route.pattern,
            Self::Mount(pattern, _) => pattern,
        }
    }

    /// What it answers to, if its author declared it.
    pub fn declared(&self) -> Option<Declared> {
        let (method, name) = match self {
            Self::Page(_) => return None,
            Self::Route(route) => (Some(route.method.to_string()), route.operation.name.clone()),
            Self::Mount(..) => (None, String::new()),
        };
        Some(Declared { method, pattern: self.pattern().clone(), name })
    }

    /// What OpenAPI says about it.
    pub fn operation(&self) -> Option<&Operation> {
        match self {
            Self::Page(_) | Self::Mount(..) => None,
            Self::Route(route) => Some(&route.operation),
        }
    }
}

fn method_not_allowed(methods: &str) -> Result<HttpResponse, Fault> {
    HttpException::of(StatusCode::METHOD_NOT_ALLOWED).header("allow", methods).reply()
}

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
use super::websocket::session;

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
    /// A route that plain requests do not find.
    Socket(Arc<BoundRoute>),
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
        for entry in self.entries.iter().filter(|entry| entry.is_plain()) {
            let Some(values) = entry.pattern().capture(&path) else { continue };
            match entry {
                Entry::Socket(_) => continue,
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

    /// Answers a request for a socket. There are no redirects for these.
    pub async fn answer_socket(&self, http: &HttpRequest, payload: Payload) -> HttpResponse {
        let path = decoded_path(http).into_owned();
        let target = self.entries.iter().find_map(|entry| match entry {
            Entry::Socket(route) => Some((route.clone(), route.pattern.capture(&path)?)),
            _ => None,
        });
        session::answer(target, http, payload, &self.host).await
    }

    /// Whether there is a route for sockets.
    pub fn has_sockets(&self) -> bool {
        !self.entries.iter().all(Entry::is_plain)
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
        self.entries.iter().any(|entry| entry.is_plain() && entry.pattern().is_match(path))
    }
}

impl Entry {
    /// Whether it answers plain requests.
    fn is_plain(&self) -> bool {
        !matches!(self, Self::Socket(_))
    }

    fn pattern(&self) -> &Pattern {
        match self {
            Self::Page(page) => &page.pattern,
            Self::Route(route) => &route.pattern,
            Self::Socket(route) => &route.pattern,
            Self::Mount(pattern, _) => pattern,
        }
    }

    /// What it answers to, if its author declared it.
    pub fn declared(&self) -> Option<Declared> {
        let (method, name) = match self {
            Self::Page(_) => return None,
            Self::Route(route) => (Some(route.method.to_string()), route.operation.name.clone()),
            Self::Socket(route) => (Some("WEBSOCKET".to_owned()), route.operation.name.clone()),
            Self::Mount(..) => (None, String::new()),
        };
        Some(Declared { method, pattern: self.pattern().clone(), name })
    }

    /// What OpenAPI says about it.
    pub fn operation(&self) -> Option<&Operation> {
        match self {
            Self::Page(_) | Self::Mount(..) | Self::Socket(_) => None,
            Self::Route(route) => Some(&route.operation),
        }
    }
}

fn method_not_allowed(methods: &str) -> Result<HttpResponse, Fault> {
    HttpException::of(StatusCode::METHOD_NOT_ALLOWED).header("allow", methods).reply()
}

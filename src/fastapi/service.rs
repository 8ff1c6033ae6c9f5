//! One request from path to reply: Starlette's routing, its error pages, a panic caught.
//!
//! actix-web accepts, parses and writes; this service is its default handler, because actix's
//! router normalises paths and answers other methods in ways that FastAPI does not.

use std::any::Any;
use std::panic::AssertUnwindSafe;
use std::sync::Arc;

use actix_web::http::header::{HOST, LOCATION};
use actix_web::http::{Method, StatusCode};
use actix_web::web::Payload;
use actix_web::{HttpRequest, HttpResponse};
use futures_util::FutureExt;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

use super::body::{self, Body, BodyError};
use super::console::Console;
use super::error::HttpException;
use super::pattern::Pattern;
use super::reply::{self, Fault, IntoReply, Reply, internal_server_error};
use super::request::{Request, decoded_path};
use super::route::BoundRoute;
use super::state::States;

/// An application that can answer.
pub(super) struct Service {
    pages: Vec<Page>,
    routes: Vec<BoundRoute>,
    states: Arc<States>,
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

/// Characters that a `location` header keeps as they are, beside letters and digits.
const LOCATION_SAFE: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'_')
    .remove(b'.')
    .remove(b'-')
    .remove(b'~')
    .remove(b':')
    .remove(b'/')
    .remove(b'%')
    .remove(b'#')
    .remove(b'?')
    .remove(b'=')
    .remove(b'@')
    .remove(b'[')
    .remove(b']')
    .remove(b'!')
    .remove(b'$')
    .remove(b'&')
    .remove(b'\'')
    .remove(b'(')
    .remove(b')')
    .remove(b'*')
    .remove(b'+')
    .remove(b',')
    .remove(b';');

impl Service {
    pub fn new(pages: Vec<Page>, routes: Vec<BoundRoute>, states: States) -> Self {
        Self { pages, routes, states: Arc::new(states) }
    }

    /// Answers a request. Never fails: what goes wrong is a 500, its reason on the console.
    pub async fn answer(
        &self,
        http: HttpRequest,
        payload: Payload,
        console: &Console,
    ) -> HttpResponse {
        let answering = AssertUnwindSafe(self.dispatch(http, payload, console)).catch_unwind();
        match answering.await {
            Ok(Ok(reply)) => return reply,
            Ok(Err(fault)) => console.fault(fault.to_string()),
            Err(panic) => console.panic(panic_message(panic.as_ref())),
        }
        internal_server_error()
    }

    async fn dispatch(
        &self,
        http: HttpRequest,
        payload: Payload,
        console: &Console,
    ) -> Result<HttpResponse, Fault> {
        let path = decoded_path(&http).into_owned();
        let mut allowed = None;
        for page in self.pages.iter().filter(|page| page.pattern.is_match(&path)) {
            if [Method::GET, Method::HEAD].contains(http.method()) {
                return (page.render)(StatusCode::OK);
            }
            allowed.get_or_insert("GET, HEAD");
        }
        for route in &self.routes {
            let Some(values) = route.pattern.capture(&path) else { continue };
            if route.method == *http.method() {
                let body = match route.operation.body {
                    Some(_) => body::read(&http, payload).await,
                    None => Ok(Body::Absent),
                };
                let reply = match body {
                    Ok(body) => {
                        let rest = (console.clone(), body);
                        let request = Request::new(http, values, self.states.clone(), rest);
                        route.endpoint.answer(&request).await?
                    }
                    Err(BodyError::Abort(exception)) => exception.into_reply()?,
                    Err(BodyError::Invalid(error)) => reply::invalid(&[error])?,
                };
                return route.finish.reply(reply);
            }
            allowed.get_or_insert(route.method.as_str());
        }
        match allowed {
            Some(methods) => method_not_allowed(methods),
            None => self.redirect_or_not_found(&http, &path),
        }
    }

    /// Sends the client to the same path with or without its last slashes, if that exists.
    fn redirect_or_not_found(&self, http: &HttpRequest, path: &str) -> Result<HttpResponse, Fault> {
        let other = match path.strip_suffix('/') {
            Some(_) => path.trim_end_matches('/').to_owned(),
            None => format!("{path}/"),
        };
        if path != "/" && self.knows(&other) {
            return Ok(slash_redirect(http, &other));
        }
        exception_reply(HttpException::of(StatusCode::NOT_FOUND))
    }

    fn knows(&self, path: &str) -> bool {
        self.pages.iter().any(|page| page.pattern.is_match(path))
            || self.routes.iter().any(|route| route.pattern.is_match(path))
    }
}

fn method_not_allowed(methods: &str) -> Result<HttpResponse, Fault> {
    exception_reply(HttpException::of(StatusCode::METHOD_NOT_ALLOWED).header("allow", methods))
}

fn exception_reply(exception: HttpException) -> Result<HttpResponse, Fault> {
    match exception.into_reply()? {
        Reply::Finished(reply) => Ok(reply),
        Reply::Value(_) => Err(Fault("an exception brings its own reply".to_owned())),
    }
}

fn slash_redirect(http: &HttpRequest, path: &str) -> HttpResponse {
    let host = http.headers().get(HOST).and_then(|host| host.to_str().ok());
    let host = host.map_or_else(|| http.app_config().host().to_owned(), str::to_owned);
    let path = path.replace('?', "%3F").replace('#', "%23").replace('\\', "%5C");
    let query = match http.query_string() {
        "" => String::new(),
        query => format!("?{query}"),
    };
    let url = format!("http://{host}{path}{query}");
    let location = utf8_percent_encode(&url, LOCATION_SAFE).to_string();
    let mut reply = HttpResponse::TemporaryRedirect();
    reply.insert_header((LOCATION, location));
    reply.finish()
}

fn panic_message(panic: &(dyn Any + Send)) -> String {
    let text = panic.downcast_ref::<&str>().map(|text| (*text).to_owned());
    let text = text.or_else(|| panic.downcast_ref::<String>().cloned());
    text.unwrap_or_else(|| "no message".to_owned())
}

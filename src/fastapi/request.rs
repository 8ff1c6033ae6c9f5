//! One request as the arguments of a handler see it.

use std::any::Any;
use std::borrow::Cow;
use std::sync::Arc;

use actix_web::HttpRequest;
use percent_encoding::percent_decode_str;

use super::body::Body;
use super::console::Console;
use super::state::States;

/// A request that has been matched to a route.
pub struct Request {
    http: HttpRequest,
    path_values: Vec<String>,
    query: Vec<(String, String)>,
    states: Arc<States>,
    console: Console,
    body: Body,
}

impl Request {
    pub(super) fn new(
        http: HttpRequest,
        path_values: Vec<String>,
        states: Arc<States>,
        (console, body): (Console, Body),
    ) -> Self {
        let query = form_urlencoded::parse(http.query_string().as_bytes());
        let query = query.map(|(name, value)| (name.into_owned(), value.into_owned())).collect();
        Self { http, path_values, query, states, console, body }
    }

    /// The request as actix-web holds it.
    pub fn http(&self) -> &HttpRequest {
        &self.http
    }

    /// The decoded values of the path's parameters, in the order of the path.
    pub fn path_values(&self) -> &[String] {
        &self.path_values
    }

    /// The value of a query parameter; of several, the last.
    pub fn query_value(&self, name: &str) -> Option<&str> {
        let same = self.query.iter().rev().find(|(key, _)| key == name);
        same.map(|(_, value)| value.as_str())
    }

    /// What the application was given under this type.
    pub fn state<T: Any + Send + Sync>(&self) -> Option<Arc<T>> {
        self.states.get()
    }

    /// The body, read if the route has an argument for it.
    pub fn body(&self) -> &Body {
        &self.body
    }

    /// Where this server prints.
    pub fn console(&self) -> &Console {
        &self.console
    }
}

/// The whole path with every `%XX` decoded, as uvicorn hands it on; bad UTF-8 becomes U+FFFD.
pub(super) fn decoded_path(http: &HttpRequest) -> Cow<'_, str> {
    percent_decode_str(http.uri().path()).decode_utf8_lossy()
}

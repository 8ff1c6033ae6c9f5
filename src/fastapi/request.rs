//! One request as the arguments of a handler see it.

use std::any::{Any, TypeId};
use std::borrow::Cow;
use std::cell::RefCell;
use std::collections::HashMap;
use std::sync::Arc;

use actix_web::http::header::HeaderValue;
use actix_web::web::Payload;
use actix_web::{HttpRequest, HttpResponse};
use percent_encoding::percent_decode_str;

use super::activity::Activity;
use super::background::{AfterReply, BackgroundTasks, Scheduled};
use super::body::Body;
use super::console::Console;
use super::cookie;
use super::openapi::Place;
use super::release::Releases;
use super::response_headers::ResponseHeaders;
use super::service::Host;
use super::stack::keeping;
use super::websocket::WebSocket;

/// A request that has been matched to a route.
pub struct Request {
    http: HttpRequest,
    path_values: Vec<String>,
    query: Vec<(String, String)>,
    body: Body,
    payload: RefCell<Option<Payload>>,
    host: Host,
    headers: ResponseHeaders,
    tasks: BackgroundTasks,
    releases: Releases,
    resolved: RefCell<HashMap<TypeId, Box<dyn Any>>>,
    websocket: Option<WebSocket>,
}

impl Request {
    pub(super) fn new(
        http: &HttpRequest,
        path_values: Vec<String>,
        body: Body,
        host: &Host,
    ) -> Self {
        let query = form_urlencoded::parse(http.query_string().as_bytes());
        Self {
            query: query.map(|(name, value)| (name.into_owned(), value.into_owned())).collect(),
            http: http.clone(),
            path_values,
            body,
            payload: RefCell::default(),
            host: host.clone(),
            headers: ResponseHeaders::default(),
            tasks: BackgroundTasks::default(),
            releases: Releases::new(&host.activity),
            resolved: RefCell::default(),
            websocket: None,
        }
    }

    /// The same with a body that has not been read.
    pub(super) fn unread(self, payload: Option<Payload>) -> Self {
        Self { payload: RefCell::new(payload), ..self }
    }

    /// The same as a request for a socket.
    pub(super) fn with_websocket(self, websocket: WebSocket) -> Self {
        Self { websocket: Some(websocket), ..self }
    }

    /// The request as actix-web holds it.
    pub fn http(&self) -> &HttpRequest {
        &self.http
    }

    /// The decoded values of the path's parameters, in the order of the path.
    pub fn path_values(&self) -> &[String] {
        &self.path_values
    }

    /// The values of this name at a place of the request, in the order in which they were sent.
    pub fn values(&self, place: Place, name: &str) -> Vec<String> {
        let named = |pairs: &[(String, String)]| {
            let same = pairs.iter().filter(|(key, _)| key == name);
            same.map(|(_, value)| value.clone()).collect()
        };
        match place {
            Place::Path => self.path_values.clone(),
            Place::Query => named(&self.query),
            Place::Header => self.header_values(name),
            Place::Cookie => named(&cookie::of_request(self.http.headers())),
        }
    }

    /// The values of a header as latin-1, which is what Python reads.
    fn header_values(&self, name: &str) -> Vec<String> {
        let latin1 =
            |value: &HeaderValue| value.as_bytes().iter().map(|b| char::from(*b)).collect();
        self.http.headers().get_all(name).map(latin1).collect()
    }

    /// What the application was given under this type.
    pub fn state<T: Any + Send + Sync>(&self) -> Option<Arc<T>> {
        self.host.states.get()
    }

    /// The body, read if the route has an argument for it.
    pub fn body(&self) -> &Body {
        &self.body
    }

    /// The body, for the first who asks for it, if it has not been read.
    pub(super) fn take_payload(&self) -> Option<Payload> {
        self.payload.take()
    }

    /// What the server is busy with.
    pub(super) fn activity(&self) -> &Activity {
        &self.host.activity
    }

    /// Where this server prints.
    pub fn console(&self) -> &Console {
        &self.host.console
    }

    /// The socket, if that is what the client has asked for.
    pub fn websocket(&self) -> Option<&WebSocket> {
        self.websocket.as_ref()
    }

    /// What goes into the head of the reply beside what the handler returns.
    pub fn response_headers(&self) -> &ResponseHeaders {
        &self.headers
    }

    /// What runs after the reply.
    pub fn background_tasks(&self) -> &BackgroundTasks {
        &self.tasks
    }

    /// A dependency that has been made for this request.
    pub(super) fn resolved<T: Clone + 'static>(&self) -> Option<T> {
        self.resolved.borrow().get(&TypeId::of::<T>())?.downcast_ref().cloned()
    }

    /// Keeps a dependency for all who ask for it later.
    pub(super) fn remember<T: 'static>(&self, made: T) {
        self.resolved.borrow_mut().insert(TypeId::of::<T>(), Box::new(made));
    }

    /// What is to be released when the request is over.
    pub(super) fn releases(&self) -> &Releases {
        &self.releases
    }

    /// The reply, with all behind it that waits for its end.
    pub(super) fn follow(&self, reply: HttpResponse) -> HttpResponse {
        let (tasks, releases) = (self.tasks.take(), self.releases.take());
        if tasks.is_empty() && releases.is_empty() {
            return reply;
        }
        let (console, busy) = (self.host.console.clone(), self.host.activity.tasks());
        let after = AfterReply { tasks, releases, console, busy };
        reply.map_body(|_, body| keeping(body, Scheduled::new(after)))
    }
}

/// The whole path with every `%XX` decoded, as uvicorn hands it on; bad UTF-8 becomes U+FFFD.
pub(super) fn decoded_path(http: &HttpRequest) -> Cow<'_, str> {
    percent_decode_str(http.uri().path()).decode_utf8_lossy()
}

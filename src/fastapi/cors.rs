//! Cross-origin requests: what browsers ask, and what replies tell them, as Starlette has it.
//!
//! actix-cors is not used: it has no configuration for Starlette's replies (the texts and statuses
//! of preflights, the seven header names, `Vary` on each reply, headers for refused origins).

use std::future::{Ready, ready};

use actix_web::body::BoxBody;
use actix_web::dev::{Service, ServiceRequest, ServiceResponse, Transform, forward_ready};
use actix_web::http::header::{
    ACCESS_CONTROL_ALLOW_CREDENTIALS, ACCESS_CONTROL_ALLOW_HEADERS, ACCESS_CONTROL_ALLOW_METHODS,
    ACCESS_CONTROL_ALLOW_ORIGIN, ACCESS_CONTROL_EXPOSE_HEADERS, ACCESS_CONTROL_MAX_AGE,
    ACCESS_CONTROL_REQUEST_HEADERS, ACCESS_CONTROL_REQUEST_METHOD, CONTENT_TYPE, HeaderMap,
    HeaderName, HeaderValue, ORIGIN, VARY,
};
use actix_web::http::{Method, StatusCode};
use actix_web::{Error, HttpResponse};
use futures_util::future::{Either, LocalBoxFuture};

use super::response_headers::add_vary;
use super::text;

/// Which requests of other origins a browser may make, and what it may show of the replies.
#[derive(Clone, Debug)]
pub struct Cors {
    origins: Vec<String>,
    methods: Vec<String>,
    headers: Vec<String>,
    credentials: bool,
    exposed: Vec<String>,
    max_age: u32,
}

/// The headers that a browser may always send.
const SAFELISTED: [&str; 4] = ["Accept", "Accept-Language", "Content-Language", "Content-Type"];

/// The methods that `*` stands for.
const ALL_METHODS: [&str; 8] =
    ["DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT", "QUERY"];

/// What the reply to a preflight depends on.
const PREFLIGHT_VARY: &str = "Origin, Access-Control-Request-Method, \
    Access-Control-Request-Headers, Access-Control-Request-Private-Network";

const ANY: &str = "*";

impl Default for Cors {
    fn default() -> Self {
        Self::new()
    }
}

impl Cors {
    /// No origin, GET, the safelisted headers, no credentials, ten minutes.
    pub fn new() -> Self {
        Self {
            origins: Vec::new(),
            methods: vec!["GET".to_owned()],
            headers: Vec::new(),
            credentials: false,
            exposed: Vec::new(),
            max_age: 600,
        }
    }

    /// The origins whose scripts may read replies; `*` is any.
    pub fn allow_origins<const N: usize>(self, origins: [&str; N]) -> Self {
        Self { origins: owned(origins), ..self }
    }

    /// The methods that may be used; `*` is any.
    pub fn allow_methods<const N: usize>(self, methods: [&str; N]) -> Self {
        let methods = if methods.contains(&ANY) { owned(ALL_METHODS) } else { owned(methods) };
        Self { methods, ..self }
    }

    /// The headers that may be sent beside the safelisted ones; `*` is any.
    pub fn allow_headers<const N: usize>(self, headers: [&str; N]) -> Self {
        Self { headers: owned(headers), ..self }
    }

    /// Lets cookies and `Authorization` go along.
    pub fn allow_credentials(self) -> Self {
        Self { credentials: true, ..self }
    }

    /// The headers of a reply that scripts may read beside the simple ones.
    pub fn expose_headers<const N: usize>(self, headers: [&str; N]) -> Self {
        Self { exposed: owned(headers), ..self }
    }

    /// How many seconds a browser may remember the answer to a preflight.
    pub fn max_age(self, seconds: u32) -> Self {
        Self { max_age: seconds, ..self }
    }

    fn allows_any_origin(&self) -> bool {
        self.origins.iter().any(|origin| origin == ANY)
    }

    fn allows_any_header(&self) -> bool {
        self.headers.iter().any(|header| header == ANY)
    }

    fn allows_origin(&self, origin: &HeaderValue) -> bool {
        self.allows_any_origin() || self.origins.iter().any(|allowed| origin == allowed.as_str())
    }

    /// The allowed headers as a preflight tells them, sorted.
    fn header_names(&self) -> Vec<&str> {
        let own = self.headers.iter().map(String::as_str);
        let mut names: Vec<&str> = SAFELISTED.into_iter().chain(own).collect();
        names.sort_unstable();
        names.dedup();
        names
    }

    /// The reply to a preflight, which no route ever sees.
    fn preflight(&self, origin: &HeaderValue, request: &HeaderMap) -> HttpResponse {
        let failures = self.failures(origin, request);
        let (status, text) = match failures.as_slice() {
            [] => (StatusCode::OK, "OK".to_owned()),
            failures => {
                (StatusCode::BAD_REQUEST, format!("Disallowed CORS {}", failures.join(", ")))
            }
        };
        let mut reply = HttpResponse::build(status);
        reply.insert_header((CONTENT_TYPE, "text/plain; charset=utf-8"));
        reply.insert_header((VARY, PREFLIGHT_VARY));
        reply.insert_header((ACCESS_CONTROL_ALLOW_METHODS, self.methods.join(", ")));
        reply.insert_header((ACCESS_CONTROL_MAX_AGE, self.max_age.to_string()));
        if self.credentials {
            reply.insert_header((ACCESS_CONTROL_ALLOW_CREDENTIALS, "true"));
        }
        if self.allows_any_origin() && !self.credentials {
            reply.insert_header((ACCESS_CONTROL_ALLOW_ORIGIN, ANY));
        } else if self.allows_origin(origin) {
            reply.insert_header((ACCESS_CONTROL_ALLOW_ORIGIN, origin.clone()));
        }
        if !self.allows_any_header() {
            reply.insert_header((ACCESS_CONTROL_ALLOW_HEADERS, self.header_names().join(", ")));
        } else if let Some(asked) = request.get(ACCESS_CONTROL_REQUEST_HEADERS) {
            reply.insert_header((ACCESS_CONTROL_ALLOW_HEADERS, asked.clone()));
        }
        reply.body(text)
    }

    /// What of a preflight is not allowed, in the order in which it is told.
    fn failures(&self, origin: &HeaderValue, request: &HeaderMap) -> Vec<&'static str> {
        let method = request.get(ACCESS_CONTROL_REQUEST_METHOD);
        let method_is_allowed =
            method.is_some_and(|method| self.methods.iter().any(|m| method == m.as_str()));
        let asked = request.get(ACCESS_CONTROL_REQUEST_HEADERS);
        let headers_are_allowed = self.allows_any_header()
            || asked.is_none_or(|asked| {
                let asked = String::from_utf8_lossy(asked.as_bytes()).to_lowercase();
                let known = self.header_names();
                asked.split(',').all(|name| {
                    known.iter().any(|header| header.to_lowercase() == text::strip(name))
                })
            });
        let private_network = HeaderName::from_static("access-control-request-private-network");
        let failures = [
            (self.allows_origin(origin), "origin"),
            (method_is_allowed, "method"),
            (headers_are_allowed, "headers"),
            (!request.contains_key(private_network), "private-network"),
        ];
        failures.into_iter().filter(|(fine, _)| !fine).map(|(_, name)| name).collect()
    }

    /// Adds to any other reply what its requester's browser needs.
    fn add_to(&self, reply: &mut HeaderMap, origin: Option<&HeaderValue>) {
        if origin.is_some() {
            if self.allows_any_origin() {
                reply.insert(ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static(ANY));
            }
            if self.credentials {
                reply.insert(ACCESS_CONTROL_ALLOW_CREDENTIALS, HeaderValue::from_static("true"));
            }
            if !self.exposed.is_empty()
                && let Ok(exposed) = HeaderValue::from_str(&self.exposed.join(", "))
            {
                reply.insert(ACCESS_CONTROL_EXPOSE_HEADERS, exposed);
            }
        }
        if let Some(origin) = origin.filter(|origin| self.allows_origin(origin))
            && (self.credentials || !self.allows_any_origin())
        {
            reply.insert(ACCESS_CONTROL_ALLOW_ORIGIN, origin.clone());
        }
        add_vary(reply, "Origin");
    }
}

fn owned<const N: usize>(texts: [&str; N]) -> Vec<String> {
    texts.map(str::to_owned).to_vec()
}

impl<S> Transform<S, ServiceRequest> for Cors
where
    S: Service<ServiceRequest, Response = ServiceResponse, Error = Error>,
    S::Future: 'static,
{
    type Response = ServiceResponse<BoxBody>;
    type Error = Error;
    type Transform = CorsService<S>;
    type InitError = ();
    type Future = Ready<Result<Self::Transform, ()>>;

    fn new_transform(&self, inner: S) -> Self::Future {
        ready(Ok(CorsService { cors: self.clone(), inner }))
    }
}

/// An application behind a [`Cors`].
pub struct CorsService<S> {
    cors: Cors,
    inner: S,
}

impl<S> Service<ServiceRequest> for CorsService<S>
where
    S: Service<ServiceRequest, Response = ServiceResponse, Error = Error>,
    S::Future: 'static,
{
    type Response = ServiceResponse<BoxBody>;
    type Error = Error;
    type Future = Either<
        Ready<Result<Self::Response, Error>>,
        LocalBoxFuture<'static, Result<Self::Response, Error>>,
    >;

    forward_ready!(inner);

    fn call(&self, request: ServiceRequest) -> Self::Future {
        let origin = request.headers().get(ORIGIN).cloned();
        let asks = request.headers().contains_key(ACCESS_CONTROL_REQUEST_METHOD);
        match origin {
            Some(origin) if *request.method() == Method::OPTIONS && asks => {
                let reply = self.cors.preflight(&origin, request.headers());
                Either::Left(ready(Ok(request.into_response(reply))))
            }
            origin => {
                let (cors, answering) = (self.cors.clone(), self.inner.call(request));
                Either::Right(Box::pin(async move {
                    let mut reply = answering.await?;
                    cors.add_to(reply.headers_mut(), origin.as_ref());
                    Ok(reply)
                }))
            }
        }
    }
}

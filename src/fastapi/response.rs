//! Replies that are no JSON: Starlette's `Response`, `HTMLResponse`, `PlainTextResponse` and
//! `RedirectResponse`. They go out as they are, whatever the route says of status and model.
//! Files are `file_response`'s.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::http::header::{CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue};
use actix_web::web::Bytes;

use super::location;
use super::reply::{Fault, IntoReply, Reply};
use super::text::{strip, to_latin_1};

/// A page of HTML.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Html(pub String);

/// A plain text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PlainText(pub String);

/// A type of replies with a media type of its own: FastAPI's `response_class`.
pub trait ResponseClass {
    /// The media type, as the OpenAPI document names it.
    const MEDIA_TYPE: &'static str;
}

impl ResponseClass for Html {
    const MEDIA_TYPE: &'static str = "text/html";
}

impl ResponseClass for PlainText {
    const MEDIA_TYPE: &'static str = "text/plain";
}

/// Sends the client to another address.
#[derive(Clone, Debug)]
pub struct Redirect {
    url: String,
    status: StatusCode,
}

/// A reply of any content and type.
#[derive(Clone, Debug)]
pub struct Response {
    content: Bytes,
    head: Head,
}

/// What stands before a body. Names and values are judged when the reply is made.
#[derive(Clone, Debug, Default)]
pub(super) struct Head {
    pub status: StatusCode,
    pub media_type: Option<String>,
    pub headers: Vec<(String, String)>,
}

impl Redirect {
    /// Sends the client on with any status.
    pub fn to(url: impl Into<String>, status: StatusCode) -> Self {
        Self { url: url.into(), status }
    }

    /// 301: the address has changed for good, and the client may remember it.
    pub fn permanent(url: impl Into<String>) -> Self {
        Self::to(url, StatusCode::MOVED_PERMANENTLY)
    }

    /// 307, FastAPI's default: the same request, this once, at another address.
    pub fn temporary(url: impl Into<String>) -> Self {
        Self::to(url, StatusCode::TEMPORARY_REDIRECT)
    }

    /// The reply on the wire.
    pub(super) fn finish(self) -> Result<HttpResponse, Fault> {
        let reply = Response::empty().status(self.status);
        reply.header("location", &location::quote(&self.url)).finish()
    }
}

impl Response {
    /// A 200 with this content and no content type.
    pub fn new(content: impl Into<Bytes>) -> Self {
        Self { content: content.into(), head: Head::default() }
    }

    /// A 200 without content or content type.
    pub fn empty() -> Self {
        Self::new(Bytes::new())
    }

    /// Sets the status.
    pub fn status(mut self, status: StatusCode) -> Self {
        self.head.status = status;
        self
    }

    /// Sets the content type; a `text/` type that names no charset gets `charset=utf-8`.
    pub fn media_type(mut self, media_type: &str) -> Self {
        self.head.media_type = Some(media_type.to_owned());
        self
    }

    /// Sets a header. A name or value that cannot stand in a header ends in a 500.
    pub fn header(mut self, name: &str, value: &str) -> Self {
        self.head.set(name, value);
        self
    }

    /// The reply on the wire.
    pub(super) fn finish(self) -> Result<HttpResponse, Fault> {
        let mut reply = HttpResponse::new(self.head.status);
        *reply.headers_mut() = self.head.headers()?;
        Ok(if is_bodiless(self.head.status) {
            reply.drop_body().map_into_boxed_body()
        } else {
            reply.set_body(self.content).map_into_boxed_body()
        })
    }
}

impl Head {
    /// Sets a header, in place of one of the same name.
    pub fn set(&mut self, name: &str, value: &str) {
        let name = name.to_ascii_lowercase();
        self.headers.retain(|(other, _)| *other != name);
        self.headers.push((name, value.to_owned()));
    }

    /// The headers, the media type's among them unless `content-type` was set by name.
    pub fn headers(&self) -> Result<HeaderMap, Fault> {
        let mut headers = HeaderMap::new();
        let is_named = self.headers.iter().any(|(name, _)| name == CONTENT_TYPE.as_str());
        if let Some(media_type) = self.media_type.as_ref().filter(|_| !is_named) {
            headers.insert(CONTENT_TYPE, header_value("content-type", &with_charset(media_type))?);
        }
        for (name, value) in &self.headers {
            let known = HeaderName::from_bytes(name.as_bytes());
            let known = known.map_err(|_| Fault(format!("no header can be called {name:?}")))?;
            headers.insert(known, header_value(name, value)?);
        }
        Ok(headers)
    }
}

/// A header's value: latin-1 without blanks around it or control characters.
pub(super) fn header_value(name: &str, value: &str) -> Result<HeaderValue, Fault> {
    to_latin_1(value)
        .filter(|_| strip(value) == value)
        .and_then(|bytes| HeaderValue::from_bytes(&bytes).ok())
        .ok_or_else(|| Fault(format!("the header {name} cannot have the value {value:?}")))
}

/// Whether HTTP allows no body with this status, nor its length.
pub(super) fn is_bodiless(status: StatusCode) -> bool {
    matches!(status.as_u16(), 100..200 | 204 | 304)
}

fn with_charset(media_type: &str) -> String {
    if media_type.starts_with("text/") && !media_type.to_lowercase().contains("charset=") {
        return format!("{media_type}; charset=utf-8");
    }
    media_type.to_owned()
}

impl IntoReply for Response {
    fn into_reply(self) -> Result<Reply, Fault> {
        self.finish().map(Reply::Finished)
    }
}

impl IntoReply for Html {
    fn into_reply(self) -> Result<Reply, Fault> {
        Response::new(self.0).media_type(Self::MEDIA_TYPE).into_reply()
    }
}

impl IntoReply for PlainText {
    fn into_reply(self) -> Result<Reply, Fault> {
        Response::new(self.0).media_type(Self::MEDIA_TYPE).into_reply()
    }
}

impl IntoReply for Redirect {
    fn into_reply(self) -> Result<Reply, Fault> {
        self.finish().map(Reply::Finished)
    }
}

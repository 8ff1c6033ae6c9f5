//! What a handler may return, and how it becomes a reply on the wire.

use actix_web::http::StatusCode;
use actix_web::http::header::{CONTENT_TYPE, HeaderValue};
use actix_web::{HttpResponse, ResponseError};
use serde::Serialize;

use super::dump::{fill_in, rename};
use super::error::{HttpException, ValidationError, object, validation_detail};
use super::file_response::FileResponse;
use super::json;
use super::openapi::has_body;
use super::release::Failure;
use super::request::Request;
use super::response_headers::ResponseHeaders;
use super::schema::Schema;
use super::sse::EventSourceResponse;
use super::streaming::StreamingResponse;
use super::validate::validate;
use super::value::{ConversionError, Value, to_value};
use super::websocket::{WebSocketDisconnect, WebSocketException};

/// A handler could not produce its reply: a 500 on the wire, the reason on the console.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct Fault(pub String);

impl From<ConversionError> for Fault {
    fn from(error: ConversionError) -> Self {
        Self(error.to_string())
    }
}

impl From<json::Unwritable> for Fault {
    fn from(error: json::Unwritable) -> Self {
        Self(error.to_string())
    }
}

/// A fault goes where an exception does: out of a dependency, or through the `?` of a handler.
impl From<Fault> for HttpException {
    fn from(fault: Fault) -> Self {
        let mut exception = Self::of(StatusCode::INTERNAL_SERVER_ERROR);
        exception.fault = Some(fault.0.into());
        exception
    }
}

/// What a handler has returned.
pub enum Reply {
    /// A value; the route knows its status and whether a model filters it.
    Value(Value),
    /// A finished reply, which goes out as it is; the request's background tasks follow it.
    Finished(HttpResponse),
    /// A file; how much of it is sent, the request says.
    File(FileResponse),
    /// Chunks that go out as they are made.
    Stream(StreamingResponse),
    /// Events that go out as they happen; the route knows their status.
    Events(EventSourceResponse),
    /// An error's reply: nothing that the handler has set or scheduled goes with it.
    Raised(HttpResponse),
    /// The request does not fit the handler's arguments, so that it was not called.
    Invalid(Vec<ValidationError>),
    /// A socket is to be closed.
    Close(WebSocketException),
    /// A client has left its socket, and the handler has not expected that.
    Disconnected(WebSocketDisconnect),
}

/// A type that a handler can return.
pub trait IntoReply {
    /// The reply.
    fn into_reply(self) -> Result<Reply, Fault>;
}

/// A body of JSON: as an argument the request's, validated; as a return type the reply's.
#[derive(Clone, Debug)]
pub struct Json<T>(pub T);

impl<T: Serialize> IntoReply for Json<T> {
    fn into_reply(self) -> Result<Reply, Fault> {
        Ok(Reply::Value(to_value(&self.0)?))
    }
}

/// A handler that returns nothing replies `null`.
impl IntoReply for () {
    fn into_reply(self) -> Result<Reply, Fault> {
        Ok(Reply::Value(Value::Null))
    }
}

impl IntoReply for HttpException {
    fn into_reply(self) -> Result<Reply, Fault> {
        self.reply().map(Reply::Raised)
    }
}

impl HttpException {
    /// The reply on the wire.
    pub(super) fn reply(self) -> Result<HttpResponse, Fault> {
        if let Some(fault) = self.fault {
            return Err(Fault(fault.into()));
        }
        let mut reply = json_reply(self.status, &object([("detail", self.detail)]))?;
        for (name, value) in self.headers {
            reply.headers_mut().append(name, value);
        }
        Ok(reply)
    }
}

impl IntoReply for Fault {
    fn into_reply(self) -> Result<Reply, Fault> {
        Err(self)
    }
}

impl<T: IntoReply, E: IntoReply> IntoReply for Result<T, E> {
    fn into_reply(self) -> Result<Reply, Fault> {
        match self {
            Ok(reply) => reply.into_reply(),
            Err(error) => error.into_reply(),
        }
    }
}

impl IntoReply for HttpResponse {
    fn into_reply(self) -> Result<Reply, Fault> {
        Ok(Reply::Finished(self))
    }
}

/// How a route turns a handler's value into its reply.
#[derive(Clone, Debug)]
pub(super) struct Finish {
    pub status: StatusCode,
    pub response_model: Option<Schema>,
    pub exclude_unset: bool,
    pub by_name: bool,
}

impl Finish {
    /// The reply on the wire, with what the handler has set beside its value.
    pub async fn reply(&self, reply: Reply, request: &Request) -> Result<HttpResponse, Failure> {
        Ok(match reply {
            Reply::File(file) => file.respond(request.http()).await?,
            Reply::Raised(reply) => return Err(Failure::raised(reply)),
            Reply::Invalid(errors) => return Err(Failure::raised(invalid(&errors)?)),
            Reply::Close(exception) => return Err(Fault(format!("no socket: {exception}")).into()),
            Reply::Disconnected(gone) => return Err(Fault(format!("no socket: {gone}")).into()),
            Reply::Stream(chunks) => chunks.respond(request)?,
            Reply::Events(events) => self.events(events, request)?,
            Reply::Finished(reply) => reply,
            Reply::Value(value) => self.json(&value, request.response_headers())?,
        })
    }

    fn events(
        &self,
        events: EventSourceResponse,
        request: &Request,
    ) -> Result<HttpResponse, Fault> {
        let headers = request.response_headers();
        let mut reply = events.respond(headers.status().unwrap_or(self.status), request)?;
        headers.add_to(reply.headers_mut());
        Ok(reply)
    }

    fn json(&self, value: &Value, headers: &ResponseHeaders) -> Result<HttpResponse, Fault> {
        let status = headers.status().unwrap_or(self.status);
        let mut reply = match &self.response_model {
            Some(model) => json_reply(status, &self.modelled(model, value)?)?,
            None => json_reply(status, value)?,
        };
        headers.add_to(reply.headers_mut());
        if !has_body(status.as_u16()) {
            reply = reply.drop_body().map_into_boxed_body();
        }
        Ok(reply)
    }

    fn modelled(&self, model: &Schema, value: &Value) -> Result<Value, Fault> {
        let loc = [super::error::Step::Name("response".to_owned())];
        let mut filtered = validate(model, value, &loc).map_err(|errors| {
            let rows = errors.iter().map(ValidationError::to_value).collect();
            let rows = json::to_string(&Value::Array(rows)).unwrap_or_default();
            Fault(format!("the reply does not fit the response model: {rows}"))
        })?;
        if !self.exclude_unset {
            fill_in(model, &mut filtered);
        }
        if self.by_name {
            rename(model, &mut filtered);
        }
        Ok(filtered)
    }
}

/// How deep an echoed input may nest before Python's recursion ends, less the steps to it
/// (observed under FastAPI 0.165.0 on CPython 3.11).
const MAX_ECHO_DEPTH: usize = 956;

/// The 422 reply to these errors.
pub(super) fn invalid(errors: &[ValidationError]) -> Result<HttpResponse, Fault> {
    if errors.iter().any(|error| error.loc.len() + error.input.depth() > MAX_ECHO_DEPTH) {
        return Err(Fault("maximum recursion depth exceeded".to_owned()));
    }
    let body = validation_detail(errors);
    json_reply(StatusCode::UNPROCESSABLE_ENTITY, &body)
}

/// What Starlette answers when a handler fails: text, and nothing about the cause.
impl ResponseError for Fault {
    fn error_response(&self) -> HttpResponse {
        HttpResponse::InternalServerError()
            .insert_header((CONTENT_TYPE, HeaderValue::from_static("text/plain; charset=utf-8")))
            .body("Internal Server Error")
    }
}

/// A page of HTML.
pub(super) fn html(page: String) -> HttpResponse {
    HttpResponse::Ok()
        .insert_header((CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8")))
        .body(page)
}

pub(super) fn json_reply(status: StatusCode, body: &Value) -> Result<HttpResponse, Fault> {
    Ok(HttpResponse::build(status)
        .insert_header((CONTENT_TYPE, HeaderValue::from_static("application/json")))
        .body(json::to_string(body)?))
}

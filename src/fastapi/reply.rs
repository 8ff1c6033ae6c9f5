//! What a handler may return, and how it becomes a reply on the wire.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::http::header::{CONTENT_TYPE, HeaderValue};
use serde::Serialize;

use super::error::{HttpException, ValidationError, object, validation_detail};
use super::json;
use super::value::{Value, to_value};

/// A handler could not produce its reply: a 500 on the wire, the reason on the console.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct Fault(pub String);

/// A type that a handler can return.
pub trait IntoReply {
    /// The reply, with the route's status where the type does not bring its own.
    fn into_reply(self, status: StatusCode) -> Result<HttpResponse, Fault>;
}

/// A reply whose body is the value as JSON.
#[derive(Clone, Debug)]
pub struct Json<T>(pub T);

impl<T: Serialize> IntoReply for Json<T> {
    fn into_reply(self, status: StatusCode) -> Result<HttpResponse, Fault> {
        json_reply(status, &to_value(&self.0).map_err(|error| Fault(error.to_string()))?)
    }
}

impl IntoReply for HttpException {
    fn into_reply(self, _status: StatusCode) -> Result<HttpResponse, Fault> {
        let mut reply = json_reply(self.status, &object([("detail", self.detail)]))?;
        for (name, value) in self.headers {
            reply.headers_mut().append(name, value);
        }
        Ok(reply)
    }
}

impl<T: IntoReply, E: IntoReply> IntoReply for Result<T, E> {
    fn into_reply(self, status: StatusCode) -> Result<HttpResponse, Fault> {
        match self {
            Ok(reply) => reply.into_reply(status),
            Err(error) => error.into_reply(status),
        }
    }
}

impl IntoReply for HttpResponse {
    fn into_reply(self, _status: StatusCode) -> Result<HttpResponse, Fault> {
        Ok(self)
    }
}

/// The 422 reply to these errors.
pub(super) fn invalid(errors: &[ValidationError]) -> Result<HttpResponse, Fault> {
    json_reply(StatusCode::UNPROCESSABLE_ENTITY, &validation_detail(errors))
}

/// What Starlette answers when a handler fails: text, and nothing about the cause.
pub(super) fn internal_server_error() -> HttpResponse {
    HttpResponse::InternalServerError()
        .insert_header((CONTENT_TYPE, HeaderValue::from_static("text/plain; charset=utf-8")))
        .body("Internal Server Error")
}

/// A page of HTML.
pub(super) fn html(page: String) -> HttpResponse {
    HttpResponse::Ok()
        .insert_header((CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8")))
        .body(page)
}

pub(super) fn json_reply(status: StatusCode, body: &Value) -> Result<HttpResponse, Fault> {
    let body = json::to_string(body).map_err(|error| Fault(error.to_string()))?;
    Ok(HttpResponse::build(status)
        .insert_header((CONTENT_TYPE, HeaderValue::from_static("application/json")))
        .body(body))
}

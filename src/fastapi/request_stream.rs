//! The body of a request as it comes: Starlette's `request.stream()`.
//!
//! Nothing of it is kept, so a body of any size needs the memory of one chunk. A client that sends
//! faster than the handler reads has to wait.

use std::pin::Pin;
use std::task::{Context, Poll};

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::http::header::{CONTENT_TYPE, HeaderValue};
use actix_web::web::{Bytes, Payload};
use futures_util::{Stream, StreamExt};

use super::argument::{Argument, Rejection};
use super::error::HttpException;
use super::openapi::Operation;
use super::pattern::Pattern;
use super::reply::{Fault, IntoReply, Reply};
use super::request::Request;

/// A handler's argument: the body chunk by chunk, whatever its content type says. The OpenAPI
/// document does not mention it.
pub struct RequestStream(Payload);

/// The client has left, or sent no HTTP any more, before its body was complete.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the client's body ended before it was complete")]
pub struct ClientDisconnect;

/// What uvicorn answers to what is no HTTP.
const MALFORMED: &str = "Invalid HTTP request received.";

impl RequestStream {
    /// Waits for the next chunk, which is never empty; `None` at the end of the body.
    pub async fn chunk(&mut self) -> Result<Option<Bytes>, ClientDisconnect> {
        self.next().await.transpose()
    }
}

impl Stream for RequestStream {
    type Item = Result<Bytes, ClientDisconnect>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let chunk = self.0.poll_next_unpin(context);
        chunk.map(|chunk| chunk.map(|chunk| chunk.map_err(|_| ClientDisconnect)))
    }
}

impl Argument for RequestStream {
    type Plan = ();

    fn plan(_path: &Pattern) {}

    fn describe((): &(), _operation: &mut Operation) {}

    async fn extract((): &(), request: &Request) -> Result<Self, Rejection> {
        let taken = || "another argument has read the request's body".to_owned();
        request.take_payload().map(Self).ok_or_else(|| Rejection::Fault(taken()))
    }
}

/// Only who sends no HTTP any more is still there to read it.
impl IntoReply for ClientDisconnect {
    fn into_reply(self) -> Result<Reply, Fault> {
        let text = HeaderValue::from_static("text/plain; charset=utf-8");
        let reply = HttpResponse::BadRequest().insert_header((CONTENT_TYPE, text)).body(MALFORMED);
        Ok(Reply::Raised(reply))
    }
}

/// For handlers that raise exceptions of their own.
impl From<ClientDisconnect> for HttpException {
    fn from(_: ClientDisconnect) -> Self {
        Self::new(StatusCode::BAD_REQUEST, MALFORMED)
    }
}

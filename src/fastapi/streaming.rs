//! Replies that are sent while they are made: Starlette's `StreamingResponse`.
//!
//! The chunks come from a stream, which waits on the event loop, or from an iterator, each step of
//! which runs on a thread, as Starlette's `iterate_in_threadpool` does it. The next chunk is asked
//! for when the client has taken the last ones, and none any more when it has left: the stream is
//! dropped then, wherever it waits. Files are `file_response`'s.

mod body;

use actix_web::HttpResponse;
use actix_web::body::BodySize;
use actix_web::http::header::{CONTENT_LENGTH, HeaderMap};
use actix_web::http::{ConnectionType, StatusCode, Version};
use actix_web::rt::task::spawn_blocking;
use actix_web::web::Bytes;
use futures_util::stream::{BoxStream, unfold};
use futures_util::{Stream, StreamExt};

use super::activity::Activity;
use super::reply::{Fault, IntoReply, Reply};
use super::request::Request;
use super::response::{Head, is_bodiless};
use body::Streamed;

/// A reply whose body is sent chunk by chunk, of a length that nobody knows before.
pub struct StreamingResponse {
    head: Head,
    source: Source,
}

enum Source {
    /// Waits on the event loop.
    Waiting(BoxStream<'static, Result<Bytes, Fault>>),
    /// May block: each step runs on a thread.
    Blocking(Steps),
}

type Steps = Box<dyn Iterator<Item = Result<Bytes, Fault>> + Send>;

/// What a stream may yield: a text, bytes, or a `Result` of these, whose error cuts the reply off.
pub trait Chunk {
    /// The bytes to send.
    fn into_chunk(self) -> Result<Bytes, Fault>;
}

macro_rules! chunks {
    ($($text_or_bytes:ty),*) => {
        $(impl Chunk for $text_or_bytes {
            fn into_chunk(self) -> Result<Bytes, Fault> {
                Ok(Bytes::from(self))
            }
        })*
    };
}

chunks!(String, &'static str, Vec<u8>, Bytes);

impl<C: Chunk, E: ToString> Chunk for Result<C, E> {
    fn into_chunk(self) -> Result<Bytes, Fault> {
        self.map_err(|error| Fault(error.to_string()))?.into_chunk()
    }
}

impl StreamingResponse {
    /// A 200 with the chunks of a stream and no content type.
    pub fn new<S>(chunks: S) -> Self
    where
        S: Stream<Item: Chunk> + Send + 'static,
    {
        let chunks = chunks.map(Chunk::into_chunk).boxed();
        Self { head: Head::default(), source: Source::Waiting(chunks) }
    }

    /// The same with the chunks of an iterator, which may block.
    pub fn blocking<I>(chunks: I) -> Self
    where
        I: IntoIterator<Item: Chunk + 'static, IntoIter: Send + 'static>,
    {
        let steps = Box::new(chunks.into_iter().map(Chunk::into_chunk));
        Self { head: Head::default(), source: Source::Blocking(steps) }
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

    /// The reply on the wire, whose body tells the server's console what goes wrong in it.
    pub(super) fn respond(self, request: &Request) -> Result<HttpResponse, Fault> {
        let Self { head, source } = self;
        let mut reply = HttpResponse::new(head.status);
        *reply.headers_mut() = head.headers()?;
        if is_bodiless(head.status) {
            return Ok(reply.drop_body().map_into_boxed_body());
        }
        let chunks = match source {
            Source::Waiting(chunks) => chunks,
            Source::Blocking(steps) => on_threads(steps, request.activity().clone()).boxed(),
        };
        let size = declared_size(reply.headers());
        if size == BodySize::Stream && request.http().version() < Version::HTTP_11 {
            // HTTP/1.0 knows no chunks: there the end of the connection is the end of the body.
            reply.head_mut().no_chunking(true);
            reply.head_mut().set_connection_type(ConnectionType::Close);
        }
        let body = Streamed::new(chunks, size, request.console().clone());
        Ok(reply.set_body(body).map_into_boxed_body())
    }
}

impl IntoReply for StreamingResponse {
    fn into_reply(self) -> Result<Reply, Fault> {
        Ok(Reply::Stream(self))
    }
}

/// The length that the handler has promised by a header, if it has.
fn declared_size(headers: &HeaderMap) -> BodySize {
    let length = headers.get(CONTENT_LENGTH).and_then(|value| value.to_str().ok()?.parse().ok());
    length.map_or(BodySize::Stream, BodySize::Sized)
}

/// The steps of an iterator, each on a thread. One that has begun is done to its end, and the
/// server is busy for so long, even if nobody wants its chunk any more.
fn on_threads(
    steps: Steps,
    activity: Activity,
) -> impl Stream<Item = Result<Bytes, Fault>> + Send + 'static {
    unfold(Some(steps), move |steps| {
        let activity = activity.clone();
        async move {
            let mut steps = steps?;
            let busy = activity.tasks();
            let step = spawn_blocking(move || {
                let chunk = steps.next();
                // In this order they are dropped if nobody waits for them any more.
                (chunk, steps, busy)
            });
            match step.await {
                Ok((chunk, steps, _busy)) => chunk.map(|chunk| (chunk, Some(steps))),
                Err(error) => match error.try_into_panic() {
                    Ok(panic) => std::panic::resume_unwind(panic),
                    Err(error) => Some((Err(Fault(error.to_string())), None)),
                },
            }
        }
    })
}

//! Server-sent events: FastAPI's `EventSourceResponse` and `ServerSentEvent`.
//!
//! Each event is a chunk of a streamed reply. While there is none the client gets a comment every
//! 15 seconds, so that nothing between the two takes the connection for dead. How an event is
//! written was read off FastAPI 0.165.0.

use std::time::Duration;

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::web::Bytes;
use futures_util::stream::{BoxStream, unfold};
use futures_util::{Stream, StreamExt};
use serde::Serialize;
use serde_json::{Value as Json, json};
use tokio::time::timeout;

use super::json::to_ascii;
use super::reply::{Fault, IntoReply, Reply};
use super::request::Request;
use super::response::ResponseClass;
use super::streaming::{Chunk, StreamingResponse};
use super::value::to_value;

/// The media type of a stream of events.
pub(super) const MEDIA_TYPE: &str = "text/event-stream";

/// How long a client hears nothing.
const PING_INTERVAL: Duration = Duration::from_secs(15);

/// What it hears then.
const PING: &str = ": ping\n\n";

/// A reply of events, sent as they happen.
pub struct EventSourceResponse(BoxStream<'static, Result<Bytes, Fault>>);

/// One event. What is not set is not sent.
///
/// An event without data is none for a browser, but its id and comment arrive.
#[derive(Debug, Default)]
pub struct ServerSentEvent {
    data: Option<Result<String, Fault>>,
    event: Option<String>,
    id: Option<String>,
    retry: Option<u64>,
    comment: Option<String>,
}

impl EventSourceResponse {
    /// The events of a stream.
    pub fn new<S>(events: S) -> Self
    where
        S: Stream<Item = ServerSentEvent> + Send + 'static,
    {
        Self(with_pings(events.map(Chunk::into_chunk).boxed(), PING_INTERVAL).boxed())
    }

    /// The reply on the wire, with this status.
    pub(super) fn respond(
        self,
        status: StatusCode,
        request: &Request,
    ) -> Result<HttpResponse, Fault> {
        let reply = StreamingResponse::new(self.0).status(status).media_type(MEDIA_TYPE);
        // nginx would keep events back until it has enough of them.
        let reply = reply.header("cache-control", "no-cache").header("x-accel-buffering", "no");
        reply.respond(request)
    }
}

/// Puts a comment wherever nothing has come for so long.
fn with_pings(
    events: BoxStream<'static, Result<Bytes, Fault>>,
    every: Duration,
) -> impl Stream<Item = Result<Bytes, Fault>> + Send {
    unfold(events, move |mut events| async move {
        match timeout(every, events.next()).await {
            Ok(event) => event.map(|event| (event, events)),
            Err(_) => Some((PING.into_chunk(), events)),
        }
    })
}

impl IntoReply for EventSourceResponse {
    fn into_reply(self) -> Result<Reply, Fault> {
        Ok(Reply::Events(self))
    }
}

impl ResponseClass for EventSourceResponse {
    const MEDIA_TYPE: &'static str = MEDIA_TYPE;
}

impl ServerSentEvent {
    /// An event with this value as its data, written as JSON; texts, too, get quotes.
    pub fn new(data: impl Serialize) -> Self {
        let json = to_value(&data).map(|value| to_ascii(&value)).map_err(Fault::from);
        Self { data: Some(json), ..Self::default() }
    }

    /// An event with this text as its data, as it is.
    pub fn raw(data: impl Into<String>) -> Self {
        Self { data: Some(Ok(data.into())), ..Self::default() }
    }

    /// No event, but a comment, which browsers ignore.
    pub fn only_comment(text: &str) -> Self {
        Self::default().comment(text)
    }

    /// Its type, for which a browser's `addEventListener` listens. One line.
    pub fn event(mut self, event: &str) -> Self {
        self.event = Some(event.to_owned());
        self
    }

    /// Its id, which a browser sends as `Last-Event-ID` when it connects again. One line.
    pub fn id(mut self, id: impl ToString) -> Self {
        self.id = Some(id.to_string());
        self
    }

    /// How long a browser waits before it connects again, in milliseconds.
    pub fn retry(mut self, milliseconds: u64) -> Self {
        self.retry = Some(milliseconds);
        self
    }

    /// Lines that browsers ignore.
    pub fn comment(mut self, text: &str) -> Self {
        self.comment = Some(text.to_owned());
        self
    }
}

/// The lines of the event on the wire.
impl Chunk for ServerSentEvent {
    fn into_chunk(self) -> Result<Bytes, Fault> {
        let single = |name: &str, value: &Option<String>| match value {
            Some(value) if value.contains(['\r', '\n']) => {
                Err(Fault(format!("SSE '{name}' must be a single line")))
            }
            _ => Ok(()),
        };
        single("event", &self.event)?;
        single("id", &self.id)?;
        if self.id.as_ref().is_some_and(|id| id.contains('\0')) {
            return Err(Fault("SSE 'id' must not contain null characters".to_owned()));
        }
        let mut text = String::new();
        let mut lines = |name: &str, value: &str| {
            for line in value.replace("\r\n", "\n").replace('\r', "\n").split('\n') {
                text += &format!("{name}: {line}\n");
            }
        };
        self.comment.iter().for_each(|comment| lines("", comment));
        self.event.iter().for_each(|event| lines("event", event));
        self.data.transpose()?.iter().for_each(|data| lines("data", data));
        self.id.iter().for_each(|id| lines("id", id));
        self.retry.iter().for_each(|retry| lines("retry", &retry.to_string()));
        (text + "\n").into_chunk()
    }
}

/// What the OpenAPI document says of an event.
pub(super) fn item_schema() -> Json {
    json!({
        "type": "object",
        "properties": {
            "data": {"type": "string"},
            "event": {"type": "string"},
            "id": {"type": "string"},
            "retry": {"type": "integer", "minimum": 0},
        },
    })
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use futures_util::StreamExt;
    use futures_util::stream::pending;
    use serde_json::json;

    use super::{Chunk, ServerSentEvent, with_pings};

    fn written(event: ServerSentEvent) -> Result<String, String> {
        let bytes = event.into_chunk().map_err(|fault| fault.to_string())?;
        Ok(String::from_utf8(bytes.to_vec()).unwrap())
    }

    #[test]
    fn an_event_is_written_as_fastapi_writes_it() {
        for (event, expected) in [
            (ServerSentEvent::default(), "\n"),
            (ServerSentEvent::new("é\n"), "data: \"\\u00e9\\n\"\n\n"),
            (ServerSentEvent::new(json!({"a": [1, 2.0]})), "data: {\"a\": [1, 2.0]}\n\n"),
            (ServerSentEvent::new(f64::NAN), "data: null\n\n"),
            (ServerSentEvent::new("💡"), "data: \"\\ud83d\\udca1\"\n\n"),
            (ServerSentEvent::raw("a\r\nb\rc\n"), "data: a\ndata: b\ndata: c\ndata: \n\n"),
            (ServerSentEvent::only_comment("a\nb"), ": a\n: b\n\n"),
            (
                ServerSentEvent::raw("é").retry(5).id(7).event("e").comment(""),
                ": \nevent: e\ndata: é\nid: 7\nretry: 5\n\n",
            ),
        ] {
            assert_eq!(written(event).as_deref(), Ok(expected));
        }
    }

    #[test]
    fn what_would_break_the_lines_of_an_event_is_refused() {
        for (event, expected) in [
            (ServerSentEvent::raw("").event("a\nb"), "SSE 'event' must be a single line"),
            (ServerSentEvent::raw("").id("a\rb"), "SSE 'id' must be a single line"),
            (ServerSentEvent::raw("").id("a\0"), "SSE 'id' must not contain null characters"),
        ] {
            assert_eq!(written(event), Err(expected.to_owned()));
        }
    }

    #[tokio::test]
    async fn a_client_that_hears_nothing_is_sent_a_comment() {
        let pings = with_pings(pending().boxed(), Duration::from_millis(1));
        let heard: Vec<_> = pings.take(2).map(|ping| ping.unwrap()).collect().await;
        assert_eq!(heard, [": ping\n\n", ": ping\n\n"]);
    }
}

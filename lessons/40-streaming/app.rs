//! Bodies that nobody holds: replies sent while they are made, requests read while they come.

use std::thread;
use std::time::Duration;

use async_stream::stream;
use futures_util::Stream;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use tokio::time::sleep;

use crate::fastapi::{
    Api, ClientDisconnect, Console, EventSourceResponse, Header, HttpException, Json,
    RequestStream, ServerSentEvent, StatusCode, StreamingResponse, get, post,
};

const PAUSE: Duration = Duration::from_millis(100);
const MOST_BYTES: usize = 64;

/// Three streams out, two in.
pub fn app() -> Api {
    Api::new()
        .route("/stream/", get(stream_data))
        .route("/clock/", get(clock))
        .route("/events/", get(events).response_class::<EventSourceResponse>())
        .route("/upload/", post(upload_data))
        .route("/upload/small/", post(upload_small))
}

// ANCHOR: replies
fn generate_data() -> impl Iterator<Item = String> {
    (0..10).map(|number| {
        if number > 0 {
            thread::sleep(PAUSE);
        }
        format!("data: {number}\n\n")
    })
}

async fn stream_data() -> StreamingResponse {
    StreamingResponse::blocking(generate_data()).media_type("text/plain")
}

struct Stopping(Console);

impl Drop for Stopping {
    fn drop(&mut self) {
        self.0.print("the clock stops");
    }
}

fn ticks(console: Console) -> impl Stream<Item = String> {
    stream! {
        let _stopping = Stopping(console);
        for number in 0.. {
            yield format!("tick {number}\n");
            sleep(PAUSE).await;
        }
    }
}

async fn clock(console: Console) -> StreamingResponse {
    StreamingResponse::new(ticks(console)).media_type("text/plain")
}
// ANCHOR_END: replies

// ANCHOR: events
#[derive(Deserialize, JsonSchema)]
struct Seen {
    #[serde(default)]
    #[schemars(range(min = 0))]
    last_event_id: i64,
}

#[derive(Serialize)]
struct Step {
    step: i64,
    of: i64,
}

async fn events(Header(seen): Header<Seen>) -> EventSourceResponse {
    EventSourceResponse::new(stream! {
        for number in seen.last_event_id.saturating_add(1)..4 {
            let step = Step { step: number, of: 3 };
            yield ServerSentEvent::new(step).event("step").id(number);
            sleep(PAUSE).await;
        }
    })
}
// ANCHOR_END: events

// ANCHOR: requests
async fn upload_data(mut body: RequestStream) -> Result<Json<Upload>, ClientDisconnect> {
    let (mut size, mut digest) = (0, Sha256::new());
    while let Some(chunk) = body.chunk().await? {
        size += chunk.len();
        digest.update(&chunk);
    }
    Ok(Json(Upload { size, sha256: hex(&digest.finalize()) }))
}

async fn upload_small(mut body: RequestStream) -> Result<Json<Size>, HttpException> {
    let mut size = 0;
    while let Some(chunk) = body.chunk().await? {
        size += chunk.len();
        if size > MOST_BYTES {
            let detail = format!("More than {MOST_BYTES} bytes");
            return Err(HttpException::new(StatusCode::PAYLOAD_TOO_LARGE, detail));
        }
    }
    Ok(Json(Size { size }))
}
// ANCHOR_END: requests

#[derive(Serialize)]
struct Upload {
    size: usize,
    sha256: String,
}

#[derive(Serialize)]
struct Size {
    size: usize,
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect::<Vec<_>>().concat()
}

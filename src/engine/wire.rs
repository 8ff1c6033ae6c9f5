//! Requests that need hyper bare, which is what reqwest itself speaks HTTP with.
//!
//! Three things are lost on the way through reqwest: a target that its URL type would tidy up, the
//! interim replies (100 Continue) that come before the final one, and a body in pieces with pauses
//! between them. A call that expects a 100 holds its body back until the server asks for it, as a
//! client should.

use std::convert::Infallible;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use futures_util::{StreamExt, stream};
use http_body_util::combinators::UnsyncBoxBody;
use http_body_util::{BodyExt, Full, StreamBody};
use hyper::body::{Bytes, Frame};
use hyper::client::conn::http1;
use hyper::ext::on_informational;
use hyper_util::rt::TokioIo;
use reqwest::header::{CONTENT_LENGTH, EXPECT, HOST, HeaderMap, HeaderValue};
use reqwest::{Method, StatusCode};
use tokio::net::TcpStream;
use tokio::sync::Notify;
use tokio::time::{sleep, timeout};

use super::client::{coming, reply};
use super::transcript::Reply;
use crate::course::{Call, StatusLine};

/// How long a body is held back while the server says nothing; curl waits as long.
const HELD_BACK: Duration = Duration::from_secs(1);

/// More interim replies than this are none of anybody's business.
const MOST_INTERIM: usize = 16;

/// Whether a request asks for a 100 before it sends its body.
pub fn expects_continue(headers: &HeaderMap) -> bool {
    let is_100 = |value: &HeaderValue| value.as_bytes().eq_ignore_ascii_case(b"100-continue");
    headers.get_all(EXPECT).iter().any(is_100)
}

/// Sends a call over a connection of its own.
pub async fn send(
    call: &Call,
    method: Method,
    mut headers: HeaderMap,
    base_url: &str,
) -> Result<Reply, String> {
    let address = host(base_url, &mut headers)?;
    let (sent, interim) = (Instant::now(), Arc::new(Interim::default()));
    let mut request = hyper::Request::new(body(call, &mut headers, &interim));
    *request.method_mut() = method;
    *request.uri_mut() = call.target.parse().map_err(|e| format!("{}: {e}", call.target))?;
    *request.headers_mut() = headers;
    let noted = interim.clone();
    on_informational(&mut request, move |reply| noted.note(reply.status()));

    let stream = TcpStream::connect(address).await.map_err(|e| e.to_string())?;
    let (mut sender, connection) =
        http1::handshake(TokioIo::new(stream)).await.map_err(|e| e.to_string())?;
    let exchange = async {
        let response = sender.send_request(request).await.map_err(|e| e.to_string())?;
        let (parts, mut rest) = response.into_parts();
        let mut body = coming(sent, call, &parts.headers);
        while let Some(frame) = rest.frame().await.transpose().map_err(|e| e.to_string())? {
            if !body.take(frame.data_ref().map_or(&[], |chunk| chunk))? {
                break;
            }
        }
        Ok(Reply { interim: interim.take(), ..reply(parts.status, &parts.headers, body) })
    };
    tokio::pin!(exchange, connection);
    tokio::select! {
        reply = &mut exchange => reply,
        ended = &mut connection => match ended {
            Ok(()) => exchange.await,
            // A server may answer and hang up before it has read the body: the reply counts.
            Err(error) => exchange.await.map_err(|_| error.to_string()),
        },
    }
}

/// Where a server listens, which the headers name as their host unless they have another one.
pub(super) fn host(base_url: &str, headers: &mut HeaderMap) -> Result<String, String> {
    let authority = base_url.trim_start_matches("http://").trim_end_matches('/');
    if !headers.contains_key(HOST) {
        headers.insert(HOST, HeaderValue::from_str(authority).map_err(|e| e.to_string())?);
    }
    let has_port = authority.rsplit_once(':').is_some_and(|(_, port)| port.parse::<u16>().is_ok());
    Ok(if has_port { authority.to_owned() } else { format!("{authority}:80") })
}

/// What came before the final reply.
#[derive(Default)]
struct Interim {
    replies: Mutex<Vec<StatusLine>>,
    /// Told once the server wants the body.
    wanted: Notify,
}

impl Interim {
    fn note(&self, status: StatusCode) {
        let mut replies = self.replies.lock().unwrap_or_else(PoisonError::into_inner);
        if replies.len() < MOST_INTERIM {
            let reason = status.canonical_reason().unwrap_or_default();
            replies.push(StatusLine::new(status.as_u16(), reason));
        }
        if status == StatusCode::CONTINUE {
            self.wanted.notify_one();
        }
    }

    fn take(&self) -> Vec<StatusLine> {
        std::mem::take(&mut self.replies.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

/// The body of a call: whole, in pieces with pauses between them, or held back if it expects a 100.
fn body(
    call: &Call,
    headers: &mut HeaderMap,
    interim: &Arc<Interim>,
) -> UnsyncBoxBody<Bytes, Infallible> {
    let (content, pieces) = (call.body.clone().unwrap_or_default(), call.streaming.pieces.clone());
    if pieces.is_empty() && (content.is_empty() || !expects_continue(headers)) {
        return Full::new(Bytes::from(content)).boxed_unsync();
    }
    let held_back = expects_continue(headers).then(|| interim.clone());
    let pieces = if pieces.is_empty() {
        headers.entry(CONTENT_LENGTH).or_insert_with(|| HeaderValue::from(content.len()));
        vec![content]
    } else {
        pieces
    };
    let pause = call.streaming.pause;
    let frames = stream::iter(pieces).enumerate().then(move |(index, piece)| {
        let held_back = held_back.clone().filter(|_| index == 0);
        async move {
            if let Some(interim) = held_back {
                // A server that never says 100 gets the body in the end.
                let _ = timeout(HELD_BACK, interim.wanted.notified()).await;
            } else if index > 0 {
                sleep(pause).await;
            }
            Ok(Frame::data(Bytes::from(piece)))
        }
    });
    StreamBody::new(frames).boxed_unsync()
}

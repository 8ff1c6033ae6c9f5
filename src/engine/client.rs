//! Sends exactly what a script says, over one pool of connections, and follows no redirect.
//!
//! reqwest does the work. What it would change, hide or cannot send goes through `wire`, one level
//! further down: targets that its URL type would rewrite (`/files/../secret`), calls that expect a
//! 100, and bodies piece by piece.

use std::time::{Duration, Instant};

use futures_util::future::join_all;
use reqwest::header::{CONTENT_LENGTH, HeaderMap, HeaderName, HeaderValue};
use reqwest::{Method, StatusCode, Url, redirect};

use super::EngineError;
use super::arrival::Coming;
use super::socket;
use super::transcript::{Outcome, Reply};
use super::wire;
use crate::course::Call;
use crate::fastapi::threads::Threads;

/// How long an unused connection is kept: less than a server does, so that none is used just as it
/// closes, and not long beyond the end of a lesson, whose server nobody calls again.
const IDLE: Duration = Duration::from_secs(1);

/// A client; clones share its connections, and the threads of the servers started to be called.
#[derive(Clone, Debug)]
pub struct Client {
    http: reqwest::Client,
    pub(super) threads: Threads,
}

impl Client {
    /// A client that keeps its connections open from call to call.
    pub fn new() -> Result<Self, EngineError> {
        Self::build(reqwest::Client::builder())
    }

    /// A client that opens a connection for each call: uvicorn closes its own after an unhandled
    /// error without saying so, and the next call must not meet that.
    pub fn unpooled() -> Result<Self, EngineError> {
        Self::build(reqwest::Client::builder().pool_max_idle_per_host(0))
    }

    fn build(builder: reqwest::ClientBuilder) -> Result<Self, EngineError> {
        let builder = builder.no_proxy().redirect(redirect::Policy::none());
        let builder = builder.pool_idle_timeout(IDLE);
        let http = builder.build().map_err(EngineError::Client)?;
        Ok(Self { http, threads: Threads::default() })
    }

    /// Sends a call as many times as it says, all at once.
    pub async fn send(&self, call: &Call, base_url: &str) -> (Vec<Outcome>, Duration) {
        let started = Instant::now();
        let outcomes = join_all((0..call.copies).map(|_| self.send_one(call, base_url))).await;
        (outcomes, started.elapsed())
    }

    async fn send_one(&self, call: &Call, base_url: &str) -> Outcome {
        if let Some(steps) = &call.socket {
            return socket::converse(call, steps, base_url).await;
        }
        match tokio::time::timeout(call.timeout, self.exchange(call, base_url)).await {
            Ok(Ok(reply)) => Outcome::Reply(reply),
            Ok(Err(cause)) => Outcome::Broken(cause),
            Err(_) => Outcome::TimedOut,
        }
    }

    async fn exchange(&self, call: &Call, base_url: &str) -> Result<Reply, String> {
        let sent = Instant::now();
        let method = Method::from_bytes(call.method.as_bytes()).map_err(|e| e.to_string())?;
        let headers = header_map(&call.headers)?;
        let url = Url::parse(&format!("{base_url}{}", call.target)).map_err(|e| e.to_string())?;
        let is_plain = call.streaming.pieces.is_empty() && !wire::expects_continue(&headers);
        if !is_plain || !keeps_target(&url, &call.target) {
            return wire::send(call, method, headers, base_url).await;
        }
        let mut request = self.http.request(method, url).headers(headers);
        if let Some(body) = &call.body {
            request = request.body(body.clone());
        }
        let mut response = request.send().await.map_err(root_cause)?;
        let (status, headers) = (response.status(), response.headers().clone());
        let mut body = coming(sent, call, &headers);
        while let Some(chunk) = response.chunk().await.map_err(root_cause)? {
            if !body.take(&chunk)? {
                break;
            }
        }
        Ok(reply(status, &headers, body))
    }
}

/// Whether the URL type leaves a target as the script has it.
fn keeps_target(url: &Url, target: &str) -> bool {
    match url.query() {
        Some(query) => target == format!("{}?{query}", url.path()),
        None => target == url.path(),
    }
}

pub(super) fn header_map(headers: &[(String, String)]) -> Result<HeaderMap, String> {
    let mut map = HeaderMap::new();
    for (name, value) in headers {
        let name = HeaderName::from_bytes(name.as_bytes()).map_err(|e| e.to_string())?;
        let value = HeaderValue::from_bytes(value.as_bytes()).map_err(|e| e.to_string())?;
        map.append(name, value);
    }
    Ok(map)
}

/// The body of the reply to a call that was sent at this moment.
pub(super) fn coming(sent: Instant, call: &Call, headers: &HeaderMap) -> Coming {
    Coming::new(sent, &call.streaming, headers.contains_key(CONTENT_LENGTH))
}

/// A reply from its parts.
pub(super) fn reply(status: StatusCode, headers: &HeaderMap, body: Coming) -> Reply {
    let latin1 =
        |value: &HeaderValue| value.as_bytes().iter().map(|byte| char::from(*byte)).collect();
    let headers = headers.iter().map(|(name, value)| (name.as_str().to_owned(), latin1(value)));
    let (body, arrivals) = body.finish();
    Reply {
        interim: Vec::new(),
        status: status.as_u16(),
        reason: status.canonical_reason().unwrap_or_default().to_owned(),
        headers: headers.collect(),
        body,
        arrivals,
        lines: Vec::new(),
    }
}

/// The innermost cause of an error: what really happened to the connection.
fn root_cause(error: reqwest::Error) -> String {
    let mut cause: &dyn std::error::Error = &error;
    while let Some(inner) = cause.source() {
        cause = inner;
    }
    cause.to_string()
}

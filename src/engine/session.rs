//! A lesson's server, up, with the state that its calls leave behind.

use std::collections::BTreeMap;
use std::io;
use std::net::{Ipv4Addr, TcpListener};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use futures_util::future::join_all;
use serde_json::Value;
use tokio::time::timeout;

use super::EngineError;
use super::client::Client;
use super::target::Target;
use super::transcript::{Exchange, Outcome, Reply, attribute};
use crate::course::capture::{At, Capture};
use crate::course::script::filled_in;
use crate::course::{Call, Lesson, Prints};
use crate::fastapi::{Console, Printed, Server};

/// How long a server may be busy with a call after its reply.
const PATIENCE: Duration = Duration::from_secs(30);

/// Sends the calls of one script to one server and remembers what replies must carry on.
pub struct Caller {
    base_url: String,
    client: Client,
    captured: BTreeMap<String, String>,
}

impl Caller {
    /// A caller of the server at this URL.
    pub fn new(base_url: &str, client: Client) -> Self {
        Self { base_url: base_url.to_owned(), client, captured: BTreeMap::new() }
    }

    /// Sends the calls of a batch at the same moment and waits for all their replies.
    pub async fn fire(&mut self, batch: &[Call]) -> Vec<Exchange> {
        let calls: Vec<Call> = batch.iter().map(|call| filled_in(call, &self.captured)).collect();
        let sent = join_all(calls.iter().map(|call| self.client.send(call, &self.base_url))).await;
        for (call, (outcomes, _)) in calls.iter().zip(&sent) {
            self.capture(call, outcomes);
        }
        let exchanges = calls.into_iter().zip(sent).map(|(call, (outcomes, took))| Exchange {
            call,
            base_url: self.base_url.clone(),
            outcomes,
            took,
            panics: Vec::new(),
            prints: Prints::default(),
            still_busy: None,
            is_elsewhere: false,
        });
        exchanges.collect()
    }

    fn capture(&mut self, call: &Call, outcomes: &[Outcome]) {
        let Some(Outcome::Reply(reply)) = outcomes.first() else { return };
        let values = call
            .captures
            .iter()
            .filter_map(|(name, capture)| Some((name.clone(), captured(reply, capture)?)));
        self.captured.extend(values);
    }
}

fn captured(reply: &Reply, capture: &Capture) -> Option<String> {
    match &capture.at {
        At::Header(name) => {
            let named = reply.headers.iter().filter(|(known, _)| known == name);
            capture.take(named.map(|(_, value)| value.as_str()))
        }
        At::Json(path) => {
            let json: Value = serde_json::from_slice(&reply.body).ok()?;
            let value = path.get(&json)?;
            let text = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
            capture.take([text.as_str()])
        }
    }
}

/// A running lesson. Its state dies with its server.
pub struct Session {
    caller: Caller,
    /// Our server; `None` if the calls go to another one.
    server: Option<Server>,
    started: Instant,
    patience: Duration,
    /// Whether a request or a task is left that may never end.
    is_stuck: bool,
    printed: Arc<Mutex<Vec<Printed>>>,
    /// The lines of no single call.
    unclaimed: Vec<String>,
}

impl Session {
    /// Starts the lesson's server on 127.0.0.1 and a port that the system chooses.
    pub async fn start(lesson: &Lesson, client: Client) -> Result<Self, EngineError> {
        let started = Instant::now();
        let printed = Arc::new(Mutex::new(Vec::new()));
        let sink = printed.clone();
        let console = Console::new(move |line| {
            sink.lock().unwrap_or_else(PoisonError::into_inner).push(line);
        });
        let failed = |cause| EngineError::Start { lesson: lesson.number, port: 0, cause };
        let listener = listener(0).map_err(failed)?;
        let starting =
            Server::start_on(&client.threads, lesson.app, lesson.folder(), listener, console);
        let server = starting.await.map_err(failed)?;
        let caller = Caller::new(&format!("http://{}", server.address()), client);
        Ok(Self { started, printed, ..Self::of(caller, Some(server)) })
    }

    /// Calls a server that others have started and will stop. What it prints cannot be seen, nor
    /// when it has nothing left to do.
    pub fn at(target: &Target, client: Client) -> Self {
        Self::of(Caller::new(target.base_url(), client), None)
    }

    fn of(caller: Caller, server: Option<Server>) -> Self {
        Self {
            caller,
            server,
            started: Instant::now(),
            patience: PATIENCE,
            is_stuck: false,
            printed: Arc::default(),
            unclaimed: Vec::new(),
        }
    }

    /// The same, but with this much time for what goes on after a reply, instead of 30 s.
    pub fn patience(mut self, patience: Duration) -> Self {
        self.patience = patience;
        self
    }

    /// Where the server listens.
    pub fn base_url(&self) -> &str {
        &self.caller.base_url
    }

    /// How long it has been going on, its server's start included.
    pub fn age(&self) -> Duration {
        self.started.elapsed()
    }

    /// Sends the calls of a batch at the same moment, waits for all their replies, and then until
    /// the server has nothing left to do for them.
    pub async fn fire(&mut self, batch: &[Call]) -> Vec<Exchange> {
        self.unclaimed.extend(prints(take(&self.printed)).into_lines());
        let mut exchanges = self.caller.fire(batch).await;
        let still_busy = self.settle(&exchanges).await;
        let printed = take(&self.printed);
        let panics: Vec<String> = printed.iter().filter_map(panic).collect();
        for exchange in &mut exchanges {
            exchange.panics.clone_from(&panics);
            exchange.still_busy = still_busy;
            exchange.is_elsewhere = self.server.is_none();
        }
        self.unclaimed.extend(attribute(&mut exchanges, prints(printed)));
        exchanges
    }

    /// Waits until the server is idle; gives back how long, if that was in vain. It is not waited
    /// for again then: what keeps it busy belongs to another call.
    async fn settle(&mut self, exchanges: &[Exchange]) -> Option<Duration> {
        self.is_stuck |= exchanges.iter().any(Exchange::is_given_up);
        let server = self.server.as_ref().filter(|_| !self.is_stuck)?;
        if timeout(self.patience, server.idle()).await.is_ok() {
            return None;
        }
        self.is_stuck = true;
        Some(self.patience)
    }

    /// Stops the server and gives back what it printed for no single call.
    pub async fn stop(self) -> Vec<String> {
        let Self { server, printed, mut unclaimed, .. } = self;
        // A server that ends badly has told so in its replies; its output is still wanted.
        if let Some(server) = server {
            let _ = server.stop().await;
        }
        unclaimed.extend(prints(take(&printed)).into_lines());
        unclaimed
    }

    /// Stops the server without waiting for background tasks.
    pub async fn abandon(self) {
        // Nobody wants to know any more how it ended.
        if let Some(server) = self.server {
            let _ = server.abandon().await;
        }
    }
}

/// Takes out what has been printed so far.
fn take(printed: &Mutex<Vec<Printed>>) -> Vec<Printed> {
    std::mem::take(&mut *printed.lock().unwrap_or_else(PoisonError::into_inner))
}

/// Starts a lesson's server on 127.0.0.1; port 0 lets the system choose.
pub fn serve(lesson: &Lesson, port: u16, console: Console) -> Result<Server, EngineError> {
    let started = listener(port)
        .and_then(|listener| Server::start((lesson.app)(), &lesson.folder(), listener, console));
    started.map_err(|cause| EngineError::Start { lesson: lesson.number, port, cause })
}

fn listener(port: u16) -> io::Result<TcpListener> {
    TcpListener::bind((Ipv4Addr::LOCALHOST, port))
}

fn panic(printed: &Printed) -> Option<String> {
    match printed {
        Printed::Panic(message) => Some(message.clone()),
        Printed::Line(_) | Printed::Fault(_) | Printed::Failed(..) | Printed::Replied => None,
    }
}

/// The lines among what was printed, before and after the first reply.
fn prints(printed: Vec<Printed>) -> Prints {
    let (mut lines, mut before) = (Vec::new(), None);
    for one in printed {
        match one {
            Printed::Line(line) => lines.push(line),
            // In the words of the reference's launch.py.
            Printed::Failed(Some(code), _) => {
                lines.push(format!("the handler failed: WebSocketDisconnect({code})"));
            }
            Printed::Failed(None, _) => lines.push("the handler failed".to_owned()),
            Printed::Replied => before = before.or(Some(lines.len())),
            Printed::Fault(_) | Printed::Panic(_) => {}
        }
    }
    let (before, later) = lines.split_at(before.unwrap_or(lines.len()));
    Prints::new(before, later)
}

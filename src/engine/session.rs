//! A lesson's server, up, with the state that its calls leave behind.

use std::collections::HashMap;
use std::io;
use std::net::{Ipv4Addr, TcpListener};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use futures_util::future::join_all;

use super::EngineError;
use super::client::Client;
use super::transcript::{Exchange, Outcome};
use crate::course::{Call, Lesson};
use crate::fastapi::{Console, Printed, Server};

/// Sends the calls of one script to one server and remembers what replies must carry on.
pub struct Caller {
    base_url: String,
    client: Client,
    captured: HashMap<String, String>,
}

impl Caller {
    /// A caller of the server at this URL.
    pub fn new(base_url: &str, client: Client) -> Self {
        Self { base_url: base_url.to_owned(), client, captured: HashMap::new() }
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
        });
        exchanges.collect()
    }

    fn capture(&mut self, call: &Call, outcomes: &[Outcome]) {
        let Some(Outcome::Reply(reply)) = outcomes.first() else { return };
        let Ok(json) = serde_json::from_slice::<serde_json::Value>(&reply.body) else { return };
        for (name, path) in &call.captures {
            if let Some(value) = path.get(&json) {
                let text = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
                self.captured.insert(name.clone(), text);
            }
        }
    }
}

/// A running lesson. Its state dies with its server.
pub struct Session {
    caller: Caller,
    server: Server,
    printed: Arc<Mutex<Vec<Printed>>>,
}

impl Session {
    /// Starts the lesson's server on 127.0.0.1 and a port that the system chooses.
    pub fn start(lesson: &Lesson, client: Client) -> Result<Self, EngineError> {
        let printed = Arc::new(Mutex::new(Vec::new()));
        let sink = printed.clone();
        let console = Console::new(move |line| {
            sink.lock().unwrap_or_else(PoisonError::into_inner).push(line);
        });
        let server = serve(lesson, 0, console)?;
        let caller = Caller::new(&format!("http://{}", server.address()), client);
        Ok(Self { caller, server, printed })
    }

    /// Where the server listens.
    pub fn base_url(&self) -> &str {
        &self.caller.base_url
    }

    /// Sends the calls of a batch at the same moment and waits for all their replies.
    pub async fn fire(&mut self, batch: &[Call]) -> Vec<Exchange> {
        let mark = self.lock().len();
        let mut exchanges = self.caller.fire(batch).await;
        let panics: Vec<String> = self.lock()[mark..].iter().filter_map(panic).collect();
        for exchange in &mut exchanges {
            exchange.panics.clone_from(&panics);
        }
        exchanges
    }

    /// Stops the server and gives back what it printed.
    pub async fn stop(self) -> Vec<String> {
        // A server that ends badly has told so in its replies; its output is still wanted.
        let _ = self.server.stop().await;
        let printed = self.printed.lock().unwrap_or_else(PoisonError::into_inner);
        let lines = printed.iter().filter_map(|line| match line {
            Printed::Line(line) => Some(line.clone()),
            Printed::Fault(_) | Printed::Panic(_) | Printed::Replied => None,
        });
        lines.collect()
    }

    fn lock(&self) -> MutexGuard<'_, Vec<Printed>> {
        self.printed.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Starts a lesson's server on 127.0.0.1; port 0 lets the system choose.
pub fn serve(lesson: &Lesson, port: u16, console: Console) -> Result<Server, EngineError> {
    let failed = |cause: io::Error| EngineError::Start { lesson: lesson.number, port, cause };
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port)).map_err(failed)?;
    Server::start((lesson.app)(), &lesson.folder(), listener, console).map_err(failed)
}

fn panic(printed: &Printed) -> Option<String> {
    match printed {
        Printed::Panic(message) => Some(message.clone()),
        Printed::Line(_) | Printed::Fault(_) | Printed::Replied => None,
    }
}

/// The call with each `${name}` replaced by what an earlier reply had there.
fn filled_in(call: &Call, captured: &HashMap<String, String>) -> Call {
    let fill = |text: &mut String| {
        for (name, value) in captured {
            *text = text.replace(&format!("${{{name}}}"), value);
        }
    };
    let mut call = call.clone();
    if captured.is_empty() {
        return call;
    }
    fill(&mut call.target);
    call.headers.iter_mut().for_each(|(_, value)| fill(value));
    if let Some(body) = call.body.take() {
        call.body = Some(match String::from_utf8(body) {
            Ok(mut text) => {
                fill(&mut text);
                text.into_bytes()
            }
            Err(binary) => binary.into_bytes(),
        });
    }
    call
}

//! WebSockets: FastAPI's `@app.websocket(…)` and its `WebSocket`.
//!
//! A handler that is routed by [`super::route::websocket`] gets a [`WebSocket`] beside its other
//! arguments, accepts it, and receives and sends until one side leaves. On the wire everything is
//! as under uvicorn with the package `websockets`.
//!
//! | To learn | read |
//! | --- | --- |
//! | which requests may become a socket | `handshake` |
//! | what bytes mean | `protocol` |
//! | what follows from them, without any I/O | `wire` |
//! | who reads and writes | `connection`, and at its end `hang_up` |
//! | how a handler begins and ends | `session` |

mod connection;
pub(super) mod handshake;
pub(super) mod hang_up;
mod message;
mod protocol;
pub(super) mod session;
mod wire;

#[cfg(test)]
mod observed;

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use actix_web::http::header::{HeaderName, HeaderValue};
use serde::Serialize;
use serde::de::DeserializeOwned;
use tokio::sync::{mpsc, oneshot};

use super::argument::{Argument, Rejection};
use super::json;
use super::openapi::Operation;
use super::pattern::Pattern;
use super::request::Request;
use super::response::header_value;
use super::value::to_value;

use message::{Incoming, Outgoing};
pub use message::{Message, WebSocketDisconnect, WebSocketError, WebSocketException};

const NOT_ACCEPTED: &str = "WebSocket is not connected. Need to call \"accept\" first.";
const HAS_LEFT: &str = "Cannot call \"receive\" once a disconnect message has been received.";
const IS_CLOSED: &str = "Cannot call \"send\" once a close message has been sent.";
const IS_DECIDED: &str = "Cannot call \"accept\" twice, nor once the socket is refused or closed.";

/// A handler's argument: the socket of its client. Clones are the same socket, and may be kept in
/// the application's state for other handlers to send to; it closes when its own handler ends.
#[derive(Clone)]
pub struct WebSocket(Arc<Shared>);

struct Shared {
    subprotocols: Vec<String>,
    states: Mutex<States>,
    decision: Mutex<Option<oneshot::Sender<Decision>>>,
    incoming: tokio::sync::Mutex<mpsc::Receiver<Incoming>>,
    outgoing: mpsc::Sender<Outgoing>,
}

/// How far the handler has come, and the client.
#[derive(Clone, Copy)]
struct States {
    handler: State,
    has_left: bool,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    Connecting,
    Connected,
    Disconnected,
}

/// What a handler answers to the handshake.
enum Decision {
    Accept { subprotocol: Option<HeaderValue>, headers: Vec<(HeaderName, HeaderValue)> },
    Refuse,
}

/// The other ends of a [`WebSocket`].
struct Ends {
    decision: oneshot::Receiver<Decision>,
    incoming: mpsc::Sender<Incoming>,
    outgoing: mpsc::Receiver<Outgoing>,
}

impl WebSocket {
    /// A socket whose client offers these subprotocols. One message waits in each direction: who
    /// is slow makes the other side wait.
    fn new(subprotocols: Vec<String>) -> (Self, Ends) {
        let (decide, decision) = oneshot::channel();
        let (incoming, received) = mpsc::channel(1);
        let (sent, outgoing) = mpsc::channel(1);
        let shared = Shared {
            subprotocols,
            states: Mutex::new(States { handler: State::Connecting, has_left: false }),
            decision: Mutex::new(Some(decide)),
            incoming: tokio::sync::Mutex::new(received),
            outgoing: sent,
        };
        (Self(Arc::new(shared)), Ends { decision, incoming, outgoing })
    }

    /// The subprotocols that the client offers, in its order.
    pub fn subprotocols(&self) -> &[String] {
        &self.0.subprotocols
    }

    /// Opens the socket: the client gets its 101.
    pub async fn accept(&self) -> Result<(), WebSocketError> {
        self.accept_with(None, &[]).await
    }

    /// Opens the socket with one of the offered subprotocols, and with headers in the 101.
    pub async fn accept_with(
        &self,
        subprotocol: Option<&str>,
        headers: &[(&str, &str)],
    ) -> Result<(), WebSocketError> {
        let value = |name: &str, value: &str| {
            header_value(name, value).map_err(|fault| WebSocketError::Unusable(fault.to_string()))
        };
        let header = |(name, text): &(&str, &str)| {
            let known = HeaderName::from_bytes(name.as_bytes());
            let unusable = |_| WebSocketError::Unusable(format!("no header is called {name:?}"));
            Ok::<_, WebSocketError>((known.map_err(unusable)?, value(name, text)?))
        };
        let subprotocol = subprotocol.filter(|name| !name.is_empty());
        let subprotocol = subprotocol.map(|name| value("sec-websocket-protocol", name));
        let headers = headers.iter().map(header).collect::<Result<_, _>>()?;
        let accept = Decision::Accept { subprotocol: subprotocol.transpose()?, headers };
        if self.states().handler != State::Connecting {
            return Err(WebSocketError::Misuse(IS_DECIDED));
        }
        self.states().handler = State::Connected;
        self.decide(accept).map_err(|()| self.lost())
    }

    /// The next message. After [`WebSocket::close`] there is none any more, but the disconnect.
    pub async fn receive(&self) -> Result<Message, WebSocketError> {
        let States { handler, has_left } = *self.states();
        if handler == State::Connecting {
            return Err(WebSocketError::Misuse(NOT_ACCEPTED));
        }
        if has_left {
            return Err(WebSocketError::Misuse(HAS_LEFT));
        }
        let received = self.0.incoming.lock().await.recv().await;
        match received {
            Some(Incoming::Message(message)) => Ok(message),
            Some(Incoming::Disconnect(disconnect)) => {
                self.states().has_left = true;
                Err(disconnect.into())
            }
            None => Err(self.lost()),
        }
    }

    async fn receive_message(&self) -> Result<Message, WebSocketError> {
        let handler = self.states().handler;
        match handler {
            State::Connected => self.receive().await,
            State::Connecting | State::Disconnected => Err(WebSocketError::Misuse(NOT_ACCEPTED)),
        }
    }

    /// The next message, which has to be a text; a handler that meets another one has failed.
    pub async fn receive_text(&self) -> Result<String, WebSocketError> {
        match self.receive_message().await? {
            Message::Text(text) => Ok(text),
            Message::Bytes(_) => Err(WebSocketError::Misuse("the message is no text but bytes")),
        }
    }

    /// The next message, which has to be bytes.
    pub async fn receive_bytes(&self) -> Result<Vec<u8>, WebSocketError> {
        match self.receive_message().await? {
            Message::Bytes(bytes) => Ok(bytes),
            Message::Text(_) => Err(WebSocketError::Misuse("the message is no bytes but a text")),
        }
    }

    /// The next message, a text of JSON, as a value.
    pub async fn receive_json<T: DeserializeOwned>(&self) -> Result<T, WebSocketError> {
        let text = self.receive_text().await?;
        serde_json::from_str(&text).map_err(|error| WebSocketError::Unusable(error.to_string()))
    }

    /// Sends a text. Waits as long as the client does not read.
    pub async fn send_text(&self, text: impl Into<String>) -> Result<(), WebSocketError> {
        self.send(Message::Text(text.into())).await
    }

    /// Sends bytes.
    pub async fn send_bytes(&self, bytes: impl Into<Vec<u8>>) -> Result<(), WebSocketError> {
        self.send(Message::Bytes(bytes.into())).await
    }

    /// Sends a value as a text of JSON.
    pub async fn send_json<T: Serialize>(&self, value: &T) -> Result<(), WebSocketError> {
        let value = to_value(value).map_err(|error| WebSocketError::Unusable(error.to_string()))?;
        let text = json::to_string(&value);
        let text = text.map_err(|error| WebSocketError::Unusable(error.to_string()))?;
        self.send_text(text).await
    }

    /// Sends a message.
    pub async fn send(&self, message: Message) -> Result<(), WebSocketError> {
        let handler = self.states().handler;
        match handler {
            State::Connecting => Err(WebSocketError::Misuse(NOT_ACCEPTED)),
            State::Disconnected => Err(WebSocketError::Misuse(IS_CLOSED)),
            State::Connected => {
                let sent = self.0.outgoing.send(Outgoing::Message(message)).await;
                sent.map_err(|_| self.lost())
            }
        }
    }

    /// Closes the socket with a code, 1000 if nothing is wrong, and a reason that may be empty; or
    /// refuses it with a 403, if it has not been accepted.
    pub async fn close(&self, code: u16, reason: &str) -> Result<(), WebSocketError> {
        let before = std::mem::replace(&mut self.states().handler, State::Disconnected);
        match before {
            State::Disconnected => Err(WebSocketError::Misuse(IS_CLOSED)),
            State::Connecting => {
                // A client that has gone needs no answer.
                let _ = self.decide(Decision::Refuse);
                Ok(())
            }
            State::Connected => {
                let frame = protocol::close_frame(code, reason).map_err(WebSocketError::Misuse)?;
                let disconnect = WebSocketDisconnect { code, reason: reason.to_owned() };
                let _ = self.0.outgoing.send(Outgoing::Close { frame, disconnect }).await;
                Ok(())
            }
        }
    }

    fn decide(&self, decision: Decision) -> Result<(), ()> {
        let decide = self.0.decision.lock().unwrap_or_else(PoisonError::into_inner).take();
        decide.ok_or(())?.send(decision).map_err(drop)
    }

    /// The connection is no more, which is noticed by sending.
    fn lost(&self) -> WebSocketError {
        self.states().handler = State::Disconnected;
        WebSocketDisconnect { code: 1006, reason: String::new() }.into()
    }

    fn is_undecided(&self) -> bool {
        self.states().handler == State::Connecting
    }

    fn states(&self) -> MutexGuard<'_, States> {
        self.0.states.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Two are equal if they are the same socket.
impl PartialEq for WebSocket {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }
}

impl Argument for WebSocket {
    type Plan = ();

    fn plan(_path: &Pattern) {}

    fn describe((): &(), _operation: &mut Operation) {}

    async fn extract((): &(), request: &Request) -> Result<Self, Rejection> {
        let missing = || Rejection::Fault("this route is for plain requests".to_owned());
        request.websocket().cloned().ok_or_else(missing)
    }
}

//! What goes over a socket, and what a handler learns when nothing does any more.

use actix_web::web::Bytes;

use super::super::reply::{Fault, IntoReply, Reply};

/// A message, whole.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Message {
    /// A text.
    Text(String),
    /// Bytes.
    Bytes(Vec<u8>),
}

/// What a handler receives.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Incoming {
    Message(Message),
    Disconnect(WebSocketDisconnect),
}

/// What a handler sends.
#[derive(Debug)]
pub(super) enum Outgoing {
    Message(Message),
    Close { frame: Bytes, disconnect: WebSocketDisconnect },
}

/// The client has left: the code and the reason of its close frame. 1005 says that it had no code
/// or that there was no such frame at all, 1006 that something was sent to a client who had gone.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("WebSocketDisconnect: ({code}, {reason:?})")]
pub struct WebSocketDisconnect {
    /// Why, as a number.
    pub code: u16,
    /// Why, in words, if there are any.
    pub reason: String,
}

/// A handler's way out: the socket is closed with this code, or refused with a 403.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("WebSocketException: ({code}, {reason:?})")]
pub struct WebSocketException {
    /// Why, as a number.
    pub code: u16,
    /// Why, in words.
    pub reason: String,
}

impl WebSocketException {
    /// A close with this code and reason.
    pub fn new(code: u16, reason: &str) -> Self {
        Self { code, reason: reason.to_owned() }
    }
}

/// Why a handler cannot go on with its socket.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum WebSocketError {
    /// The client has left. A handler that returns this has failed, and its server says so.
    #[error(transparent)]
    Disconnect(#[from] WebSocketDisconnect),
    /// The handler wants to close the socket.
    #[error(transparent)]
    Exception(#[from] WebSocketException),
    /// The handler did something that the socket's state does not allow, or that does not fit the
    /// message that came.
    #[error("{0}")]
    Misuse(&'static str),
    /// A value that is no JSON, or that cannot stand in a header.
    #[error("{0}")]
    Unusable(String),
}

impl IntoReply for WebSocketDisconnect {
    fn into_reply(self) -> Result<Reply, Fault> {
        Ok(Reply::Disconnected(self))
    }
}

impl IntoReply for WebSocketException {
    fn into_reply(self) -> Result<Reply, Fault> {
        Ok(Reply::Close(self))
    }
}

impl IntoReply for WebSocketError {
    fn into_reply(self) -> Result<Reply, Fault> {
        match self {
            Self::Disconnect(disconnect) => disconnect.into_reply(),
            Self::Exception(exception) => exception.into_reply(),
            other => Err(Fault(other.to_string())),
        }
    }
}

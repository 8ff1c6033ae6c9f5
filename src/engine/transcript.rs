//! What was sent and what came back, as it happened.

use std::time::Duration;

use super::arrival::Arrival;
use crate::course::socket::{Frame, Line};
use crate::course::{Call, Prints, StatusLine};

/// A call as it was made, with all that came of it.
#[derive(Clone, Debug)]
pub struct Exchange {
    /// The call, with captured values filled in.
    pub call: Call,
    /// Where it was sent.
    pub base_url: String,
    /// What came of each copy, in the order of sending; at least one.
    pub outcomes: Vec<Outcome>,
    /// From sending until the last copy was answered.
    pub took: Duration,
    /// The panics of handlers and their tasks while the batch was answered.
    pub panics: Vec<String>,
    /// What the server printed for it; nothing where several requests were sent at once, whose
    /// lines nobody can tell apart.
    pub prints: Prints,
    /// How long the server was waited for after the reply, if it was still busy then.
    pub still_busy: Option<Duration>,
    /// Whether the server is not ours, so that nobody knows what it printed, and what our server
    /// does otherwise than FastAPI is not expected of it.
    pub is_elsewhere: bool,
}

impl Exchange {
    /// Whether one of its requests was given up, so that the server may still be at it.
    pub fn is_given_up(&self) -> bool {
        self.outcomes.iter().any(|outcome| match outcome {
            Outcome::Reply(reply) => reply.is_silent(),
            Outcome::TimedOut => true,
            Outcome::Broken(_) => false,
        })
    }
}

/// Gives what was printed while a batch was answered to the one request that was sent, or gives
/// back the lines if there were several.
pub fn attribute(exchanges: &mut [Exchange], prints: Prints) -> Vec<String> {
    match exchanges {
        [alone] if alone.call.copies == 1 => {
            alone.prints = prints;
            Vec::new()
        }
        _ => prints.into_lines(),
    }
}

/// What came of one request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// A reply.
    Reply(Reply),
    /// No reply within the call's time.
    TimedOut,
    /// No reply because the connection broke; says how.
    Broken(String),
}

/// A reply as it came over the wire.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reply {
    /// What came before it, as 100 Continue does; only where the call expects it.
    pub interim: Vec<StatusLine>,
    /// The status code.
    pub status: u16,
    /// The reason phrase that belongs to the code.
    pub reason: String,
    /// Header names in lower case and values as latin-1, in the order of the wire.
    pub headers: Vec<(String, String)>,
    /// The body, as far as the client stayed.
    pub body: Vec<u8>,
    /// When its chunks came.
    pub arrivals: Vec<Arrival>,
    /// What was said over the socket, if one was opened.
    pub lines: Vec<Line>,
}

impl Reply {
    /// Whether something was waited for in vain.
    pub fn is_silent(&self) -> bool {
        self.lines.last().is_some_and(|line| line.frame == Frame::Nothing)
    }
}

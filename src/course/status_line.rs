//! The first line of a reply, and the interim replies of which it is all that is recorded.

use std::fmt;

/// The first line of a reply.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StatusLine {
    /// The status code.
    pub status: u16,
    /// The reason phrase that belongs to the code; shown, never compared.
    pub reason: String,
}

impl StatusLine {
    /// The line of a status.
    pub fn new(status: u16, reason: &str) -> Self {
        Self { status, reason: reason.to_owned() }
    }

    /// Reads it as it is sent: `HTTP/1.1 200 OK`.
    pub fn parse(line: &str) -> Option<Self> {
        let rest = line.strip_prefix("HTTP/1.1 ")?;
        let (status, reason) = rest.split_once(' ').unwrap_or((rest, ""));
        Some(Self::new(status.parse().ok()?, reason))
    }

    /// Whether another reply follows; what follows a 101 is no HTTP.
    fn is_interim(&self) -> bool {
        self.status < 200 && self.status != 101
    }
}

impl fmt::Display for StatusLine {
    /// The code with its reason: `200 OK`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.reason.as_str() {
            "" => self.status.fmt(f),
            reason => write!(f, "{} {reason}", self.status),
        }
    }
}

/// The interim replies at the start of a snapshot's text, each with the blank line that ends it,
/// and the text behind them.
pub fn interim_replies(mut text: &str) -> (Vec<StatusLine>, &str) {
    let mut replies = Vec::new();
    while let Some((line, rest)) = text.split_once("\n\n") {
        let Some(reply) = StatusLine::parse(line).filter(StatusLine::is_interim) else { break };
        replies.push(reply);
        text = rest;
    }
    (replies, text)
}

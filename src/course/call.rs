//! One call of a lesson's script: what is sent, what is said about it, how long it may take.

use std::time::Duration;

use super::capture::Capture;
use super::divergence::Divergence;
use super::expectation::Expectation;
use super::mask::Mask;
use super::part::Part;
use super::socket::Step;
use super::streaming::Streaming;

/// How long a reply may take where the script does not say.
pub const TIMEOUT: Duration = Duration::from_secs(10);

/// A call.
#[derive(Clone, Debug)]
pub struct Call {
    /// Its name, also the snapshot's file name.
    pub name: String,
    /// The method.
    pub method: String,
    /// The request target, byte for byte as it is sent.
    pub target: String,
    /// Headers to send, in order.
    pub headers: Vec<(String, String)>,
    /// The body to send, if any.
    pub body: Option<Vec<u8>>,
    /// The parts of which the script makes its body, where that is a multipart form.
    pub parts: Vec<Part>,
    /// How its body and its reply stream.
    pub streaming: Streaming,
    /// What is done over the WebSocket for which it asks; `None` for a plain request.
    pub socket: Option<Vec<Step>>,
    /// What is said about it.
    pub says: Says,
    /// What is documented.
    pub expect: Option<Expectation>,
    /// How the Rust server deliberately differs, and what it answers instead.
    pub diverges: Option<(&'static Divergence, Expectation)>,
    /// A sentence for the learner whose reply differs.
    pub hint: Option<String>,
    /// Consecutive calls with the same label are sent at the same moment.
    pub concurrent: Option<String>,
    /// How many times it is sent at once, at least 1.
    pub copies: usize,
    /// The least time until the reply.
    pub at_least: Option<Duration>,
    /// The most time until the last of its replies.
    pub at_most: Option<Duration>,
    /// How long to wait for a reply at all.
    pub timeout: Duration,
    /// Values of the reply that vary.
    pub masks: Vec<Mask>,
    /// Values of the reply that later calls use as `${name}`.
    pub captures: Vec<(String, Capture)>,
    /// The line of the script on which it starts.
    pub line: usize,
}

/// Who says what about a call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Says {
    /// The lesson's document has it, in our words.
    Document(String),
    /// The course adds it: what a curious learner tries next.
    Extra(String),
}

impl Call {
    /// Adds the masks of the script, except where the call has some of its own.
    pub fn add_masks(&mut self, masks: &[Mask]) {
        let is_own = |mask: &Mask| self.masks.iter().any(|own| own.place == mask.place);
        let added: Vec<Mask> = masks.iter().filter(|mask| !is_own(mask)).cloned().collect();
        self.masks.extend(added);
    }
}

impl Says {
    /// The sentence.
    pub fn text(&self) -> &str {
        match self {
            Self::Document(text) | Self::Extra(text) => text,
        }
    }
}

impl Call {
    /// A call of which nothing is said: just its request.
    pub fn sketch(method: &str, target: &str) -> Self {
        Self {
            name: "sketch".to_owned(),
            method: method.to_owned(),
            target: target.to_owned(),
            headers: Vec::new(),
            body: None,
            parts: Vec::new(),
            streaming: Streaming::default(),
            socket: None,
            says: Says::Extra(String::new()),
            expect: None,
            diverges: None,
            hint: None,
            concurrent: None,
            copies: 1,
            at_least: None,
            at_most: None,
            timeout: TIMEOUT,
            masks: Vec::new(),
            captures: Vec::new(),
            line: 0,
        }
    }

    /// The value of a header that is sent.
    pub fn header(&self, name: &str) -> Option<&str> {
        let named = self.headers.iter().find(|(known, _)| known == name);
        named.map(|(_, value)| value.as_str())
    }

    /// The request line as the script has it: `GET /items/99`.
    pub fn request(&self) -> String {
        format!("{} {}", self.method, self.target)
    }
}

/// The calls in the groups in which they are sent: alone, or with their concurrent neighbours.
pub fn batches(calls: &[Call]) -> impl Iterator<Item = &[Call]> {
    calls.chunk_by(|a, b| a.concurrent.is_some() && a.concurrent == b.concurrent)
}

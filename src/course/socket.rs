//! A call over a WebSocket: what its clients do, step by step, and what was sent in both
//! directions, a line each. The lines are the body of the call's message:
//!
//! ```text
//! > hello
//! < Message text was: hello
//! > (close 1000)
//! < (close 1000)
//! ```
//!
//! A line of a client that has a name starts with it. What is no text stands in parentheses; a
//! text that starts with one, or with a backslash, gets a backslash in front.

use std::fmt::{self, Display, Formatter, Write as _};

use super::call::Call;
use super::message::binary;
use super::visible;

/// A text of more characters than this is shown by its length, digest and start.
const LONG_TEXT: usize = 1000;

/// Up to how many bytes of a message are shown one by one.
const SHORT_BYTES: usize = 64;

/// The headers that ask for a socket. The key is RFC 6455's own example, and always the same: so is
/// the server's answer to it, which can be recorded.
pub const HANDSHAKE: [(&str, &str); 4] = [
    ("connection", "Upgrade"),
    ("upgrade", "websocket"),
    ("sec-websocket-version", "13"),
    ("sec-websocket-key", "dGhlIHNhbXBsZSBub25jZQ=="),
];

/// The request of a call with all that asks for a socket: headers of its own come instead of those.
pub fn handshake(call: &Call) -> Call {
    let is_own = |name: &str| call.header(name).is_some();
    let headers = HANDSHAKE.into_iter().filter(|(name, _)| !is_own(name));
    let headers = headers.map(|(name, value)| (name.to_owned(), value.to_owned()));
    let headers = headers.chain(call.headers.iter().cloned()).collect();
    Call { headers, socket: None, ..call.clone() }
}

/// One thing that one client does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    /// The client's name; empty for the one that makes the call's request.
    pub client: String,
    /// What it does.
    pub action: Action,
}

/// What a client can do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Action {
    /// Opens a connection of its own with this target.
    Open(String),
    /// Sends a text.
    Send(String),
    /// Sends bytes.
    SendBytes(Vec<u8>),
    /// Asks whether the server is there.
    Ping(String),
    /// Sends bytes that need not be a frame.
    Raw(Vec<u8>),
    /// Waits for a message, which is documented to be this text.
    Expect(String),
    /// Waits for so many frames, whatever they are; the end of the connection is the last.
    Receive(usize),
    /// Sends a close frame, with a code and a reason or without, and waits for the server's.
    Close(Option<(u16, String)>),
    /// Leaves without a close frame.
    HangUp,
}

/// A frame, or what came instead, and whose it was.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// The client's name; empty for the one that makes the call's request.
    pub client: String,
    /// Who sent it.
    pub by: By,
    /// What was sent.
    pub frame: Frame,
}

/// A side of a connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum By {
    /// The client.
    Client,
    /// The server.
    Server,
}

/// What one side did.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Frame {
    /// Asked for a connection, with this target.
    Open(String),
    /// Answered to that, with this status and reason phrase.
    Answer(u16, String),
    /// Sent a text.
    Text(String),
    /// Sent bytes.
    Bytes(Vec<u8>),
    /// Asked whether the other side is there.
    Ping(Vec<u8>),
    /// Said that it is there.
    Pong(Vec<u8>),
    /// Closed the connection, with a code and a reason or without.
    Close(Option<(u16, String)>),
    /// Sent bytes that need not be a frame.
    Raw(Vec<u8>),
    /// Left without a close frame.
    Gone,
    /// Broke the protocol in this way.
    Broken(String),
    /// Sent nothing as long as it was waited for.
    Nothing,
}

/// The lines as the body of a message.
pub fn to_text(lines: &[Line]) -> String {
    lines.iter().map(Line::to_string).collect::<Vec<_>>().join("\n")
}

/// What a client received, in order, as it stands in the body of a message.
pub fn received<'a>(body: &'a str, client: &str) -> impl Iterator<Item = &'a str> {
    let start = prefix(client, By::Server);
    body.lines().filter_map(move |line| line.strip_prefix(&start))
}

/// Whether a line of a body is one of a conversation.
pub fn is_line(line: &str) -> bool {
    let mut words = line.split(' ');
    let is_arrow = |word: Option<&str>| matches!(word, Some(">" | "<"));
    let first = words.next().unwrap_or_default();
    let is_name = !first.is_empty() && first.bytes().all(|byte| byte.is_ascii_alphanumeric());
    is_arrow(Some(first)) || is_name && is_arrow(words.next())
}

/// A text as it stands in a line.
pub fn shown(text: &str) -> String {
    let backslash = if text.starts_with(['(', '\\']) { "\\" } else { "" };
    match text.chars().count() {
        0..=LONG_TEXT => format!("{backslash}{}", visible::line(text)),
        _ => format!("(text {})", binary(text.as_bytes())),
    }
}

fn prefix(client: &str, by: By) -> String {
    let arrow = match by {
        By::Client => '>',
        By::Server => '<',
    };
    match client {
        "" => format!("{arrow} "),
        client => format!("{client} {arrow} "),
    }
}

impl Display for Line {
    fn fmt(&self, formatter: &mut Formatter<'_>) -> fmt::Result {
        let text = format!("{}{}", prefix(&self.client, self.by), self.frame);
        formatter.write_str(text.trim_end())
    }
}

impl Display for Frame {
    fn fmt(&self, formatter: &mut Formatter<'_>) -> fmt::Result {
        let text = match self {
            Self::Text(text) => return formatter.write_str(&shown(text)),
            Self::Open(target) => format!("open {target}"),
            Self::Answer(status, reason) => format!("{status} {reason}"),
            Self::Bytes(bytes) => shown_bytes(bytes),
            Self::Ping(data) => format!("ping {}", shown_data(data)),
            Self::Pong(data) => format!("pong {}", shown_data(data)),
            Self::Close(None) => "close".to_owned(),
            Self::Close(Some((code, reason))) => format!("close {code} {}", visible::line(reason)),
            Self::Raw(bytes) => format!("raw {}", hex(bytes)),
            Self::Gone => "gone without a close frame".to_owned(),
            Self::Broken(how) => format!("broken: {how}"),
            Self::Nothing => "nothing came".to_owned(),
        };
        write!(formatter, "({})", text.trim_end())
    }
}

fn shown_bytes(bytes: &[u8]) -> String {
    match bytes.len() {
        0 => "0 bytes".to_owned(),
        1 => format!("1 byte {}", hex(bytes)),
        length @ 2..=SHORT_BYTES => format!("{length} bytes {}", hex(bytes)),
        _ => binary(bytes),
    }
}

/// What a ping carries: a text or bytes.
fn shown_data(data: &[u8]) -> String {
    let text = str::from_utf8(data).map(visible::line);
    text.unwrap_or_else(|_| shown_bytes(data))
}

/// Bytes as two hexadecimal digits each.
pub fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut text, byte| {
        // Writing to a string cannot fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}

/// What the steps send, a line each, and what they wait for, as far as they say it.
pub fn plan(steps: &[Step]) -> Vec<String> {
    let line = |step: &Step| {
        let (by, frame) = match step.action.clone() {
            Action::Open(target) => (By::Client, Frame::Open(target)),
            Action::Send(text) => (By::Client, Frame::Text(text)),
            Action::SendBytes(bytes) => (By::Client, Frame::Bytes(bytes)),
            Action::Ping(data) => (By::Client, Frame::Ping(data.into_bytes())),
            Action::Raw(bytes) => (By::Client, Frame::Raw(bytes)),
            Action::Close(close) => (By::Client, Frame::Close(close)),
            Action::HangUp => (By::Client, Frame::Gone),
            Action::Expect(text) => (By::Server, Frame::Text(text)),
            Action::Receive(count) => {
                return vec![format!("{}…", prefix(&step.client, By::Server)); count];
            }
        };
        vec![Line { client: step.client.clone(), by, frame }.to_string()]
    };
    steps.iter().flat_map(line).collect()
}

#[cfg(test)]
mod tests {
    use super::{By, Frame, Line, received, to_text};

    fn line(client: &str, by: By, frame: Frame) -> Line {
        Line { client: client.to_owned(), by, frame }
    }

    #[track_caller]
    fn check(frame: Frame, expected: &str) {
        assert_eq!(line("", By::Server, frame).to_string(), expected);
    }

    #[test]
    fn a_frame_is_a_line() {
        let text = |text: &str| Frame::Text(text.to_owned());
        check(text("hello"), "< hello");
        check(text(""), "<");
        check(text("a\nb \u{1b}"), "< a␊b ␛");
        check(text("blank "), "< blank␠");
        check(text(&"x".repeat(1000)), &format!("< {}", "x".repeat(1000)));
        check(Frame::Bytes(vec![0, 255]), "< (2 bytes 00ff)");
        check(Frame::Bytes(Vec::new()), "< (0 bytes)");
        check(Frame::Ping(b"a".to_vec()), "< (ping a)");
        check(Frame::Pong(vec![0xff]), "< (pong 1 byte ff)");
        check(Frame::Close(None), "< (close)");
        check(Frame::Close(Some((1000, String::new()))), "< (close 1000)");
        check(Frame::Close(Some((4000, "bye\n".to_owned()))), "< (close 4000 bye␊)");
    }

    #[test]
    fn no_text_is_taken_for_anything_else() {
        for (text, expected) in [
            ("(close 1000)", "< \\(close 1000)"),
            ("\\(close 1000)", "< \\\\(close 1000)"),
            ("> (close)", "< > (close)"),
            ("anna < hello", "< anna < hello"),
        ] {
            check(Frame::Text(text.to_owned()), expected);
        }
    }

    #[test]
    fn what_is_long_is_told_by_its_length_and_digest() {
        let start = |frame| line("", By::Client, frame).to_string()[..24].to_owned();
        assert_eq!(start(Frame::Text("x".repeat(70_000))), "> (text <70000 bytes, sh");
        assert_eq!(start(Frame::Bytes(vec![0; 70_000])), "> (<70000 bytes, sha256 ");
    }

    #[test]
    fn each_client_has_lines_of_its_own() {
        let text = |text: &str| Frame::Text(text.to_owned());
        let lines = [
            line("", By::Client, text("1")),
            line("", By::Server, text("2")),
            line("anna", By::Client, text("3")),
            line("anna", By::Server, text("< 4")),
            line("", By::Server, text("5")),
        ];
        let body = to_text(&lines);
        assert_eq!(body, "> 1\n< 2\nanna > 3\nanna < < 4\n< 5");
        assert_eq!(received(&body, "").collect::<Vec<_>>(), ["2", "5"]);
        assert_eq!(received(&body, "anna").collect::<Vec<_>>(), ["< 4"]);
        assert_eq!(received(&body, "ben").count(), 0);
    }
}

//! A reply as the text of a snapshot: one function writes it, one reads it back.
//!
//! Of interim replies the status lines stand first. Headers are lower-case and sorted, without the
//! connection's own. JSON is indented but its tokens keep their spelling and order. What insta
//! ignores is made visible, and a last line feed shown as `␊`. A body that is no text is told by
//! its length, its SHA-256 digest and its first bytes. What the server printed stands last, in the
//! form that `prints` describes.

use serde_json::Value;
use sha2::{Digest, Sha256};

use super::prints::{self, Prints};
use super::socket::{self, hex};
use super::status_line::{StatusLine, interim_replies};
use super::visible;

/// Headers that belong to the connection, not to the reply.
const CONNECTION_HEADERS: [&str; 5] =
    ["connection", "date", "keep-alive", "server", "transfer-encoding"];

/// A reply in the form in which replies are recorded and compared.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Message {
    /// The interim replies before it, such as 100 Continue.
    pub interim: Vec<StatusLine>,
    /// The status code.
    pub status: u16,
    /// The reason phrase that belongs to the code; shown, never compared.
    pub reason: String,
    /// Header names in lower case and values, sorted.
    pub headers: Vec<(String, String)>,
    /// The body as its lines are shown; empty where there is none. Of a socket it is what was said
    /// over it, in the form that `socket` describes.
    pub body: String,
    /// What the server printed for it, where that is known.
    pub prints: Prints,
}

impl Message {
    /// The message of a reply as it came over the wire, with nothing printed.
    pub fn new(
        (status, reason): (u16, &str),
        mut headers: Vec<(String, String)>,
        body: &[u8],
    ) -> Self {
        headers.retain(|(name, _)| !CONNECTION_HEADERS.contains(&name.as_str()));
        headers.sort();
        let reason = reason.to_owned();
        let prints = Prints::default();
        let (interim, body_text) = (Vec::new(), String::new());
        let mut message = Self { interim, status, reason, headers, body: body_text, prints };
        message.body = shown_body(message.header("content-type"), body);
        message
    }

    /// The message of a socket that has been opened, with what was said over it.
    pub fn of_socket(
        status: (u16, &str),
        headers: Vec<(String, String)>,
        lines: &[socket::Line],
    ) -> Self {
        Self { body: socket::to_text(lines), ..Self::new(status, headers, &[]) }
    }

    /// The first value of a header.
    pub fn header(&self, name: &str) -> Option<&str> {
        let named = self.headers.iter().find(|(known, _)| known == name);
        named.map(|(_, value)| value.as_str())
    }

    /// The body as JSON, if that is what the reply says it is.
    pub fn json(&self) -> Option<Value> {
        is_json(self.header("content-type")).then(|| serde_json::from_str(&self.body).ok())?
    }

    /// The status with its reason, as the first line has it.
    pub fn status_line(&self) -> String {
        StatusLine::new(self.status, &self.reason).to_string()
    }

    /// The status codes of the interim replies.
    pub fn interim_codes(&self) -> Vec<u16> {
        self.interim.iter().map(|line| line.status).collect()
    }

    /// The interim replies in one line, if there are any.
    pub fn interim_text(&self) -> Option<String> {
        let lines: Vec<String> = self.interim.iter().map(ToString::to_string).collect();
        (!lines.is_empty()).then(|| lines.join(", "))
    }

    /// The text of a snapshot: interim status lines, status line, headers, and after blank lines
    /// the body and what was printed.
    pub fn to_text(&self) -> String {
        let interim = self.interim.iter().map(|line| format!("HTTP/1.1 {line}\n\n"));
        let mut text: String = interim.collect();
        text.push_str(&format!("HTTP/1.1 {}\n", self.status_line()));
        for (name, value) in &self.headers {
            text.push_str(format!("{name}: {}", visible::blanks(value)).trim_end());
            text.push('\n');
        }
        text.push('\n');
        text.push_str(&prints::to_text(&self.body, &self.prints));
        text.truncate(text.trim_end_matches('\n').len());
        text
    }

    /// Reads a snapshot's text; the error tells the line, counted from 0, and what is wrong.
    pub fn parse(text: &str) -> Result<Self, (usize, String)> {
        let (interim, text) = interim_replies(text);
        let above = 2 * interim.len();
        let (head, rest) = text.split_once("\n\n").unwrap_or((text, ""));
        let mut lines = head.lines().enumerate();
        let status_line = lines.next().and_then(|(_, line)| StatusLine::parse(line));
        let StatusLine { status, reason } = status_line
            .ok_or((above, "a status line such as `HTTP/1.1 200 OK` is expected".to_owned()))?;
        let headers = lines
            .map(|(number, line)| {
                let header = line.split_once(':');
                header.map(|(name, value)| (name.to_owned(), value.trim_start().to_owned())).ok_or(
                    (above + number, "a header such as `name: value` is expected".to_owned()),
                )
            })
            .collect::<Result<_, _>>()?;
        let first_line = above + head.lines().count() + 1;
        let (body, prints) =
            prints::parse(rest).map_err(|(line, error)| (first_line + line, error))?;
        Ok(Self { interim, status, reason, headers, body, prints })
    }
}

fn is_json(content_type: Option<&str>) -> bool {
    let essence = content_type.unwrap_or_default().split(';').next().unwrap_or_default().trim();
    essence == "application/json" || essence.ends_with("+json")
}

fn shown_body(content_type: Option<&str>, body: &[u8]) -> String {
    let Ok(text) = std::str::from_utf8(body) else { return binary(body) };
    if is_json(content_type) && serde_json::from_str::<serde::de::IgnoredAny>(text).is_ok() {
        return indent_json(text);
    }
    if !is_text(text) {
        return binary(body);
    }
    let mut shown = visible::blanks(text);
    if text.ends_with('\n') {
        shown.push('␊');
    }
    shown
}

fn is_text(text: &str) -> bool {
    !text.chars().any(|c| c.is_control() && !matches!(c, '\n' | '\r' | '\t'))
}

/// Bytes that are no text, or too many.
pub(super) fn binary(body: &[u8]) -> String {
    let first = &body[..body.len().min(16)];
    let digest = hex(&Sha256::digest(body));
    format!("<{} bytes, sha256 {digest}, first bytes {}>", body.len(), hex(first))
}

/// Indents valid JSON by two blanks a level and leaves every token as it is written.
pub fn indent_json(json: &str) -> String {
    let mut out = String::with_capacity(json.len() * 2);
    let mut depth = 0_usize;
    let mut tokens = Tokens { rest: json.trim() };
    let mut token = tokens.next();
    while let Some(current) = token {
        let next = tokens.next();
        match current {
            "{" | "[" => {
                out.push_str(current);
                if !matches!(next, Some("}" | "]")) {
                    depth += 1;
                    new_line(&mut out, depth);
                }
            }
            "}" | "]" => {
                if !out.ends_with(['{', '[']) {
                    depth = depth.saturating_sub(1);
                    new_line(&mut out, depth);
                }
                out.push_str(current);
            }
            "," => {
                out.push(',');
                new_line(&mut out, depth);
            }
            ":" => out.push_str(": "),
            value => out.push_str(value),
        }
        token = next;
    }
    out
}

fn new_line(out: &mut String, depth: usize) {
    out.push('\n');
    out.extend(std::iter::repeat_n("  ", depth));
}

/// The tokens of valid JSON, without the white space between them.
struct Tokens<'a> {
    rest: &'a str,
}

impl<'a> Iterator for Tokens<'a> {
    type Item = &'a str;

    fn next(&mut self) -> Option<&'a str> {
        let rest = self.rest.trim_start_matches([' ', '\n', '\r', '\t']);
        let first = rest.chars().next()?;
        let length = match first {
            '{' | '}' | '[' | ']' | ',' | ':' => 1,
            '"' => string_length(rest),
            _ => rest.find([',', '}', ']', ':', ' ', '\n', '\r', '\t']).unwrap_or(rest.len()),
        };
        let (token, rest) = rest.split_at(length);
        self.rest = rest;
        Some(token)
    }
}

/// The length in bytes of the JSON string at the start of a text, quotes included.
fn string_length(text: &str) -> usize {
    let mut escaped = false;
    let end = text.bytes().skip(1).position(|byte| {
        let closes = byte == b'"' && !escaped;
        escaped = byte == b'\\' && !escaped;
        closes
    });
    end.map_or(text.len(), |end| end + 2)
}

#[cfg(test)]
mod tests {
    use super::{Message, Prints, StatusLine, indent_json};
    use crate::course::socket::{By, Frame, Line};

    fn message(content_type: &str, body: &[u8]) -> Message {
        let headers = vec![
            ("server".to_owned(), "uvicorn".to_owned()),
            ("content-type".to_owned(), content_type.to_owned()),
            ("allow".to_owned(), "GET".to_owned()),
        ];
        Message::new((200, "OK"), headers, body)
    }

    #[test]
    fn json_is_indented_and_its_tokens_keep_their_spelling() {
        for (json, expected) in [
            ("{}", "{}"),
            (
                r#"{"b":10.0,"a":[1e5,{}]}"#,
                "{\n  \"b\": 10.0,\n  \"a\": [\n    1e5,\n    {}\n  ]\n}",
            ),
            (r#""\u00e9\"}""#, r#""\u00e9\"}""#),
            ("[ ]", "[]"),
            (r#"{"a":"\\","b":-0.0}"#, "{\n  \"a\": \"\\\\\",\n  \"b\": -0.0\n}"),
            (r#"{"a":1,"a":2}"#, "{\n  \"a\": 1,\n  \"a\": 2\n}"),
        ] {
            assert_eq!(indent_json(json), expected);
        }
    }

    #[test]
    fn a_message_survives_its_text() {
        for (content_type, body) in [
            ("application/json", b"{\"a\":[1,2]}".as_slice()),
            ("text/plain", b""),
            ("text/html; charset=utf-8", b"\n <p>  \n\tx\t\r\n"),
            ("image/png", b"\x89PNG\r\n\x00"),
            ("application/json", "[\"\u{85}\u{7f}\"]".as_bytes()),
            ("text/plain", "x\n\nprinted\n│ a\n\\│ b\n".as_bytes()),
        ] {
            for printed in [&[][..], &["a \u{1b}[1m", ""]] {
                let mut message = message(content_type, body);
                let lines: Vec<String> = printed.iter().map(ToString::to_string).collect();
                message.prints = Prints::new(&lines, &lines);
                message.interim = vec![StatusLine::new(100, "Continue"); printed.len()];
                assert_eq!(Message::parse(&message.to_text()), Ok(message));
            }
        }
    }

    #[test]
    fn what_was_said_over_a_socket_survives_the_text_of_its_message() {
        let said = |text: &str| Line {
            client: String::new(),
            by: By::Client,
            frame: Frame::Text(text.to_owned()),
        };
        let lines = ["", "a\nb", " ", "│ a", "\\", "(close)"].map(said);
        let headers = vec![("upgrade".to_owned(), "websocket".to_owned())];
        let mut message = Message::of_socket((101, "Switching Protocols"), headers, &lines);
        assert_eq!(message.body.lines().count(), lines.len());
        message.prints = Prints::new(&["x".to_owned()], &[]);
        assert_eq!(Message::parse(&message.to_text()), Ok(message));
    }

    #[test]
    fn what_was_printed_stands_below_the_body() {
        let mut message = message("application/json", b"[]");
        message.prints = Prints::new(&["a".to_owned()], &["b".to_owned()]);
        let text = message.to_text();
        assert_eq!(text.split_once("\n\n").unwrap().1, "[]\n\nprinted\n│ a\n\nprinted later\n│ b");
        let broken = text.replace("\n│ b", "\nb\n│ c");
        assert_eq!(Message::parse(&broken).unwrap_err().0, 10);
    }

    #[test]
    fn what_insta_would_ignore_is_visible() {
        let text = message("text/plain", b"a \r\n\n").to_text();
        assert_eq!(text.lines().skip(4).collect::<Vec<_>>(), ["a ␍", "", "␊"]);
        let text = message("text/plain", b"a \nb\t\n").to_text();
        assert_eq!(text.lines().skip(4).collect::<Vec<_>>(), ["a␠", "b␉", "␊"]);
    }

    #[test]
    fn a_body_that_is_no_text_is_told_by_length_digest_and_first_bytes() {
        let shown = message("image/png", b"\x89PNG").body;
        assert!(shown.starts_with("<4 bytes, sha256 0f4636c7"), "{shown}");
        assert!(shown.ends_with("first bytes 89504e47>"), "{shown}");
    }

    #[test]
    fn a_snapshot_without_a_status_line_is_refused() {
        assert_eq!(Message::parse("200 OK").unwrap_err().0, 0);
        assert_eq!(Message::parse("HTTP/1.1 200 OK\nno header").unwrap_err().0, 1);
        let interim = "HTTP/1.1 100 Continue\n\n";
        assert_eq!(Message::parse(&format!("{interim}200 OK")).unwrap_err().0, 2);
        assert_eq!(Message::parse(interim).unwrap_err().0, 2);
    }
}

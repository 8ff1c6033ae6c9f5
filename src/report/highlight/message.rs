//! The colours of HTTP messages, one or several: start line, headers, and a body in JSON.

use super::{Part, syntax};

/// The messages in colours. Whatever stands between two blank lines is a head, if it begins as
/// a message does, or else a body.
pub(super) fn highlight(messages: &str) -> String {
    let paint = |(at, paragraph): (usize, &str)| match paragraph {
        body if body.starts_with(['{', '[']) => syntax::highlight(body, "json"),
        head if at == 0 || is_start_line(head) => self::head(head),
        other => other.to_owned(),
    };
    messages.split("\n\n").enumerate().map(paint).collect::<Vec<_>>().join("\n\n")
}

/// Whether a line begins a request, `GET /items HTTP/1.1`, or a response, `HTTP/1.1 200 OK`.
fn is_start_line(paragraph: &str) -> bool {
    let line = paragraph.lines().next().unwrap_or_default();
    let is_method =
        |word: &str| !word.is_empty() && word.chars().all(|char| char.is_ascii_uppercase());
    line.starts_with("HTTP/") || line.split_once(" /").is_some_and(|(method, _)| is_method(method))
}

fn head(lines: &str) -> String {
    let paint = |(at, line)| {
        if at == 0 { Part::StartLine.paint(line) } else { header(line) }
    };
    lines.split('\n').enumerate().map(paint).collect::<Vec<_>>().join("\n")
}

fn header(line: &str) -> String {
    match line.split_once(':') {
        Some((name, value)) => format!("{}:{value}", Part::Key.paint(name)),
        None => line.to_owned(),
    }
}

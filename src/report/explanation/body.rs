//! What it usually means that the lines of a body differ, or those that a server printed.

use serde_json::Value;

use super::{Kind, placeholders, text};
use crate::course::socket;
use crate::engine::compare::{Difference, Side};

/// The kind of a difference between lines: those of each side alone, and whether there are others
/// around them.
pub fn kind(
    place: &str,
    (before, after): &(Vec<&str>, Vec<&str>),
    in_context: bool,
    all: &[Difference],
) -> Kind {
    let printed = place.starts_with("printed");
    if printed && at_another_moment(all) {
        return Kind::PrintMoment;
    }
    let mut lines = before.iter().chain(after).peekable();
    if !printed && lines.peek().is_some() && lines.all(|line| socket::is_line(line)) {
        return Kind::OtherFrames;
    }
    if !in_context && (is_nothing(before) || is_nothing(after)) {
        return if printed { Kind::MissingPrint } else { Kind::MissingBody };
    }
    if sorted(before) == sorted(after) {
        let json = !printed && before.iter().any(|line| member(line).is_some());
        return if json { Kind::KeyOrder } else { Kind::LineOrder };
    }
    let pairs = || before.iter().zip(after);
    let alike = before.len() == after.len();
    if alike && pairs().any(|(one, other)| placeholders(one) != placeholders(other)) {
        return Kind::Masked;
    }
    if alike && !printed && pairs().all(|(one, other)| is_same_json(one, other)) {
        return Kind::Spelling;
    }
    if [before, after].into_iter().flatten().any(|line| is_binary(line)) {
        return Kind::Bytes;
    }
    let other = if printed { Kind::OtherPrint } else { Kind::OtherText };
    text(&before.join("\n"), &after.join("\n")).unwrap_or(other)
}

fn is_nothing(lines: &[&str]) -> bool {
    lines.iter().all(|line| line.is_empty())
}

/// Lines of JSON or text without the commas between JSON's members, sorted.
fn sorted<'a>(lines: &[&'a str]) -> Vec<&'a str> {
    let mut lines: Vec<&str> = lines.iter().map(|line| without_comma(line)).collect();
    lines.sort_unstable();
    lines
}

fn without_comma(line: &str) -> &str {
    line.strip_suffix(',').unwrap_or(line)
}

/// A line such as `"key": value` of indented JSON, without its indentation and its comma.
fn member(line: &str) -> Option<&str> {
    let line = without_comma(line.trim_start());
    (line.starts_with('"') && line.contains("\": ")).then_some(line)
}

/// Whether two lines of indented JSON mean the same.
fn is_same_json(one: &str, other: &str) -> bool {
    let read = |line: &str| {
        let text = match member(line) {
            Some(member) => format!("{{{member}}}"),
            None => without_comma(line.trim_start()).to_owned(),
        };
        serde_json::from_str::<Value>(&text).ok()
    };
    one == other || read(one).is_some() && read(one) == read(other)
}

fn is_binary(line: &str) -> bool {
    line.starts_with('<') && line.contains(" bytes, sha256 ")
}

/// Whether what is printed before the reply on one side is printed after it on the other.
fn at_another_moment(all: &[Difference]) -> bool {
    let lines = |wanted: &str, side: Side| {
        let lines = all.iter().filter_map(|one| match one {
            Difference::Lines { place, lines } if place == wanted => Some(lines),
            _ => None,
        });
        let texts = lines.flatten().filter(|line| line.side == side);
        let mut texts: Vec<&str> = texts.map(|line| line.text.as_str()).collect();
        texts.sort_unstable();
        texts
    };
    let moved = |from: Side, to: Side| {
        let moved = lines("printed", from);
        !moved.is_empty() && moved == lines("printed later", to)
    };
    moved(Side::Recorded, Side::Actual) || moved(Side::Actual, Side::Recorded)
}

//! The `info` of a snapshot file: what else is known about the reply, line by line in its header.
//!
//! ```text
//! info:
//!   recorded_from: FastAPI 0.165.0
//!   because: the detail is clearer
//! ```
//!
//! The text around a line stays byte for byte as it is.

use std::ops::Range;

use super::yaml_scalar;

/// What `info` has under a key.
pub fn get(text: &str, key: &str) -> Option<String> {
    let line = &text[entry(text, key)?];
    let value = line.split_once(": ").map_or("", |(_, value)| value).trim_end();
    // What YAML has in double quotes here is what JSON has.
    let quoted = value.starts_with('"').then(|| serde_json::from_str(value).ok()).flatten();
    Some(quoted.unwrap_or_else(|| value.to_owned()))
}

/// The file's text with a value under a key, the last one of `info`.
pub fn set(text: &str, key: &str, value: &str) -> String {
    let text = remove(text, key);
    let (at, heading) = match info(&text) {
        Some(info) => (info.end, ""),
        None => (header(&text).end, "info:\n"),
    };
    let (before, after) = text.split_at(at);
    format!("{before}{heading}  {key}: {}\n{after}", yaml_scalar(value))
}

/// The file's text without what `info` has under a key.
pub fn remove(text: &str, key: &str) -> String {
    match entry(text, key) {
        Some(line) => [&text[..line.start], &text[line.end..]].concat(),
        None => text.to_owned(),
    }
}

/// The line of a key.
fn entry(text: &str, key: &str) -> Option<Range<usize>> {
    let start = format!("  {key}:");
    let info = info(text)?;
    lines(text, info).find(|line| text[line.clone()].starts_with(&start))
}

/// The lines below `info:`.
fn info(text: &str) -> Option<Range<usize>> {
    let mut lines = lines(text, header(text)).skip_while(|line| text[line.clone()] != *"info:\n");
    let start = lines.next()?.end;
    let last = lines.take_while(|line| text[line.clone()].starts_with(' ')).last();
    Some(start..last.map_or(start, |line| line.end))
}

/// The lines between the first two lines of dashes.
fn header(text: &str) -> Range<usize> {
    let start = text.find('\n').map_or(text.len(), |end| end + 1);
    let end = text[start..].find("\n---\n").map_or(start, |end| start + end + 1);
    start..end
}

/// The lines of a part of a text, each with its line feed.
fn lines(text: &str, part: Range<usize>) -> impl Iterator<Item = Range<usize>> {
    text[part.clone()].split_inclusive('\n').scan(part.start, |at, line| {
        let start = *at;
        *at += line.len();
        Some(start..*at)
    })
}

#[cfg(test)]
mod tests {
    use super::{get, remove, set};

    const FILE: &str =
        "---\nsource: x\ninfo:\n  from: \"a: b\"\n  tutorial: 422\n---\nHTTP/1.1 200 OK\n";

    #[test]
    fn a_value_is_read_as_it_was_meant() {
        for (key, expected) in
            [("from", Some("a: b")), ("tutorial", Some("422")), ("fro", None), ("source", None)]
        {
            assert_eq!(get(FILE, key).as_deref(), expected, "{key}");
        }
        assert_eq!(get("---\nsource: x\n---\n  from: y\n", "from"), None);
    }

    #[test]
    fn what_is_set_is_there_once_and_can_be_removed_without_a_trace() {
        let bare = "---\nsource: x\n---\n  a: b\n";
        for file in [FILE, bare] {
            for reason in ["plain", "it: is \"so\" \\ {now}", "two\nlines\tand é", "-", "yes"] {
                let set_twice = set(&set(file, "because", "other"), "because", reason);
                assert_eq!(set_twice, set(file, "because", reason));
                assert_eq!(get(&set_twice, "because").as_deref(), Some(reason));
                let headless = remove(&set_twice, "because").replace("info:\n---\n", "---\n");
                assert_eq!(headless, file);
            }
        }
        assert!(set(FILE, "because", "so").contains("  tutorial: 422\n  because: so\n---\nHTTP"));
    }
}

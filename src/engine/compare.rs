//! How two replies differ: interim replies, status, headers, JSON place by place, other bodies line
//! by line, and what was printed for them.

use serde_json::Value;
use similar::{ChangeTag, TextDiff};

use crate::course::Message;
use crate::course::json_path::JsonPath;

/// One difference between what is recorded and what came.
#[derive(Clone, Debug, PartialEq)]
pub enum Difference {
    /// A value at a named place: `interim`, `status`, `header allow`, `$.detail`.
    Value {
        /// The place.
        place: String,
        /// What is recorded there, if anything.
        recorded: Option<String>,
        /// What came, if anything.
        actual: Option<String>,
    },
    /// A body that is no JSON or differs as text only, or what was printed.
    Lines {
        /// The place: `body`, `printed`, `printed later`.
        place: String,
        /// The changed lines and those around them.
        lines: Vec<Line>,
    },
}

impl Difference {
    /// Where it is.
    pub fn place(&self) -> &str {
        match self {
            Self::Value { place, .. } | Self::Lines { place, .. } => place,
        }
    }
}

/// A line of a line diff.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// Which side has it.
    pub side: Side,
    /// Its text.
    pub text: String,
}

/// The side on which a line stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    /// On both.
    Both,
    /// Only in what is recorded.
    Recorded,
    /// Only in what came.
    Actual,
}

/// All differences between a recorded and an actual reply; empty if they are the same.
pub fn compare(recorded: &Message, actual: &Message) -> Vec<Difference> {
    let mut differences = Vec::new();
    if recorded.interim_codes() != actual.interim_codes() {
        differences.push(value("interim", recorded.interim_text(), actual.interim_text()));
    }
    if recorded.status != actual.status {
        differences.push(value("status", Some(recorded.status_line()), Some(actual.status_line())));
    }
    if recorded.headers != actual.headers {
        compare_headers(recorded, actual, &mut differences);
    }
    if recorded.body != actual.body {
        compare_bodies(recorded, actual, &mut differences);
    }
    let lists = recorded.prints.lists().into_iter().zip(actual.prints.lists());
    for ((place, before), (_, after)) in lists.filter(|(before, after)| before != after) {
        let text = |lines: &[String]| match lines.join("\n") {
            text if text.is_empty() && lines.is_empty() => text,
            text => text + "\n",
        };
        differences.push(lines(place, &text(before), &text(after)));
    }
    differences
}

fn value(place: impl Into<String>, recorded: Option<String>, actual: Option<String>) -> Difference {
    Difference::Value { place: place.into(), recorded, actual }
}

fn lines(place: &str, recorded: &str, actual: &str) -> Difference {
    Difference::Lines { place: place.to_owned(), lines: line_diff(recorded, actual) }
}

fn compare_bodies(recorded: &Message, actual: &Message, differences: &mut Vec<Difference>) {
    match (recorded.json(), actual.json()) {
        (Some(before), Some(after)) if before != after => {
            compare_json(&JsonPath::default(), &before, &after, differences);
        }
        _ => differences.push(lines("body", &recorded.body, &actual.body)),
    }
}

fn compare_headers(recorded: &Message, actual: &Message, differences: &mut Vec<Difference>) {
    let mut names: Vec<&str> =
        recorded.headers.iter().chain(&actual.headers).map(|(name, _)| name.as_str()).collect();
    names.sort_unstable();
    names.dedup();
    for name in names {
        let (before, after) = (all_values(recorded, name), all_values(actual, name));
        if before != after {
            differences.push(value(format!("header {name}"), before, after));
        }
    }
}

fn all_values(message: &Message, name: &str) -> Option<String> {
    let named = message.headers.iter().filter(|(known, _)| known == name);
    let values: Vec<&str> = named.map(|(_, value)| value.as_str()).collect();
    (!values.is_empty()).then(|| values.join(" | "))
}

/// The differences between two values, place by place.
pub fn compare_values(before: &Value, after: &Value) -> Vec<Difference> {
    let mut found = Vec::new();
    compare_json(&JsonPath::default(), before, after, &mut found);
    found
}

fn compare_json(place: &JsonPath, before: &Value, after: &Value, found: &mut Vec<Difference>) {
    match (before, after) {
        (Value::Object(old), Value::Object(new)) => {
            let added = new.keys().filter(|key| !old.contains_key(*key));
            for key in old.keys().chain(added) {
                compare_part(&place.key(key), old.get(key), new.get(key), found);
            }
        }
        (Value::Array(old), Value::Array(new)) => {
            for index in 0..old.len().max(new.len()) {
                compare_part(&place.index(index), old.get(index), new.get(index), found);
            }
        }
        _ if before == after => {}
        _ => {
            let (before, after) = (Some(before.to_string()), Some(after.to_string()));
            found.push(value(place.to_string(), before, after));
        }
    }
}

fn compare_part(
    place: &JsonPath,
    before: Option<&Value>,
    after: Option<&Value>,
    found: &mut Vec<Difference>,
) {
    match (before, after) {
        (Some(before), Some(after)) => compare_json(place, before, after, found),
        _ => found.push(value(
            place.to_string(),
            before.map(Value::to_string),
            after.map(Value::to_string),
        )),
    }
}

/// The changed lines with up to two unchanged ones around them.
pub fn line_diff(before: &str, after: &str) -> Vec<Line> {
    let diff = TextDiff::from_lines(before, after);
    let groups = diff.grouped_ops(2);
    let changes = groups.iter().flatten().flat_map(|operation| diff.iter_changes(operation));
    changes
        .map(|change| Line {
            side: match change.tag() {
                ChangeTag::Equal => Side::Both,
                ChangeTag::Delete => Side::Recorded,
                ChangeTag::Insert => Side::Actual,
            },
            text: change.value().trim_end_matches('\n').to_owned(),
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::{Difference, Side, compare};
    use crate::course::{Message, Prints, StatusLine};

    fn reply(status: u16, content_type: &str, body: &str) -> Message {
        let headers = vec![("content-type".to_owned(), content_type.to_owned())];
        Message::new((status, ""), headers, body.as_bytes())
    }

    fn places(before: &Message, after: &Message) -> Vec<String> {
        compare(before, after).iter().map(|one| one.place().to_owned()).collect()
    }

    #[test]
    fn json_is_compared_place_by_place() {
        let json = |body| reply(200, "application/json", body);
        for (before, after, expected) in [
            (r#"{"a":1}"#, r#"{"a":1}"#, vec![]),
            (r#"{"a":[1,{"b":2}]}"#, r#"{"a":[1,{"b":3}]}"#, vec!["$.a[1].b"]),
            (r#"{"a":1,"b":2}"#, r#"{"a":1}"#, vec!["$.b"]),
            ("[1]", "[1,2,3]", vec!["$[1]", "$[2]"]),
            (r#"{"a":"1"}"#, r#"{"a":1}"#, vec!["$.a"]),
            ("1", "1.0", vec!["$"]),
        ] {
            assert_eq!(places(&json(before), &json(after)), expected, "{before} {after}");
        }
    }

    #[test]
    fn key_order_and_spelling_of_tokens_are_differences_too() {
        let json = |body| reply(200, "application/json", body);
        assert_eq!(places(&json(r#"{"a":1,"b":2}"#), &json(r#"{"b":2,"a":1}"#)), ["body"]);
        assert_eq!(places(&json("1e16"), &json("1e+16")), ["body"]);
    }

    #[test]
    fn status_and_headers_come_before_the_body() {
        let found = places(&reply(200, "text/plain", "a"), &reply(404, "text/html", "b"));
        assert_eq!(found, ["status", "header content-type", "body"]);
    }

    #[test]
    fn interim_replies_are_compared_by_their_codes() {
        let reply = |codes: &[u16], reason: &str| {
            let mut reply = reply(200, "text/plain", "");
            reply.interim = codes.iter().map(|code| StatusLine::new(*code, reason)).collect();
            reply
        };
        for (recorded, actual, expected) in [
            (reply(&[100], "Continue"), reply(&[100], ""), vec![]),
            (reply(&[], ""), reply(&[100], ""), vec!["interim"]),
            (reply(&[100], ""), reply(&[100, 100], ""), vec!["interim"]),
            (reply(&[102, 100], ""), reply(&[100, 102], ""), vec!["interim"]),
        ] {
            assert_eq!(places(&recorded, &actual), expected, "{recorded:?} {actual:?}");
        }
    }

    #[test]
    fn other_bodies_are_compared_line_by_line() {
        let differences =
            compare(&reply(200, "text/plain", "a\nb\nc\n"), &reply(200, "text/plain", "a\nx\nc\n"));
        let Difference::Lines { lines, .. } = &differences[0] else { panic!("{differences:?}") };
        let sides: Vec<_> = lines.iter().map(|line| (line.side, line.text.as_str())).collect();
        assert_eq!(sides[..3], [(Side::Both, "a"), (Side::Recorded, "b"), (Side::Actual, "x")]);
    }

    #[test]
    fn printed_lines_are_compared_by_text_order_and_moment() {
        let reply = |before: &str, later: &str| {
            let lines = |text: &str| text.chars().map(String::from).collect::<Vec<_>>();
            let mut reply = reply(200, "text/plain", "");
            reply.prints = Prints::new(&lines(before), &lines(later));
            reply
        };
        for (recorded, actual, expected) in [
            (reply("ab", "c"), reply("ab", "c"), vec![]),
            (reply("ab", ""), reply("ba", ""), vec!["printed"]),
            (reply("", "a"), reply("", "b"), vec!["printed later"]),
            (reply("ab", ""), reply("a", "b"), vec!["printed", "printed later"]),
            (reply("", ""), reply("\n", ""), vec!["printed"]),
        ] {
            assert_eq!(places(&recorded, &actual), expected, "{recorded:?} {actual:?}");
        }
    }
}

//! The line of a snapshot's reply on which a place of the reply stands.

use crate::course::Message;
use crate::course::json_path::JsonPath;

/// The line of a place in the text of a recorded reply, counted from 0; of what is compared line by
/// line, the first line that is not the actual one. A place that the recorded reply does not have
/// is shown where it would be.
pub fn of(place: &str, recorded: &Message, actual: Option<&Message>) -> usize {
    let head = 2 * recorded.interim.len();
    let body = head + recorded.headers.len() + 2;
    if let Some(name) = place.strip_prefix("header ") {
        let position = recorded.headers.iter().position(|(known, _)| known == name);
        return head + position.map_or(0, |position| position + 1);
    }
    if place.starts_with('$') {
        return body + in_json(place, &recorded.body);
    }
    if place == "body" {
        let other = actual.map_or("", |reply| reply.body.as_str());
        return body + first_change(recorded.body.lines(), other.lines());
    }
    if place.starts_with("printed") {
        return in_prints(place, recorded, actual);
    }
    if place == "status" { head } else { 0 }
}

fn in_prints(place: &str, recorded: &Message, actual: Option<&Message>) -> usize {
    let lines = |reply: &Message| {
        let list = reply.prints.lists().into_iter().find(|(name, _)| *name == place);
        list.map_or_else(Vec::new, |(_, lines)| lines.to_vec())
    };
    let text = recorded.to_text();
    let all: Vec<&str> = text.lines().collect();
    match all.iter().rposition(|line| *line == place) {
        Some(heading) => {
            let (before, now) = (lines(recorded), actual.map(lines).unwrap_or_default());
            heading + 1 + first_change(before.iter(), now.iter())
        }
        None => all.len().saturating_sub(1),
    }
}

/// How many lines are the same on both sides, without going past the end of the first.
fn first_change<T: PartialEq>(
    before: impl Iterator<Item = T>,
    now: impl Iterator<Item = T>,
) -> usize {
    let before: Vec<T> = before.collect();
    let same = before.iter().zip(now).take_while(|(a, b)| **a == *b).count();
    same.min(before.len().saturating_sub(1))
}

/// The line of a JSON body, indented as snapshots are, on which the value at a path starts; of its
/// nearest parent if it is not there.
fn in_json(place: &str, body: &str) -> usize {
    let mut open: Vec<Open> = Vec::new();
    let mut best = (0, 0);
    for (number, line) in body.lines().enumerate() {
        let text = line.trim_start();
        if text.starts_with(['}', ']']) {
            open.pop();
            continue;
        }
        let (path, value) = match open.last_mut() {
            None => (JsonPath::default(), text),
            Some(Open::Array(path, next)) => {
                *next += 1;
                (path.index(*next - 1), text)
            }
            Some(Open::Object(path)) => {
                let Some((key, value)) = member(text) else { continue };
                (path.key(&key), value)
            }
        };
        let name = path.to_string();
        let inside = place
            .strip_prefix(&name)
            .is_some_and(|rest| rest.is_empty() || rest.starts_with(['.', '[']));
        if inside && name.len() > best.1 {
            best = (number, name.len());
        }
        match value {
            "{" => open.push(Open::Object(path)),
            "[" => open.push(Open::Array(path, 0)),
            _ => {}
        }
    }
    best.0
}

/// What is open on the lines above.
enum Open {
    Object(JsonPath),
    /// With the index of its next element.
    Array(JsonPath, usize),
}

/// `"key": value` as its parts.
fn member(text: &str) -> Option<(String, &str)> {
    let mut keys = serde_json::Deserializer::from_str(text).into_iter::<String>();
    let key = keys.next()?.ok()?;
    let value = text[keys.byte_offset()..].strip_prefix(": ")?;
    Some((key, value))
}

#[cfg(test)]
mod tests {
    use super::of;
    use crate::course::{Message, Prints, StatusLine};

    fn reply(body: &str, printed: &[&str]) -> Message {
        let header = |name: &str, value: &str| (name.to_owned(), value.to_owned());
        let headers = vec![header("allow", "GET"), header("content-type", "application/json")];
        let mut reply = Message::new((200, "OK"), headers, body.as_bytes());
        let lines: Vec<String> = printed.iter().map(ToString::to_string).collect();
        reply.prints = Prints::new(&[], &lines);
        reply
    }

    /// The text of the line on which a place is found.
    #[track_caller]
    fn check(place: &str, expected: &str) {
        let body = r#"{"a":{"b.c":[1,[],{"d":null}],"b":2},"e":{}}"#;
        let recorded = reply(body, &["up", "took 3"]);
        let actual = reply(body, &["up", "took 4"]);
        let text = recorded.to_text();
        let line = text.lines().nth(of(place, &recorded, Some(&actual))).unwrap();
        assert_eq!(line.trim_start(), expected, "{place} in\n{text}");
    }

    #[test]
    fn every_place_of_a_reply_has_its_line() {
        check("status", "HTTP/1.1 200 OK");
        check("reply", "HTTP/1.1 200 OK");
        check("header allow", "allow: GET");
        check("$", "{");
        check("$.a", "\"a\": {");
        check("$.a.b", "\"b\": 2");
        check("$.a[\"b.c\"][0]", "1,");
        check("$.a[\"b.c\"][1]", "[],");
        check("$.a[\"b.c\"][2].d", "\"d\": null");
        check("$.e", "\"e\": {}");
        check("printed later", "│ took 3");
    }

    #[test]
    fn interim_replies_stand_above_the_final_one() {
        let mut recorded = reply("{}", &[]);
        recorded.interim = vec![StatusLine::new(100, "Continue")];
        let text = recorded.to_text();
        for (place, expected) in [
            ("interim", "HTTP/1.1 100 Continue"),
            ("status", "HTTP/1.1 200 OK"),
            ("header allow", "allow: GET"),
            ("$", "{}"),
        ] {
            assert_eq!(text.lines().nth(of(place, &recorded, None)), Some(expected), "{place}");
        }
    }

    #[test]
    fn a_place_that_is_not_there_is_shown_where_it_would_be() {
        check("header x-new", "HTTP/1.1 200 OK");
        check("$.a[\"b.c\"][7]", "\"b.c\": [");
        check("$.ab", "{");
        check("printed", "│ took 3");
    }

    #[test]
    fn a_body_is_shown_where_it_first_changes() {
        let text = |body: &str| Message::new((200, "OK"), Vec::new(), body.as_bytes());
        for (actual, line) in [("a\nb\nX\n", 4), ("a\nX\nc\n", 3), ("a\nb\nc\nd\n", 5), ("", 2)] {
            assert_eq!(of("body", &text("a\nb\nc\n"), Some(&text(actual))), line, "{actual:?}");
        }
    }
}

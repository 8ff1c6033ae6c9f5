//! What a hurl file expects of a reply: all that is recorded, or what the Rust server declares.

use serde_json::Value;

use super::literal;
use super::recorded::{Body, body, masked_text};
use crate::course::capture::{At, Capture};
use crate::course::expectation::Expectation;
use crate::course::json_path::JsonPath;
use crate::course::mask::{Mask, Place};
use crate::course::{Call, Message};
use crate::report::template::{BASE_URL, around};

/// What stands for the server's own address in what is recorded.
const SERVER: &str = "{server}";

/// The response of an entry.
pub fn expected(call: &Call, recorded: Option<&Message>) -> String {
    let mut expected = Expected::default();
    match (&call.diverges, recorded) {
        (Some((_, claim)), _) => expected.claim(claim),
        (None, Some(reply)) => expected.recorded(call, reply),
        (None, None) => {
            let remark = "# Nothing is recorded: `workbook record` asks FastAPI.";
            expected.headers.push(remark.to_owned());
        }
    }
    expected.time(call);
    let captures =
        call.captures.iter().map(|(name, capture)| format!("{name}: {}", taken(capture)));
    expected.text(&captures.collect::<Vec<_>>())
}

/// The query that finds a captured value, and the filter that takes a part of it.
fn taken(capture: &Capture) -> String {
    let query = match &capture.at {
        At::Header(header) => format!("header {}", literal::text(header)),
        At::Json(path) => query(path),
    };
    let group = capture.pattern().map(|pattern| literal::text(&format!("({pattern})")));
    group.map_or(query.clone(), |group| format!("{query} regex {group}"))
}

#[derive(Default)]
struct Expected {
    status: Option<u16>,
    headers: Vec<String>,
    asserts: Vec<String>,
    body: Option<String>,
}

impl Expected {
    fn text(self, captures: &[String]) -> String {
        let status = self.status.map_or("*".to_owned(), |status| status.to_string());
        let mut lines = vec![format!("HTTP {status}")];
        lines.extend(self.headers);
        for (section, rows) in [("[Captures]", captures), ("[Asserts]", &self.asserts)] {
            if !rows.is_empty() {
                lines.push(section.to_owned());
                lines.extend(rows.iter().cloned());
            }
        }
        lines.extend(self.body);
        lines.join("\n") + "\n"
    }

    fn claim(&mut self, claim: &Expectation) {
        self.status = claim.status;
        if let Some(json) = &claim.json {
            self.json(&JsonPath::default(), json, &[]);
        }
        for (path, value) in &claim.has {
            self.json(path, value, &[]);
        }
    }

    fn recorded(&mut self, call: &Call, reply: &Message) {
        self.status = Some(reply.status);
        for (index, (name, value)) in reply.headers.iter().enumerate() {
            let earlier = reply.headers[..index].iter().filter(|(known, _)| known == name).count();
            let all = reply.headers.iter().filter(|(known, _)| known == name).count();
            self.header(call, (name, value), (all > 1).then_some(earlier));
        }
        if call.method == "HEAD" {
            return;
        }
        if let Some(mask) = call.masks.iter().find(|mask| mask.place == Place::Body) {
            let pattern = masked_text(reply).map(|text| literal::text(&masked(&text, &[mask])));
            self.asserts.extend(pattern.map(|pattern| format!("body matches {pattern}")));
            return;
        }
        let is_json = |mask: &&Mask| matches!(mask.place, Place::Json(_));
        let masks: Vec<&Mask> = call.masks.iter().filter(is_json).collect();
        match (body(reply), reply.json()) {
            (_, Some(json)) if !masks.is_empty() => self.json(&JsonPath::default(), &json, &masks),
            (Body::Json(json), _) => self.json(&JsonPath::default(), &json, &[]),
            (Body::Text(text), _) => {
                self.body = Some(literal::body(&around(&text, SERVER, BASE_URL)));
            }
            (Body::Digest(digest), _) => self.asserts.push(format!("sha256 == hex,{digest};")),
            (Body::Empty, _) => self.asserts.push("bytes count == 0".to_owned()),
            (Body::Unsure, _) => {}
        }
    }

    /// A header; of several of one name, the one at this index.
    fn header(&mut self, call: &Call, (name, value): (&str, &str), index: Option<usize>) {
        let value = decoded(value);
        let here = |mask: &&Mask| mask.place == Place::Header(name.to_owned());
        // A mask covers the first header of its name.
        let masks: Vec<&Mask> =
            call.masks.iter().filter(here).filter(|_| index.unwrap_or(0) == 0).collect();
        if masks.is_empty() {
            let value = literal::unquoted(&around(&value, SERVER, BASE_URL));
            self.headers.push(format!("{}: {value}", literal::key(name)).trim_end().to_owned());
            return;
        }
        let nth = index.map(|index| format!(" nth {index}")).unwrap_or_default();
        let pattern = literal::text(&masked(&value, &masks));
        self.asserts.push(format!("header {}{nth} matches {pattern}", literal::text(name)));
    }

    /// The leaves of a JSON value: hurl compares no objects.
    fn json(&mut self, place: &JsonPath, value: &Value, masks: &[&Mask]) {
        let here = |mask: &&&Mask| mask.place == Place::Json(place.clone());
        let covering: Vec<&Mask> = masks.iter().filter(here).copied().collect();
        let path = query(place);
        match value {
            Value::String(text) if !covering.is_empty() => {
                let pattern = literal::text(&masked(text, &covering));
                self.asserts.push(format!("{path} toString matches {pattern}"));
            }
            Value::Array(items) => {
                self.asserts.push(format!("{path} count == {}", items.len()));
                for (index, item) in items.iter().enumerate() {
                    self.json(&place.index(index), item, masks);
                }
            }
            Value::Object(fields) if !fields.is_empty() => {
                for (key, field) in fields {
                    self.json(&place.key(key), field, masks);
                }
            }
            Value::Object(_) => self.asserts.push(format!("{path} exists")),
            Value::String(text) => {
                let text = literal::quoted(&around(text, SERVER, BASE_URL));
                self.asserts.push(format!("{path} == {text}"));
            }
            Value::Number(number) => self.asserts.push(format!("{path} == {}", plain(number))),
            Value::Null | Value::Bool(_) => self.asserts.push(format!("{path} == {value}")),
        }
    }

    fn time(&mut self, call: &Call) {
        // hurl sends copies one by one, and a body without the pauses in it.
        let alike = call.copies == 1 && call.streaming.pieces.is_empty();
        let least = call.at_least.filter(|_| alike);
        let least = least.map(|bound| format!("duration >= {}", bound.as_millis()));
        let most = call.at_most.map(|bound| format!("duration <= {}", bound.as_millis()));
        self.asserts.extend(least.into_iter().chain(most));
    }
}

/// hurl's query for a place in a JSON body.
fn query(place: &JsonPath) -> String {
    // Brackets with double quotes are ours; hurl's have single ones.
    let path = place.to_string();
    let mut steps = String::new();
    let mut rest = path.as_str();
    while let Some(start) = rest.find("[\"") {
        let inside = &rest[start + 1..];
        let mut keys = serde_json::Deserializer::from_str(inside).into_iter::<String>();
        let Some(Ok(key)) = keys.next() else { break };
        steps += &format!("{}['{}'", &rest[..start], key.replace('\'', "\\'"));
        rest = &inside[keys.byte_offset()..];
    }
    format!("jsonpath {}", literal::text(&(steps + rest)))
}

/// A regular expression for a value in which `{name}` stands for what a mask's pattern matches.
fn masked(value: &str, masks: &[&Mask]) -> String {
    let whole = |mask: &&&Mask| value == format!("{{{}}}", mask.name);
    if let Some(mask) = masks.iter().find(whole) {
        let pattern = mask.pattern.as_str();
        if pattern.starts_with('^') && pattern.ends_with('$') {
            return pattern.to_owned();
        }
    }
    let mut pattern = literally(value);
    for mask in masks {
        let inner = mask.pattern.as_str().trim_start_matches('^').trim_end_matches('$');
        pattern =
            pattern.replace(&literally(&format!("{{{}}}", mask.name)), &format!("(?:{inner})"));
    }
    format!("^{pattern}$")
}

/// A regular expression for a text as it is.
fn literally(text: &str) -> String {
    let special = |c: char| c.is_ascii_punctuation() && !"_\"'/:;,=<>@%!`".contains(c);
    let escaped = |c: char| if special(c) { format!("\\{c}") } else { c.to_string() };
    text.chars().map(escaped).collect()
}

/// A number without an exponent, which hurl does not read.
fn plain(number: &serde_json::Number) -> String {
    match number.as_f64().filter(|_| number.is_f64()) {
        Some(float) if float.fract() == 0.0 => format!("{float}.0"),
        Some(float) => float.to_string(),
        None => number.to_string(),
    }
}

/// A header's value, recorded as latin-1, as hurl reads it: UTF-8 if it can be.
fn decoded(value: &str) -> String {
    let bytes = value.chars().map(u8::try_from).collect::<Result<Vec<u8>, _>>();
    let text = bytes.ok().and_then(|bytes| String::from_utf8(bytes).ok());
    text.unwrap_or_else(|| value.to_owned())
}

#[cfg(test)]
mod tests {
    use super::expected;
    use crate::course::{Message, script};
    use std::path::Path;

    fn check(keys: &str, reply: &str, lines: &[&str]) {
        let script = format!(
            "title = ''\ngroup = ''\ntutorial = ''\n[[call]]\nname = 'a'\nrequest = 'GET /'\nextra = ''\n{keys}"
        );
        let call = script::parse(Path::new(""), &script).unwrap().calls.remove(0);
        let reply = Message::parse(reply).unwrap();
        assert_eq!(expected(&call, Some(&reply)).lines().collect::<Vec<_>>(), lines);
    }

    #[test]
    fn all_that_is_recorded_is_expected() {
        check(
            "at_least_ms = 100\nat_most_ms = 2500",
            "HTTP/1.1 404 Not Found\ncontent-length: 21\ncontent-type: application/json\nlocation: {server}/#\n\n{\n  \"detail\": [\n    1.0,\n    \"é\"\n  ]\n}",
            &[
                "HTTP 404",
                "content-length: 21",
                "content-type: application/json",
                "location: {{base_url}}/\\#",
                "[Asserts]",
                "duration >= 100",
                "duration <= 2500",
                "{\"detail\":[1.0,\"é\"]}",
            ],
        );
        check(
            "",
            "HTTP/1.1 200 OK\n\n<4 bytes, sha256 0f46, first bytes 89>",
            &["HTTP 200", "[Asserts]", "sha256 == hex,0f46;"],
        );
        check("", "HTTP/1.1 204 No Content", &["HTTP 204", "[Asserts]", "bytes count == 0"]);
    }

    #[test]
    fn what_is_masked_is_matched_and_the_rest_compared() {
        check(
            "mask = [{ at = 'header a', pattern = '^\\d+$', as = 'n' }, { at = 'header b', pattern = '\\d', as = 'n' }, { at = '$.id', pattern = '^\\d+$', as = 'n' }]",
            "HTTP/1.1 200 OK\na: {n}\nb: x={n}; {n}\ncontent-type: application/json\n\n{\n  \"id\": \"{n}\",\n  \"a b\": [\n    1e16,\n    null,\n    {}\n  ]\n}",
            &[
                "HTTP 200",
                "content-type: application/json",
                "[Asserts]",
                r#"header "a" matches "^\\d+$""#,
                r#"header "b" matches "^x=(?:\\d); (?:\\d)$""#,
                r#"jsonpath "$.id" toString matches "^\\d+$""#,
                r#"jsonpath "$['a b']" count == 3"#,
                r#"jsonpath "$['a b'][0]" == 10000000000000000.0"#,
                r#"jsonpath "$['a b'][1]" == null"#,
                r#"jsonpath "$['a b'][2]" exists"#,
            ],
        );
        check(
            "mask = [{ at = 'header set-cookie', pattern = '\\d', as = 'n' }]",
            "HTTP/1.1 200 OK\nset-cookie: a={n}\nset-cookie: b=1",
            &[
                "HTTP 200",
                "set-cookie: b=1",
                "[Asserts]",
                r#"header "set-cookie" nth 0 matches "^a=(?:\\d)$""#,
                "bytes count == 0",
            ],
        );
    }
}

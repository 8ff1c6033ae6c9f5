//! The masks that would cover values seen to vary: a guess from what the values look like, written
//! as the lines of the script to paste.
//!
//! A pattern is first tried on a whole value, then on the part of it that varies, widened to a
//! word, a number or hexadecimal digits, then word by word; what looks like nothing known becomes
//! `.*`.

use regex_lite::Regex;
use serde_json::Value;

use super::{Mask, Place};

/// What values often look like, narrowest first. A value that is all digits is an integer before
/// it is hexadecimal.
const KINDS: [(&str, &str); 12] = [
    ("uuid", "[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"),
    ("timestamp", r"\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}:\d{2}(\.\d+)?(Z|[+-]\d{2}:?\d{2})?"),
    ("date", r"[A-Z][a-z]{2}, \d{2} [A-Z][a-z]{2} \d{4} \d{2}:\d{2}:\d{2} GMT"),
    ("date", r"\d{4}-\d{2}-\d{2}"),
    ("time", r"\d{2}:\d{2}:\d{2}(\.\d+)?"),
    ("integer", r"\d+"),
    ("integer", r"-?\d+"),
    ("float", r"\d+\.\d+"),
    ("float", r"-?\d+\.\d+"),
    ("number", r"-?\d+(\.\d+)?([eE][+-]?\d+)?"),
    ("hex", "[0-9a-f]+"),
    ("hex", "[0-9A-F]+"),
];

/// The least length at which letters and digits are a token and hexadecimal digits are no word.
const TOKEN: usize = 8;

/// The characters of a word, of a number, of hexadecimal digits: how far what varies is widened.
const WIDENED: [fn(char) -> bool; 3] = [
    |c| c.is_alphanumeric() || "-_.:+".contains(c),
    |c| c.is_ascii_digit() || c == '.',
    |c| c.is_ascii_hexdigit(),
];

/// The key `mask = […]` of a call that has these masks and whose reply varies at these places;
/// `None` if no mask can cover all that varies: a status, or a value that is not always there.
pub fn suggestion(masks: &[Mask], varying: &[(&str, &[Option<String>])]) -> Option<String> {
    let mut guessed = Vec::new();
    for (place, values) in varying {
        let values: Vec<&str> = values.iter().map(Option::as_deref).collect::<Option<_>>()?;
        guessed.extend(guess(place, &values)?);
    }
    // A call's own masks of a place stand there in place of the script's.
    let is_own =
        |mask: &&Mask| !mask.of_script || guessed.iter().any(|new| new.place == mask.place);
    let mut rows: Vec<String> = Vec::new();
    for row in masks.iter().filter(is_own).chain(&guessed).map(as_script) {
        if !rows.contains(&row) {
            rows.push(row);
        }
    }
    Some(match rows.as_slice() {
        [row] => format!("mask = [{row}]"),
        rows => format!("mask = [\n    {},\n]", rows.join(",\n    ")),
    })
}

/// Masks for the values of one place.
fn guess(place: &str, values: &[&str]) -> Option<Vec<Mask>> {
    let mask = |place: Place, (pattern, name): (String, &str)| {
        let pattern = Regex::new(&pattern).ok()?;
        Some(Mask { place, pattern, name: name.to_owned(), of_script: false })
    };
    if let Some(name) = place.strip_prefix("header ") {
        let (pattern, kind) = pattern(values);
        let whole = (format!("^{pattern}$"), kind);
        return Some(vec![mask(Place::Header(name.to_owned()), whole)?]);
    }
    if place == "body" {
        // A body whose lines cannot be paired is covered as a whole.
        let found = lines(values).unwrap_or_else(|| vec![(".+".to_owned(), "body")]);
        let whole = |(pattern, kind): (String, &'static str)| match kind {
            "body" => (format!("(?s)^{pattern}$"), kind),
            _ => (format!("(?m)^{pattern}$"), kind),
        };
        return found.into_iter().map(|found| mask(Place::Body, whole(found))).collect();
    }
    if place.starts_with("printed") {
        let found = lines(values)?.into_iter();
        return found
            .map(|(pattern, kind)| mask(Place::Printed, (format!("^{pattern}$"), kind)))
            .collect();
    }
    let path = place.parse().ok()?;
    let texts: Vec<String> = values.iter().map(|value| unquoted(value)).collect();
    let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
    let (pattern, kind) = pattern(&texts);
    Some(vec![mask(Place::Json(path), (format!("^{pattern}$"), kind))?])
}

/// Patterns for the lines that vary, each once; `None` if the texts have not equally many lines.
fn lines(texts: &[&str]) -> Option<Vec<(String, &'static str)>> {
    let mut found: Vec<(String, &'static str)> = Vec::new();
    for line in columns(texts, '\n')?.iter().filter(|line| !is_constant(line)) {
        let pattern = pattern(line);
        if !found.contains(&pattern) {
            found.push(pattern);
        }
    }
    Some(found)
}

/// The first parts of all texts, then the second parts; `None` if some have more than others.
fn columns<'a>(texts: &[&'a str], separator: char) -> Option<Vec<Vec<&'a str>>> {
    let count = texts.first()?.split(separator).count();
    let mut columns = vec![Vec::with_capacity(texts.len()); count];
    for text in texts {
        let parts: Vec<&str> = text.split(separator).collect();
        if parts.len() != count {
            return None;
        }
        columns.iter_mut().zip(parts).for_each(|(column, part)| column.push(part));
    }
    Some(columns)
}

fn is_constant(values: &[&str]) -> bool {
    values.iter().all(|value| *value == values[0])
}

/// A pattern for values of which at least two differ, and its name; it has no anchors.
fn pattern(values: &[&str]) -> (String, &'static str) {
    let (prefix, suffix) = common_ends(values);
    let ends =
        WIDENED.map(|inside| (prefix.trim_end_matches(inside), suffix.trim_start_matches(inside)));
    let between = |looks_like: fn(&[&str]) -> Option<(String, &'static str)>| {
        [("", "")].into_iter().chain(ends).find_map(|(before, after)| {
            let middle = |value: &&'_ str| before.len()..value.len() - after.len();
            let middles: Vec<&str> = values.iter().map(|value| &value[middle(value)]).collect();
            let (pattern, name) = looks_like(&middles)?;
            Some((regex_lite::escape(before) + &pattern + &regex_lite::escape(after), name))
        })
    };
    let [(before, after), ..] = ends;
    between(kind).or_else(|| between(token)).or_else(|| words(values)).unwrap_or_else(|| {
        (regex_lite::escape(before) + ".*" + &regex_lite::escape(after), "varies")
    })
}

/// Word by word, where there are several, equally many everywhere.
fn words(values: &[&str]) -> Option<(String, &'static str)> {
    let words = columns(values, ' ').filter(|words| words.len() > 1)?;
    let one = |word: &Vec<&str>| {
        if is_constant(word) { regex_lite::escape(word[0]) } else { pattern(word).0 }
    };
    Some((words.iter().map(one).collect::<Vec<_>>().join(" "), "varies"))
}

/// The kind that all values are of.
fn kind(values: &[&str]) -> Option<(String, &'static str)> {
    let length = one_length(values);
    let known = KINDS.iter().find(|(name, pattern)| {
        (*name != "hex" || length >= Some(TOKEN)) && all_match(values, pattern)
    });
    known.map(|(name, pattern)| match length {
        Some(length) if *name == "hex" => (pattern.replace('+', &format!("{{{length}}}")), *name),
        _ => ((*pattern).to_owned(), *name),
    })
}

/// Letters and digits without a meaning, always as many.
fn token(values: &[&str]) -> Option<(String, &'static str)> {
    let length = one_length(values).filter(|length| *length >= TOKEN)?;
    let pattern = format!("[A-Za-z0-9_-]{{{length}}}");
    all_match(values, &pattern).then_some((pattern, "token"))
}

/// The length in bytes of all values, if it is one.
fn one_length(values: &[&str]) -> Option<usize> {
    let length = values.first()?.len();
    values.iter().all(|value| value.len() == length).then_some(length)
}

fn all_match(values: &[&str], pattern: &str) -> bool {
    let whole = Regex::new(&format!("^(?:{pattern})$"));
    whole.is_ok_and(|whole| values.iter().all(|value| whole.is_match(value)))
}

/// What all values begin and end with; the two never overlap.
fn common_ends<'a>(values: &[&'a str]) -> (&'a str, &'a str) {
    let first = values.first().copied().unwrap_or_default();
    let alike = |a: &str, b: &str| -> usize {
        a.chars().zip(b.chars()).take_while(|(a, b)| a == b).map(|(c, _)| c.len_utf8()).sum()
    };
    let prefix = values.iter().map(|value| alike(first, value)).min().unwrap_or(0);
    let alike_backwards = |a: &str, b: &str| -> usize {
        let pairs = a.chars().rev().zip(b.chars().rev());
        pairs.take_while(|(a, b)| a == b).map(|(c, _)| c.len_utf8()).sum()
    };
    let rest = |value: &'a str| &value[prefix..];
    let suffix = values.iter().map(|value| alike_backwards(rest(first), rest(value))).min();
    (&first[..prefix], &first[first.len() - suffix.unwrap_or(0)..])
}

/// A JSON value as a mask's pattern sees it: a string without its quotes.
fn unquoted(value: &str) -> String {
    match serde_json::from_str(value) {
        Ok(Value::String(text)) => text,
        _ => value.to_owned(),
    }
}

fn as_script(mask: &Mask) -> String {
    let at = match &mask.place {
        Place::Header(name) => format!("header {name}"),
        Place::Json(path) => path.to_string(),
        Place::Body => "body".to_owned(),
        Place::Printed => "printed".to_owned(),
    };
    let (at, pattern) = (quoted(&at), quoted(mask.pattern.as_str()));
    format!("{{ at = {at}, pattern = {pattern}, as = {} }}", quoted(&mask.name))
}

/// A text in TOML: literal where a backslash would have to be doubled.
fn quoted(text: &str) -> String {
    if text.contains('\\') && !text.contains(|c: char| c == '\'' || c.is_control()) {
        return format!("'{text}'");
    }
    // JSON's escapes are TOML's as well.
    Value::from(text).to_string()
}

#[cfg(test)]
mod tests {
    use super::suggestion;
    use crate::course::{Message, script};
    use std::path::Path;

    /// What the line says of one place, between `mask = [{ at = …,` and ` }]`.
    fn suggested(place: &str, values: &[&str]) -> String {
        let values: Vec<_> = values.iter().map(|value| Some((*value).to_owned())).collect();
        let line = suggestion(&[], &[(place, &values)]).unwrap();
        line.split_once(", ").unwrap().1.trim_end_matches(" }]").to_owned()
    }

    #[test]
    fn the_pattern_is_what_the_values_look_like() {
        for (values, expected) in [
            (
                [
                    "\"6f9619ff-8b86-4d01-b42d-00c04fc964ff\"",
                    "\"0b3c2b7e-1f5d-4c8a-9a53-0d1e2f3a4b5c\"",
                ],
                r#"pattern = "^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$", as = "uuid""#,
            ),
            (["7", "12"], r#"pattern = '^\d+$', as = "integer""#),
            (["0.25", "-1.5"], r#"pattern = '^-?\d+\.\d+$', as = "float""#),
            (["1", "1.5"], r#"pattern = '^-?\d+(\.\d+)?([eE][+-]?\d+)?$', as = "number""#),
            (["\"12.40ms\"", "\"12.87ms\""], r#"pattern = '^\d+\.\d+ms$', as = "float""#),
            (
                ["\"item-17 (new)\"", "\"item-18 (new)\""],
                r#"pattern = '^item\-\d+ \(new\)$', as = "integer""#,
            ),
            (
                ["\"2026-01-02T03:04:05Z\"", "\"2026-01-02T03:04:06Z\""],
                r#"pattern = '^\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}:\d{2}(\.\d+)?(Z|[+-]\d{2}:?\d{2})?$', as = "timestamp""#,
            ),
            (["\"00ff17ab\"", "\"00ff17cd\""], r#"pattern = "^[0-9a-f]{8}$", as = "hex""#),
            (["\"Xk29_dLq\"", "\"Yz01-mNb\""], r#"pattern = "^[A-Za-z0-9_-]{8}$", as = "token""#),
            (["\"a red fox\"", "\"a grey fox\""], r#"pattern = "^a .* fox$", as = "varies""#),
        ] {
            assert_eq!(suggested("$.a", &values), expected, "{values:?}");
        }
    }

    #[test]
    fn only_the_lines_of_a_body_that_vary_are_covered() {
        assert_eq!(
            suggested("body", &["<p>\nat 10:11:12\n", "<p>\nat 10:11:13\n"]),
            r#"pattern = '(?m)^at \d{2}:\d{2}:\d{2}(\.\d+)?$', as = "time""#
        );
        assert_eq!(suggested("body", &["a\n", "b\nc\n"]), r#"pattern = "(?s)^.+$", as = "body""#);
    }

    #[test]
    fn printed_lines_are_covered_one_by_one() {
        assert_eq!(
            suggested("printed later", &["up\ntook 3 ms", "up\ntook 12 ms"]),
            r#"pattern = '^took \d+ ms$', as = "integer""#
        );
        let values = ["a", "a\nb"].map(|value| Some(value.to_owned()));
        assert_eq!(suggestion(&[], &[("printed", &values)]), None);
    }

    #[test]
    fn words_that_vary_are_covered_each_as_what_it_looks_like() {
        assert_eq!(
            suggested("printed", &["[17acce5c] GET / - 9.63ms", "[aa9b5cde] GET / - 10.78ms"]),
            r#"pattern = '^\[[0-9a-f]{8}\] GET / \- \d+\.\d+ms$', as = "varies""#
        );
    }

    #[test]
    fn what_is_pasted_covers_what_varied_and_keeps_the_masks_there_were() {
        let replies = ["abc 1.5 ms, it's", "def 22.75 ms, it's"].map(|value| {
            let body = format!("{{\"v\": \"{value}\", \"n\": 1}}");
            let headers = [("content-type", "application/json"), ("x-id", &body[7..10])];
            let headers = headers.map(|(name, value)| (name.to_owned(), value.to_owned()));
            Message::new((200, "OK"), headers.to_vec(), body.as_bytes())
        });
        let call = |mask: &str| {
            let text = format!(
                "title = ''\ngroup = ''\ntutorial = ''\n[[call]]\nname = 'a'\nrequest = 'GET /'\n\
                 extra = ''\n{mask}\n"
            );
            script::parse(Path::new(""), &text).unwrap_or_else(|error| panic!("{error}")).calls
        };
        let had = "mask = [{ at = \"header x-id\", pattern = '^\\w+$', as = \"id\" }]";
        let values =
            ["\"abc 1.5 ms, it's\"", "\"def 22.75 ms, it's\""].map(|value| Some(value.to_owned()));
        let pasted = suggestion(&call(had)[0].masks, &[("$.v", &values)]).unwrap();
        let masks = &call(&pasted)[0].masks;
        let masked = replies.map(|mut reply| {
            for mask in masks {
                mask.apply(&mut reply).unwrap();
            }
            reply
        });
        assert_eq!(masked[0], masked[1], "{pasted}");
    }

    #[test]
    fn a_status_and_a_value_that_is_sometimes_absent_cannot_be_masked() {
        let values = [Some("200 OK".to_owned()), Some("404 Not Found".to_owned())];
        assert_eq!(suggestion(&[], &[("status", &values)]), None);
        assert_eq!(suggestion(&[], &[("$.a", &[Some("1".to_owned()), None])]), None);
    }
}

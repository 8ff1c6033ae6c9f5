//! The body of a recorded reply as it came: snapshots show it in a form for people.

use crate::course::Message;

/// What is known of a body.
#[derive(Debug, PartialEq, Eq)]
pub enum Body {
    /// There is none.
    Empty,
    /// The text, byte for byte but for the server's own address, which is `{server}` in it.
    Text(String),
    /// The SHA-256 digest of bytes that are no text.
    Digest(String),
    /// JSON whose white space is not known.
    Json(serde_json::Value),
    /// A text of which this is not sure.
    Unsure,
}

/// The body of a recorded reply.
pub fn body(reply: &Message) -> Body {
    let shown = reply.body.as_str();
    if shown.is_empty() {
        return Body::Empty;
    }
    let digest = shown.strip_prefix('<').and_then(|rest| rest.split_once(" bytes, sha256 "));
    if let Some((_, rest)) = digest.filter(|(length, _)| length.parse::<usize>().is_ok()) {
        return Body::Digest(rest.split(',').next().unwrap_or_default().to_owned());
    }
    // A text with the server's address is as long as its port.
    let length = reply.header("content-length").filter(|_| !shown.contains("{server}"));
    let fits = |text: &String| length.is_none_or(|length| length == text.len().to_string());
    let Some(json) = reply.json() else {
        return Some(as_sent(shown)).filter(fits).map_or(Body::Unsure, Body::Text);
    };
    if reply.header("content-length").is_none() {
        return Body::Json(json);
    }
    let spaced = [("", ""), (" ", " ")].map(|(colon, comma)| respaced(shown, colon, comma));
    let found = spaced.into_iter().chain([shown.to_owned()]).find(fits);
    found.map_or(Body::Json(json), Body::Text)
}

/// The body of a recorded reply in which a mask covers something, if it is a text.
pub fn masked_text(reply: &Message) -> Option<String> {
    reply.json().is_none().then(|| as_sent(&reply.body))
}

/// A shown text with the blanks, line ends and the last line feed that were made visible.
fn as_sent(shown: &str) -> String {
    let shown = shown.strip_suffix('␊').unwrap_or(shown).replace('␍', "\r");
    let lines = shown.split('\n').map(|line| {
        let blank = line.strip_suffix('␠').map(|start| format!("{start} "));
        let tab = || line.strip_suffix('␉').map(|start| format!("{start}\t"));
        blank.or_else(tab).unwrap_or_else(|| line.to_owned())
    });
    lines.collect::<Vec<_>>().join("\n")
}

/// JSON with other white space between its tokens.
fn respaced(json: &str, after_colon: &str, after_comma: &str) -> String {
    let mut out = String::with_capacity(json.len());
    let (mut in_string, mut escaped) = (false, false);
    for c in json.chars() {
        if !in_string && c.is_ascii_whitespace() {
            continue;
        }
        out.push(c);
        match c {
            '"' if !escaped => in_string = !in_string,
            ':' if !in_string => out.push_str(after_colon),
            ',' if !in_string => out.push_str(after_comma),
            _ => {}
        }
        escaped = in_string && c == '\\' && !escaped;
    }
    out
}

#[cfg(test)]
mod tests {
    use super::{Body, body};
    use crate::course::Message;

    fn check(kind: &str, sent: &str, expected: Option<&str>) {
        let headers =
            [("content-type", kind.to_owned()), ("content-length", sent.len().to_string())];
        let headers = headers.map(|(name, value)| (name.to_owned(), value)).to_vec();
        let message = Message::new((200, ""), headers, sent.as_bytes());
        let expected = expected.map(str::to_owned).map(Body::Text);
        let found = Some(body(&message)).filter(|found| matches!(found, Body::Text(_)));
        assert_eq!(found, expected, "{sent}");
    }

    #[test]
    fn the_bytes_of_a_body_are_found_again() {
        for json in [
            r#"{"a":[1,{"b":"x: \"y\", z"}],"c":{}}"#,
            r#"{"a": [1, {"b": "x: y"}]}"#,
            "{\n  \"a\": 1\n}",
            r#""\\\"""#,
        ] {
            check("application/json", json, Some(json));
        }
        for text in ["a", "a \nb\t\r\n", "a\n\n", "\n", " ", "é"] {
            check("text/plain", text, Some(text));
        }
    }

    #[test]
    fn what_cannot_be_found_again_is_not_guessed() {
        check("application/json", "{ \"a\":1 }", None);
        check("text/plain", "a␠\n", None);
    }
}

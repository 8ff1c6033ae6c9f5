//! Texts as hurl files have them: each place has its own way to quote, and braces are templates.

use crate::report::template::{Piece, in_braces};

/// A URL or a header's value, which stand without quotes.
pub fn unquoted(pieces: &[Piece<'_>]) -> String {
    let last = pieces.len().saturating_sub(1);
    let blank_at = |index: usize, text: &str, at: usize| {
        let outside = index == 0 && at == 0 || index == last && at + 1 == text.len();
        outside && text[at..].starts_with(' ')
    };
    let mut literal = String::new();
    for (index, piece) in pieces.iter().enumerate() {
        let Piece::Text(text) = piece else {
            literal += &in_braces(&[*piece], str::to_owned);
            continue;
        };
        for (at, c) in text.char_indices() {
            match c {
                '#' => literal += "\\#",
                ' ' if blank_at(index, text, at) => literal += "\\u{20}",
                _ => literal += &escaped(text, at, c, None),
            }
        }
    }
    literal
}

/// A header's name.
pub fn key(name: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "-_.".contains(c);
    let part = |c: char| if plain(c) { c.to_string() } else { code_point(c) };
    name.chars().map(part).collect()
}

/// A text in double quotes, as in asserts.
pub fn quoted(pieces: &[Piece<'_>]) -> String {
    format!("\"{}\"", in_braces(pieces, |text| inside(text, '"')))
}

/// A text in double quotes, without variables.
pub fn text(text: &str) -> String {
    quoted(&[Piece::Text(text)])
}

/// A body of text: bare JSON, several lines as they are, or one with escapes.
pub fn body(pieces: &[Piece<'_>]) -> String {
    let raw = in_braces(pieces, str::to_owned);
    let has_templates = pieces.iter().any(|piece| match piece {
        Piece::Text(text) => text.contains("{{") || text.ends_with('{'),
        Piece::Variable(_) => false,
    });
    let control = |c: char| c.is_control() && !matches!(c, '\n' | '\t');
    let is_json =
        raw.starts_with(['{', '[']) && serde_json::from_str::<serde::de::IgnoredAny>(&raw).is_ok();
    if is_json && !has_templates && !raw.contains(['\\', '\n', '\u{7f}']) {
        raw
    } else if raw.contains('\n')
        && !has_templates
        && !raw.contains(control)
        && !raw.contains("```")
        && !raw.ends_with('`')
    {
        format!("```\n{raw}```")
    } else {
        format!("`{}`", in_braces(pieces, |text| inside(text, '`')))
    }
}

/// Bytes that are no text.
pub fn bytes(bytes: &[u8]) -> String {
    let digits: Vec<String> = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
    format!("hex,{};", digits.concat())
}

fn inside(text: &str, quote: char) -> String {
    text.char_indices().map(|(at, c)| escaped(text, at, c, Some(quote))).collect()
}

/// A character of a text; two opening braces, or one before a variable, would be a template.
fn escaped(text: &str, at: usize, c: char, quote: Option<char>) -> String {
    let next = text[at + c.len_utf8()..].chars().next();
    match c {
        '\\' => "\\\\".to_owned(),
        '\n' => "\\n".to_owned(),
        '\r' => "\\r".to_owned(),
        '\t' => "\\t".to_owned(),
        '{' if matches!(next, None | Some('{')) => code_point(c),
        _ if Some(c) == quote => format!("\\{c}"),
        _ if c.is_control() => code_point(c),
        _ => c.to_string(),
    }
}

fn code_point(c: char) -> String {
    format!("\\u{{{:x}}}", u32::from(c))
}

#[cfg(test)]
mod tests {
    use super::{body, bytes, key, quoted, unquoted};
    use crate::report::template::Piece::{self, Text, Variable};

    fn check(literal: fn(&[Piece<'_>]) -> String, pieces: &[Piece<'_>], expected: &str) {
        assert_eq!(literal(pieces), expected, "{pieces:?}");
    }

    #[test]
    fn what_stands_without_quotes_keeps_its_blanks_and_hashes() {
        check(unquoted, &[Variable("base_url"), Text("/a?b={c}&d#")], r"{{base_url}}/a?b={c}&d\#");
        check(unquoted, &[Text("  a b ")], r"\u{20} a b\u{20}");
        check(unquoted, &[Text("\"\\\t{{x}}")], r#""\\\t\u{7b}{x}}"#);
        check(unquoted, &[Text("a "), Variable("b")], "a {{b}}");
        check(unquoted, &[], "");
        assert_eq!(key("x-a_b.c"), "x-a_b.c");
        assert_eq!(key("a!#"), r"a\u{21}\u{23}");
    }

    #[test]
    fn what_stands_in_quotes_is_escaped() {
        check(quoted, &[Text("a\"b\\d\n`")], r#""a\"b\\d\n`""#);
        check(quoted, &[Text("{"), Variable("a"), Text("}")], r#""\u{7b}{{a}}}""#);
    }

    #[test]
    fn a_body_is_as_readable_as_it_can_be() {
        check(body, &[Text(r#"{"a": "é#"}"#)], r#"{"a": "é#"}"#);
        check(body, &[Text(r#"{"a": ""#), Variable("t"), Text("\"}")], r#"{"a": "{{t}}"}"#);
        check(body, &[Text(r#"{"a": nul"#)], r#"`{"a": nul`"#);
        check(body, &[Text(r#"["\u00e9"]"#)], r#"`["\\u00e9"]`"#);
        check(body, &[Text(r#"["{{"]"#)], r#"`["\u{7b}{"]`"#);
        check(body, &[Text("a\nb")], "```\na\nb```");
        check(body, &[Text("a\r\n`b`")], r"`a\r\n\`b\``");
        check(body, &[Text("42")], "`42`");
        assert_eq!(bytes(b"\xff\0"), "hex,ff00;");
    }
}

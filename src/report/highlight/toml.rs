//! The colours of TOML, which `syntect` does not have among its languages. A text that is not
//! closed runs to the end; whether the code is right is not decided here.

use super::Part;

/// The quotes of a text, the longer ones first.
const QUOTES: [&str; 4] = ["'''", "\"\"\"", "'", "\""];

/// The code in colours.
pub(super) fn highlight(code: &str) -> String {
    let mut painted = String::new();
    let mut rest = code;
    while !rest.is_empty() {
        let is_line_start = painted.is_empty() || painted.ends_with('\n');
        let (length, part) = match table(rest).filter(|_| is_line_start) {
            Some(length) => (length, Part::Type),
            None => token(rest),
        };
        painted += &part.paint(&rest[..length]);
        rest = &rest[length..];
    }
    painted
}

/// The length of a table's header, `[name]` or `[[name]]`, if the text begins with one.
fn table(rest: &str) -> Option<usize> {
    let end = line(rest).rfind(']')?;
    rest.starts_with('[').then_some(end + 1)
}

/// The length of the first token in bytes, and what it is.
fn token(rest: &str) -> (usize, Part) {
    if rest.starts_with('#') {
        return (line(rest).len(), Part::Comment);
    }
    if let Some(quote) = QUOTES.into_iter().find(|quote| rest.starts_with(quote)) {
        return (text(rest, quote), Part::Text);
    }
    let word = rest.split(|char: char| !is_bare(char)).next().unwrap_or_default();
    match word.len() {
        0 => (rest.chars().next().map_or(0, char::len_utf8), Part::Other),
        length => (length, bare(word, &rest[length..])),
    }
}

fn line(rest: &str) -> &str {
    rest.split('\n').next().unwrap_or_default()
}

/// The length of the text that begins with this quote; a backslash hides what follows it,
/// except between single quotes.
fn text(rest: &str, quote: &str) -> usize {
    let mut at = quote.len();
    while !rest[at..].starts_with(quote) {
        let Some(char) = rest[at..].chars().next() else {
            return rest.len();
        };
        let escaped = char == '\\' && quote.starts_with('"');
        at += char.len_utf8();
        at += rest[at..].chars().next().filter(|_| escaped).map_or(0, char::len_utf8);
    }
    at + quote.len()
}

/// Whether a key, a number, a date or a word like `true` may have this character.
fn is_bare(char: char) -> bool {
    char.is_alphanumeric() || "_-+.:".contains(char)
}

fn bare(word: &str, after: &str) -> Part {
    if after.trim_start_matches(' ').starts_with('=') {
        return Part::Key;
    }
    let is_number =
        word.trim_start_matches(['+', '-']).starts_with(|char: char| char.is_ascii_digit());
    match word {
        "true" | "false" => Part::Constant,
        _ if is_number => Part::Constant,
        _ => Part::Other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(code: &str, parts: &[(Part, &str)]) {
        let painted: String = parts.iter().map(|(part, text)| part.paint(text)).collect();
        assert_eq!(highlight(code), painted);
    }

    #[test]
    fn keys_tables_texts_and_numbers_differ() {
        use Part::{Comment, Constant, Key, Other, Text, Type};
        check("[[call]]\n", &[(Type, "[[call]]"), (Other, "\n")]);
        check(
            "a.b = 'x' # c",
            &[(Key, "a.b"), (Other, " = "), (Text, "'x'"), (Other, " "), (Comment, "# c")],
        );
        check(
            "{ n=-1.5, t=true }",
            &[
                (Other, "{ "),
                (Key, "n"),
                (Other, "="),
                (Constant, "-1.5"),
                (Other, ", "),
                (Key, "t"),
                (Other, "="),
                (Constant, "true"),
                (Other, " }"),
            ],
        );
    }

    #[test]
    fn texts_may_have_lines_quotes_and_no_end() {
        check("'''\na = \"1\" # no\n'''", &[(Part::Text, "'''\na = \"1\" # no\n'''")]);
        check(r#""a\"b" "#, &[(Part::Text, r#""a\"b""#), (Part::Other, " ")]);
        check(r"'a\' ", &[(Part::Text, r"'a\'"), (Part::Other, " ")]);
        check("\"é", &[(Part::Text, "\"é")]);
        check("[open", &[(Part::Other, "[open")]);
    }
}

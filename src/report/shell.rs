//! Words for a POSIX shell: what they stand for reaches the program byte for byte.

use std::fmt::Write as _;

use super::template::{BASE_URL, Piece};

/// A word: bare where it can be, in double quotes around variables, else in single quotes.
pub fn word(pieces: &[Piece<'_>]) -> String {
    let harmless = |piece: &Piece<'_>| match piece {
        Piece::Text(text) => !text.contains(['$', '`', '"', '\\', '!']),
        Piece::Variable(_) => true,
    };
    let is_text = |piece: &Piece<'_>| matches!(piece, Piece::Text(_));
    if pieces.iter().all(is_text) {
        quoted(&texts(pieces))
    } else if pieces.iter().all(harmless) {
        format!("\"{}\"", expanded(pieces))
    } else {
        let part = |piece: &Piece<'_>| match piece {
            Piece::Text(text) => quoted(text),
            Piece::Variable(name) => format!("\"${}\"", variable(name)),
        };
        pieces.iter().map(part).collect()
    }
}

/// The shell's name for a variable.
pub fn variable(name: &str) -> String {
    if name == BASE_URL {
        return "BASE_URL".to_owned();
    }
    let name = name.replace(|c: char| !c.is_ascii_alphanumeric(), "_");
    format!("captured_{name}")
}

/// Whether a text can stand between quotes in a line that is copied and pasted: a terminal loses
/// control characters, and a shell has no way to write NUL.
pub fn can_quote(text: &[u8]) -> bool {
    let lost = |c: char| c.is_control() && c != '\n';
    std::str::from_utf8(text).is_ok_and(|text| !text.contains(lost))
}

/// The command that prints bytes which cannot stand between quotes, with the variables in them.
pub fn printf(body: &[u8], names: &[&str]) -> String {
    let mut format = String::new();
    let mut arguments = String::new();
    for chunk in body.utf8_chunks() {
        for piece in super::template::pieces(chunk.valid(), names) {
            match piece {
                Piece::Text(text) => format.extend(text.chars().map(in_format)),
                Piece::Variable(name) => {
                    format += "%s";
                    arguments += &format!(" \"${}\"", variable(name));
                }
            }
        }
        chunk.invalid().iter().for_each(|byte| format += &octal(*byte));
    }
    // A first dash would be an option.
    if let Some(rest) = format.strip_prefix('-') {
        format = format!("\\055{rest}");
    }
    format!("printf '{format}'{arguments}")
}

/// A character in the format of `printf`, between single quotes.
fn in_format(c: char) -> String {
    match c {
        '%' => "%%".to_owned(),
        '\\' => "\\\\".to_owned(),
        '\n' => "\\n".to_owned(),
        '\r' => "\\r".to_owned(),
        '\t' => "\\t".to_owned(),
        c if c.is_control() || c == '\'' => c.encode_utf8(&mut [0; 4]).bytes().map(octal).collect(),
        c => c.to_string(),
    }
}

/// Always three digits, so that a digit may follow.
fn octal(byte: u8) -> String {
    let mut text = String::new();
    // Writing to a string cannot fail.
    let _ = write!(text, "\\{byte:03o}");
    text
}

fn texts(pieces: &[Piece<'_>]) -> String {
    let text = |piece: &Piece<'_>| match piece {
        Piece::Text(text) | Piece::Variable(text) => (*text).to_owned(),
    };
    pieces.iter().map(text).collect()
}

/// The inside of a word in double quotes; braces keep a name apart from what follows it.
fn expanded(pieces: &[Piece<'_>]) -> String {
    let mut inside = String::new();
    for (index, piece) in pieces.iter().enumerate() {
        let joins = |c: char| c.is_ascii_alphanumeric() || c == '_';
        let joined =
            matches!(pieces.get(index + 1), Some(Piece::Text(text)) if text.starts_with(joins));
        match piece {
            Piece::Text(text) => inside += text,
            Piece::Variable(name) if joined => inside += &format!("${{{}}}", variable(name)),
            Piece::Variable(name) => inside += &format!("${}", variable(name)),
        }
    }
    inside
}

fn quoted(word: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "/:._-+%@,=".contains(c);
    if !word.is_empty() && word.chars().all(plain) {
        return word.to_owned();
    }
    format!("'{}'", word.replace('\'', r"'\''"))
}

#[cfg(test)]
mod tests {
    use super::super::template::Piece::{Text, Variable};
    use super::{can_quote, printf, word};

    #[test]
    fn a_word_is_quoted_as_far_as_it_needs_it() {
        for (pieces, expected) in [
            (vec![], "''"),
            (vec![Text("a/b?c")], "'a/b?c'"),
            (vec![Text("a/b:c")], "a/b:c"),
            (vec![Text("it's")], r"'it'\''s'"),
            (vec![Variable("base_url"), Text("/a?b=1&c")], "\"$BASE_URL/a?b=1&c\""),
            (vec![Variable("a-b"), Text("c")], "\"${captured_a_b}c\""),
            (vec![Variable("a"), Text("$`\"")], "\"$captured_a\"'$`\"'"),
        ] {
            assert_eq!(word(&pieces), expected);
        }
    }

    #[test]
    fn what_no_quotes_can_hold_is_printed() {
        for (body, expected) in [
            (b"a\x001".as_slice(), r"printf 'a\0001'"),
            (b"--x\r\n", r"printf '\055-x\r\n'"),
            (b"100%\\'\x07", r"printf '100%%\\\047\007'"),
            (b"\xff\xc3\xa9", "printf '\\377é'"),
            (b"\x01${a}${b}", r#"printf '\001%s${b}' "$captured_a""#),
        ] {
            assert!(!can_quote(body) || body[0] == b'1', "{body:?}");
            assert_eq!(printf(body, &["a"]), expected);
        }
        assert!(can_quote("é\n$`!'\"".as_bytes()));
    }
}

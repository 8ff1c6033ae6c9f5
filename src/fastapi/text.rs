//! Python's way with text, where Rust's differs.

/// How many digits Python reads as a number before it refuses.
const MAX_DIGITS: usize = 4300;

/// Python's `str.strip()`: unlike [`str::trim`] it also takes U+001C to U+001F away.
pub fn strip(text: &str) -> &str {
    text.trim_matches(is_space)
}

/// Python's `str.split()`: the words between blanks.
pub fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(is_space).filter(|word| !word.is_empty())
}

/// Python's `int(text)` for a text without blanks around it and with no digits but ASCII's. What
/// exceeds 64 bits counts as their end: it is only compared with what does not.
pub fn int(text: &str) -> Option<i64> {
    let (digits, farthest) = match text.strip_prefix('-') {
        Some(digits) => (digits, i64::MIN),
        None => (text.strip_prefix('+').unwrap_or(text), i64::MAX),
    };
    // An underscore may stand between two digits, nowhere else.
    let grouped = |group: &str| !group.is_empty() && group.bytes().all(|b| b.is_ascii_digit());
    let plain = digits.replace('_', "");
    if !digits.split('_').all(grouped) || plain.len() > MAX_DIGITS {
        return None;
    }
    let sign = if farthest < 0 { "-" } else { "" };
    Some(format!("{sign}{plain}").parse().unwrap_or(farthest))
}

/// Text as it stands in a header: Python reads and writes headers as latin-1.
pub fn from_latin_1(bytes: &[u8]) -> String {
    bytes.iter().copied().map(char::from).collect()
}

/// The bytes of a header, if latin-1 has all of its characters.
pub fn to_latin_1(text: &str) -> Option<Vec<u8>> {
    text.chars().map(|character| u8::try_from(character).ok()).collect()
}

fn is_space(character: char) -> bool {
    character.is_whitespace() || ('\u{1c}'..='\u{1f}').contains(&character)
}

/// Python's `bytes.decode("utf-8", errors="ignore")`: what is no UTF-8 is left out.
pub fn decode_ignoring_errors(bytes: &[u8]) -> String {
    bytes.utf8_chunks().map(|chunk| chunk.valid()).collect()
}

/// Python's `bytes.hex()`.
pub fn hex(bytes: &[u8]) -> String {
    let digits = bytes.iter().flat_map(|byte| [byte >> 4, byte & 0xf]);
    digits.filter_map(|digit| char::from_digit(digit.into(), 16)).collect()
}

#[cfg(test)]
mod tests {
    use super::{decode_ignoring_errors, hex, int, strip, words};

    #[test]
    fn separators_are_blanks_too_but_a_zero_width_space_is_none() {
        assert_eq!(strip("\u{1c}\u{1f}\u{85}\u{a0}\u{3000}\t a b \r\n\u{2028}"), "a b");
        assert_eq!(strip("\u{200b}a\u{feff}"), "\u{200b}a\u{feff}");
        assert_eq!(strip("\u{1b}"), "\u{1b}");
        assert_eq!(words(" a\u{1c}b \t\u{a0}c").collect::<Vec<_>>(), ["a", "b", "c"]);
    }

    #[test]
    fn integers_are_read_as_python_reads_them() {
        for (text, expected) in [
            ("007", Some(7)),
            ("+7", Some(7)),
            ("-7", Some(-7)),
            ("-0", Some(0)),
            ("1_000", Some(1000)),
            ("9223372036854775808", Some(i64::MAX)),
            ("-9223372036854775809", Some(i64::MIN)),
            ("", None),
            ("-", None),
            ("+-1", None),
            ("_1", None),
            ("1_", None),
            ("1__0", None),
            ("1 0", None),
            ("1.0", None),
            ("²", None),
        ] {
            assert_eq!(int(text), expected, "{text}");
        }
        assert_eq!(int(&"0".repeat(4300)), Some(0));
        assert_eq!(int(&"0".repeat(4301)), None);
    }

    #[test]
    fn hex_has_two_digits_a_byte() {
        assert_eq!(hex(&[0, 9, 0x1f, 0xa0, 0xff]), "00091fa0ff");
    }

    #[test]
    fn decoding_leaves_out_what_is_no_utf_8() {
        let cases: [(&[u8], &str); 5] = [
            (b"caf\xc3", "caf"),
            (b"a\xffb", "ab"),
            (b"\xe2\x82z\xed\xa0\x80", "z"),
            (b"\xc3\xa9\0", "é\0"),
            (b"", ""),
        ];
        for (bytes, text) in cases {
            assert_eq!(decode_ignoring_errors(bytes), text, "{bytes:?}");
        }
    }
}

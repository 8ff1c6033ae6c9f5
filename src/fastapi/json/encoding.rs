//! From the bytes of a JSON body to characters: UTF-8, 16 or 32, with or without a mark, as
//! CPython's `json.detect_encoding` tells them apart.
//!
//! Python's text may hold lone surrogates, Rust's may not. Here U+D800 to U+DFFF are kept as the
//! private-use characters U+10D800 to U+10DFFF: one character each, refused when it is written.

/// Where lone surrogates are kept: this much above their own code point.
const SURROGATE_OFFSET: u32 = 0x10_0000;

/// The bytes are not text in the encoding that they seem to be in.
#[derive(Debug, PartialEq, Eq)]
pub struct NotText;

/// Whether a character stands for a lone surrogate.
pub fn is_surrogate(character: char) -> bool {
    ('\u{10d800}'..='\u{10dfff}').contains(&character)
}

/// The lone surrogate that a character stands for.
pub fn surrogate(character: char) -> u32 {
    u32::from(character).saturating_sub(SURROGATE_OFFSET)
}

/// The character that a code point is kept as; `None` beyond Unicode.
pub fn character(code: u32) -> Option<char> {
    match code {
        0xd800..=0xdfff => char::from_u32(code + SURROGATE_OFFSET),
        _ => char::from_u32(code),
    }
}

/// The code units of a character in UTF-16, one for what stands for a lone surrogate.
pub fn units(character: char) -> Vec<u16> {
    match u16::try_from(u32::from(character).wrapping_sub(SURROGATE_OFFSET)) {
        Ok(unit) if is_surrogate(character) => vec![unit],
        _ => character.encode_utf16(&mut [0; 2]).to_vec(),
    }
}

/// Decodes a body.
pub fn decode(bytes: &[u8]) -> Result<Vec<char>, NotText> {
    match bytes {
        [0, 0, 0xfe, 0xff, rest @ ..] => utf32(rest, u32::from_be_bytes),
        [0xff, 0xfe, 0, 0, rest @ ..] => utf32(rest, u32::from_le_bytes),
        [0xfe, 0xff, rest @ ..] => utf16(rest, u16::from_be_bytes),
        [0xff, 0xfe, rest @ ..] => utf16(rest, u16::from_le_bytes),
        [0xef, 0xbb, 0xbf, rest @ ..] => utf8(rest),
        [0, 0, _, _, ..] => utf32(bytes, u32::from_be_bytes),
        [0, _, _, _, ..] | [0, _] => utf16(bytes, u16::from_be_bytes),
        [_, 0, 0, 0, ..] => utf32(bytes, u32::from_le_bytes),
        [_, 0, _, _, ..] | [_, 0] => utf16(bytes, u16::from_le_bytes),
        _ => utf8(bytes),
    }
}

fn utf32(bytes: &[u8], number: fn([u8; 4]) -> u32) -> Result<Vec<char>, NotText> {
    let (units, rest) = bytes.as_chunks::<4>();
    let whole = rest.is_empty().then_some(units).ok_or(NotText)?;
    whole.iter().map(|unit| character(number(*unit)).ok_or(NotText)).collect()
}

fn utf16(bytes: &[u8], number: fn([u8; 2]) -> u16) -> Result<Vec<char>, NotText> {
    let (units, rest) = bytes.as_chunks::<2>();
    let whole = rest.is_empty().then_some(units).ok_or(NotText)?;
    let decoded = char::decode_utf16(whole.iter().map(|unit| number(*unit)));
    decoded
        .map(|unit| match unit {
            Ok(character) => Ok(character),
            Err(lone) => character(u32::from(lone.unpaired_surrogate())).ok_or(NotText),
        })
        .collect()
}

/// UTF-8 in which, as with Python's `surrogatepass`, surrogates may be written as three bytes.
fn utf8(bytes: &[u8]) -> Result<Vec<char>, NotText> {
    let mut characters = Vec::with_capacity(bytes.len());
    let mut rest = bytes;
    loop {
        let (valid, bad) = match std::str::from_utf8(rest) {
            Ok(text) => (text, None),
            Err(error) => {
                let (valid, bad) = rest.split_at(error.valid_up_to());
                (std::str::from_utf8(valid).map_err(|_| NotText)?, Some(bad))
            }
        };
        characters.extend(valid.chars());
        match bad {
            None => return Ok(characters),
            Some([0xed, second @ 0xa0..=0xbf, third @ 0x80..=0xbf, tail @ ..]) => {
                let code = 0xd000 | u32::from(second & 0x3f) << 6 | u32::from(third & 0x3f);
                characters.push(character(code).ok_or(NotText)?);
                rest = tail;
            }
            Some(_) => return Err(NotText),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{NotText, decode};

    fn check(bytes: &[u8], expected: &str) {
        let decoded = decode(bytes).map(|characters| characters.into_iter().collect::<String>());
        assert_eq!(decoded, Ok(expected.to_owned()), "{bytes:?}");
    }

    #[test]
    fn a_body_may_be_in_any_unicode_encoding_with_or_without_its_mark() {
        check(b"{}", "{}");
        check(b"\xef\xbb\xbf{}", "{}");
        check(b"{\0}\0", "{}");
        check(b"\0{\0}", "{}");
        check(b"\xff\xfe{\0}\0", "{}");
        check(b"\xfe\xff\0{\0}", "{}");
        check(b"{\0\0\0", "{");
        check(b"\0\0\0{", "{");
        check(b"\xff\xfe\0\0{\0\0\0", "{");
        check(b"1\0", "1");
        check(b"", "");
    }

    #[test]
    fn a_lone_surrogate_is_one_character() {
        check(b"\"\xed\xa0\x80\"", "\"\u{10d800}\"");
        check(b"\xff\xfe\x00\xd8", "\u{10d800}");
    }

    #[test]
    fn what_is_no_text_is_refused() {
        for bytes in [b"\xff".as_slice(), b"{\xc3(}", b"\xff\xfe{", b"\xed\xa0"] {
            assert_eq!(decode(bytes), Err(NotText), "{bytes:?}");
        }
    }
}

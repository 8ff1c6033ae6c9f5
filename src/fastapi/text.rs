//! Python's way with text, where Rust's differs.

/// Python's `str.strip()`: unlike [`str::trim`] it also takes U+001C to U+001F away.
pub fn strip(text: &str) -> &str {
    text.trim_matches(|c: char| c.is_whitespace() || ('\u{1c}'..='\u{1f}').contains(&c))
}

#[cfg(test)]
mod tests {
    use super::strip;

    #[test]
    fn separators_are_blanks_too_but_a_zero_width_space_is_none() {
        assert_eq!(strip("\u{1c}\u{1f}\u{85}\u{a0}\u{3000}\t a b \r\n\u{2028}"), "a b");
        assert_eq!(strip("\u{200b}a\u{feff}"), "\u{200b}a\u{feff}");
        assert_eq!(strip("\u{1b}"), "\u{1b}");
    }
}

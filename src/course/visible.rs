//! Makes visible what insta ignores and terminals hide: trailing blanks, carriage returns, control
//! characters. Unicode has pictures of them: `␠`, `␉`, `␍`, `␛`.

/// Each line of a text with its trailing blank, and each carriage return, made visible.
pub fn blanks(text: &str) -> String {
    let lines = text.replace('\r', "␍");
    let shown = lines.split('\n').map(|line| match line.char_indices().next_back() {
        Some((end, ' ')) => format!("{}␠", &line[..end]),
        Some((end, '\t')) => format!("{}␉", &line[..end]),
        _ => line.to_owned(),
    });
    shown.collect::<Vec<_>>().join("\n")
}

/// A line with all its control characters but the tab, and its trailing blank, made visible.
pub fn line(line: &str) -> String {
    blanks(&line.chars().map(picture).collect::<String>())
}

fn picture(character: char) -> char {
    match u32::from(character) {
        0x09 => character,
        code @ 0x00..0x20 => char::from_u32(0x2400 + code).unwrap_or(character),
        0x7f => '␡',
        // Those beyond ASCII have no pictures.
        0x80..0xa0 => '\u{fffd}',
        _ => character,
    }
}

#[cfg(test)]
mod tests {
    use super::line;

    #[test]
    fn nothing_of_a_line_is_invisible() {
        for (printed, shown) in [
            ("", ""),
            (" a\tb", " a\tb"),
            ("a  ", "a ␠"),
            ("a\t", "a␉"),
            ("50 %\r100 %", "50 %␍100 %"),
            ("\u{1b}[31mred", "␛[31mred"),
            ("\0\u{7f}\u{85}", "␀␡\u{fffd}"),
            ("é€𝄞", "é€𝄞"),
        ] {
            assert_eq!(line(printed), shown, "{printed:?}");
        }
    }
}

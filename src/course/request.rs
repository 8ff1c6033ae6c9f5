//! A request line as people write it, `GET /items/99`: its two parts, or what is wrong and where.

use std::ops::Range;

/// Something in a line that makes it no request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mistake {
    /// The bytes of the line that show it.
    pub span: Range<usize>,
    /// What is wrong.
    pub message: &'static str,
    /// How it is right.
    pub help: String,
}

/// The method and the target of a line. The target is what goes over the wire, byte for byte.
pub fn parse(line: &str) -> Result<(String, String), Mistake> {
    let mistake = |span, message, help: &str| Err(Mistake { span, message, help: help.to_owned() });
    let Some((method, target)) = line.split_once(' ') else {
        let message = "a request is a method, one blank and a target";
        return mistake(0..line.len(), message, EXAMPLE);
    };
    if method.is_empty() || !method.bytes().all(|byte| byte.is_ascii_uppercase()) {
        return mistake(0..method.len(), "a method is written in upper case", EXAMPLE);
    }
    let start = method.len() + 1;
    if !target.starts_with('/') {
        let message = "a request's target starts with a slash";
        return mistake(start..line.len(), message, EXAMPLE);
    }
    if let Some(blank) = target.find(' ') {
        let span = start + blank..start + blank + 1;
        return mistake(span, "a request's target has no blank", "write it as `%20`");
    }
    if let Some((at, character)) = target.char_indices().find(|(_, c)| !may_stand(*c)) {
        let span = start + at..start + at + character.len_utf8();
        let message = "this character must be percent-encoded in a request's target";
        let encoded = encoded(character);
        let help = format!("the target is sent as it is written; write it as `{encoded}`");
        return Err(Mistake { span, message, help });
    }
    Ok((method.to_owned(), target.to_owned()))
}

const EXAMPLE: &str = "as in `GET /items/99`";

fn may_stand(character: char) -> bool {
    character.is_ascii_graphic() && !"<>#^`\\".contains(character)
}

fn encoded(character: char) -> String {
    let mut text = String::new();
    for byte in character.encode_utf8(&mut [0; 4]).bytes() {
        text += &format!("%{byte:02X}");
    }
    text
}

#[cfg(test)]
mod tests {
    use super::parse;

    #[test]
    fn a_line_is_a_method_and_a_target() {
        let parts = parse("GET /items/99?q=%zz&a[]=1").unwrap();
        assert_eq!(parts, ("GET".to_owned(), "/items/99?q=%zz&a[]=1".to_owned()));
    }

    #[test]
    fn a_mistake_is_shown_where_it_is() {
        for (line, span, help) in [
            ("GET", 0..3, "`GET /items/99`"),
            ("get /", 0..3, "`GET /items/99`"),
            ("GET items", 4..9, "`GET /items/99`"),
            ("GET /a b", 6..7, "`%20`"),
            ("GET /aé?b", 6..8, "`%C3%A9`"),
            ("GET /a#b", 6..7, "`%23`"),
        ] {
            let mistake = parse(line).unwrap_err();
            assert_eq!(mistake.span, span, "{line}");
            assert!(mistake.help.contains(help), "{line}: {}", mistake.help);
        }
    }
}

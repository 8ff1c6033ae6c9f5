//! How a piece of text looks on a terminal, and the escape codes that say so. The words for it
//! are those of the crate `colored`; its process-wide switch is not used, because whoever has
//! text to show is told whether colour is wanted.

use colored::{Color, Style, Styles};

/// The codes of the styles in use (ECMA-48, "select graphic rendition").
const CODES: [(Styles, &str); 4] =
    [(Styles::Bold, "1"), (Styles::Dimmed, "2"), (Styles::Italic, "3"), (Styles::Underline, "4")];

/// A colour and a style; by default neither.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Ink {
    colour: Option<Color>,
    style: Style,
}

impl Ink {
    /// The same in this colour.
    pub fn colour(self, colour: Color) -> Self {
        Self { colour: Some(colour), ..self }
    }

    /// The same with this style as well.
    pub fn style(mut self, style: Styles) -> Self {
        self.style.add(style);
        self
    }

    /// The text between escape codes, each of its lines by itself: no style runs over the end of
    /// a line, where something else may be put in front of the next one.
    pub fn paint(self, text: &str) -> String {
        let codes = self.codes();
        if codes.is_empty() {
            return text.to_owned();
        }
        let painted = |line| match line {
            "" => String::new(),
            line => format!("\x1b[{codes}m{line}\x1b[0m"),
        };
        text.split('\n').map(painted).collect::<Vec<_>>().join("\n")
    }

    fn codes(self) -> String {
        let styles = CODES.iter().filter(|(style, _)| self.style.contains(*style));
        let mut codes: Vec<_> = styles.map(|(_, code)| (*code).into()).collect();
        codes.extend(self.colour.as_ref().map(Color::to_fg_str));
        codes.join(";")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(ink: Ink, text: &str, expected: &str) {
        assert_eq!(ink.paint(text), expected);
    }

    #[test]
    fn colour_and_styles_are_one_escape_code() {
        let red = Ink::default().colour(Color::Red);
        check(Ink::default(), "as it is", "as it is");
        check(red, "no", "\x1b[31mno\x1b[0m");
        check(red.style(Styles::Underline).style(Styles::Bold), "no", "\x1b[1;4;31mno\x1b[0m");
    }

    #[test]
    fn every_line_is_painted_by_itself() {
        let dim = Ink::default().style(Styles::Dimmed);
        check(dim, "a\n\nb\n", "\x1b[2ma\x1b[0m\n\n\x1b[2mb\x1b[0m\n");
    }
}

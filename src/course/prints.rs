//! What a server prints for one request, as a part of the call's transcript, and its place below
//! the body in the text of a snapshot:
//!
//! ```text
//! printed
//! │ one line
//!
//! printed later
//! │ another
//! ```
//!
//! A line of a body that starts like a printed one gets a backslash in front of it there, so that
//! neither is ever taken for the other.

use super::visible;

/// The name of what was printed before the reply was complete.
const BEFORE: &str = "printed";

/// The name of what was printed after it.
const LATER: &str = "printed later";

/// What stands before each printed line.
const GUTTER: char = '│';

/// Lines that a server printed for one request, as they are shown.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Prints {
    /// Before the reply was complete.
    pub before: Vec<String>,
    /// After it, by background tasks.
    pub later: Vec<String>,
}

impl Prints {
    /// What was printed, with nothing in it left invisible. A text of several lines is as many.
    pub fn new(before: &[String], later: &[String]) -> Self {
        let lines = |texts: &[String]| {
            let lines = texts.iter().flat_map(|text| text.split('\n'));
            lines.map(|line| visible::line(line.strip_suffix('\r').unwrap_or(line))).collect()
        };
        Self { before: lines(before), later: lines(later) }
    }

    /// Whether nothing was printed.
    pub fn is_empty(&self) -> bool {
        self.before.is_empty() && self.later.is_empty()
    }

    /// Both lists with their names.
    pub fn lists(&self) -> [(&'static str, &[String]); 2] {
        [(BEFORE, &self.before), (LATER, &self.later)]
    }

    /// All lines.
    pub fn lines_mut(&mut self) -> impl Iterator<Item = &mut String> {
        self.before.iter_mut().chain(&mut self.later)
    }

    /// All lines in the order of printing.
    pub fn into_lines(self) -> Vec<String> {
        [self.before, self.later].concat()
    }

    fn list_mut(&mut self, name: &str) -> Option<&mut Vec<String>> {
        match name {
            BEFORE => Some(&mut self.before),
            LATER => Some(&mut self.later),
            _ => None,
        }
    }
}

/// The text of a body and of what was printed, as it stands below a snapshot's headers.
pub(super) fn to_text(body: &str, prints: &Prints) -> String {
    let mut parts = Vec::new();
    if !body.is_empty() {
        parts.push(body.split('\n').map(escape).collect::<Vec<_>>().join("\n"));
    }
    for (name, lines) in prints.lists().into_iter().filter(|(_, lines)| !lines.is_empty()) {
        let lines = lines.iter().map(|line| format!("{GUTTER} {line}").trim_end().to_owned());
        parts.push([name.to_owned()].into_iter().chain(lines).collect::<Vec<_>>().join("\n"));
    }
    parts.join("\n\n")
}

/// Reads that text back; the error tells the line, counted from 0, and what is wrong.
pub(super) fn parse(text: &str) -> Result<(String, Prints), (usize, String)> {
    let lines: Vec<&str> = text.split('\n').collect();
    let mut prints = Prints::default();
    let Some(first) = lines.iter().position(|line| line.starts_with(GUTTER)) else {
        return Ok((unescape(&lines), prints));
    };
    let mut number = first.saturating_sub(1);
    let (body, lists) = lines.split_at(number);
    for list in lists.split(|line| line.is_empty()) {
        let (name, printed) = list.split_first().unwrap_or((&"", &[]));
        let list = prints.list_mut(name).ok_or_else(|| {
            (number, format!("`{BEFORE}` or `{LATER}` is expected above printed lines"))
        })?;
        for line in printed {
            number += 1;
            let line = line.strip_prefix(GUTTER).ok_or_else(|| {
                (number, format!("a printed line such as `{GUTTER} text` is expected"))
            })?;
            list.push(line.strip_prefix(' ').unwrap_or(line).to_owned());
        }
        number += 2;
    }
    Ok((unescape(body.strip_suffix(&[""]).unwrap_or(body)), prints))
}

/// A line of a body; a backslash keeps it from being taken for a printed one.
fn escape(line: &str) -> String {
    let backslash = if looks_printed(line) { "\\" } else { "" };
    format!("{backslash}{line}")
}

fn unescape(body: &[&str]) -> String {
    let line = |line: &&str| match line.strip_prefix('\\') {
        Some(rest) if looks_printed(rest) => rest.to_owned(),
        _ => (*line).to_owned(),
    };
    body.iter().map(line).collect::<Vec<_>>().join("\n")
}

fn looks_printed(line: &str) -> bool {
    line.trim_start_matches('\\').starts_with(GUTTER)
}

#[cfg(test)]
mod tests {
    use super::{Prints, parse, to_text};

    fn prints(before: &[&str], later: &[&str]) -> Prints {
        let owned =
            |lines: &[&str]| lines.iter().map(|line| (*line).to_owned()).collect::<Vec<_>>();
        Prints::new(&owned(before), &owned(later))
    }

    #[test]
    fn lines_stand_below_the_body_under_their_names() {
        for (body, prints, expected) in [
            ("", prints(&[], &[]), ""),
            ("{}", prints(&[], &[]), "{}"),
            ("{}", prints(&["a", "", " b "], &[]), "{}\n\nprinted\n│ a\n│\n│  b␠"),
            ("", prints(&["a"], &["b"]), "printed\n│ a\n\nprinted later\n│ b"),
            ("x\n\ny", prints(&[], &["a\nb\r\n"]), "x\n\ny\n\nprinted later\n│ a\n│ b\n│"),
        ] {
            assert_eq!(to_text(body, &prints), expected);
            assert_eq!(parse(expected), Ok((body.to_owned(), prints)));
        }
    }

    #[test]
    fn no_body_is_taken_for_printed_lines() {
        let bodies = [
            "",
            "printed",
            "│",
            "│ a",
            "\\│ a",
            "\\\\│ a\n\\b",
            "printed\n│ a",
            "x\n\nprinted\n│ a\n\nprinted later\n│ b",
            "printed later\n\\│ a\n",
            "\n\nprinted",
            "x\n\n␊",
        ];
        let printed = [
            prints(&[], &[]),
            prints(&[""], &[]),
            prints(&[], &["", "printed", "│ a", "\\"]),
            prints(&["printed later", " "], &["│"]),
        ];
        for body in bodies {
            for prints in &printed {
                let text = to_text(body, prints);
                assert_eq!(parse(&text), Ok((body.to_owned(), prints.clone())), "{text}");
            }
        }
    }

    #[test]
    fn a_line_out_of_place_is_refused_where_it_is() {
        for (text, line) in [
            ("│ a", 0),
            ("{}\n│ a", 0),
            ("{}\n\n│ a", 1),
            ("printed\n│ a\nb", 2),
            ("printed\n│ a\n\nb\n│ c", 3),
            ("x\n\nprinted\n│ a\n\n\nprinted later\n│ b", 5),
        ] {
            assert_eq!(parse(text).map_err(|(line, _)| line), Err(line), "{text}");
        }
    }
}

//! A lesson's page: its README with every `{{#include …}}` resolved, as mdBook resolves it.

use std::path::Path;

use super::diagnostic::{self, CourseError, Diagnostic};
use super::lesson::Lesson;

const OPEN: &str = "{{#include ";

/// The Markdown of a lesson's page.
pub fn read(lesson: &Lesson) -> Result<String, CourseError> {
    let path = lesson.folder().join("README.md");
    resolve(&path, &diagnostic::read(&path)?)
}

/// A file of code without the lines that only mark its anchors.
pub fn without_anchors(code: &str) -> String {
    code.lines()
        .filter(|line| !is_anchor(line))
        .fold(String::new(), |text, line| text + line + "\n")
}

fn resolve(path: &Path, text: &str) -> Result<String, CourseError> {
    let mut page = String::new();
    let mut rest = text;
    while let Some(start) = rest.find(OPEN) {
        let (before, after) = (&rest[..start], &rest[start + OPEN.len()..]);
        let offset = text.len() - after.len();
        let mistake = |message: String| {
            Diagnostic::at(path, text, offset..offset + after.find("}}").unwrap_or(1), message)
                .help("an include is written as `{{#include FILE}}` or `{{#include FILE:ANCHOR}}`")
        };
        let Some((target, tail)) = after.split_once("}}") else {
            return Err(mistake("this include is not closed".to_owned()).into());
        };
        let (file, part) = target.trim().split_once(':').unwrap_or((target.trim(), ""));
        let folder = path.parent().unwrap_or(Path::new("."));
        let included = std::fs::read_to_string(folder.join(file))
            .map_err(|error| mistake(format!("`{file}` cannot be included: {error}")))?;
        let included = excerpt(&included, part)
            .ok_or_else(|| mistake(format!("`{file}` has no part `{part}`")))?;
        page.push_str(before);
        page.push_str(included.trim_end_matches('\n'));
        rest = tail;
    }
    page.push_str(rest);
    Ok(page)
}

/// The part of a text that an include names: all of it, an anchor, or lines `FROM:TO`.
fn excerpt(text: &str, part: &str) -> Option<String> {
    let lines: Vec<&str> = text.lines().collect();
    let chosen: Vec<&str> = if part.is_empty() {
        lines
    } else if let Some((from, to)) = line_range(part, lines.len()) {
        lines.get(from..to)?.to_vec()
    } else {
        let begins = |line: &&str| marks(line, "ANCHOR:", part);
        let start = lines.iter().position(begins)? + 1;
        let length = lines[start..].iter().position(|line| marks(line, "ANCHOR_END:", part))?;
        lines[start..start + length].to_vec()
    };
    Some(without_anchors(&chosen.join("\n")))
}

/// `8:27`, `8:` or `8` as indices; `None` for an anchor's name.
fn line_range(part: &str, length: usize) -> Option<(usize, usize)> {
    let (from, to) = part.split_once(':').unwrap_or((part, part));
    let first: usize = from.parse().ok()?;
    let last: usize = if to.is_empty() { length } else { to.parse().ok()? };
    Some((first.checked_sub(1)?, last))
}

fn marks(line: &str, mark: &str, name: &str) -> bool {
    line.split_once(mark).is_some_and(|(_, rest)| rest.trim() == name)
}

fn is_anchor(line: &str) -> bool {
    line.contains("ANCHOR: ") || line.contains("ANCHOR_END: ")
}

#[cfg(test)]
mod tests {
    use super::excerpt;

    #[test]
    fn an_include_is_a_file_an_anchor_or_lines() {
        let text = "a\n// ANCHOR: x\nb\nc\n// ANCHOR_END: x\nd\n";
        for (part, expected) in [
            ("", Some("a\nb\nc\nd\n")),
            ("x", Some("b\nc\n")),
            ("3:4", Some("b\nc\n")),
            ("6:", Some("d\n")),
            ("y", None),
            ("9:12", None),
        ] {
            assert_eq!(excerpt(text, part).as_deref(), expected, "{part}");
        }
    }
}

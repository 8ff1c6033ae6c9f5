//! A lesson's page: its README with every `{{#include …}}` resolved, as mdBook resolves it.

use std::ops::Range;
use std::path::Path;

use super::diagnostic::{self, CourseError, Diagnostic};
use super::lesson::Lesson;

const OPEN: &str = "{{#include ";

/// A text that a page takes in from a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Include<'a> {
    /// The file, relative to the page's folder.
    pub file: &'a str,
    /// An anchor or lines of it; empty for all of it.
    pub part: &'a str,
    /// Where in the page the file and its part are named, in bytes.
    pub span: Range<usize>,
    /// Whether the include ends with `}}`.
    closed: bool,
}

/// The Markdown of a lesson's page.
pub fn read(lesson: &Lesson) -> Result<String, CourseError> {
    let path = lesson.folder().join("README.md");
    Ok(resolve(&path, &diagnostic::read(&path)?)?)
}

/// All includes of a page, in order.
pub fn includes(text: &str) -> Vec<Include<'_>> {
    let opened = text.match_indices(OPEN).map(|(start, _)| start + OPEN.len());
    let include = opened.map(|start| {
        let closed = text[start..].find("}}");
        let end = start + closed.unwrap_or(1).min(text.len() - start);
        let target = text[start..end].trim();
        let (file, part) = target.split_once(':').unwrap_or((target, ""));
        Include { file, part, span: start..end, closed: closed.is_some() }
    });
    include.collect()
}

/// Every include of a page that leads nowhere.
pub fn mistakes(path: &Path, text: &str) -> Vec<Diagnostic> {
    let included = includes(text).into_iter().map(|include| included(path, text, &include));
    included.filter_map(Result::err).collect()
}

/// A file of code without the lines that only mark its anchors.
pub fn without_anchors(code: &str) -> String {
    code.lines()
        .filter(|line| !is_anchor(line))
        .fold(String::new(), |text, line| text + line + "\n")
}

fn resolve(path: &Path, text: &str) -> Result<String, Diagnostic> {
    let mut page = String::new();
    let mut done = 0;
    for include in includes(text) {
        let content = included(path, text, &include)?;
        page += &text[done..include.span.start - OPEN.len()];
        page += content.trim_end_matches('\n');
        done = include.span.end + "}}".len();
    }
    Ok(page + &text[done..])
}

fn included(path: &Path, text: &str, include: &Include<'_>) -> Result<String, Diagnostic> {
    let Include { file, part, span, closed } = include;
    let mistake = |message: String| {
        Diagnostic::at(path, text, span.clone(), message)
            .help("an include is written as `{{#include FILE}}` or `{{#include FILE:ANCHOR}}`")
    };
    if !closed {
        return Err(mistake("this include is not closed".to_owned()));
    }
    let folder = path.parent().unwrap_or(Path::new("."));
    let content = std::fs::read_to_string(folder.join(file)).map_err(|error| {
        let mistake = mistake(format!("`{file}` cannot be included: {error}"));
        let recorded = "`workbook record` records a reply; or correct the name";
        let is_recorded = Path::new(file).extension().is_some_and(|end| end == "snap");
        if is_recorded { mistake.help(recorded) } else { mistake }
    })?;
    excerpt(&content, part).ok_or_else(|| mistake(format!("`{file}` has no part `{part}`")))
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
    use super::{excerpt, includes, mistakes};
    use std::path::Path;

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

    #[test]
    fn every_include_that_leads_nowhere_is_a_mistake_of_its_own() {
        let text =
            "a {{#include no.rs:x}}\n{{#include page.rs}}\n{{#include page.rs:y}} {{#include";
        let parts =
            |text| includes(text).iter().map(|one| (one.file, one.part)).collect::<Vec<_>>();
        assert_eq!(parts(text), [("no.rs", "x"), ("page.rs", ""), ("page.rs", "y")]);
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/course");
        let found = mistakes(&folder.join("README.md"), text);
        let places: Vec<_> = found.iter().map(|one| (one.line, one.column)).collect();
        assert_eq!(places, [(1, 14), (3, 12)]);
        let open = mistakes(&folder.join("README.md"), "{{#include page.rs");
        assert!(open[0].message.contains("not closed"), "{}", open[0]);
    }
}

//! What is wrong with a file of the course, and where: file, line, column and a caret.

use std::fmt;
use std::io;
use std::ops::Range;
use std::path::{Path, PathBuf};

/// A mistake in a text, with the place that shows it.
#[derive(Clone, Debug, PartialEq)]
pub struct Diagnostic {
    /// The file.
    pub path: PathBuf,
    /// The line, counted from 1.
    pub line: usize,
    /// The column in characters, counted from 1.
    pub column: usize,
    /// The line's text.
    pub excerpt: String,
    /// How many characters the mistake covers on that line, at least 1.
    pub width: usize,
    /// What is wrong.
    pub message: String,
    /// What to do next.
    pub help: String,
}

impl Diagnostic {
    /// A mistake at these bytes of a text.
    pub fn at(path: &Path, text: &str, span: Range<usize>, message: impl Into<String>) -> Self {
        let start = text.floor_char_boundary(span.start.min(text.len()));
        let before = &text[..start];
        let line_start = before.rfind('\n').map_or(0, |end| end + 1);
        let excerpt = text[line_start..].lines().next().unwrap_or_default();
        let end = text.floor_char_boundary(span.end.clamp(start, line_start + excerpt.len()));
        Self {
            path: path.to_owned(),
            line: before.matches('\n').count() + 1,
            column: text[line_start..start].chars().count() + 1,
            excerpt: excerpt.to_owned(),
            width: text.get(start..end).map_or(0, |part| part.chars().count()).max(1),
            message: message.into(),
            help: String::new(),
        }
    }

    /// The same with what to do next.
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = help.into();
        self
    }
}

impl fmt::Display for Diagnostic {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { line, column, excerpt, message, help, .. } = self;
        let margin = " ".repeat(line.to_string().len());
        let indent: String = excerpt
            .chars()
            .take(column - 1)
            .map(|character| if character == '\t' { '\t' } else { ' ' })
            .collect();
        writeln!(out, "{}:{line}:{column}: {message}", self.path.display())?;
        writeln!(out, "{margin} |")?;
        writeln!(out, "{line} | {excerpt}")?;
        write!(out, "{margin} | {indent}{}", "^".repeat(self.width))?;
        if !help.is_empty() {
            write!(out, "\n{margin} = {help}")?;
        }
        Ok(())
    }
}

/// Why a lesson or a part of it could not be had.
#[derive(Debug, thiserror::Error)]
pub enum CourseError {
    /// A number or slug that no lesson has.
    #[error("there is no lesson `{name}`{}\nsee all of them with `workbook list`", did_you_mean(.nearest.as_deref()))]
    UnknownLesson {
        /// What was asked for.
        name: String,
        /// What was probably meant.
        nearest: Option<String>,
    },
    /// A lesson that is here, but not in this program.
    #[error(
        "this program was built before `{folder}` was there\nbuild it anew: `cargo build`, or `cargo install --path .`"
    )]
    NotBuilt {
        /// The lesson's folder.
        folder: String,
    },
    /// A range where one lesson is needed.
    #[error("`{name}` names several lessons, this command takes one")]
    NotOneLesson {
        /// What was asked for.
        name: String,
    },
    /// A call that the lesson's script does not have.
    #[error("lesson {lesson} has no call `{name}`{}\nsee all of them with `workbook show {lesson} --calls`", did_you_mean(.nearest.as_deref()))]
    UnknownCall {
        /// The lesson.
        lesson: u32,
        /// What was asked for.
        name: String,
        /// What was probably meant.
        nearest: Option<String>,
    },
    /// A file with a mistake in it.
    #[error("{0}")]
    Invalid(Box<Diagnostic>),
    /// A file that cannot be read.
    #[error("{}: cannot be read: {cause}\n{}", .path.display(), restore(.cause))]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// Why not.
        cause: io::Error,
    },
}

impl From<Diagnostic> for CourseError {
    fn from(diagnostic: Diagnostic) -> Self {
        Self::Invalid(Box::new(diagnostic))
    }
}

/// The question that goes on after a wrong name, if there is anything to ask.
pub fn did_you_mean(nearest: Option<&str>) -> String {
    nearest.map(|name| format!("; did you mean {name}?")).unwrap_or_default()
}

fn restore(cause: &io::Error) -> &'static str {
    match cause.kind() {
        io::ErrorKind::NotFound => {
            "restore it; if its lesson has been removed, `cargo build` makes a program without that"
        }
        _ => "restore it, or fetch the course anew",
    }
}

/// Reads a file of the course.
pub fn read(path: &Path) -> Result<String, CourseError> {
    std::fs::read_to_string(path)
        .map_err(|cause| CourseError::Unreadable { path: path.to_owned(), cause })
}

#[cfg(test)]
mod tests {
    use super::Diagnostic;
    use std::path::Path;

    #[test]
    fn a_mistake_is_shown_with_its_line_and_a_caret_below_it() {
        let text = "title = \"x\"\nnäme = 3\n";
        let start = text.find('3').unwrap();
        let shown = Diagnostic::at(Path::new("a.toml"), text, start..start + 1, "no number here")
            .help("write a text")
            .to_string();
        assert_eq!(
            shown,
            "a.toml:2:8: no number here\n  |\n2 | näme = 3\n  |        ^\n  = write a text"
        );
    }

    #[test]
    fn a_mistake_at_the_end_of_a_text_still_has_a_caret() {
        let shown = Diagnostic::at(Path::new("a"), "x\n", 2..2, "more expected");
        assert_eq!((shown.line, shown.column, shown.width), (2, 1, 1));
    }
}

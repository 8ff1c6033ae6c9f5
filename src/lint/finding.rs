//! What was found: a place, a fact, the next step. And the texts that it is found in.

use std::path::{Path, PathBuf};

use crate::course::{CourseError, Diagnostic};

/// Something that keeps a lesson from being good.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Finding {
    /// The file, relative to the course's folder.
    pub file: String,
    /// The line, counted from 1.
    pub line: usize,
    /// What is wrong.
    pub fact: String,
    /// What to do about it.
    pub next: String,
}

impl Finding {
    /// A finding in a file of the course.
    pub fn new(
        file: impl Into<String>,
        line: usize,
        fact: impl Into<String>,
        next: impl Into<String>,
    ) -> Self {
        Self { file: file.into(), line: line.max(1), fact: fact.into(), next: next.into() }
    }

    /// A mistake that a reader of files has found in this one.
    pub fn of_diagnostic(file: &str, diagnostic: Diagnostic) -> Self {
        let Diagnostic { line, message, help, .. } = diagnostic;
        let next = if help.is_empty() { "correct the line".to_owned() } else { help };
        Self::new(file, line, message, next)
    }

    /// A file that could not be read, or has a mistake in it.
    pub fn of_error(file: &str, error: CourseError) -> Self {
        match error {
            CourseError::Invalid(diagnostic) => Self::of_diagnostic(file, *diagnostic),
            CourseError::Unreadable { cause, .. } => {
                let next = "restore the file, or write it anew as text in UTF-8";
                Self::new(file, 1, format!("the file cannot be read: {cause}"), next)
            }
            other => Self::new(file, 1, other.to_string(), "see `workbook list`"),
        }
    }
}

/// A file of the course as text.
pub struct Text {
    /// Its path relative to the course's folder.
    pub name: String,
    /// Its whole path.
    pub path: PathBuf,
    /// What is in it.
    pub text: String,
}

impl Text {
    /// Reads a file; what comes instead says why it cannot be read.
    pub fn read(name: &str, root: &Path) -> Result<Self, Finding> {
        let path = root.join(name);
        match std::fs::read_to_string(&path) {
            Ok(text) => Ok(Self { name: name.to_owned(), path, text }),
            Err(cause) => Err(Finding::of_error(name, CourseError::Unreadable { path, cause })),
        }
    }

    /// The line of this byte, counted from 1.
    pub fn line_at(&self, offset: usize) -> usize {
        line_at(&self.text, offset)
    }

    /// The first line that has this in it; line 1 if none has.
    pub fn line_of(&self, part: &str) -> usize {
        self.text.lines().position(|line| line.contains(part)).map_or(1, |index| index + 1)
    }

    /// A finding on a line of this file.
    pub fn finding(
        &self,
        line: usize,
        fact: impl Into<String>,
        next: impl Into<String>,
    ) -> Finding {
        Finding::new(&self.name, line, fact, next)
    }
}

/// The line of this byte of a text, counted from 1.
pub fn line_at(text: &str, offset: usize) -> usize {
    text[..text.floor_char_boundary(offset.min(text.len()))].matches('\n').count() + 1
}

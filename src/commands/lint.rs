//! `workbook lint`: what keeps the course from being good, with one exit code.

use std::path::Path;

use super::{Exit, Failure};
use crate::cli::lint::{Format, Lint};
use crate::course::{Course, lesson};
use crate::lessons::ALL;
use crate::lint;
use crate::report::lint as report;
use crate::terminal::Terminal;

/// Checks the named lessons; if none is named, all of them and the lists that they stand in.
pub fn lint(arguments: &Lint, course: &Course, terminal: Terminal) -> Result<Exit, Failure> {
    let whole = arguments.lessons.is_empty();
    let mut entries = lesson::find_all(&arguments.lessons)?;
    let mut found = Vec::new();
    if whole {
        entries = ALL.iter().collect();
        found = lint::registry(course);
    }
    found.extend(entries.iter().flat_map(|entry| lint::lesson(course, entry)));
    terminal.out(&match arguments.format {
        Format::Human => report::human(&found, entries.len(), terminal.look),
        Format::Json => report::json(&found, entries.len()),
        Format::Github => report::github(&found, &below_repository(course.root())),
    })?;
    Ok(if found.is_empty() { Exit::Good } else { Exit::Differs })
}

/// The course's folder below that of its repository, with a slash at the end; empty if it is that.
fn below_repository(root: &Path) -> String {
    let repository = root.ancestors().find(|folder| folder.join(".git").exists());
    let below = repository.and_then(|repository| root.strip_prefix(repository).ok());
    match below.map(Path::to_string_lossy) {
        Some(below) if !below.is_empty() => format!("{below}/"),
        _ => String::new(),
    }
}

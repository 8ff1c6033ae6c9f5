//! `workbook lint`: what keeps the course from being good, with one exit code.

use super::{Exit, Failure, in_repository};
use crate::cli::lint::{Format, Lint};
use crate::course::Course;
use crate::lessons::ALL;
use crate::lint;
use crate::report::lint as report;
use crate::terminal::Terminal;

/// Checks the named lessons; if none is named, all of them and the lists that they stand in.
pub fn lint(arguments: &Lint, course: &Course, terminal: Terminal) -> Result<Exit, Failure> {
    let whole = arguments.lessons.is_empty();
    let mut entries = course.find(&arguments.lessons)?;
    let mut found = Vec::new();
    if whole {
        entries = ALL.iter().collect();
        found = lint::registry(course);
    }
    found.extend(entries.iter().flat_map(|entry| lint::lesson(course, entry)));
    terminal.tell(&match arguments.format {
        Format::Human => report::human(&found, entries.len(), terminal.look),
        Format::Json => report::json(&found, entries.len()),
        Format::Github => report::github(&found, &in_repository(course)),
    })?;
    Ok(if found.is_empty() { Exit::Good } else { Exit::Differs })
}

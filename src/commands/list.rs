//! `workbook` and `workbook list`: the lessons, and where the learner is among them.

use super::{Exit, Failure, with_progress};
use crate::cli::{Format, List};
use crate::course::Course;
use crate::report::{json, overview};
use crate::terminal::Terminal;

/// Lists all lessons.
pub fn list(arguments: &List, course: &Course, terminal: Terminal) -> Result<Exit, Failure> {
    let lessons = with_progress(course)?;
    terminal.out(&match arguments.format {
        Format::Human => overview::list(&lessons, terminal.look),
        Format::Json => json::list(&lessons),
    })?;
    Ok(Exit::Good)
}

/// Says where the learner is and what is next; on no terminal, lists all lessons.
pub fn whereabouts(course: &Course, terminal: Terminal) -> Result<Exit, Failure> {
    let lessons = with_progress(course)?;
    terminal.out(&if terminal.interactive {
        overview::whereabouts(&lessons, terminal.look)
    } else {
        overview::list(&lessons, terminal.look)
    })?;
    Ok(Exit::Good)
}

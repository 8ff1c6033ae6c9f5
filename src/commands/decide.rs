//! `workbook pending`, `accept` and `reject`: what becomes of the replies that `record` wrote.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use super::{Exit, Failure, named_or_all};
use crate::cli::Decide;
use crate::course::Course;
use crate::report::diff;
use crate::snapshot;
use crate::terminal::Terminal;

/// Lists what is pending, with what it would change.
pub fn pending(arguments: &Decide, course: &Course, terminal: Terminal) -> Result<Exit, Failure> {
    let paths = chosen(arguments, course)?;
    for path in &paths {
        let before = fs::read_to_string(path).unwrap_or_default();
        let new = path.with_extension("snap.new");
        let after = fs::read_to_string(&new).map_err(|cause| unreadable(&new, cause))?;
        let state = if before.is_empty() { "new" } else { "differs" };
        terminal.out(&format!("{state:<8} {}\n", course.relative(path).display()))?;
        for line in diff::text_lines(&before, &after, terminal.look) {
            terminal.out(&format!("{}\n", format!("  {line}").trim_end()))?;
        }
    }
    terminal.out(&match paths.len() {
        0 => "nothing is pending\n".to_owned(),
        count => format!(
            "\n{count} pending; decide with `workbook accept`, `workbook reject` or \
             `cargo insta review`\n"
        ),
    })?;
    Ok(Exit::Good)
}

/// Puts pending snapshots in the place of the recorded ones.
pub fn accept(arguments: &Decide, course: &Course, terminal: Terminal) -> Result<Exit, Failure> {
    decide(arguments, course, terminal, ("accepted", snapshot::accept))
}

/// Removes pending snapshots.
pub fn reject(arguments: &Decide, course: &Course, terminal: Terminal) -> Result<Exit, Failure> {
    decide(arguments, course, terminal, ("rejected", snapshot::reject))
}

fn decide(
    arguments: &Decide,
    course: &Course,
    terminal: Terminal,
    (done, act): (&str, fn(&Path) -> io::Result<()>),
) -> Result<Exit, Failure> {
    let paths = chosen(arguments, course)?;
    for path in &paths {
        act(path).map_err(|cause| unreadable(path, cause))?;
        terminal.out(&format!("{done} {}\n", course.relative(path).display()))?;
    }
    if paths.is_empty() {
        terminal.out("nothing is pending\n")?;
    }
    Ok(Exit::Good)
}

/// The pending snapshots that the arguments name, as the paths they would replace.
fn chosen(arguments: &Decide, course: &Course) -> Result<Vec<PathBuf>, Failure> {
    let lessons = named_or_all(course, &arguments.lessons)?;
    let mut paths = Vec::new();
    for lesson in &lessons {
        let pending =
            snapshot::pending(lesson).map_err(|cause| unreadable(&lesson.snapshots(), cause))?;
        paths.extend(pending);
    }
    if let Some(name) = &arguments.call {
        paths.retain(|path| path.file_stem().is_some_and(|stem| stem == name.as_str()));
        // A mistyped name must not look like a call of which nothing is pending.
        if paths.is_empty() && lessons.iter().all(|lesson| lesson.call(name).is_err()) {
            lessons.iter().try_for_each(|lesson| lesson.call(name).map(drop))?;
        }
    }
    Ok(paths)
}

fn unreadable(path: &Path, cause: io::Error) -> Failure {
    Failure::CouldNotRun(format!("{}: {cause}\ncheck the file and its folder", path.display()))
}

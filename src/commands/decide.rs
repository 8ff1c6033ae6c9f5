//! `workbook pending`, `accept` and `reject`: what becomes of the replies that `record` wrote.

use std::fs;
use std::io;
use std::path::Path;

use super::{Exit, Failure, named_or_all};
use crate::cli::{self, Accept, Decide, Format};
use crate::course::{Course, Lesson};
use crate::report::json;
use crate::report::pending::{self, Pending};
use crate::snapshot::{self, info};
use crate::terminal::Terminal;

/// Said where there is nothing to decide.
pub const NOTHING: &str = "nothing is pending\n";

/// Lists what is pending, with what it would change.
pub fn pending(
    arguments: &cli::Pending,
    course: &Course,
    terminal: Terminal,
) -> Result<Exit, Failure> {
    let all = chosen(&arguments.which, course)?;
    match arguments.format {
        Format::Json => terminal.out(&json::pending::document(&all))?,
        Format::Human => {
            for one in &all {
                terminal.out(&pending::row(one, terminal.look))?;
            }
            terminal.out(&match all.len() {
                0 => NOTHING.to_owned(),
                count => format!(
                    "\n{count} pending; decide with `workbook review`, `workbook accept`, \
                     `workbook reject` or\n`cargo insta review`\n"
                ),
            })?;
        }
    }
    Ok(Exit::Good)
}

/// Puts pending snapshots in the place of the recorded ones.
pub fn accept(arguments: &Accept, course: &Course, terminal: Terminal) -> Result<Exit, Failure> {
    let all = chosen(&arguments.which, course)?;
    // What cannot be read later must not get there, and all or none is easier to think about.
    for one in &all {
        snapshot::read(&snapshot::pending_path(&one.file))?;
    }
    for one in &all {
        accept_one(one, arguments.because.as_deref(), terminal)?;
    }
    nothing_of(&all, terminal)
}

/// Removes pending snapshots.
pub fn reject(arguments: &Decide, course: &Course, terminal: Terminal) -> Result<Exit, Failure> {
    let all = chosen(arguments, course)?;
    for one in &all {
        reject_one(one, terminal)?;
    }
    nothing_of(&all, terminal)
}

/// Accepts one and says so.
pub fn accept_one(one: &Pending, because: Option<&str>, terminal: Terminal) -> Result<(), Failure> {
    snapshot::accept(&one.file, because).map_err(|cause| in_the_way(&one.file, &cause))?;
    terminal.tell(&format!("accepted {}\n", one.path))?;
    note_moved_lines(one, terminal);
    Ok(())
}

/// Rejects one and says so.
pub fn reject_one(one: &Pending, terminal: Terminal) -> Result<(), Failure> {
    snapshot::reject(&one.file).map_err(|cause| in_the_way(&one.file, &cause))?;
    Ok(terminal.tell(&format!("rejected {}\n", one.path))?)
}

/// The pending snapshots that the arguments name.
pub fn chosen(arguments: &Decide, course: &Course) -> Result<Vec<Pending>, Failure> {
    let lessons = named_or_all(course, &arguments.lessons)?;
    let mut all = Vec::new();
    for lesson in &lessons {
        let paths = snapshot::pending(lesson)
            .map_err(|cause| in_the_way(&lesson.snapshots(), &cause))?
            .into_iter()
            .filter(|path| {
                let stem = path.file_stem().and_then(|stem| stem.to_str());
                arguments.call.as_deref().is_none_or(|name| stem == Some(name))
            });
        for path in paths {
            all.push(read(lesson, &path, course)?);
        }
    }
    // A mistyped name must not look like a call of which nothing is pending.
    if let Some(name) = arguments.call.as_ref().filter(|_| all.is_empty())
        && lessons.iter().all(|lesson| lesson.call(name).is_err())
    {
        lessons.iter().try_for_each(|lesson| lesson.call(name).map(drop))?;
    }
    Ok(all)
}

fn read(lesson: &Lesson, path: &Path, course: &Course) -> Result<Pending, Failure> {
    let new = snapshot::pending_path(path);
    // As bytes: a recorded file that is no text can be replaced all the same.
    let before = fs::read(path).unwrap_or_default();
    let after = fs::read(&new).map_err(|cause| in_the_way(&new, &cause))?;
    let after = String::from_utf8_lossy(&after).into_owned();
    let name = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
    let reply = snapshot::read(&new).map_err(|error| error.to_string());
    Ok(Pending {
        lesson: lesson.clone(),
        name,
        file: path.to_owned(),
        path: course.relative(path).display().to_string(),
        before: String::from_utf8_lossy(&before).into_owned(),
        recorded: snapshot::read(path).ok().flatten().map(|snapshot| snapshot.message),
        reply: reply.and_then(|read| read.map(|one| one.message).ok_or("it is gone".to_owned())),
        from: info::get(&after, "recorded_from"),
        after,
    })
}

fn nothing_of(all: &[Pending], terminal: Terminal) -> Result<Exit, Failure> {
    if all.is_empty() {
        terminal.out(NOTHING)?;
    }
    Ok(Exit::Good)
}

/// Pages include replies by the lines of their files, which a reason above them moves.
fn note_moved_lines(one: &Pending, terminal: Terminal) {
    let first_line = |path: &Path| snapshot::read(path).ok().flatten().map(|it| it.first_line);
    let page = one.lesson.folder().join("README.md");
    let by_lines = format!("{}:", one.path);
    let includes = fs::read_to_string(page).is_ok_and(|page| page.contains(&by_lines));
    let before = one.before.lines().position(|line| line.starts_with("HTTP/1.1 "));
    if let (true, Some(before), Some(now)) = (includes, before, first_line(&one.file))
        && before + 1 != now
    {
        terminal.note(&format!(
            "lessons/{}/README.md includes {} from a line on: its reply now starts on line {now}, \
             not {}",
            one.lesson.folder_name(),
            one.path,
            before + 1
        ));
    }
}

fn in_the_way(path: &Path, cause: &io::Error) -> Failure {
    Failure::CouldNotRun(format!("{}: {cause}\ncheck the file and its folder", path.display()))
}

//! The recorded replies: `.snap` files that people, insta and cargo-insta read.
//!
//! They are insta's, key for key: `cargo test` has insta compare replies with them, and
//! `cargo insta review` decides on what is pending here (`.snap.new`). The reply below the header
//! is read here, without the YAML above it. Every write goes to a temporary file first and is then
//! renamed: a snapshot is either old or new.

pub mod info;

use std::collections::HashMap;
use std::fmt::Write as _;
use std::io;
use std::path::{Path, PathBuf};

use crate::course::diagnostic::{self, Diagnostic};
use crate::course::{Call, CourseError, Lesson, Message, Says};
use crate::file;

/// The extension of a snapshot that has not been decided on.
const PENDING: &str = "snap.new";

/// The key of a snapshot's `info` that says why it was accepted.
pub const BECAUSE: &str = "because";

/// A recorded reply.
#[derive(Clone, Debug)]
pub struct Snapshot {
    /// The reply.
    pub message: Message,
    /// The line of the file on which the reply starts, counted from 1.
    pub first_line: usize,
}

/// The snapshots of one lesson, read before it is run.
#[derive(Clone, Debug, Default)]
pub struct Snapshots(Vec<(String, Snapshot)>);

impl Snapshots {
    /// Reads the snapshots of all calls of a lesson; those that do not exist are left out.
    pub fn read(lesson: &Lesson) -> Result<Self, CourseError> {
        let mut all = Vec::new();
        for call in &lesson.script.calls {
            if let Some(snapshot) = read(&lesson.snapshot(&call.name))? {
                all.push((call.name.clone(), snapshot));
            }
        }
        Ok(Self(all))
    }

    /// The snapshot of a call.
    pub fn get(&self, call: &str) -> Option<&Snapshot> {
        self.0.iter().find(|(name, _)| name == call).map(|(_, snapshot)| snapshot)
    }

    /// The recorded replies by the names of their calls.
    pub fn into_messages(self) -> HashMap<String, Message> {
        self.0.into_iter().map(|(name, snapshot)| (name, snapshot.message)).collect()
    }
}

/// Reads a snapshot; `None` if there is no such file.
pub fn read(path: &Path) -> Result<Option<Snapshot>, CourseError> {
    let text = match diagnostic::read(path) {
        Err(CourseError::Unreadable { cause, .. }) if cause.kind() == io::ErrorKind::NotFound => {
            return Ok(None);
        }
        text => text?,
    };
    // Where a line begins, counted from 0.
    let start = |line| text.split_inclusive('\n').take(line).map(str::len).sum::<usize>();
    let mistake = |line: usize, message: &str, help: &str| {
        let start = start(line);
        let length = text[start..].lines().next().map_or(0, str::len);
        Diagnostic::at(path, &text, start..start + length, message).help(help)
    };
    let record = "record it again with `workbook record`, or restore it from version control";
    let markers = ["<<<<<<<", "=======", ">>>>>>>"];
    let conflict = |line: &str| markers.iter().any(|marker| line.starts_with(marker));
    if let Some(line) = text.lines().position(conflict) {
        let help = "keep one side of the merge, then `workbook verify` says whether it is right";
        return Err(mistake(line, "this is a merge conflict's marker", help).into());
    }
    if text.lines().next() != Some("---") {
        return Err(mistake(0, "a snapshot starts with a line `---`", record).into());
    }
    let Some(end) = text.lines().skip(1).position(|line| line == "---") else {
        return Err(
            mistake(0, "the snapshot's header is not closed by a line `---`", record).into()
        );
    };
    let first_line = end + 2;
    let message = Message::parse(&text[start(first_line)..].trim_end().replace("\r\n", "\n"))
        .map_err(|(line, error)| mistake(first_line + line, &error, record))?;
    Ok(Some(Snapshot { message, first_line: first_line + 1 }))
}

/// The text of a snapshot file, as insta would write it.
pub fn file_text(lesson: &Lesson, call: &Call, reply: &Message, from: &str) -> String {
    let (key, says) = match &call.says {
        Says::Document(text) => (lesson.script.document.name(), text),
        Says::Extra(text) => ("extra", text),
    };
    format!(
        "---\nsource: {}\ndescription: {}\ninfo:\n  recorded_from: {}\n  {key}: {}\n---\n{}\n",
        yaml_scalar(&lesson.script_name()),
        yaml_scalar(&call.request()),
        yaml_scalar(from),
        yaml_scalar(says),
        reply.to_text(),
    )
}

/// The pending snapshots of a lesson, as the paths that they would replace.
pub fn pending(lesson: &Lesson) -> io::Result<Vec<PathBuf>> {
    let is_pending = |path: &PathBuf| path.to_string_lossy().ends_with(".snap.new");
    let paths = files(lesson)?.into_iter().filter(is_pending);
    Ok(paths.map(|path| path.with_extension("")).collect())
}

/// The snapshots of a lesson that no call of its script has.
pub fn orphans(lesson: &Lesson) -> io::Result<Vec<PathBuf>> {
    let known = |path: &PathBuf| {
        lesson.script.calls.iter().any(|call| lesson.snapshot(&call.name) == *path)
    };
    let is_snapshot = |path: &PathBuf| path.extension().is_some_and(|end| end == "snap");
    Ok(files(lesson)?.into_iter().filter(|path| is_snapshot(path) && !known(path)).collect())
}

/// The files of a lesson's snapshot folder, sorted.
fn files(lesson: &Lesson) -> io::Result<Vec<PathBuf>> {
    let entries = match std::fs::read_dir(lesson.snapshots()) {
        Ok(entries) => entries,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(error),
    };
    let mut paths: Vec<PathBuf> =
        entries.map(|entry| entry.map(|entry| entry.path())).collect::<io::Result<_>>()?;
    paths.sort();
    Ok(paths)
}

/// Writes what would replace a snapshot.
pub fn write_pending(path: &Path, text: &str) -> io::Result<()> {
    file::write(&pending_path(path), text)
}

/// Removes what would replace a snapshot, if there is anything.
pub fn reject(path: &Path) -> io::Result<()> {
    match std::fs::remove_file(pending_path(path)) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}

/// Puts a pending snapshot in the place of the recorded one, with the reason if one is given. Until
/// the last step, which renames it, it is pending.
pub fn accept(path: &Path, because: Option<&str>) -> io::Result<()> {
    let new = pending_path(path);
    if let Some(because) = because {
        let text = std::fs::read_to_string(&new)?;
        file::write(&new, &info::set(&text, BECAUSE, because))?;
    }
    std::fs::rename(new, path)
}

/// A snapshot's file as `record` would have written it: without the reason for its acceptance.
pub fn as_recorded(text: &str) -> String {
    info::remove(text, BECAUSE)
}

/// Where the snapshot waits that would replace this one.
pub fn pending_path(path: &Path) -> PathBuf {
    path.with_extension(PENDING)
}

/// A text as insta's YAML writer puts it: bare where it can be, else in double quotes.
fn yaml_scalar(text: &str) -> String {
    if !needs_quotes(text) {
        return text.to_owned();
    }
    let mut quoted = String::from("\"");
    for character in text.chars() {
        match character {
            '"' => quoted.push_str("\\\""),
            '\\' => quoted.push_str("\\\\"),
            '\n' => quoted.push_str("\\n"),
            '\t' => quoted.push_str("\\t"),
            '\r' => quoted.push_str("\\r"),
            control if control.is_ascii_control() => {
                // Writing to a string cannot fail.
                let _ = write!(quoted, "\\u{:04x}", control as u32);
            }
            plain => quoted.push(plain),
        }
    }
    quoted.push('"');
    quoted
}

/// The rule of the YAML writer that insta carries.
fn needs_quotes(text: &str) -> bool {
    const WORDS: [&str; 7] = ["yes", "no", "true", "false", "on", "off", "null"];
    let lower = text.to_ascii_lowercase();
    let capitalised = lower.get(..1).map(|first| first.to_ascii_uppercase() + &lower[1..]);
    let written_as_word =
        text == lower || text == lower.to_ascii_uppercase() || Some(text) == capitalised.as_deref();
    text.is_empty()
        || text == "~"
        || WORDS.contains(&lower.as_str()) && written_as_word
        || text.trim_matches(' ') != text
        || text.starts_with(['&', '*', '?', '|', '-', '<', '>', '=', '!', '%', '@', '.'])
        || text.starts_with("0x")
        || text.contains([':', '{', '}', '[', ']', ',', '#', '`', '"', '\'', '\\'])
        || text.contains(|c: char| c.is_ascii_control())
        || text.parse::<f64>().is_ok()
}

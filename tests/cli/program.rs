//! Runs the built program in a place of its own: an empty home, a clean environment.

use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use tempfile::TempDir;

/// A temporary folder with a home in it, and perhaps a course.
pub struct Place {
    folder: TempDir,
}

/// How the program ended and what it said.
pub struct Ended {
    /// The exit code; `None` if a signal ended it.
    pub code: Option<i32>,
    /// What it printed as results.
    pub stdout: String,
    /// What it printed as progress, hints and errors.
    pub stderr: String,
}

impl Place {
    /// Without a course: the program falls back to its own.
    pub fn empty() -> Self {
        Self { folder: tempfile::tempdir().unwrap() }
    }

    /// With a copy of the course's files, to be changed at will.
    pub fn with_course() -> Self {
        let place = Self::empty();
        for folder in ["lessons", "snapshots"] {
            let from = Path::new(env!("CARGO_MANIFEST_DIR")).join(folder);
            copy(&from, &place.path(&format!("work/{folder}")));
        }
        place
    }

    /// With a course whose first lesson has the two calls of `cli/lesson.toml`.
    pub fn with_small_lesson() -> Self {
        let place = Self::with_course();
        place.write("lessons/01-minimal-application/lesson.toml", include_str!("lesson.toml"));
        place
    }

    /// A path inside this place.
    pub fn path(&self, inside: &str) -> PathBuf {
        self.folder.path().join(inside)
    }

    /// The text of a file of the course.
    pub fn read(&self, file: &str) -> String {
        let path = self.path("work").join(file);
        fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
    }

    /// Writes a file of the course.
    pub fn write(&self, file: &str, text: &str) {
        let mut new = fs::File::create(self.path("work").join(file)).unwrap();
        new.write_all(text.as_bytes()).unwrap();
    }

    /// Replaces a text that a file of the course must have.
    pub fn replace(&self, file: &str, before: &str, after: &str) {
        let text = self.read(file);
        assert!(text.contains(before), "{file} has no `{before}`");
        self.write(file, &text.replacen(before, after, 1));
    }

    /// The paths of all files here with their length and time of change, sorted.
    pub fn files(&self) -> Vec<String> {
        self.files_in("")
    }

    /// The same of the files below a folder.
    pub fn files_in(&self, inside: &str) -> Vec<String> {
        let mut found = Vec::new();
        let mut waiting = vec![self.path(inside)];
        while let Some(folder) = waiting.pop() {
            for entry in folder.read_dir().unwrap().map(Result::unwrap) {
                let about = entry.metadata().unwrap();
                let changed = about.modified().unwrap();
                if about.is_dir() {
                    waiting.push(entry.path());
                }
                found.push(format!("{} {} {changed:?}", entry.path().display(), about.len()));
            }
        }
        found.sort();
        found
    }

    /// The program with these arguments, not yet running.
    pub fn command(&self, arguments: &[&str]) -> Command {
        fs::create_dir_all(self.path("work")).unwrap();
        let mut command = Command::new(env!("CARGO_BIN_EXE_workbook"));
        command
            .args(arguments)
            .current_dir(self.path("work"))
            .env_clear()
            .env("HOME", self.path("home"))
            .env("XDG_DATA_HOME", self.path("data"))
            .env("XDG_CACHE_HOME", self.path("cache"))
            .stdin(Stdio::null());
        command
    }

    /// Runs the program to its end.
    pub fn run(&self, arguments: &[&str]) -> Ended {
        end_of(&mut self.command(arguments))
    }
}

/// Runs a command to its end.
pub fn end_of(command: &mut Command) -> Ended {
    let Output { status, stdout, stderr } = command.output().unwrap();
    Ended {
        code: status.code(),
        stdout: String::from_utf8(stdout).unwrap(),
        stderr: String::from_utf8(stderr).unwrap(),
    }
}

impl Ended {
    /// The results of a program that must have ended well and without complaint.
    #[track_caller]
    pub fn good(self) -> String {
        assert_eq!((self.code, self.stderr.as_str()), (Some(0), ""), "{}", self.stdout);
        self.stdout
    }

    /// The error message of a program that must have failed like this, without results.
    #[track_caller]
    pub fn failed(self, code: i32) -> String {
        assert_eq!((self.code, self.stdout.as_str()), (Some(code), ""), "{}", self.stderr);
        self.stderr
    }
}

/// A text must have all of these parts.
#[track_caller]
pub fn has(text: &str, parts: &[&str]) {
    for part in parts {
        assert!(text.contains(part), "`{part}` is not in:\n{text}");
    }
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in from.read_dir().unwrap().map(Result::unwrap) {
        let target = to.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            copy(&entry.path(), &target);
        } else if !target.to_string_lossy().ends_with(".snap.new") {
            fs::copy(entry.path(), target).unwrap();
        }
    }
}

//! The course: what a lesson is, read from its folder, and nothing about running it.
//!
//! [`Course`] finds the folders; [`script`] reads a lesson's `lesson.toml`; [`message`] is a reply
//! as the text of a snapshot, [`prints`] what the server printed for it; [`expectation`] holds what
//! the tutorial documents. Nothing here does I/O beyond reading.

pub mod call;
pub mod capture;
pub mod diagnostic;
pub mod divergence;
pub mod expectation;
pub mod json_path;
pub mod lesson;
pub mod mask;
pub mod message;
pub mod nearest;
pub mod page;
pub mod part;
pub mod prints;
pub mod request;
pub mod script;
pub mod socket;
pub mod status_line;
pub mod streaming;
pub mod visible;

use std::fs;
use std::io;
use std::num::NonZeroUsize;
use std::panic::resume_unwind;
use std::path::{Path, PathBuf};
use std::thread;

use crate::lessons::{self, Entry};
pub use call::{Call, Says};
pub use diagnostic::{CourseError, Diagnostic};
pub use lesson::Lesson;
pub use message::Message;
pub use prints::Prints;
pub use status_line::StatusLine;

/// The folder that holds `lessons` and `snapshots`.
#[derive(Clone, Debug)]
pub struct Course {
    root: PathBuf,
}

impl Course {
    /// The course in this folder.
    pub fn new(root: impl Into<PathBuf>) -> Self {
        Self { root: root.into() }
    }

    /// The course that this folder or one above it holds: a checkout.
    pub fn around(folder: &Path) -> Option<Self> {
        let holds =
            |root: &&Path| root.join("lessons/mod.rs").is_file() && root.join("snapshots").is_dir();
        folder.ancestors().find(holds).map(Self::new)
    }

    /// Its folder.
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// A path inside the course as people write it: relative to the course's folder.
    pub fn relative<'a>(&self, path: &'a Path) -> &'a Path {
        path.strip_prefix(&self.root).unwrap_or(path)
    }

    /// All lessons in order, read from disk.
    pub fn lessons(&self) -> Result<Vec<Lesson>, CourseError> {
        let read = side_by_side(lessons::ALL, |entry| Lesson::read(&self.root, entry));
        read.into_iter().collect()
    }

    /// The lessons named by numbers, ranges (`4-6`) or slugs, each once, in the order named.
    pub fn select(&self, names: &[String]) -> Result<Vec<Lesson>, CourseError> {
        self.find(names)?.into_iter().map(|entry| Lesson::read(&self.root, entry)).collect()
    }

    /// The one lesson of this name.
    pub fn lesson(&self, name: &str) -> Result<Lesson, CourseError> {
        match self.find(&[name.to_owned()])?.as_slice() {
            [entry] => Lesson::read(&self.root, entry),
            _ => Err(CourseError::NotOneLesson { name: name.to_owned() }),
        }
    }

    /// The registry's entries that these words mean, each once, in the order named.
    pub fn find(&self, words: &[String]) -> Result<Vec<&'static Entry>, CourseError> {
        lesson::find_all(words).map_err(|error| match &error {
            CourseError::UnknownLesson { name, .. } => self.not_built(name).unwrap_or(error),
            _ => error,
        })
    }

    /// What is wrong with a word that means a lesson here, though this program has none.
    fn not_built(&self, word: &str) -> Option<CourseError> {
        let folders = self.folders().ok()?;
        let folder = folders.into_iter().find(|folder| lesson::is_named(folder, word))?;
        Some(CourseError::NotBuilt { folder })
    }

    /// The folders of its lessons by name, sorted, whether this program knows them or not.
    pub fn folders(&self) -> io::Result<Vec<String>> {
        let mut folders = Vec::new();
        for entry in fs::read_dir(self.root.join("lessons"))?.flatten() {
            let name = entry.file_name().to_string_lossy().into_owned();
            if entry.path().is_dir() && lesson::split(&name).0 > 0 {
                folders.push(name);
            }
        }
        folders.sort();
        Ok(folders)
    }
}

/// How many threads can be at work at the same moment.
pub fn processors() -> usize {
    thread::available_parallelism().map_or(1, NonZeroUsize::get)
}

/// What a function makes of each of these, on as many threads as there are processors.
pub fn side_by_side<T: Sync, R: Send>(all: &[T], function: impl Fn(&T) -> R + Sync) -> Vec<R> {
    let share = all.len().div_ceil(processors()).max(1);
    thread::scope(|scope| {
        let (mut made, function) = (Vec::with_capacity(all.len()), &function);
        let work = |part| scope.spawn(move || <[T]>::iter(part).map(function).collect());
        let parts: Vec<_> = all.chunks(share).map(work).collect();
        for part in parts {
            let part: Vec<R> = part.join().unwrap_or_else(|panic| resume_unwind(panic));
            made.extend(part);
        }
        made
    })
}

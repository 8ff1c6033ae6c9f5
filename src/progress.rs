//! What a learner has done and what `verify` last found wrong, kept in the user's data folder and
//! never in the tree. What cannot be read is as if nothing had been kept.

use std::collections::{BTreeMap, BTreeSet};
use std::io;
use std::path::{Path, PathBuf};

use etcetera::BaseStrategy;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use crate::file;

/// Which lessons have been run, and whether all their calls matched the last time.
#[derive(Debug, Default, Deserialize, Serialize)]
pub struct Progress {
    version: u32,
    lessons: BTreeMap<String, bool>,
}

impl Progress {
    /// What is kept; nothing if there is no file, no home or the file is not ours.
    pub fn load() -> Self {
        let progress = load::<Self>(PROGRESS);
        progress.filter(|progress| progress.version == VERSION).unwrap_or_default()
    }

    /// Whether a lesson, by folder name, matched when it was last run; `None` if it never was.
    pub fn of(&self, lesson: &str) -> Option<bool> {
        self.lessons.get(lesson).copied()
    }

    /// Notes how a lesson came out and keeps it; without a home folder nothing is kept.
    pub fn note(&mut self, lesson: &str, good: bool) -> io::Result<()> {
        self.version = VERSION;
        if self.lessons.insert(lesson.to_owned(), good) == Some(good) {
            return Ok(());
        }
        keep(PROGRESS, self)
    }
}

/// The lessons of a course that were not good when they were last verified. Only one course is
/// remembered, the last one that had any.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
pub struct Failed {
    version: u32,
    /// Its folder; what is not Unicode in it is left out of the comparison.
    course: String,
    lessons: BTreeSet<String>,
}

impl Failed {
    /// What is remembered of the course in this folder.
    pub fn load(course: &Path) -> Self {
        let course = course.to_string_lossy().into_owned();
        let ours = |kept: &Self| kept.version == VERSION && kept.course == course;
        match load(FAILED).filter(ours) {
            Some(kept) => kept,
            None => Self { version: VERSION, course, lessons: BTreeSet::new() },
        }
    }

    /// Whether a lesson, by folder name, was not good.
    pub fn has(&self, lesson: &str) -> bool {
        self.lessons.contains(lesson)
    }

    /// Keeps how these lessons, by folder name, came out, and what is remembered of the others.
    pub fn note(
        course: &Path,
        lessons: impl IntoIterator<Item = (String, bool)>,
    ) -> io::Result<()> {
        let before = Self::load(course);
        let mut now = before.clone();
        for (lesson, good) in lessons {
            if good {
                now.lessons.remove(&lesson);
            } else {
                now.lessons.insert(lesson);
            }
        }
        if now == before { Ok(()) } else { keep(FAILED, &now) }
    }
}

/// Where the lines are kept that are typed at the prompt of `try`; nowhere without a home.
pub fn history() -> Option<PathBuf> {
    path(HISTORY)
}

const FAILED: &str = "failed.json";
const HISTORY: &str = "history";
const PROGRESS: &str = "progress.json";
const VERSION: u32 = 1;

fn load<T: DeserializeOwned>(name: &str) -> Option<T> {
    let text = std::fs::read_to_string(path(name)?).ok()?;
    serde_json::from_str(&text).ok()
}

fn keep(name: &str, kept: &impl Serialize) -> io::Result<()> {
    let Some(path) = path(name) else { return Ok(()) };
    file::write(&path, &serde_json::to_string_pretty(kept)?)
}

/// Nowhere without a home, and not below a relative one, which could be inside the course.
fn path(name: &str) -> Option<PathBuf> {
    let folder = etcetera::choose_base_strategy().ok()?.data_dir();
    folder.is_absolute().then(|| folder.join("workbook").join(name))
}

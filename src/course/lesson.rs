//! A lesson: a number, a slug, a folder, a script, and the server that answers it.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::call::Call;
use super::diagnostic::CourseError;
use super::script::{self, Erratum, Script};
use crate::fastapi::Api;
use crate::lessons::{ALL, Entry};

/// One lesson, its script read.
#[derive(Clone, Debug)]
pub struct Lesson {
    /// The number that learners type.
    pub number: u32,
    /// The name that learners may type instead: `path-parameters`.
    pub slug: String,
    /// The script's title, group, calls and errata.
    pub script: Arc<Script>,
    /// The course's folder.
    pub root: PathBuf,
    /// Makes the lesson's application.
    pub app: fn() -> Api,
}

impl Lesson {
    /// Reads the lesson of this registry entry below a course's folder.
    pub fn read(root: &Path, entry: &Entry) -> Result<Self, CourseError> {
        let path = root.join("lessons").join(entry.folder).join("lesson.toml");
        Ok(Self::of(root, entry, script::read(&path)?))
    }

    /// The lesson of this registry entry with a script that has been read.
    pub fn of(root: &Path, entry: &Entry, script: Script) -> Self {
        let (number, slug) = split(entry.folder);
        let (slug, root) = (slug.to_owned(), root.to_owned());
        Self { number, slug, script: Arc::new(script), root, app: entry.app }
    }

    /// `04-path-parameters`.
    pub fn folder_name(&self) -> String {
        format!("{:02}-{}", self.number, self.slug)
    }

    /// The folder with the lesson's files.
    pub fn folder(&self) -> PathBuf {
        self.root.join("lessons").join(self.folder_name())
    }

    /// The folder with its snapshots.
    pub fn snapshots(&self) -> PathBuf {
        self.root.join("snapshots").join(self.folder_name())
    }

    /// Where the recorded reply to a call is kept.
    pub fn snapshot(&self, call: &str) -> PathBuf {
        self.snapshots().join(format!("{call}.snap"))
    }

    /// The script's path as people write it.
    pub fn script_name(&self) -> String {
        format!("lessons/{}/lesson.toml", self.folder_name())
    }

    /// That path as people write it.
    pub fn snapshot_name(&self, call: &str) -> String {
        format!("snapshots/{}/{call}.snap", self.folder_name())
    }

    /// The call of this name.
    pub fn call(&self, name: &str) -> Result<&Call, CourseError> {
        self.script.calls.iter().find(|call| call.name == name).ok_or_else(|| {
            let names = self.script.calls.iter().map(|call| call.name.as_str());
            CourseError::UnknownCall {
                lesson: self.number,
                name: name.to_owned(),
                nearest: nearest(name, names),
            }
        })
    }

    /// What the tutorial gets wrong about a call.
    pub fn erratum(&self, call: &str) -> Option<&Erratum> {
        self.script.errata.iter().find(|erratum| erratum.call == call)
    }
}

/// The registry's entries that a learner's word means: a number, a range or a slug.
pub fn find(word: &str) -> Result<Vec<&'static Entry>, CourseError> {
    let unknown =
        || CourseError::UnknownLesson { name: word.to_owned(), nearest: suggestion(word) };
    if let Some((first, last)) = range(word) {
        let inside = |entry: &&Entry| (first..=last).contains(&split(entry.folder).0);
        let entries: Vec<_> = ALL.iter().filter(inside).collect();
        return if entries.is_empty() { Err(unknown()) } else { Ok(entries) };
    }
    let named = |entry: &&Entry| is_named(entry.folder, word);
    ALL.iter().find(named).map(|entry| vec![entry]).ok_or_else(unknown)
}

/// The entries that several words mean, each once, in the order named.
pub(super) fn find_all(words: &[String]) -> Result<Vec<&'static Entry>, CourseError> {
    let mut entries: Vec<&Entry> = Vec::new();
    for word in words {
        for entry in find(word)? {
            if !entries.iter().any(|known| known.folder == entry.folder) {
                entries.push(entry);
            }
        }
    }
    Ok(entries)
}

/// Whether a learner's word means the lesson in this folder.
pub fn is_named(folder: &str, word: &str) -> bool {
    let (number, slug) = split(folder);
    word.parse() == Ok(number) || slug == word || folder == word
}

/// `4-6` as numbers.
fn range(word: &str) -> Option<(u32, u32)> {
    let (first, last) = word.split_once('-')?;
    Some((first.parse().ok()?, last.parse().ok()?))
}

/// `04-path-parameters` as its number and its slug.
pub fn split(folder: &str) -> (u32, &str) {
    let (number, slug) = folder.split_once('-').unwrap_or(("0", folder));
    (number.parse().unwrap_or(0), slug)
}

/// The lesson that was probably meant: the nearest number, or the most similar slug.
fn suggestion(word: &str) -> Option<String> {
    let title = |entry: &Entry| {
        let (number, slug) = split(entry.folder);
        format!("{number} ({slug})")
    };
    if let Ok(number) = word.parse::<u32>() {
        let distance = |entry: &&Entry| split(entry.folder).0.abs_diff(number);
        return ALL.iter().min_by_key(distance).map(title);
    }
    let slug = nearest(word, ALL.iter().map(|entry| split(entry.folder).1))?;
    ALL.iter().find(|entry| split(entry.folder).1 == slug).map(title)
}

/// The most similar of the candidates, if any is similar at all.
pub fn nearest<'a>(word: &str, candidates: impl Iterator<Item = &'a str>) -> Option<String> {
    let similarity = |candidate: &str| {
        let contained = if candidate.contains(word) { 0.3 } else { 0.0 };
        strsim::jaro_winkler(word, candidate) + contained
    };
    candidates
        .map(|candidate| (similarity(candidate), candidate))
        .filter(|(ratio, _)| *ratio > 0.7)
        .max_by(|(a, _), (b, _)| a.total_cmp(b))
        .map(|(_, candidate)| candidate.to_owned())
}

#[cfg(test)]
mod tests {
    use super::{find, suggestion};

    #[test]
    fn a_lesson_is_addressed_by_number_slug_folder_or_range() {
        for word in ["4", "04", "path-parameters", "04-path-parameters", "4-4"] {
            let found = find(word).unwrap();
            assert_eq!(found[0].folder, "04-path-parameters", "{word}");
        }
        assert_eq!(find("4-6").unwrap().len(), 3);
    }

    #[test]
    fn an_unknown_lesson_suggests_the_nearest() {
        assert!(find("99").is_err());
        assert_eq!(suggestion("0").as_deref(), Some("1 (minimal-application)"));
        assert_eq!(suggestion("path-parametres").as_deref(), Some("4 (path-parameters)"));
        assert_eq!(suggestion("xyzzy"), None);
    }
}

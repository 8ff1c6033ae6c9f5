//! A lesson's folder: the four files that every lesson has, and whatever else lies there.

use std::path::{Path, PathBuf};

use super::finding::{Finding, Text};
use crate::course::Course;
use crate::course::lesson::split;
use crate::fastapi::Api;
use crate::lessons::Entry;

/// The files of a lesson that are there and can be read.
pub struct Folder {
    /// The folder, relative to the course's: `lessons/04-path-parameters`.
    pub name: String,
    /// The whole path.
    pub path: PathBuf,
    /// The lesson's number.
    pub number: u32,
    /// Makes the lesson's application.
    pub app: fn() -> Api,
    /// `README.md`.
    pub page: Option<Text>,
    /// `app.rs`.
    pub rust: Option<Text>,
    /// `app.py`.
    pub python: Option<Text>,
    /// `lesson.toml`.
    pub script: Option<Text>,
}

/// The files that every lesson has.
const FILES: [&str; 4] = ["README.md", "app.py", "app.rs", "lesson.toml"];

impl Folder {
    /// Reads the files of a lesson; those that cannot be had are findings.
    pub fn read(course: &Course, entry: &Entry, found: &mut Vec<Finding>) -> Self {
        let name = format!("lessons/{}", entry.folder);
        let mut text = |file: &str| {
            let file_name = format!("{name}/{file}");
            match Text::read(&file_name, course.root()) {
                Ok(text) => Some(text),
                Err(_) if !course.root().join(&file_name).exists() => {
                    let next = format!("write it; lessons/template/{file} is how one starts");
                    found.push(Finding::new(file_name, 1, "there is no such file", next));
                    None
                }
                Err(unreadable) => {
                    found.push(unreadable);
                    None
                }
            }
        };
        let [page, python, rust, script] = FILES.map(&mut text);
        Self {
            path: course.root().join(&name),
            number: split(entry.folder).0,
            app: entry.app,
            name,
            page,
            rust,
            python,
            script,
        }
    }

    /// The files that could be read.
    pub fn texts(&self) -> impl Iterator<Item = &Text> {
        [&self.page, &self.python, &self.rust, &self.script].into_iter().flatten()
    }
}

/// Checks that the files say something, that nothing is left to write, and that no other file is
/// there without a use.
pub fn check(folder: &Folder, found: &mut Vec<Finding>) {
    for text in folder.texts() {
        if text.text.trim().is_empty() {
            let next = "write it, or start from the same file of lessons/template";
            found.push(text.finding(1, "the file is empty", next));
        }
        found.extend(text.text.lines().enumerate().filter_map(|(index, line)| {
            let (_, left) = line.split_once("TODO")?;
            let left = left.trim_start_matches(':').trim().trim_end_matches(['"', '\'']);
            let fact = format!("left to write: {left}");
            Some(text.finding(index + 1, fact, "write it and take the TODO away"))
        }));
    }
    if let Some(rust) = &folder.rust {
        check_rust(rust, found);
    }
    check_strays(folder, found);
}

fn check_rust(rust: &Text, found: &mut Vec<Finding>) {
    let first = rust.text.lines().next().unwrap_or_default();
    if !rust.text.trim().is_empty() && !first.starts_with("//! ") {
        let fact = "the first line does not say what the lesson shows";
        found.push(rust.finding(1, fact, "start with a line such as `//! Enums as parameters.`"));
    }
    let declares = |line: &&str| line.contains("fn ") && !line.trim_start().starts_with("//");
    let first_function = rust.text.lines().find(declares);
    if let Some(other) = first_function.filter(|line| !line.starts_with("pub fn app() -> Api")) {
        let fact = format!("`{}` comes before `pub fn app() -> Api`", other.trim());
        let next = "put `app()` first: it lists the routes";
        found.push(rust.finding(rust.line_of(other), fact, next));
    }
}

/// Everything beside the four files has to be named by one of them, itself or by its folder.
fn check_strays(folder: &Folder, found: &mut Vec<Finding>) {
    let used = |name: &str| folder.texts().any(|text| text.text.contains(name));
    for name in names(&folder.path) {
        let passed_over = name.starts_with('.') || name == "__pycache__";
        if passed_over || FILES.contains(&name.as_str()) || used(&name) {
            continue;
        }
        let fact = "neither script nor code nor page names this file or folder";
        let next = "remove it, or use it";
        found.push(Finding::new(format!("{}/{name}", folder.name), 1, fact, next));
    }
}

/// The names in a folder, sorted; none if it cannot be read.
pub fn names(folder: &Path) -> Vec<String> {
    let Ok(entries) = std::fs::read_dir(folder) else { return Vec::new() };
    let names = entries.flatten().map(|entry| entry.file_name().to_string_lossy().into_owned());
    let mut names: Vec<String> = names.collect();
    names.sort();
    names
}

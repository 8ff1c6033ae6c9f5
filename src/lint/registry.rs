//! The lists of lessons: the folders, the rows of `lessons/mod.rs` and of `lessons/SUMMARY.md` are
//! the same lessons in the same order.

use std::collections::BTreeSet;

use super::finding::{Finding, Text, line_at};
use super::folder::names;
use super::pattern::pattern;
use crate::course::lesson::split;
use crate::course::{Course, Lesson};
use crate::lessons::{ALL, TEMPLATE};

const REGISTRY: &str = "lessons/mod.rs";
const SUMMARY: &str = "lessons/SUMMARY.md";

/// What is to be said about the lists as a whole.
pub fn registry(course: &Course) -> Vec<Finding> {
    let mut found = Vec::new();
    let folders = lesson_folders(course);
    for (file, row) in
        [(REGISTRY, r#"Entry \{[ \n]*folder: "([^"]+)""#), (SUMMARY, r"\]\(([^()]+)/README\.md\)")]
    {
        match Text::read(file, course.root()) {
            Ok(text) => check_rows(&text, &rows(&text.text, row), &folders, &mut found),
            Err(unreadable) => found.push(unreadable),
        }
    }
    let named = pattern(r"^[0-9]{2,}(-[a-z0-9]+)+$");
    for folder in folders.iter().filter(|folder| !named.is_match(folder)) {
        let fact = "a lesson's folder is named by its number and its slug";
        let next = "name it as in `04-path-parameters`, or move it elsewhere";
        found.push(Finding::new(format!("lessons/{folder}"), 1, fact, next));
    }
    for folder in names(&course.root().join("snapshots")) {
        if !folders.contains(&folder) {
            let fact = "these snapshots belong to no lesson";
            found.push(Finding::new(format!("snapshots/{folder}"), 1, fact, "remove the folder"));
        }
    }
    found.sort();
    found
}

/// Checks that a lesson has its row in the book, under its group and title.
pub fn check_summary(course: &Course, lesson: &Lesson, found: &mut Vec<Finding>) {
    // Without the file there is no row to speak of; `registry` tells that.
    let Ok(text) = Text::read(SUMMARY, course.root()) else { return };
    let (folder, script) = (lesson.folder_name(), &lesson.script);
    let row = format!("{}. [{}]({folder}/README.md)", lesson.number, script.title);
    let line = text.text.lines().position(|line| line.contains(&format!("]({folder}/README.md)")));
    // A missing row is told as well.
    let Some(index) = line else { return };
    if text.text.lines().nth(index) != Some(row.as_str()) {
        let fact = format!("the row of `{folder}` is not its number and title");
        found.push(text.finding(index + 1, fact, format!("it should be `{row}`")));
    }
    let before = text.text.lines().take(index);
    let heading = before.filter_map(|line| line.strip_prefix("# ")).last().unwrap_or_default();
    if heading != script.group && !script.group.trim().is_empty() {
        let fact = format!("`{folder}` stands under `{heading}`, its group is `{}`", script.group);
        let next = format!("put the row under `# {}`, or correct the group", script.group);
        found.push(text.finding(index + 1, fact, next));
    }
}

fn lesson_folders(course: &Course) -> BTreeSet<String> {
    let lessons = course.root().join("lessons");
    let is_lesson = |name: &String| {
        let passed_over = name.starts_with('.') || name == TEMPLATE;
        !passed_over && lessons.join(name).is_dir()
    };
    names(&lessons).into_iter().filter(is_lesson).collect()
}

/// The folders that a list names, with the bytes at which it does.
fn rows(text: &str, row: &str) -> Vec<(usize, String)> {
    let row = pattern(row);
    row.captures_iter(text)
        .map(|row| (row.get(0).map_or(0, |all| all.start()), row[1].to_owned()))
        .collect()
}

fn check_rows(
    list: &Text,
    rows: &[(usize, String)],
    folders: &BTreeSet<String>,
    found: &mut Vec<Finding>,
) {
    for folder in folders.iter().filter(|folder| !rows.iter().any(|(_, row)| row == *folder)) {
        let fact = format!("`{folder}` has no row");
        let next = format!("add it, as `workbook new` would, or remove lessons/{folder}");
        found.push(list.finding(line_at(&list.text, list.text.len()), fact, next));
    }
    let mut highest = 0;
    for (at, folder) in rows {
        let line = line_at(&list.text, *at);
        if !folders.contains(folder) {
            let fact = format!("there is no folder lessons/{folder}");
            let next = "remove the row, or restore the folder";
            found.push(list.finding(line, fact, next));
        }
        let number = split(folder).0;
        if number <= highest {
            let fact = format!("lesson {number} comes after lesson {highest}");
            found.push(list.finding(line, fact, "the numbers rise, and each is there once"));
        }
        highest = highest.max(number);
        let built_in = ALL.iter().any(|entry| entry.folder == folder);
        if list.name == REGISTRY && folders.contains(folder) && !built_in {
            let fact = format!("this program was built before `{folder}` was registered");
            let next = format!("`cargo run -q -- lint {number}` builds and checks it");
            found.push(list.finding(line, fact, next));
        }
    }
    // A program that knows more lessons than the list was built in another checkout.
    let gone = ALL.iter().filter(|entry| !rows.iter().any(|(_, row)| row == entry.folder));
    for entry in gone.filter(|entry| list.name == REGISTRY && !folders.contains(entry.folder)) {
        let fact = format!("this program was built with `{}`, which is not here", entry.folder);
        found.push(list.finding(1, fact, "`cargo run -q -- lint` builds it anew"));
    }
}

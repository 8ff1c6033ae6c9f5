//! A lesson's page: its heading and sections, its length, what it includes and where it leads.

use std::path::Path;

use super::finding::{Finding, Text};
use super::folder::Folder;
use super::pattern::pattern;
use super::spelling::{misspelt, prose};
use crate::course::page::{self, Include};
use crate::course::{Lesson, lesson};

/// Two screens. What is included counts as the one line that includes it: its length is limited
/// where it is written.
const LINES: usize = 80;

/// The sections of a page.
const SECTIONS: [&str; 5] = [
    "## In FastAPI",
    "## In Rust",
    "## What to watch in the replies",
    "## Worth knowing",
    "## Try next",
];

/// Checks the page; its heading can be checked only if the script can be read.
pub fn check(folder: &Folder, read: Option<&Lesson>, found: &mut Vec<Finding>) {
    let Some(page) = folder.page.as_ref().filter(|page| !page.text.trim().is_empty()) else {
        return;
    };
    if let Some(lesson) = read {
        let heading = format!("# {}. {}", lesson.number, lesson.script.title);
        if page.text.lines().next() != Some(heading.as_str()) {
            let fact = "the heading is not the lesson's number and title";
            found.push(page.finding(1, fact, format!("the first line should be `{heading}`")));
        }
    }
    let lines = page.text.lines().count();
    if lines > LINES {
        let fact = format!("the page has {lines} lines; two screens are {LINES}");
        let next = "leave out what the reader does not miss";
        found.push(page.finding(LINES + 1, fact, next));
    }
    check_sections(page, found);
    check_includes(page, found);
    let prose = prose(&page.text);
    check_references(page, (&prose, folder.number), found);
    for (at, wrong, right) in misspelt(&prose) {
        let fact = format!("`{wrong}` is spelt {right}");
        found.push(page.finding(page.line_at(at), fact, "correct it, or mark it as code"));
    }
}

fn check_sections(page: &Text, found: &mut Vec<Finding>) {
    let place = |section: &str| page.text.lines().position(|line| line == section);
    let mut last = 0;
    for section in SECTIONS {
        match place(section) {
            None => {
                let fact = format!("there is no section `{section}`");
                let next = format!("a page has {}", SECTIONS.join(", "));
                found.push(page.finding(1, fact, next));
            }
            Some(line) if line < last => {
                let fact = format!("the section `{section}` comes too early");
                found.push(page.finding(line + 1, fact, format!("order: {}", SECTIONS.join(", "))));
            }
            Some(line) => last = line,
        }
    }
}

fn check_includes(page: &Text, found: &mut Vec<Finding>) {
    let mistakes = page::mistakes(&page.path, &page.text);
    found.extend(mistakes.into_iter().map(|one| Finding::of_diagnostic(&page.name, one)));
    let includes = page::includes(&page.text);
    let shows = |file: &str| includes.iter().any(|include| include.file == file);
    for (what, is_shown) in [
        ("app.py", shows("app.py")),
        ("app.rs", shows("app.rs")),
        ("a snapshot", includes.iter().any(is_recorded)),
    ] {
        if !is_shown {
            let fact = format!("the page includes nothing of {what}");
            let next = "show the code in both languages and at least one recorded reply";
            found.push(page.finding(1, fact, next));
        }
    }
    for include in includes.iter().filter(|include| is_recorded(include)) {
        check_snapshot(page, include, found);
    }
    for (at, _) in page.text.match_indices("{{#") {
        if !page.text[at..].starts_with("{{#include ") {
            let fact = "only `{{#include …}}` is understood";
            let next = "`workbook show` would print this as it is: include the text instead";
            found.push(page.finding(page.line_at(at), fact, next));
        }
    }
}

fn is_recorded(include: &Include<'_>) -> bool {
    Path::new(include.file).extension().is_some_and(|end| end == "snap")
}

/// What is included of a snapshot starts with the reply or its body, not with the file's header.
fn check_snapshot(page: &Text, include: &Include<'_>, found: &mut Vec<Finding>) {
    let path = page.path.with_file_name(include.file);
    // One that cannot be included has been told.
    let Ok(snapshot) = std::fs::read_to_string(path) else { return };
    let first = include.part.split(':').next().and_then(|line| line.parse().ok()).unwrap_or(1usize);
    let line = snapshot.lines().nth(first.saturating_sub(1)).unwrap_or_default();
    if !line.starts_with("HTTP/1.1 ") && line != "{" {
        let fact = format!("the included part of the snapshot starts with `{line}`");
        let start = snapshot.lines().position(|line| line.starts_with("HTTP/1.1 "));
        let start = start.map_or(1, |index| index + 1);
        let next = format!("include it from the status line on: `{}:{start}:`", include.file);
        found.push(page.finding(page.line_at(include.span.start), fact, next));
    }
}

/// Links lead to files, and the lessons that are mentioned exist.
fn check_references(page: &Text, (prose, own): (&str, u32), found: &mut Vec<Finding>) {
    let link = pattern(r"\]\(([^) \t\n]+)\)");
    for captures in link.captures_iter(prose) {
        let target = captures[1].split('#').next().unwrap_or_default();
        let elsewhere = target.contains("://") || target.starts_with("mailto:");
        if elsewhere || target.is_empty() || page.path.with_file_name(target).exists() {
            continue;
        }
        let at = captures.get(1).map_or(0, |found| found.start());
        let fact = format!("the link leads to `{target}`, which is not there");
        let next = "a link starts in the lesson's folder: `../02-metadata-and-docs/README.md`";
        found.push(page.finding(page.line_at(at), fact, next));
    }
    let number = pattern(r"(?:(?-u:\b)[Ll]essons?|(?-u:\b)workbook [a-z]+) ([0-9]+)(?-u:\b)");
    // Commands are code, so this looks at the whole page.
    for captures in number.captures_iter(&page.text) {
        if captures[1].parse() != Ok(own) && lesson::find(&captures[1]).is_err() {
            let fact = format!("there is no lesson {}", &captures[1]);
            let at = captures.get(1).map_or(0, |found| found.start());
            found.push(page.finding(page.line_at(at), fact, "`workbook list` shows all of them"));
        }
    }
}

//! The course at a glance: the list of lessons, and where a learner is.

use std::collections::HashSet;

use textwrap::core::display_width;

use super::curl;
use super::palette::Palette;
use super::prose::Look;
use crate::course::{Lesson, Says, socket};

/// All lessons by group; with `Some` for those that have been run, true if all matched.
pub fn list(lessons: &[(Lesson, Option<bool>)], look: Look) -> String {
    let palette = Palette::of(look);
    let widest = lessons.iter().map(|(lesson, _)| display_width(&lesson.script.title)).max();
    let widest = widest.unwrap_or(0).min(look.width.saturating_sub(20));
    let mut text = String::new();
    let parts = lessons.iter().map(|(lesson, _)| lesson.script.document.name());
    let has_parts = parts.collect::<HashSet<_>>().len() > 1;
    let (mut document, mut group) = (None, "");
    for (lesson, progress) in lessons {
        let script = &lesson.script;
        if has_parts && document != Some(script.document) {
            let gap = if document.is_none() { "" } else { "\n" };
            let title = format!("The {}", script.document.name()).to_uppercase();
            text += &format!("{gap}{}\n", palette.name(&title));
            document = Some(script.document);
        }
        if script.group != group {
            let gap = if text.is_empty() { "" } else { "\n" };
            text += &format!("{gap}{}\n", palette.name(&script.group));
            group = &script.group;
        }
        let pad = " ".repeat(widest.saturating_sub(display_width(&script.title)));
        let mark = match progress {
            Some(true) => palette.good("✓ matched"),
            Some(false) => palette.bad("✗ differed"),
            None => String::new(),
        };
        let row = format!("{:>4}  {}{pad}  {mark}", lesson.number, script.title);
        text += &format!("{}\n", row.trim_end());
    }
    text
}

/// Where a learner is and what comes next.
pub fn whereabouts(lessons: &[(Lesson, Option<bool>)], look: Look) -> String {
    let palette = Palette::of(look);
    let done = lessons.iter().filter(|(_, progress)| *progress == Some(true)).count();
    let next = lessons.iter().find(|(_, progress)| *progress != Some(true));
    let mut text = format!(
        "{}\n\n{done} of {} lessons done\n",
        palette.name("workbook: web APIs between FastAPI and Rust"),
        lessons.len()
    );
    let Some((lesson, progress)) = next else {
        text += "\nThat was the last one. `workbook list` shows them all.\n";
        return text;
    };
    let lead = if *progress == Some(false) { "Still differs" } else { "Next" };
    let number = lesson.number;
    text += &format!("{lead}: {number} · {}\n\n", palette.name(&lesson.script.title));
    for (command, does) in [
        (format!("workbook show {number}"), "read it"),
        (format!("workbook run {number}"), "see every request and reply"),
        (format!("workbook run {number} --step"), "predict each reply before you see it"),
        (format!("workbook serve {number}"), "keep its server up and try things"),
        ("workbook list".to_owned(), "all lessons"),
        ("workbook help".to_owned(), "all commands"),
    ] {
        text += &format!("  {command:<24} {}\n", palette.aside(does));
    }
    text
}

/// The calls of a lesson's script, each with what is said about it and its curl command.
pub fn calls(lesson: &Lesson, base_url: &str, look: Look) -> String {
    let palette = Palette::of(look);
    let mut text = String::new();
    for (index, call) in lesson.script.calls.iter().enumerate() {
        let source = match call.says {
            Says::Document(_) => lesson.script.section.as_str(),
            Says::Extra(_) => "extra",
        };
        let socket = if call.socket.is_some() { "  (WebSocket)" } else { "" };
        text += &format!(
            "{:>2} › {}{}\n     {} ({}, {source})\n",
            index + 1,
            palette.name(&call.request()),
            palette.aside(socket),
            call.says.text(),
            call.name,
        );
        let steps = socket::plan(call.socket.as_deref().unwrap_or_default());
        text.extend(steps.iter().map(|step| format!("     {step}\n")));
        text += &format!("     {}\n", palette.aside(&curl::command(call, base_url)));
    }
    text
}

//! `compare` for people: where FastAPI, the snapshots and our server do not agree.

use super::curl;
use super::diff;
use super::palette::Palette;
use super::prose::Look;
use crate::course::{Call, Lesson, Message};
use crate::fuzz::{Agreement, Answers};

/// A call of the script on which two of the three voices differ.
pub fn voices(call: &Call, answers: &Answers, recorded: Option<&Message>, look: Look) -> String {
    let palette = Palette::of(look);
    let mut text = format!("  {}  {}\n", palette.name(&call.name), call.request());
    for (name, message) in [
        ("reference", answers.reference.as_ref().ok()),
        ("recorded", recorded),
        ("actual", answers.actual.as_ref().ok()),
    ] {
        text += &format!("    {}\n", palette.aside(name));
        let shown = message.map_or_else(|| "(none)".to_owned(), Message::to_text);
        text.extend(shown.lines().map(|line| format!("      {line}\n")));
    }
    text
}

/// A made request on which the servers differ, ready to be pasted into a script.
pub fn mismatch(call: &Call, answers: &Answers, actual_url: &str, look: Look) -> String {
    let palette = Palette::of(look);
    let mut text = format!("  {}\n", palette.name(&call.request()));
    match answers.agreement() {
        Agreement::Differs(differences) => {
            for line in diff::differences(&differences, ("FastAPI", "ours"), look) {
                text += &format!("    {line}\n");
            }
        }
        Agreement::Broken(why) => text += &format!("    {why}\n"),
        Agreement::Same | Agreement::Diverges(_) => {
            text += "    differs only after the requests before it\n";
        }
    }
    text += &format!("    {}\n", palette.aside(&curl::command(call, actual_url)));
    text + &format!("{}\n", as_script(call))
}

/// The last line of a lesson's search.
pub fn searched(lesson: &Lesson, sent: usize, diverging: usize, differing: usize) -> String {
    let number = lesson.number;
    format!("{number}: {sent} requests, {differing} differ, {diverging} diverge as listed\n")
}

fn as_script(call: &Call) -> String {
    // JSON's escapes are TOML's as well.
    let quoted = |text: &str| serde_json::Value::from(text).to_string();
    let mut lines = vec![
        "    [[call]]".to_owned(),
        "    name = \"found\"".to_owned(),
        format!("    request = {}", quoted(&call.request())),
        "    extra = \"…\"".to_owned(),
    ];
    if !call.headers.is_empty() {
        let headers: Vec<String> = call
            .headers
            .iter()
            .map(|(name, value)| format!("{name} = {}", quoted(value)))
            .collect();
        lines.push(format!("    headers = {{ {} }}", headers.join(", ")));
    }
    if let Some(body) = &call.body {
        lines.push(format!("    body = {}", quoted(&String::from_utf8_lossy(body))));
    }
    lines.join("\n")
}

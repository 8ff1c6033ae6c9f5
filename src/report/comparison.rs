//! `compare` for people: where FastAPI, the snapshots and our server do not agree.

use super::curl;
use super::diff;
use super::palette::Palette;
use super::prose::Look;
use crate::course::{Call, Lesson, Message};
use crate::engine::compare::compare;
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
    let [reference, actual] = [&answers.reference, &answers.actual].map(|one| one.as_ref().ok());
    for (sides, before, after) in [
        (("recorded", "reference"), recorded, reference),
        (("reference", "actual"), reference, actual),
    ] {
        let differences = before.zip(after).map(|(before, after)| compare(before, after));
        for line in diff::differences(&differences.unwrap_or_default(), sides, look) {
            text += &format!("    {line}\n");
        }
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

#[cfg(test)]
mod tests {
    use super::{Look, voices};
    use crate::course::{Call, Message};
    use crate::fuzz::Answers;

    #[test]
    fn below_the_voices_stands_where_they_differ_and_what_that_means() {
        let reply = |body: &str| {
            let headers = vec![("content-type".to_owned(), "application/json".to_owned())];
            Message::new((200, "OK"), headers, body.as_bytes())
        };
        let answers =
            Answers { reference: Ok(reply(r#"{"a":1}"#)), actual: Ok(reply(r#"{"a":"1"}"#)) };
        let look = Look { width: 80, colour: false };
        let shown = |recorded: &str| {
            let recorded = reply(recorded);
            let shown = voices(&Call::sketch("GET", "/"), &answers, Some(&recorded), look);
            shown.split_once("    $.a\n").unwrap().1.to_owned()
        };
        let ours = "      reference  1\n      actual     \"1\"\n      = The same value with quotes";
        assert!(shown(r#"{"a":1}"#).starts_with(ours), "{}", shown(r#"{"a":1}"#));
        let both = shown(r#"{"a":2}"#);
        let theirs = "      recorded   2\n      reference  1\n      = The types are the same";
        assert!(both.starts_with(theirs) && both.contains(ours), "{both}");
    }
}

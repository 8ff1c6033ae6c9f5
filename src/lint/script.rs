//! A lesson's script, beyond what its reader refuses: it says something of each call, documents
//! what is documented, and uses what it captures.

use std::collections::BTreeSet;

use super::finding::{Finding, Text};
use super::pattern::pattern;
use super::spelling::misspelt;
use crate::course::expectation::Expectation;
use crate::course::{Call, Lesson, Message, Says};
use crate::reference;

/// Checks a script that could be read.
pub fn check(lesson: &Lesson, text: &Text, found: &mut Vec<Finding>) {
    let script = &lesson.script;
    for (key, value) in [
        ("title", &script.title),
        ("group", &script.group),
        (script.document.name(), &script.section),
    ] {
        let line = text.line_of(&format!("{key} ="));
        if value.trim().is_empty() {
            let fact = format!("the {key} is empty");
            found.push(text.finding(line, fact, "write what `workbook list` should show"));
        }
        check_spelling(value, (text, line), found);
    }
    if script.calls.is_empty() {
        let next = "write a `[[call]]` for each request that the lesson makes";
        found.push(text.finding(1, "the script has no call", next));
    }
    for call in &script.calls {
        check_call(call, text, found);
    }
    check_captures(&script.calls, text, found);
    check_errata(lesson, text, found);
}

fn check_call(call: &Call, text: &Text, found: &mut Vec<Finding>) {
    let name = &call.name;
    let mut tell = |fact: String, next: &str| found.push(text.finding(call.line, fact, next));
    let said = call.says.text().trim();
    if said.is_empty() {
        tell(format!("nothing is said of `{name}`"), "say in a sentence what the call shows");
    }
    match &call.says {
        Says::Document(_) if call.expect.as_ref().is_none_or(claims_nothing) => tell(
            format!("`{name}` says what is documented, but expects nothing"),
            "write the documented value as `expect`; what the course adds is an `extra`",
        ),
        Says::Extra(_) if call.expect.is_some() => tell(
            format!("`{name}` is an extra, but has an `expect`"),
            "`expect` is for what is documented: write `says`, or leave `expect` out",
        ),
        Says::Document(_) if said.ends_with('.') => tell(
            format!("what `{name}` says ends with a full stop"),
            "what is documented is a phrase; leave the full stop out",
        ),
        Says::Extra(_) if !said.is_empty() && !ends_a_sentence(said) => tell(
            format!("the extra of `{name}` is no sentence"),
            "end what the course adds with a full stop",
        ),
        _ => {}
    }
    if call.hint.as_deref().is_some_and(|hint| !ends_a_sentence(hint.trim())) {
        tell(format!("the hint of `{name}` is no sentence"), "end it with a full stop");
    }
    if let (Some(least), Some(most)) = (call.at_least, call.at_most)
        && least > most
    {
        let next = "correct `at_least_ms` or `at_most_ms`";
        tell(format!("`{name}` has to take longer than it may"), next);
    }
    if call.at_least.is_some_and(|least| least >= call.timeout) {
        let next = "raise `timeout_ms`";
        tell(format!("`{name}` has to take longer than its reply is waited for"), next);
    }
    for said in [Some(said), call.hint.as_deref()].into_iter().flatten() {
        check_spelling(said, (text, call.line), found);
    }
}

fn claims_nothing(claim: &Expectation) -> bool {
    *claim == Expectation::default()
}

fn ends_a_sentence(text: &str) -> bool {
    text.ends_with(['.', '?'])
}

fn check_spelling(words: &str, (text, line): (&Text, usize), found: &mut Vec<Finding>) {
    for (_, wrong, right) in misspelt(words) {
        found.push(text.finding(line, format!("`{wrong}` is spelt {right}"), "correct it"));
    }
}

/// Each `${name}` was captured before, and what is captured is used later.
fn check_captures(calls: &[Call], text: &Text, found: &mut Vec<Finding>) {
    let used_name = r"\$(?:\{|%7B)([A-Za-z0-9_-]+)(?:\}|%7D)|%24%7B([A-Za-z0-9_-]+)%7D";
    let used_name = pattern(used_name);
    let mut captured: BTreeSet<&str> = BTreeSet::new();
    let mut used = BTreeSet::new();
    for call in calls {
        let headers = call.headers.iter().map(|(_, value)| value.as_str().into());
        let body = call.body.iter().map(|body| String::from_utf8_lossy(body));
        for part in [call.target.as_str().into()].into_iter().chain(headers).chain(body) {
            for name in used_name.captures_iter(&part) {
                let name = name.get(1).or(name.get(2)).map_or("", |name| name.as_str());
                used.insert(name.to_owned());
                if !captured.contains(name) {
                    let fact = format!(
                        "`{}` uses `${{{name}}}`, which no call before it captures",
                        call.name
                    );
                    let next = "add `capture = { … }` to the call whose reply has the value";
                    found.push(text.finding(call.line, fact, next));
                }
            }
        }
        captured.extend(call.captures.iter().map(|(name, _)| name.as_str()));
    }
    for call in calls {
        for (name, _) in call.captures.iter().filter(|(name, _)| !used.contains(name)) {
            let fact = format!("`{}` captures `{name}`, which no call uses", call.name);
            found.push(text.finding(call.line, fact, "use it, or leave it out"));
        }
    }
}

/// The texts of an erratum are there, it was seen on the version that was recorded, and there is
/// one for a call.
fn check_errata(lesson: &Lesson, text: &Text, found: &mut Vec<Finding>) {
    let errata = &lesson.script.errata;
    for (index, erratum) in errata.iter().enumerate() {
        let line = erratum_line(&text.text, &erratum.call);
        let name = &erratum.call;
        let mut tell = |fact: String, next: &str| found.push(text.finding(line, fact, next));
        for (key, value) in [("says", &erratum.says), ("fastapi", &erratum.fastapi)] {
            if value.trim().is_empty() {
                let fact = format!("the erratum of `{name}` has an empty `{key}`");
                tell(fact, "write what the document says, and what FastAPI does");
            }
        }
        if erratum.seen_on != reference::version() {
            let seen = &erratum.seen_on;
            let fact = format!("the erratum of `{name}` was seen on `{seen}`");
            let next = format!("look again: what is recorded comes from {}", reference::version());
            tell(fact, &next);
        }
        if errata[..index].iter().any(|earlier| earlier.call == *name) {
            tell(format!("`{name}` has a second erratum"), "make one of them");
        }
        for said in [&erratum.says, &erratum.fastapi] {
            check_spelling(said, (text, line), found);
        }
    }
}

/// The line on which the erratum of a call starts.
pub fn erratum_line(text: &str, call: &str) -> usize {
    let mut start = 1;
    for (index, line) in text.lines().enumerate() {
        match line.trim() {
            "[[erratum]]" => start = index + 1,
            line if line.starts_with("call") && line.contains(&format!("\"{call}\"")) => {
                return start;
            }
            _ => {}
        }
    }
    1
}

/// How a documented part and the recorded one differ, for people.
pub fn unmet(claim: &Expectation, recorded: &Message) -> Option<String> {
    let unmet = claim.unmet(recorded).into_iter().next()?;
    let found = unmet.found.as_deref().unwrap_or("nothing");
    Some(format!("{} {} is documented, {found} is recorded", unmet.place, unmet.claimed))
}

//! What is recorded for a lesson: one snapshot for each call, as `record` writes it, and what the
//! document has holds there unless an erratum says otherwise.

use super::finding::{Finding, Text};
use super::folder::{Folder, names};
use super::script::{erratum_line, unmet};
use crate::course::{Call, Lesson};
use crate::reference;
use crate::snapshot::{self, Snapshot};

/// Checks the snapshots of a lesson whose script could be read.
pub fn check(lesson: &Lesson, folder: &Folder, script: &Text, found: &mut Vec<Finding>) {
    let mut documents = 0;
    let mut complete = true;
    for call in &lesson.script.calls {
        let name = lesson.snapshot_name(&call.name);
        match snapshot::read(&lesson.snapshot(&call.name)) {
            Ok(Some(snapshot)) => {
                let json = snapshot.message.json();
                documents += usize::from(json.is_some_and(|json| json.get("openapi").is_some()));
                check_text(lesson, call, &snapshot, found);
                check_documented(lesson, call, (&snapshot, script), found);
            }
            Ok(None) => {
                complete = false;
                let fact = format!("nothing is recorded for `{}`", call.name);
                found.push(script.finding(call.line, fact, record(lesson)));
            }
            Err(error) => {
                complete = false;
                found.push(Finding::of_error(&name, error));
            }
        }
    }
    if complete && documents == 0 && !lesson.script.calls.is_empty() {
        let fact = "no call asks for the OpenAPI document";
        let next = "add a call `GET /openapi.json`: it is what FastAPI says of the routes";
        found.push(script.finding(1, fact, next));
    }
    check_strays(lesson, folder, found);
}

fn record(lesson: &Lesson) -> String {
    let number = lesson.number;
    format!("`workbook record {number}`, look at it, and `workbook accept {number}`")
}

/// The file is byte for byte what `record` would write for this reply.
fn check_text(lesson: &Lesson, call: &Call, snapshot: &Snapshot, found: &mut Vec<Finding>) {
    let right = snapshot::file_text(lesson, call, &snapshot.message, &reference::version());
    let text = std::fs::read_to_string(lesson.snapshot(&call.name)).unwrap_or_default();
    if text == right {
        return;
    }
    let same = text.lines().zip(right.lines()).take_while(|(is, should)| is == should).count();
    let should = right.lines().nth(same).unwrap_or("(the end)");
    let fact = format!("the line is not what `record` writes: `{should}`");
    let name = lesson.snapshot_name(&call.name);
    found.push(Finding::new(name, same + 1, fact, record(lesson)));
}

fn check_documented(
    lesson: &Lesson,
    call: &Call,
    (snapshot, script): (&Snapshot, &Text),
    found: &mut Vec<Finding>,
) {
    let Some(claim) = &call.expect else { return };
    let name = &call.name;
    match (unmet(claim, &snapshot.message), lesson.erratum(name)) {
        (Some(unmet), None) => {
            let fact = format!("`{name}` has no erratum: {unmet}");
            let next = "write an `[[erratum]]` if the document is wrong, or correct `expect`";
            found.push(script.finding(call.line, fact, next));
        }
        (None, Some(_)) => {
            let line = erratum_line(&script.text, name);
            let fact = format!("`{name}` is recorded as documented, so its erratum does not hold");
            let next = "remove the erratum, or write what the document claims as `expect`";
            found.push(script.finding(line, fact, next));
        }
        _ => {}
    }
}

/// Files of the snapshot folder that belong to no call, or wait for a decision.
fn check_strays(lesson: &Lesson, folder: &Folder, found: &mut Vec<Finding>) {
    let known = |name: &str| lesson.script.calls.iter().any(|call| call.name == name);
    let number = folder.number;
    for file in names(&lesson.snapshots()) {
        let (fact, next) = match file.split_once('.') {
            Some((name, "snap")) if known(name) => continue,
            Some((name, "snap.new")) if known(name) => {
                ("the snapshot is pending", format!("decide on it: `workbook pending {number}`"))
            }
            Some((_, "snap" | "snap.new")) => {
                ("no call has this name", "remove the file, or add the call".to_owned())
            }
            _ => ("this is no snapshot", "remove the file".to_owned()),
        };
        let name = format!("snapshots/{}/{file}", lesson.folder_name());
        found.push(Finding::new(name, 1, fact, next));
    }
}

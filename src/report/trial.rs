//! A request of the learner's own as `try` shows it: what came back, the nearest call of the script
//! and how its reply differs, and what FastAPI answers.

use super::curl;
use super::diff;
use super::exchange::{self, Detail};
use super::palette::Palette;
use super::prose::Look;
use crate::course::divergence::{self, Divergence};
use crate::course::nearest::is_same;
use crate::course::{Call, Lesson, Message};
use crate::engine::compare::{Difference, compare};
use crate::engine::{CallResult, Exchange, Finding, Outcome};
use crate::fuzz::{self, Agreement, Answers};

/// What the two servers are called.
const SIDES: (&str, &str) = ("FastAPI", "ours");

/// What came of a request.
#[derive(Clone, Debug)]
pub struct Trial<'a> {
    /// The request and our server's answer.
    pub exchange: Exchange,
    /// The call of the script that is most like it.
    pub nearest: Option<&'a Call>,
    /// What is recorded for that call.
    pub recorded: Option<&'a Message>,
    /// The same request and FastAPI's answer, if it was asked.
    pub reference: Option<Exchange>,
}

/// What stands above the first prompt.
pub fn greeting(lesson: &Lesson, look: Look) -> String {
    let first = lesson.script.calls.first().map_or_else(|| "GET /".to_owned(), Call::request);
    let text = format!("Type a request, such as {first}; `help` says more, Ctrl-D ends it.");
    format!("     {}\n\n", Palette::of(look).aside(&text))
}

/// What can be typed at the prompt.
pub const HELP: &str = "     /items/1                                  a path is a GET
     DELETE /items/1                           or a method and a path
     PUT /items/1 {\"name\": \"Gizmo\"}            and JSON to send
     /items -H 'accept: text/html'             a header
     /items -d name=Gizmo -d price=3           a form
     /items --json @FILE                       a file as JSON
     /files -F file=@photo.png;type=image/png  a file in a multipart form
     quit                                      or Ctrl-D

";

/// All that is to be said about a request below its own lines.
pub fn outcome(trial: &Trial<'_>, look: Look, detail: Detail) -> String {
    let palette = Palette::of(look);
    let result = result(&trial.exchange);
    let verdict =
        if result.is_good() { String::new() } else { exchange::verdict(&result, palette) };
    let mut lines = exchange::answer(&result, &verdict, look, detail);
    lines.extend(indented(&diff::findings(&result, look)));
    if detail == Detail::Full {
        let command = curl::command(&trial.exchange.call, &trial.exchange.base_url);
        lines.push(palette.aside(&format!("     {command}")));
    }
    let ours = masked(&trial.exchange, trial.nearest);
    if let (Some(nearest), Ok(ours)) = (trial.nearest, &ours) {
        lines.extend(beside_nearest(trial, nearest, ours, look));
    }
    if let Some(reference) = &trial.reference {
        let answers = Answers { reference: masked(reference, trial.nearest), actual: ours };
        lines.extend(beside_reference(&answers, look));
    }
    lines.join("\n") + "\n"
}

/// The exchange with all that went wrong in it. A status is never wrong here.
fn result(exchange: &Exchange) -> CallResult {
    let mut findings: Vec<Finding> = match exchange.outcomes.first() {
        Some(Outcome::Broken(cause)) => vec![Finding::Broken(cause.clone())],
        Some(Outcome::TimedOut) => vec![Finding::TimedOut(exchange.call.timeout)],
        Some(Outcome::Reply(_)) | None => Vec::new(),
    };
    findings.extend(exchange.panics.iter().cloned().map(Finding::Panicked));
    findings.extend(exchange.still_busy.map(Finding::StillBusy));
    let actual = fuzz::message(exchange).ok();
    CallResult { exchange: exchange.clone(), actual, findings }
}

/// The reply with what varies from time to time masked as in the nearest call.
fn masked(exchange: &Exchange, nearest: Option<&Call>) -> Result<Message, String> {
    let mut exchange = exchange.clone();
    exchange.call.masks = nearest.map(|call| call.masks.clone()).unwrap_or_default();
    fuzz::message(&exchange)
}

fn beside_nearest(trial: &Trial<'_>, nearest: &Call, ours: &Message, look: Look) -> Vec<String> {
    let palette = Palette::of(look);
    let (name, request) = (palette.name(&nearest.name), nearest.request());
    let mut lines = vec![String::new()];
    lines.push(if is_same(nearest, &trial.exchange.call) {
        format!("     the script has the same call: {name}")
    } else {
        format!("     the nearest call of the script: {name}, {request}")
    });
    let Some(recorded) = trial.recorded else {
        lines.push("     nothing is recorded for it".to_owned());
        return lines;
    };
    let differences = telling(compare(recorded, ours), nearest);
    if differences.is_empty() {
        lines.push(format!("     {}", palette.good("its recorded reply is the same")));
        return lines;
    }
    lines.push(format!("     {}", palette.notice("its recorded reply differs")));
    lines.extend(indented(&diff::between_requests(&differences, ("recorded", "yours"), look)));
    let explained = divergence::ALL.iter().find(|row| (row.explains)(recorded, ours));
    if let Some(row) = explained.filter(|_| trial.reference.is_none()) {
        lines.extend(listed(row, look));
    }
    lines
}

fn beside_reference(answers: &Answers, look: Look) -> Vec<String> {
    let palette = Palette::of(look);
    let differs = |words: &str, differences: &[Difference]| {
        let mut lines = vec![format!("     {}", palette.notice(words))];
        lines.extend(indented(&diff::differences(differences, SIDES, look)));
        lines
    };
    let lines = match (answers.agreement(), &answers.reference, &answers.actual) {
        (Agreement::Same, ..) => vec![format!("     {}", palette.good("FastAPI answers the same"))],
        (Agreement::Differs(differences), ..) => differs("FastAPI answers otherwise", &differences),
        (Agreement::Diverges(row), Ok(reference), Ok(actual)) => {
            let mut lines = listed(row, look);
            let differences = compare(reference, actual);
            lines.extend(indented(&diff::differences(&differences, SIDES, look)));
            lines
        }
        (Agreement::Broken(why), ..) => {
            vec![format!("     {}", palette.bad(&format!("no reply can be compared: {why}")))]
        }
        (Agreement::Diverges(_), ..) => Vec::new(),
    };
    [vec![String::new()], lines].concat()
}

fn listed(row: &Divergence, look: Look) -> Vec<String> {
    let palette = Palette::of(look);
    let text = format!("FastAPI answers otherwise, as listed: {}", row.reason);
    exchange::wrapped(&text, look, 5)
        .iter()
        .map(|line| format!("     {}", palette.notice(line)))
        .collect()
}

fn indented(lines: &[String]) -> Vec<String> {
    lines.iter().map(|line| format!("       {line}")).collect()
}

/// The differences that say something: another body has another length, and of a call that is sent
/// several times at once nobody knows what was printed for it.
fn telling(mut differences: Vec<Difference>, nearest: &Call) -> Vec<Difference> {
    let in_body = |one: &Difference| one.place() == "body" || one.place().starts_with('$');
    let other_body = differences.iter().any(in_body);
    let alone = nearest.copies == 1 && nearest.concurrent.is_none();
    differences.retain(|one| match one.place() {
        "header content-length" => !other_body,
        place => alone || !place.starts_with("printed"),
    });
    differences
}

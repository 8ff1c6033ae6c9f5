//! Reports for machines: JSON whose `version` changes when the meaning of a key does.

use std::time::Duration;

use serde_json::{Value, json};

use super::diff::findings;
use super::prose::Look;
use crate::course::{Lesson, Says};
use crate::engine::{CallResult, LessonRun};

/// The version of both documents.
const VERSION: u32 = 1;

/// The list of lessons; `progress` is `"matched"`, `"differed"` or `null`.
pub fn list(lessons: &[(Lesson, Option<bool>)]) -> String {
    let row = |(lesson, progress): &(Lesson, Option<bool>)| {
        json!({
            "number": lesson.number,
            "slug": lesson.slug,
            "title": lesson.script.title,
            "group": lesson.script.group,
            "tutorial": lesson.script.tutorial,
            "calls": lesson.script.calls.len(),
            "progress": progress.map(|good| if good { "matched" } else { "differed" }),
        })
    };
    pretty(&json!({"version": VERSION, "lessons": lessons.iter().map(row).collect::<Vec<_>>()}))
}

/// The outcome of `run` or `verify`; times are in milliseconds. What was printed for one call
/// stands with it, the rest with the lesson.
pub fn runs(runs: &[(Lesson, LessonRun)], took: Duration) -> String {
    let results = || runs.iter().flat_map(|(_, run)| &run.results);
    let wrong = results().filter(|result| !result.is_good()).count();
    pretty(&json!({
        "version": VERSION,
        "good": wrong == 0,
        "lessons": runs.iter().map(|(lesson, run)| lesson_run(lesson, run)).collect::<Vec<_>>(),
        "summary": {
            "lessons": runs.len(),
            "calls": results().count(),
            "differing": wrong,
            "took_ms": millis(took),
        },
    }))
}

fn lesson_run(lesson: &Lesson, run: &LessonRun) -> Value {
    json!({
        "number": lesson.number,
        "slug": lesson.slug,
        "title": lesson.script.title,
        "good": run.is_good(),
        "took_ms": millis(run.took),
        "printed": run.output,
        "calls": run.results.iter().map(|result| call(lesson, result)).collect::<Vec<_>>(),
    })
}

fn call(lesson: &Lesson, result: &CallResult) -> Value {
    let call = &result.exchange.call;
    let plain = Look { width: 80, colour: false };
    json!({
        "name": call.name,
        "request": call.request(),
        "source": match call.says { Says::Tutorial(_) => "tutorial", Says::Extra(_) => "extra" },
        "says": call.says.text(),
        "status": result.actual.as_ref().map(|reply| reply.status),
        "good": result.is_good(),
        "diverges": call.diverges.as_ref().map(|(divergence, _)| divergence.name),
        "took_ms": millis(result.exchange.took),
        "printed": result.prints().before,
        "printed_later": result.prints().later,
        "findings": findings(result, plain),
        "script": format!("{}:{}", lesson.script_name(), call.line),
    })
}

fn millis(duration: Duration) -> f64 {
    (duration.as_secs_f64() * 1e5).round() / 100.0
}

fn pretty(document: &Value) -> String {
    format!("{document:#}\n")
}

//! Reports for machines: JSON whose `version` changes when the meaning of a key does.

pub mod pending;
pub mod verification;

use std::time::Duration;

use serde::Serialize;
use serde_json::json;

use crate::course::Lesson;

/// The version of all documents.
const VERSION: u32 = 1;

/// The list of lessons; `progress` is `"matched"`, `"differed"` or `null`.
pub fn list(lessons: &[(Lesson, Option<bool>)]) -> String {
    let row = |(lesson, progress): &(Lesson, Option<bool>)| {
        json!({
            "number": lesson.number,
            "slug": lesson.slug,
            "title": lesson.script.title,
            "group": lesson.script.group,
            "document": lesson.script.document.name(),
            "section": lesson.script.section,
            "calls": lesson.script.calls.len(),
            "progress": progress.map(|good| if good { "matched" } else { "differed" }),
        })
    };
    pretty(&json!({"version": VERSION, "lessons": lessons.iter().map(row).collect::<Vec<_>>()}))
}

fn millis(duration: Duration) -> f64 {
    (duration.as_secs_f64() * 1e5).round() / 100.0
}

/// Types made of texts, numbers and lists always have a JSON form.
fn pretty(document: &impl Serialize) -> String {
    serde_json::to_string_pretty(document).unwrap_or_default() + "\n"
}

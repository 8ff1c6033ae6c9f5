//! What `lint` found, for people, for machines, and as annotations for GitHub Actions.

use serde_json::{Value, json};

use super::annotation;
use super::palette::Palette;
use super::prose::Look;
use crate::lint::Finding;

/// The version of the JSON document; it changes when the meaning of a key does.
const VERSION: u32 = 1;

/// Each finding with its place first, as compilers write it, and the next step below.
pub fn human(found: &[Finding], lessons: usize, look: Look) -> String {
    let palette = Palette::of(look);
    let mut text = String::new();
    for Finding { file, line, fact, next } in found {
        let place = palette.name(&format!("{file}:{line}"));
        text += &format!("{place}: {fact}\n    {}\n", palette.aside(next));
    }
    let lessons = counted(lessons, "lesson");
    text += &match found.len() {
        0 => format!("{}\n", palette.good(&format!("{lessons}: nothing to correct"))),
        count => {
            let found = counted(count, "finding");
            format!("\n{}\n", palette.bad(&format!("{lessons}: {found}")))
        }
    };
    text
}

/// All findings as one document.
pub fn json(found: &[Finding], lessons: usize) -> String {
    let row = |Finding { file, line, fact, next }: &Finding| -> Value {
        json!({"file": file, "line": line, "fact": fact, "next": next})
    };
    let document = json!({
        "version": VERSION,
        "good": found.is_empty(),
        "findings": found.iter().map(row).collect::<Vec<_>>(),
        "summary": {"lessons": lessons, "findings": found.len()},
    });
    format!("{document:#}\n")
}

/// An annotation for each finding. The files are below this folder of the repository, which is
/// empty or ends with a slash.
pub fn github(found: &[Finding], folder: &str) -> String {
    let annotation = |Finding { file, line, fact, next }: &Finding| {
        let place = (format!("{folder}{file}"), *line);
        annotation::error(Some(place), "workbook lint", &format!("{fact}\n{next}"))
    };
    found.iter().map(annotation).collect()
}

fn counted(count: usize, noun: &str) -> String {
    format!("{count} {noun}{}", if count == 1 { "" } else { "s" })
}

//! What keeps the course from being good, as far as it can be seen without asking anything: the
//! files of a lesson, its script, snapshots and page, its routes in both languages, the registry.
//!
//! Where the loader stops at the first mistake, this goes on. Whether a lesson's server answers as
//! recorded is for `engine` to say, whether FastAPI still does for `record`.

mod anchor;
pub mod finding;
mod folder;
mod page;
mod pattern;
mod python;
mod recorded;
mod registry;
mod routes;
mod script;
mod spelling;

use crate::course::{Course, Lesson, script as reader};
use crate::lessons::Entry;
pub use finding::Finding;
use folder::Folder;
pub use registry::registry;

/// What is to be said about one lesson, in the order of its files and lines.
pub fn lesson(course: &Course, entry: &Entry) -> Vec<Finding> {
    let mut found = Vec::new();
    if !course.root().join("lessons").join(entry.folder).is_dir() {
        // The registry tells that.
        return found;
    }
    let folder = Folder::read(course, entry, &mut found);
    folder::check(&folder, &mut found);
    anchor::check(&folder, &mut found);
    let script = folder.script.as_ref().and_then(|text| {
        let script = reader::check(&text.path, &text.text);
        let mistake = |mistake| Finding::of_diagnostic(&text.name, mistake);
        script.map_err(|mistakes| found.extend(mistakes.into_iter().map(mistake))).ok()
    });
    let read = script.map(|script| Lesson::of(course.root(), entry, script));
    page::check(&folder, read.as_ref(), &mut found);
    routes::check(&folder, read.as_ref(), &mut found);
    if let (Some(lesson), Some(text)) = (&read, &folder.script) {
        script::check(lesson, text, &mut found);
        recorded::check(lesson, &folder, text, &mut found);
        registry::check_summary(course, lesson, &mut found);
    }
    found.sort();
    found.dedup();
    found
}

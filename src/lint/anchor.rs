//! The anchors in a lesson's code: each has an end, is there once, and is included by the page.

use std::collections::BTreeMap;

use super::finding::{Finding, Text};
use super::folder::Folder;
use crate::course::page;

/// Checks the anchors of both languages.
pub fn check(folder: &Folder, found: &mut Vec<Finding>) {
    for (file, code) in [("app.rs", &folder.rust), ("app.py", &folder.python)] {
        let Some(code) = code else { continue };
        let anchors = paired(code, found);
        let Some(page) = &folder.page else { continue };
        let included = page::includes(&page.text);
        for (name, line) in anchors {
            if !included.iter().any(|include| include.file == file && include.part == name) {
                let fact = format!("the page does not include the anchor `{name}`");
                let next = format!("write `{{{{#include {file}:{name}}}}}`, or remove the anchor");
                found.push(code.finding(line, fact, next));
            }
        }
    }
}

/// The anchors with the lines on which they start; what is amiss with them is a finding.
fn paired(code: &Text, found: &mut Vec<Finding>) -> BTreeMap<String, usize> {
    let (mut seen, mut open) = (BTreeMap::new(), BTreeMap::new());
    for (index, line) in code.text.lines().enumerate() {
        let (line, number) = (line.trim(), index + 1);
        if let Some((_, name)) = line.split_once("ANCHOR: ") {
            if seen.insert(name.to_owned(), number).is_some() {
                let fact = format!("a second anchor is named `{name}`");
                found.push(code.finding(number, fact, "give it a name of its own"));
            }
            open.insert(name.to_owned(), number);
        } else if let Some((_, name)) = line.split_once("ANCHOR_END: ")
            && open.remove(name).is_none()
        {
            let fact = format!("the anchor `{name}` ends here without a start");
            let next = format!("write `ANCHOR: {name}` where it starts");
            found.push(code.finding(number, fact, next));
        }
    }
    for (name, number) in open {
        let fact = format!("the anchor `{name}` has no end");
        let next = format!("write `ANCHOR_END: {name}` where it ends");
        found.push(code.finding(number, fact, next));
    }
    seen
}

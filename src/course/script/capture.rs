//! What a script captures: a place of the reply, or a part of what is there.

use serde::Deserialize;
use toml::Spanned;

use super::source::{Checked, Source};
use crate::course::capture;

/// A value of the key `capture`.
#[derive(Deserialize)]
#[serde(untagged, expecting = "expected a place such as `$.id`, or `{ at = …, pattern = … }`")]
pub enum Capture {
    Whole(String),
    Part(Part),
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Part {
    at: String,
    pattern: String,
}

/// The capture, its place and its pattern read.
pub fn check(raw: &Spanned<Capture>, source: &Source<'_>) -> Checked<capture::Capture> {
    let spanned = |text: &String| Spanned::new(raw.span(), text.clone());
    let (at, pattern) = match raw.get_ref() {
        Capture::Whole(at) => (spanned(at), None),
        Capture::Part(Part { at, pattern }) => (spanned(at), Some(spanned(pattern))),
    };
    let at = match source.header(&at) {
        Some(name) => capture::At::Header(name?),
        None => capture::At::Json(source.json_path(&at).map_err(|mistake| {
            mistake.help("a value is captured at `header NAME` or at a place such as `$.id`")
        })?),
    };
    let pattern = pattern.map(|pattern| source.pattern(&pattern)).transpose()?;
    Ok(capture::Capture { at, pattern })
}

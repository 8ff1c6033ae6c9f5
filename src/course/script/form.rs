//! Forms of a call, as browsers would send them: urlencoded, or multipart with files.

use std::path::{Component, Path, PathBuf};

use indexmap::IndexMap;
use serde::Deserialize;
use toml::Spanned;

use super::source::{Checked, Source};
use crate::course::part;

/// A field of a form: one text or several.
#[derive(Deserialize)]
#[serde(untagged)]
pub enum Field {
    One(String),
    Several(Vec<String>),
}

/// A part of a multipart body: a text or a file of the lesson's folder.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Part {
    name: String,
    value: Option<String>,
    file: Option<Spanned<String>>,
    filename: Option<String>,
    #[serde(rename = "type")]
    content_type: Option<String>,
}

/// The body of a urlencoded form.
pub fn urlencoded(form: &IndexMap<String, Field>) -> Vec<u8> {
    let mut body = form_urlencoded::Serializer::new(String::new());
    for (name, field) in form {
        match field {
            Field::One(value) => drop(body.append_pair(name, value)),
            Field::Several(values) => {
                body.extend_pairs(values.iter().map(|value| (name, value)));
            }
        }
    }
    body.finish().into_bytes()
}

/// The parts of a multipart form; files are read from the lesson's folder.
pub fn multipart(parts: Vec<Part>, source: &Source<'_>) -> Checked<Vec<part::Part>> {
    let part = |raw: Part| {
        let Part { name, value, file, filename, content_type } = raw;
        let filename = filename.or_else(|| file.as_ref().map(|file| file.get_ref().clone()));
        let (file, content) = match file {
            Some(file) => read(&file, source).map(|(path, content)| (Some(path), content))?,
            None => (None, value.unwrap_or_default().into_bytes()),
        };
        Ok(part::Part { name, content, file, filename, content_type })
    };
    parts.into_iter().map(part).collect()
}

fn read(file: &Spanned<String>, source: &Source<'_>) -> Checked<(PathBuf, Vec<u8>)> {
    let mistake = |message: String| {
        source
            .mistake(file.span(), message)
            .help("a file is named relative to the lesson's folder and lies inside it")
    };
    let name = Path::new(file.get_ref());
    if !name.components().all(|part| matches!(part, Component::Normal(_))) {
        return Err(mistake(format!("`{}` is outside of the lesson's folder", name.display())));
    }
    let path = source.path.parent().unwrap_or(Path::new(".")).join(name);
    let content = std::fs::read(&path);
    let content = content.map_err(|cause| mistake(format!("`{}`: {cause}", name.display())))?;
    Ok((path, content))
}

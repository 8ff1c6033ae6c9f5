//! Forms of a call, as browsers would send them: urlencoded, or multipart with files.

use std::path::{Component, Path};

use indexmap::IndexMap;
use serde::Deserialize;
use toml::Spanned;

use super::raw::{Checked, Source};
use crate::course::part;

/// The boundary of all multipart bodies: fixed, so that a call is the same each time.
const BOUNDARY: &str = "workbook-boundary";

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

impl Part {
    /// The part without its bytes.
    pub fn described(&self) -> part::Part {
        let file = self.file.as_ref().map(|file| file.get_ref().clone());
        let filename = self.filename.clone().or_else(|| file.clone());
        let text = || part::Content::Text(self.value.clone().unwrap_or_default());
        part::Part {
            name: self.name.clone(),
            content: file.map_or_else(text, part::Content::File),
            filename,
            content_type: self.content_type.clone(),
        }
    }
}

/// A urlencoded form and its content type.
pub fn urlencoded(form: &IndexMap<String, Field>) -> (String, Vec<u8>) {
    let mut body = form_urlencoded::Serializer::new(String::new());
    for (name, field) in form {
        match field {
            Field::One(value) => drop(body.append_pair(name, value)),
            Field::Several(values) => {
                body.extend_pairs(values.iter().map(|value| (name, value)));
            }
        }
    }
    ("application/x-www-form-urlencoded".to_owned(), body.finish().into_bytes())
}

/// A multipart form and its content type; files are read from the lesson's folder.
pub fn multipart(parts: &[Part], source: &Source<'_>) -> Checked<(String, Vec<u8>)> {
    let mut body = Vec::new();
    for part in parts {
        let content = match (&part.value, &part.file) {
            (_, Some(file)) => read(file, source)?,
            (value, None) => value.clone().unwrap_or_default().into_bytes(),
        };
        let named = part.file.as_ref().map(|file| file.get_ref().clone());
        let filename = part.filename.clone().or(named);
        let filename = filename.map(|name| format!("; filename=\"{name}\"")).unwrap_or_default();
        let content_type = part.content_type.as_ref();
        let content_type =
            content_type.map(|kind| format!("\r\nContent-Type: {kind}")).unwrap_or_default();
        let head = format!(
            "--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"{}\"{filename}{content_type}\r\n\r\n",
            part.name
        );
        body.extend_from_slice(head.as_bytes());
        body.extend_from_slice(&content);
        body.extend_from_slice(b"\r\n");
    }
    body.extend_from_slice(format!("--{BOUNDARY}--\r\n").as_bytes());
    Ok((format!("multipart/form-data; boundary={BOUNDARY}"), body))
}

fn read(file: &Spanned<String>, source: &Source<'_>) -> Checked<Vec<u8>> {
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
    std::fs::read(path).map_err(|cause| mistake(format!("`{}`: {cause}", name.display())))
}

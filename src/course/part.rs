//! The parts of a multipart form, and the body that they make.

use std::path::PathBuf;

use super::Call;

/// The boundary of all multipart bodies: fixed, so that a call is the same each time.
const BOUNDARY: &str = "workbook-boundary";

/// A part: a text, or a file of the lesson's folder.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Part {
    /// The field's name.
    pub name: String,
    /// What is in it.
    pub content: Vec<u8>,
    /// The file that it was read from, if any.
    pub file: Option<PathBuf>,
    /// The file name that is sent, if any.
    pub filename: Option<String>,
    /// The content type that is sent, if any.
    pub content_type: Option<String>,
}

/// The content type of such a form.
pub fn content_type() -> String {
    format!("multipart/form-data; boundary={BOUNDARY}")
}

/// The body of a form of these parts.
pub fn body(parts: &[Part]) -> Vec<u8> {
    let parts = parts.iter().flat_map(|part| {
        [part.head().as_bytes(), b"\r\n\r\n", part.content.as_slice(), b"\r\n"].concat()
    });
    parts.chain(end().into_bytes()).collect()
}

/// What ends such a body.
pub fn end() -> String {
    format!("--{BOUNDARY}--\r\n")
}

impl Part {
    /// The boundary and the headers, without the end of the last line.
    pub fn head(&self) -> String {
        let filename = self.filename.as_ref().map(|name| format!("; filename=\"{name}\""));
        let kind = self.content_type.as_ref().map(|kind| format!("\r\nContent-Type: {kind}"));
        let (filename, kind) = (filename.unwrap_or_default(), kind.unwrap_or_default());
        let name = &self.name;
        format!("--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"{name}\"{filename}{kind}")
    }
}

impl Call {
    /// The parts of the form that is sent, if it is one: neither a header of the script nor a
    /// captured value has made something else of it.
    pub fn form(&self) -> Option<&[Part]> {
        let is_form = self.header("content-type") == Some(&content_type());
        let is_sent = || self.body.as_deref() == Some(&body(&self.parts));
        (is_form && !self.parts.is_empty() && is_sent()).then_some(&self.parts)
    }
}

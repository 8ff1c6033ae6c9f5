//! A header with options, such as `form-data; name="a"; filename="b"`, as python-multipart reads it.
//!
//! Options whose name has a star (`filename*=UTF-8''…`) are left out, as RFC 7578 asks for.

use crate::text::from_latin_1;

/// What stands before the first semicolon, in lower case, and the options after it. All text is
/// latin-1: one character a byte.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Options {
    /// What stands before the first semicolon, in lower case.
    pub value: String,
    options: Vec<(String, String)>,
}

impl Options {
    /// Reads a header; one that is absent is like an empty one.
    pub fn parse(header: Option<&[u8]>) -> Self {
        let header = from_latin_1(header.unwrap_or_default());
        if !header.contains(';') {
            return Self { value: strip(&header).to_ascii_lowercase(), options: Vec::new() };
        }
        let mut segments = split(&header).into_iter().map(normalised);
        let value = segments.next().unwrap_or_default().to_ascii_lowercase();
        let options = segments.filter_map(|segment| option(&segment));
        Self { value, options: options.collect() }
    }

    /// The bytes of an option; of several, the last.
    pub fn get(&self, name: &str) -> Option<Vec<u8>> {
        let same = self.options.iter().rev().find(|(key, _)| key == name);
        let byte = |character: char| u8::try_from(character).unwrap_or(b'?');
        same.map(|(_, value)| value.chars().map(byte).collect())
    }
}

/// The pieces between semicolons, except those within quotes. A quote after a backslash counts
/// neither as an opening nor as a closing one.
fn split(header: &str) -> Vec<&str> {
    let (mut pieces, mut start, mut quotes) = (Vec::new(), 0, 0);
    let mut before = ' ';
    for (at, character) in header.char_indices() {
        match character {
            '"' if before != '\\' => quotes += 1,
            ';' if quotes % 2 == 0 => {
                pieces.push(&header[start..at]);
                (start, quotes) = (at + 1, 0);
            }
            _ => {}
        }
        before = character;
    }
    pieces.push(&header[start..]);
    pieces
}

/// The name in lower case, and no blanks around it or the value.
fn normalised(segment: &str) -> String {
    let joined = match segment.split_once('=') {
        Some((name, value)) => {
            let name = name.trim_end_matches([' ', '\t']).to_ascii_lowercase();
            format!("{name}={}", value.trim_start_matches([' ', '\t']))
        }
        None => segment.to_owned(),
    };
    strip(&joined).to_owned()
}

fn option(segment: &str) -> Option<(String, String)> {
    let (name, value) = segment.split_once('=').unwrap_or((segment, ""));
    if name.contains('*') {
        return None;
    }
    let quoted = value.strip_prefix('"').and_then(|value| value.strip_suffix('"'));
    let value = match quoted {
        Some(inner) => inner.replace("\\\\", "\\").replace("\\\"", "\""),
        None => value.to_owned(),
    };
    let value = if name == "filename" { without_folders(&value) } else { &value };
    Some((name.to_owned(), value.to_owned()))
}

/// Internet Explorer once sent `C:\folder\name`, and `\\server\folder\name`.
fn without_folders(filename: &str) -> &str {
    let drive = filename.chars().skip(1).take(2).eq(":\\".chars());
    match filename.rsplit_once('\\') {
        Some((_, name)) if drive || filename.starts_with("\\\\") => name,
        _ => filename,
    }
}

fn strip(text: &str) -> &str {
    text.trim_matches([' ', '\t'])
}

//! A body of `application/x-www-form-urlencoded`, taken apart as it arrives.
//!
//! The crate `form_urlencoded` reads UTF-8; Python reads latin-1 first, and only what is
//! percent-encoded is UTF-8. That, and limits that hold before the body has ended, are why this is
//! written here.

use percent_encoding::percent_decode;

use super::{MAX_FIELDS, MAX_TEXT, too_many};
use crate::error::HttpException;
use crate::text::from_latin_1;

/// What has been read so far.
#[derive(Default)]
pub struct Reader {
    fields: Vec<(String, String)>,
    /// The current field as it came.
    current: Vec<u8>,
}

impl Reader {
    /// Reads on.
    pub fn push(&mut self, chunk: &[u8]) -> Result<(), HttpException> {
        let mut pieces = chunk.split(|byte| *byte == b'&');
        self.extend(pieces.next().unwrap_or_default())?;
        for piece in pieces {
            self.end_field()?;
            self.extend(piece)?;
        }
        Ok(())
    }

    /// The fields in the order in which they came.
    pub fn finish(mut self) -> Result<Vec<(String, String)>, HttpException> {
        self.end_field()?;
        Ok(self.fields)
    }

    fn extend(&mut self, piece: &[u8]) -> Result<(), HttpException> {
        self.current.extend_from_slice(piece);
        // The equals sign is not counted.
        let too_long = match self.current.len().saturating_sub(MAX_TEXT) {
            0 => false,
            1 => !self.current.contains(&b'='),
            _ => true,
        };
        if too_long {
            return Err(super::bad_request("Field exceeded maximum size of 1024KB."));
        }
        Ok(())
    }

    fn end_field(&mut self) -> Result<(), HttpException> {
        let field = std::mem::take(&mut self.current);
        if field.is_empty() {
            return Ok(());
        }
        if self.fields.len() == MAX_FIELDS {
            return Err(too_many("fields"));
        }
        let equals = field.iter().position(|byte| *byte == b'=').unwrap_or(field.len());
        let value = field.get(equals + 1..).unwrap_or_default();
        self.fields.push((unquote(&field[..equals]), unquote(value)));
        Ok(())
    }
}

/// Python's `unquote_plus` of a latin-1 text: each run of ASCII is decoded on its own.
fn unquote(bytes: &[u8]) -> String {
    let spaced: Vec<u8> =
        bytes.iter().map(|byte| if *byte == b'+' { b' ' } else { *byte }).collect();
    let runs = spaced.chunk_by(|one, other| one.is_ascii() == other.is_ascii());
    let decoded = runs.map(|run| match run {
        [first, ..] if first.is_ascii() => percent_decode(run).decode_utf8_lossy().into_owned(),
        _ => from_latin_1(run),
    });
    decoded.collect()
}

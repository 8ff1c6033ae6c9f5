//! The `range` header: which parts of a file a request asks for, as Starlette reads it.
//!
//! The rows of the test in `observed` were observed on Starlette 1.10.0.

use std::ops::Range;

use crate::text::{int, strip};

/// A header that asks for more parts than this is not heeded.
const MAX_PARTS: usize = 100;

/// Why a header cannot be heeded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// It is no range of bytes; holds what the client is told.
    Malformed(&'static str),
    /// A part begins beyond the file's end.
    Unsatisfiable,
}

/// The parts of a file of `size` bytes that a header asks for: none for the whole file, else in
/// the order of the file, those that touch made one.
pub fn parse(header: &str, size: u64) -> Result<Vec<Range<u64>>, Refusal> {
    let malformed = Err(Refusal::Malformed("Malformed range header."));
    let Some((unit, list)) = header.split_once('=') else { return malformed };
    if strip(unit).to_lowercase() != "bytes" {
        return Err(Refusal::Malformed("Only support bytes range"));
    }
    if list.matches(',').count() >= MAX_PARTS {
        return Ok(Vec::new());
    }
    let parts: Vec<Range<i64>> = list.split(',').filter_map(|text| part(text, size)).collect();
    if parts.is_empty() {
        return Err(Refusal::Malformed("Range header: range must be requested"));
    }
    let begins_inside = |part: &Range<i64>| u64::try_from(part.start).is_ok_and(|at| at < size);
    if !parts.iter().all(begins_inside) {
        return Err(Refusal::Unsatisfiable);
    }
    if parts.iter().any(Range::is_empty) {
        return Err(Refusal::Malformed("Range header: start must be less than end"));
    }
    Ok(merged(parts.iter().map(|part| part.start.unsigned_abs()..part.end.unsigned_abs())))
}

/// One part of the list: `first-last`, `first-` or `-length`; anything else is passed over.
fn part(text: &str, size: u64) -> Option<Range<i64>> {
    let size = i64::try_from(size).unwrap_or(i64::MAX);
    let (first, last) = strip(text).split_once('-')?;
    let (first, last) = (strip(first), strip(last));
    match (first, last) {
        ("", length) => Some(size.saturating_sub(int(length)?).max(0)..size),
        (first, "") => Some(int(first)?..size),
        (first, last) => {
            let (first, last) = (int(first)?, int(last)?);
            Some(first..if last < size { last.saturating_add(1) } else { size })
        }
    }
}

fn merged(parts: impl Iterator<Item = Range<u64>>) -> Vec<Range<u64>> {
    let mut parts: Vec<Range<u64>> = parts.collect();
    parts.sort_by_key(|part| (part.start, part.end));
    let mut merged: Vec<Range<u64>> = Vec::new();
    for part in parts {
        match merged.last_mut() {
            Some(last) if part.start <= last.end => last.end = last.end.max(part.end),
            _ => merged.push(part),
        }
    }
    merged
}

//! What it usually means that a header differs or is missing.

use super::{Kind, text};
use crate::engine::compare::Difference;

/// The kind of a difference in a header; nothing for a length that follows from the body.
pub fn kind(name: &str, sides: (Option<&str>, Option<&str>), all: &[Difference]) -> Option<Kind> {
    let of_body = |one: &Difference| one.place() == "body" || one.place().starts_with('$');
    let kind = match (name, sides) {
        ("content-length", (Some(_), Some(_))) if all.iter().any(of_body) => return None,
        ("content-length", (Some(_), Some(_))) => Kind::SizeOnly,
        ("content-length", _) => Kind::NoLength,
        (_, (Some(before), Some(after))) => value(name, before, after),
        _ => Kind::MissingHeader,
    };
    Some(kind)
}

fn value(name: &str, before: &str, after: &str) -> Kind {
    if let Some(kind) = text(before, after) {
        kind
    } else if name == "content-type" {
        let essence = |value: &str| value.split(';').next().map(str::trim_end).map(str::to_owned);
        let same = essence(before) == essence(after);
        if same { Kind::MediaTypeParameter } else { Kind::MediaType }
    } else if parts(before) == parts(after) {
        Kind::HeaderOrder
    } else {
        Kind::OtherHeader
    }
}

fn parts(value: &str) -> Vec<&str> {
    let mut parts: Vec<&str> = value.split([',', ';']).map(str::trim).collect();
    parts.sort_unstable();
    parts
}

//! What it usually means that a value in JSON differs or is missing.

use serde_json::Value;

use super::{Kind, text};
use crate::engine::compare::Difference;

/// The kind of a difference between two values, each as JSON writes it.
pub fn kind(place: &str, sides: (Option<&str>, Option<&str>), all: &[Difference]) -> Kind {
    match sides {
        (Some(before), Some(after)) if is_reordered(place, all) => {
            between(before, after).filter(|kind| *kind == Kind::Masked).unwrap_or(Kind::ListOrder)
        }
        (Some(before), Some(after)) => between(before, after).unwrap_or(Kind::OtherValue),
        _ if list_of(place).is_some() => Kind::ArrayLength,
        (Some("null"), None) | (None, Some("null")) => Kind::NullLeftOut,
        _ => Kind::MissingKey,
    }
}

fn between(before: &str, after: &str) -> Option<Kind> {
    let read = |text: &str| serde_json::from_str::<Value>(text).ok();
    match (read(before)?, read(after)?) {
        (Value::String(before), Value::String(after)) => text(&before, &after),
        (Value::Number(before), Value::Number(after)) => {
            (before.as_f64() == after.as_f64()).then_some(Kind::WholeOrFraction)
        }
        (Value::String(text), other) | (other, Value::String(text)) => {
            let masked = !super::placeholders(&text).is_empty();
            Some(match () {
                () if masked => Kind::Masked,
                () if in_quotes(&text, &other) => Kind::Quotes,
                () if other.is_null() => Kind::NullValue,
                () => Kind::OtherType,
            })
        }
        (Value::Null, _) | (_, Value::Null) => Some(Kind::NullValue),
        (Value::Bool(_), Value::Bool(_)) => None,
        (before @ Value::Array(_), after @ Value::Array(_))
        | (before @ Value::Object(_), after @ Value::Object(_)) => {
            (before == after).then_some(Kind::KeyOrder)
        }
        _ => Some(Kind::OtherType),
    }
}

/// Whether a text says what a value is that needs no quotes.
fn in_quotes(text: &str, other: &Value) -> bool {
    match other {
        Value::Number(number) => text.parse::<f64>().ok() == number.as_f64(),
        Value::Bool(_) | Value::Null => text.eq_ignore_ascii_case(&other.to_string()),
        _ => false,
    }
}

/// Whether a list's differing elements are the same ones on both sides.
fn is_reordered(place: &str, all: &[Difference]) -> bool {
    let Some(list) = list_of(place) else { return false };
    let mut sides = (Vec::new(), Vec::new());
    for one in all {
        if let Difference::Value { place, recorded, actual } = one
            && list_of(place) == Some(list)
        {
            sides.0.push(recorded);
            sides.1.push(actual);
        }
    }
    sides.0.sort();
    sides.1.sort();
    sides.0 == sides.1
}

/// The list of which a place is an element: `$.a` for `$.a[3]`.
fn list_of(place: &str) -> Option<&str> {
    let (list, index) = place.strip_suffix(']')?.rsplit_once('[')?;
    index.bytes().all(|byte| byte.is_ascii_digit()).then_some(list)
}

//! The data that requests carry and replies return, as Python would hold it.
//!
//! [`Value`] keeps what `serde_json::Value` would lose: integers of any size, infinities and
//! NaN, the sign of `-0.0`. Validation reads and writes it, serde turns it into a handler's types
//! and a handler's replies into it. Schemas and the OpenAPI document are plain `serde_json`.

mod de;
mod ser;

use std::sync::Arc;

use indexmap::IndexMap;
use serde::de::{Expected, Unexpected};

use super::upload::Upload;

pub use de::{Refusal, from_value, refusals};
pub use ser::to_value;

/// One JSON-like value of Python.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    /// `None`, JSON's `null`.
    Null,
    /// `True` or `False`.
    Bool(bool),
    /// An integer that fits 64 bits.
    Int(i64),
    /// An integer beyond 64 bits, as its decimal digits with an optional leading `-`.
    BigInt(String),
    /// A float, finite or not.
    Float(f64),
    /// Text.
    String(String),
    /// A list.
    Array(Vec<Value>),
    /// An uploaded file.
    File(Arc<Upload>),
    /// A dictionary, in the order in which its keys were first set.
    Object(IndexMap<String, Value>),
}

impl Value {
    /// How many lists and objects are inside each other; 0 for a plain value.
    pub fn depth(&self) -> usize {
        match self {
            Self::Array(items) => 1 + items.iter().map(Self::depth).max().unwrap_or(0),
            Self::Object(fields) => 1 + fields.values().map(Self::depth).max().unwrap_or(0),
            Self::File(upload) => upload.echo().depth(),
            _ => 0,
        }
    }
}

/// Why a value could not be moved between Rust types and [`Value`].
#[derive(Debug, thiserror::Error)]
pub enum ConversionError {
    /// The type's author refused the value, in these words.
    #[error("{0}")]
    Refused(String),
    /// The value does not have the type's shape.
    #[error("{0}")]
    Misfit(String),
}

impl serde::ser::Error for ConversionError {
    fn custom<T: std::fmt::Display>(message: T) -> Self {
        Self::Refused(message.to_string())
    }
}

impl serde::de::Error for ConversionError {
    fn custom<T: std::fmt::Display>(message: T) -> Self {
        Self::Refused(message.to_string())
    }

    fn invalid_type(found: Unexpected<'_>, expected: &dyn Expected) -> Self {
        Self::Misfit(format!("{found} where {expected} is expected"))
    }

    fn invalid_value(found: Unexpected<'_>, expected: &dyn Expected) -> Self {
        Self::Misfit(format!("{found} where {expected} is expected"))
    }

    fn invalid_length(length: usize, expected: &dyn Expected) -> Self {
        Self::Misfit(format!("{length} values where {expected} is expected"))
    }

    fn unknown_variant(variant: &str, _expected: &'static [&'static str]) -> Self {
        Self::Misfit(format!("no variant is called `{variant}`"))
    }

    fn missing_field(field: &'static str) -> Self {
        Self::Misfit(format!("the field `{field}` is missing"))
    }
}

impl From<&str> for Value {
    fn from(text: &str) -> Self {
        Self::String(text.to_owned())
    }
}

impl From<i64> for Value {
    fn from(number: i64) -> Self {
        Self::Int(number)
    }
}

impl From<&serde_json::Value> for Value {
    fn from(json: &serde_json::Value) -> Self {
        use serde_json::Value as Json;
        match json {
            Json::Null => Self::Null,
            Json::Bool(flag) => Self::Bool(*flag),
            Json::Number(number) => number.as_i64().map_or_else(
                || match number.as_u64() {
                    Some(large) => Self::BigInt(large.to_string()),
                    None => Self::Float(number.as_f64().unwrap_or(f64::NAN)),
                },
                Self::Int,
            ),
            Json::String(text) => Self::String(text.clone()),
            Json::Array(items) => Self::Array(items.iter().map(Self::from).collect()),
            Json::Object(fields) => Self::Object(
                fields.iter().map(|(key, value)| (key.clone(), Self::from(value))).collect(),
            ),
        }
    }
}

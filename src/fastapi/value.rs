//! The data that requests carry and replies return, as Python would hold it.
//!
//! [`Value`] keeps what `serde_json::Value` would lose: integers of any size, infinities and
//! NaN, the sign of `-0.0`. Validation reads and writes it, serde turns it into a handler's types
//! and a handler's replies into it. Schemas and the OpenAPI document are plain `serde_json`.

mod de;
mod ser;

use indexmap::IndexMap;

pub use de::from_value;
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
    /// A dictionary, in the order in which its keys were first set.
    Object(IndexMap<String, Value>),
}

/// Why a value could not be moved between Rust types and [`Value`].
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct ConversionError(String);

impl serde::ser::Error for ConversionError {
    fn custom<T: std::fmt::Display>(message: T) -> Self {
        Self(message.to_string())
    }
}

impl serde::de::Error for ConversionError {
    fn custom<T: std::fmt::Display>(message: T) -> Self {
        Self(message.to_string())
    }
}

impl From<&str> for Value {
    fn from(text: &str) -> Self {
        Self::String(text.to_owned())
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

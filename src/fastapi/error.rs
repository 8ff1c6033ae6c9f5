//! What goes wrong with a request, and the replies that say so.
//!
//! [`HttpException`] is FastAPI's: a status, a detail, headers, raised by a handler.
//! [`ValidationError`] is one row of a 422 body, in pydantic's types and words. Which row a value
//! earns is decided in `validate`.

use actix_web::http::StatusCode;
use actix_web::http::header::{HeaderName, HeaderValue};
use indexmap::IndexMap;
use serde::Serialize;

use super::value::{Value, to_value};

/// An error reply with a status, a JSON detail and, where needed, headers.
#[derive(Clone, Debug)]
pub struct HttpException {
    /// The reply's status.
    pub status: StatusCode,
    /// What stands under `detail` in the body.
    pub detail: Value,
    /// Headers beside `content-type` and `content-length`.
    pub headers: Vec<(HeaderName, HeaderValue)>,
}

impl HttpException {
    /// An error reply whose body is `{"detail": detail}`.
    pub fn new(status: StatusCode, detail: impl Serialize) -> Self {
        let detail = to_value(&detail).unwrap_or(Value::Null);
        Self { status, detail, headers: Vec::new() }
    }

    /// An error reply whose detail is the status's reason phrase.
    pub fn of(status: StatusCode) -> Self {
        Self::new(status, status.canonical_reason().unwrap_or_default())
    }

    /// The same with one more header.
    pub fn header(mut self, name: HeaderName, value: HeaderValue) -> Self {
        self.headers.push((name, value));
        self
    }
}

/// A step on the way to the wrong value: a field's name or a list index.
#[derive(Clone, Debug, PartialEq)]
pub enum Step {
    /// A name, such as `query` or a field.
    Name(String),
    /// A position in a list or a text.
    Index(usize),
}

/// One thing wrong with one value of a request.
#[derive(Clone, Debug, PartialEq)]
pub struct ValidationError {
    /// What is wrong.
    pub problem: Problem,
    /// Where: the request's part, then names and indices.
    pub loc: Vec<Step>,
    /// The value as it came.
    pub input: Value,
}

/// The error types of pydantic that requests can meet here.
#[derive(Clone, Debug, PartialEq)]
pub enum Problem {
    /// A required value is not there.
    Missing,
    /// Text that is no boolean word.
    BoolParsing,
    /// Text that is no whole number.
    IntParsing,
    /// More digits than are kept: Python stops at 4300, this crate at 64 bits.
    IntParsingSize,
    /// Text that is no number.
    FloatParsing,
    /// None of an enumeration's values; holds them as a sentence.
    Enum(String),
}

impl Problem {
    /// pydantic's name for the problem.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Missing => "missing",
            Self::BoolParsing => "bool_parsing",
            Self::IntParsing => "int_parsing",
            Self::IntParsingSize => "int_parsing_size",
            Self::FloatParsing => "float_parsing",
            Self::Enum(_) => "enum",
        }
    }

    /// pydantic's sentence for the problem.
    pub fn message(&self) -> String {
        match self {
            Self::Missing => "Field required".to_owned(),
            Self::BoolParsing => {
                "Input should be a valid boolean, unable to interpret input".to_owned()
            }
            Self::IntParsing => {
                "Input should be a valid integer, unable to parse string as an integer".to_owned()
            }
            Self::IntParsingSize => {
                "Unable to parse input string as an integer, exceeded maximum size".to_owned()
            }
            Self::FloatParsing => {
                "Input should be a valid number, unable to parse string as a number".to_owned()
            }
            Self::Enum(expected) => format!("Input should be {expected}"),
        }
    }

    /// The values that the sentence was made from, where pydantic adds them.
    pub fn context(&self) -> Option<Value> {
        match self {
            Self::Enum(expected) => Some(object([("expected", Value::from(expected.as_str()))])),
            _ => None,
        }
    }
}

impl ValidationError {
    /// The row as it stands in a 422 body.
    pub fn to_value(&self) -> Value {
        let loc = self.loc.iter().map(|step| match step {
            Step::Name(name) => Value::from(name.as_str()),
            Step::Index(index) => i64::try_from(*index).map_or(Value::Null, Value::Int),
        });
        let mut row = vec![
            ("type", Value::from(self.problem.kind())),
            ("loc", Value::Array(loc.collect())),
            ("msg", Value::String(self.problem.message())),
            ("input", self.input.clone()),
        ];
        row.extend(self.problem.context().map(|context| ("ctx", context)));
        object(row)
    }
}

/// The 422 body for these errors.
pub fn validation_detail(errors: &[ValidationError]) -> Value {
    object([("detail", Value::Array(errors.iter().map(ValidationError::to_value).collect()))])
}

/// An object of these fields.
pub fn object<'a>(fields: impl IntoIterator<Item = (&'a str, Value)>) -> Value {
    let fields = fields.into_iter().map(|(name, value)| (name.to_owned(), value));
    Value::Object(fields.collect::<IndexMap<_, _>>())
}

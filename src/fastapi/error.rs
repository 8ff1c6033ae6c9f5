//! What goes wrong with a request, and the replies that say so.
//!
//! [`HttpException`] is FastAPI's: a status, a detail, headers, raised by a handler.
//! [`ValidationError`] is one row of a 422 body, in pydantic's types and words. Which row a value
//! earns is decided in `validate`.

use actix_web::http::StatusCode;
use actix_web::http::header::{HeaderName, HeaderValue};
use indexmap::IndexMap;
use serde::Serialize;

use super::json::float_repr;
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
    /// What the console is told, if the program is at fault; the client then gets a bare 500.
    pub(super) fault: Option<Box<str>>,
}

impl HttpException {
    /// An error reply whose body is `{"detail": detail}`.
    pub fn new(status: StatusCode, detail: impl Serialize) -> Self {
        let detail = to_value(&detail).unwrap_or(Value::Null);
        Self { status, detail, headers: Vec::new(), fault: None }
    }

    /// An error reply whose detail is the status's reason phrase.
    pub fn of(status: StatusCode) -> Self {
        Self::new(status, status.canonical_reason().unwrap_or_default())
    }

    /// The same with one more header.
    ///
    /// # Panics
    ///
    /// If the name or the value cannot stand in a header.
    pub fn header(mut self, name: &str, value: &str) -> Self {
        let name = HeaderName::from_bytes(name.as_bytes());
        let value = HeaderValue::from_str(value);
        match (name, value) {
            (Ok(name), Ok(value)) => self.headers.push((name, value)),
            _ => panic!("a header's name is a token and its value printable ASCII"),
        }
        self
    }
}

/// A step on the way to the wrong value: a field's name or a list index.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
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
    /// Neither a boolean nor anything that could stand for one.
    BoolType,
    /// Text or a number that is no boolean word.
    BoolParsing,
    /// Not a number at all, where a whole one is wanted.
    IntType,
    /// Text that is no whole number.
    IntParsing,
    /// More digits than are kept: Python stops at 4300, this crate at 64 bits.
    IntParsingSize,
    /// A number with a fraction, where a whole one is wanted.
    IntFromFloat,
    /// NaN or an infinity, where a whole number is wanted.
    FiniteNumber,
    /// Not a number at all.
    FloatType,
    /// Text that is no number.
    FloatParsing,
    /// Not text.
    StringType,
    /// Text with a lone surrogate, where it has to be parsed.
    StringUnicode,
    /// Fewer characters than this.
    StringTooShort(u64),
    /// More characters than this.
    StringTooLong(u64),
    /// Text that does not match this pattern.
    StringPatternMismatch(String),
    /// None of an enumeration's values; holds them as a sentence.
    Enum(String),
    /// Neither bytes nor text.
    BytesType,
    /// Not a list.
    ListType,
    /// Not a list, where a fixed number of values is wanted.
    TupleType,
    /// More values than this where a fixed number is wanted, and how many there are.
    TupleTooLong(usize, usize),
    /// Neither an object nor anything with attributes.
    ModelAttributesType,
    /// Outside a bound: `greater_than` and its kin, with the bound as it is given.
    Bound(Bound, Value),
    /// A validator of the type's author refused the value; holds its words.
    ValueError(String),
    /// The body is no JSON; holds CPython's words.
    JsonInvalid(&'static str),
}

/// A side of a number's range.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Bound {
    /// Greater than or equal.
    Ge,
    /// Greater than.
    Gt,
    /// Less than or equal.
    Le,
    /// Less than.
    Lt,
}

impl Bound {
    /// pydantic's error type, its words, and the name of the bound.
    fn names(self) -> (&'static str, &'static str, &'static str) {
        match self {
            Self::Ge => ("greater_than_equal", "greater than or equal to", "ge"),
            Self::Gt => ("greater_than", "greater than", "gt"),
            Self::Le => ("less_than_equal", "less than or equal to", "le"),
            Self::Lt => ("less_than", "less than", "lt"),
        }
    }
}

impl Problem {
    /// pydantic's name for the problem.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Missing => "missing",
            Self::BoolType => "bool_type",
            Self::BoolParsing => "bool_parsing",
            Self::IntType => "int_type",
            Self::IntParsing => "int_parsing",
            Self::IntParsingSize => "int_parsing_size",
            Self::IntFromFloat => "int_from_float",
            Self::FiniteNumber => "finite_number",
            Self::FloatType => "float_type",
            Self::FloatParsing => "float_parsing",
            Self::StringType => "string_type",
            Self::StringUnicode => "string_unicode",
            Self::StringTooShort(_) => "string_too_short",
            Self::StringTooLong(_) => "string_too_long",
            Self::StringPatternMismatch(_) => "string_pattern_mismatch",
            Self::Enum(_) => "enum",
            Self::BytesType => "bytes_type",
            Self::ListType => "list_type",
            Self::TupleType => "tuple_type",
            Self::TupleTooLong(..) => "too_long",
            Self::ModelAttributesType => "model_attributes_type",
            Self::Bound(bound, _) => bound.names().0,
            Self::ValueError(_) => "value_error",
            Self::JsonInvalid(_) => "json_invalid",
        }
    }

    /// pydantic's sentence for the problem.
    pub fn message(&self) -> String {
        let sentence = match self {
            Self::Missing => "Field required",
            Self::BoolType => "Input should be a valid boolean",
            Self::BoolParsing => "Input should be a valid boolean, unable to interpret input",
            Self::IntType => "Input should be a valid integer",
            Self::IntParsing => {
                "Input should be a valid integer, unable to parse string as an integer"
            }
            Self::IntParsingSize => {
                "Unable to parse input string as an integer, exceeded maximum size"
            }
            Self::IntFromFloat => {
                "Input should be a valid integer, got a number with a fractional part"
            }
            Self::FiniteNumber => "Input should be a finite number",
            Self::FloatType => "Input should be a valid number",
            Self::FloatParsing => {
                "Input should be a valid number, unable to parse string as a number"
            }
            Self::StringType => "Input should be a valid string",
            Self::StringUnicode => {
                "Input should be a valid string, unable to parse raw data as a unicode string"
            }
            Self::BytesType => "Input should be a valid bytes",
            Self::ListType => "Input should be a valid list",
            Self::TupleType => "Input should be a valid tuple",
            Self::TupleTooLong(most, found) => {
                let items = if *most == 1 { "item" } else { "items" };
                return format!(
                    "Tuple should have at most {most} {items} after validation, not {found}"
                );
            }
            Self::ModelAttributesType => {
                "Input should be a valid dictionary or object to extract fields from"
            }
            Self::JsonInvalid(_) => "JSON decode error",
            Self::StringTooShort(least) => {
                return format!("String should have at least {}", characters(*least));
            }
            Self::StringTooLong(most) => {
                return format!("String should have at most {}", characters(*most));
            }
            Self::StringPatternMismatch(pattern) => {
                return format!("String should match pattern '{pattern}'");
            }
            Self::Enum(expected) => return format!("Input should be {expected}"),
            Self::Bound(bound, limit) => {
                return format!("Input should be {} {}", bound.names().1, plain_number(limit));
            }
            Self::ValueError(words) => return format!("Value error, {words}"),
        };
        sentence.to_owned()
    }

    /// The values that the sentence was made from, where pydantic adds them.
    pub fn context(&self) -> Option<Value> {
        let length = |length: u64| i64::try_from(length).map_or(Value::Null, Value::Int);
        let (name, value) = match self {
            Self::TupleTooLong(most, found) => {
                return Some(object([
                    ("field_type", Value::from("Tuple")),
                    ("max_length", length(*most as u64)),
                    ("actual_length", length(*found as u64)),
                ]));
            }
            Self::Enum(expected) => ("expected", Value::from(expected.as_str())),
            Self::StringTooShort(least) => ("min_length", length(*least)),
            Self::StringTooLong(most) => ("max_length", length(*most)),
            Self::StringPatternMismatch(pattern) => ("pattern", Value::from(pattern.as_str())),
            Self::Bound(bound, limit) => (bound.names().2, limit.clone()),
            Self::ValueError(_) => ("error", object([])),
            Self::JsonInvalid(words) => ("error", Value::from(*words)),
            _ => return None,
        };
        Some(object([(name, value)]))
    }
}

fn characters(number: u64) -> String {
    format!("{number} character{}", if number == 1 { "" } else { "s" })
}

/// A bound as pydantic's sentences have it: without the `.0` of a whole float.
fn plain_number(number: &Value) -> String {
    match number {
        Value::Int(number) => number.to_string(),
        Value::Float(number) => {
            let text = float_repr(*number);
            text.strip_suffix(".0").map_or(text.clone(), str::to_owned)
        }
        _ => String::new(),
    }
}

impl ValidationError {
    /// The part of the request that it is about, in the order in which parts are reported.
    pub fn part(&self) -> usize {
        const PARTS: [&str; 5] = ["path", "query", "header", "cookie", "body"];
        let part = |step: &Step| PARTS.iter().position(|part| *step == Step::Name((*part).into()));
        self.loc.first().and_then(part).unwrap_or(PARTS.len())
    }

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

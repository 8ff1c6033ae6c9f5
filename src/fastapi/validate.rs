//! pydantic's lax mode: which values are numbers, booleans, texts, members of a set, models.
//!
//! A valid value comes back coerced, ready for serde; a wrong one as every row that pydantic would
//! report, in declaration order. The rows of the tests below were observed on pydantic 2.14.3.

mod number;

use indexmap::IndexMap;

use super::error::{Problem, Step, ValidationError};
use super::json::encoding;
use super::schema::{Enumeration, Kind, Model, Schema, Text};
use super::value::Value;

/// Validates a value at a place of a request.
pub fn validate(
    schema: &Schema,
    input: &Value,
    loc: &[Step],
) -> Result<Value, Vec<ValidationError>> {
    let (value, rows) = judge(schema, input, loc);
    if rows.is_empty() { Ok(value) } else { Err(rows) }
}

/// The coerced value, with `null` wherever a row says what is wrong.
pub fn judge(schema: &Schema, input: &Value, loc: &[Step]) -> (Value, Vec<ValidationError>) {
    let mut errors = Errors { base: loc, path: Vec::new(), rows: Vec::new() };
    (errors.check(schema, input), errors.rows)
}

/// The rows so far, and where the walk is.
struct Errors<'a> {
    base: &'a [Step],
    path: Vec<Inner<'a>>,
    rows: Vec<ValidationError>,
}

/// A step of the walk; only a row makes a [`Step`] of it.
#[derive(Clone, Copy)]
enum Inner<'a> {
    Name(&'a str),
    Index(usize),
}

impl<'a> Errors<'a> {
    /// The coerced value; meaningless once there are rows.
    fn check(&mut self, schema: &'a Schema, input: &Value) -> Value {
        match (&schema.kind, input) {
            (Kind::Nullable(_), Value::Null) => Value::Null,
            (Kind::Nullable(inner), _) => self.check(inner, input),
            (Kind::List(item), Value::Array(items)) => {
                let checked = items.iter().enumerate();
                let checked = checked.map(|(index, value)| {
                    self.inside(Inner::Index(index), |errors| errors.check(item, value))
                });
                Value::Array(checked.collect())
            }
            (Kind::Tuple(schemas), Value::Array(items)) => self.check_tuple(schemas, items, input),
            (Kind::Model(model), Value::Object(fields)) => self.check_model(model, fields, input),
            (kind, _) => match scalar(kind, input) {
                Ok(value) => value,
                Err(problem) => self.refuse(problem, input),
            },
        }
    }

    fn check_tuple(&mut self, schemas: &'a [Schema], items: &[Value], input: &Value) -> Value {
        if items.len() > schemas.len() {
            return self.refuse(Problem::TupleTooLong(schemas.len(), items.len()), input);
        }
        let checked = schemas.iter().enumerate().map(|(index, schema)| {
            self.inside(Inner::Index(index), |errors| match items.get(index) {
                Some(value) => errors.check(schema, value),
                None => errors.refuse(Problem::Missing, input),
            })
        });
        Value::Array(checked.collect())
    }

    fn check_model(
        &mut self,
        model: &'a Model,
        given: &IndexMap<String, Value>,
        input: &Value,
    ) -> Value {
        let mut checked = IndexMap::with_capacity(model.fields.len());
        for (name, field) in &model.fields {
            let other = field.name.as_ref().filter(|_| model.by_name && !given.contains_key(name));
            let sent = other.filter(|name| given.contains_key(*name)).unwrap_or(name);
            let value = self.inside(Inner::Name(sent), |errors| match given.get(sent) {
                Some(value) => Some(errors.check(&field.schema, value)),
                None if field.required => Some(errors.refuse(Problem::Missing, input)),
                None => None,
            });
            checked.extend(value.map(|value| (name.clone(), value)));
        }
        Value::Object(checked)
    }

    fn inside<T>(&mut self, step: Inner<'a>, check: impl FnOnce(&mut Self) -> T) -> T {
        self.path.push(step);
        let checked = check(self);
        self.path.pop();
        checked
    }

    fn refuse(&mut self, problem: Problem, input: &Value) -> Value {
        let inner = self.path.iter().map(|step| match step {
            Inner::Name(name) => Step::Name((*name).to_owned()),
            Inner::Index(index) => Step::Index(*index),
        });
        let loc = self.base.iter().cloned().chain(inner).collect();
        self.rows.push(ValidationError { problem, loc, input: input.clone() });
        Value::Null
    }
}

fn scalar(kind: &Kind, input: &Value) -> Result<Value, Problem> {
    match kind {
        Kind::Any => Ok(input.clone()),
        Kind::Boolean => number::boolean(input).map(Value::Bool),
        Kind::Integer(bounds) => number::integer(input, *bounds).map(Value::Int),
        Kind::Number(bounds) => number::number(input, *bounds).map(Value::Float),
        Kind::String(limits) => text(input, limits),
        Kind::Enum(set) => member(set, input),
        Kind::File => file(input),
        Kind::Bytes => bytes(input),
        Kind::List(_) => Err(Problem::ListType),
        Kind::Tuple(_) => Err(Problem::TupleType),
        Kind::Model(_) => Err(Problem::ModelAttributesType),
        Kind::Nullable(inner) => scalar(&inner.kind, input),
    }
}

/// A text that is to be parsed; one with a lone surrogate cannot be.
fn parsable(text: &str) -> Result<&str, Problem> {
    if text.chars().any(encoding::is_surrogate) { Err(Problem::StringUnicode) } else { Ok(text) }
}

fn text(input: &Value, limits: &Text) -> Result<Value, Problem> {
    let Value::String(text) = input else { return Err(Problem::StringType) };
    let Text { min_length, max_length, pattern } = limits;
    if min_length.is_none() && max_length.is_none() && pattern.is_none() {
        return Ok(input.clone());
    }
    let text = parsable(text)?;
    if min_length.is_some() || max_length.is_some() {
        let length = text.chars().count() as u64;
        if let Some(most) = max_length.filter(|most| length > *most) {
            return Err(Problem::StringTooLong(most));
        }
        if let Some(least) = min_length.filter(|least| length < *least) {
            return Err(Problem::StringTooShort(least));
        }
    }
    match pattern {
        Some(pattern) if !pattern.is_match(text) => {
            Err(Problem::StringPatternMismatch(pattern.as_str().to_owned()))
        }
        _ => Ok(input.clone()),
    }
}

/// Starlette's own class decides, in its own words.
fn file(input: &Value) -> Result<Value, Problem> {
    let class = match input {
        Value::File(_) => return Ok(input.clone()),
        Value::Null => "NoneType",
        Value::Bool(_) => "bool",
        Value::Int(_) | Value::BigInt(_) => "int",
        Value::Float(_) => "float",
        Value::String(_) => "str",
        Value::Array(_) => "list",
        Value::Object(_) => "dict",
    };
    Err(Problem::ValueError(format!("Expected UploadFile, received: <class '{class}'>")))
}

fn bytes(input: &Value) -> Result<Value, Problem> {
    match input {
        Value::File(_) => Ok(input.clone()),
        Value::String(text) => parsable(text).map(|_| input.clone()),
        _ => Err(Problem::BytesType),
    }
}

fn member(set: &Enumeration, input: &Value) -> Result<Value, Problem> {
    match input {
        Value::String(text) if set.values.iter().any(|value| value == text) => Ok(input.clone()),
        Value::String(text) if parsable(text).is_err() => Err(Problem::StringUnicode),
        _ => Err(Problem::Enum(sentence(&set.values))),
    }
}

/// `'a', 'b' or 'c'`.
fn sentence(values: &[String]) -> String {
    let quoted: Vec<String> = values.iter().map(|value| format!("'{value}'")).collect();
    match quoted.split_last() {
        Some((last, [])) => last.clone(),
        Some((last, rest)) => format!("{} or {last}", rest.join(", ")),
        None => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::{sentence, validate};
    use crate::json::read::from_slice;
    use crate::schema::Schema;
    use crate::value::Value;

    /// Each line a JSON Schema, an input, and what pydantic made of it; written by `observe.py`.
    const OBSERVED: &str = include_str!("validate/observed.jsonl");

    fn field<'a>(row: &'a Value, name: &str) -> Option<&'a Value> {
        match row {
            Value::Object(fields) => fields.get(name),
            _ => None,
        }
    }

    fn raw(row: &Value, name: &str) -> Option<Value> {
        match field(row, name) {
            Some(Value::String(text)) => Some(from_slice(text.as_bytes()).unwrap()),
            _ => None,
        }
    }

    /// Values as text, so that NaN equals NaN.
    fn shown(value: &Value) -> String {
        format!("{value:?}")
    }

    #[test]
    fn every_value_is_judged_as_pydantic_was_seen_to_judge_it() {
        for line in OBSERVED.lines() {
            let row = from_slice(line.as_bytes()).unwrap();
            let Some(Value::String(schema)) = field(&row, "schema") else { panic!("{line}") };
            let schema = Schema::compile(&serde_json::from_str(schema).unwrap(), "root");
            let judged = validate(&schema, &raw(&row, "input").unwrap(), &[]);
            match (judged, raw(&row, "value"), raw(&row, "errors")) {
                (Ok(value), Some(expected), None) => {
                    assert_eq!(shown(&value), shown(&expected), "{line}");
                }
                (Err(rows), None, Some(expected)) => {
                    let rows =
                        Value::Array(rows.iter().map(super::ValidationError::to_value).collect());
                    assert_eq!(shown(&rows), shown(&expected), "{line}");
                }
                (judged, ..) => panic!("{judged:?} for {line}"),
            }
        }
    }

    #[test]
    fn an_integer_beyond_64_bits_is_refused_where_python_keeps_it() {
        for input in
            ["9223372036854775808", "\"-9223372036854775809\"", "\" 1_0000000000000000000 \""]
        {
            let input = from_slice(input.as_bytes()).unwrap();
            let schema = Schema::of::<i64>();
            let rows = validate(&schema, &input, &[]).unwrap_err();
            assert_eq!(rows[0].problem.kind(), "int_parsing_size", "{input:?}");
        }
    }

    #[test]
    fn allowed_values_read_as_a_sentence() {
        let values = |names: &[&str]| names.iter().map(|n| (*n).to_owned()).collect::<Vec<_>>();
        assert_eq!(sentence(&values(&["a"])), "'a'");
        assert_eq!(sentence(&values(&["a", "b"])), "'a' or 'b'");
        assert_eq!(sentence(&values(&["a", "b", "c"])), "'a', 'b' or 'c'");
    }
}

//! pydantic's lax mode: which values are numbers, booleans, texts, members of a set, models.
//!
//! A valid value comes back coerced, ready for serde; a wrong one as every row that pydantic would
//! report, in declaration order. The rows of the tests below were observed on pydantic 2.14.3.

use indexmap::IndexMap;

use super::error::{Bound, Problem, Step, ValidationError};
use super::json::encoding;
use super::schema::{Bounds, Enumeration, Kind, Model, Schema, Text};
use super::value::Value;

/// How many digits Python turns into an integer (`sys.get_int_max_str_digits`).
const MAX_DIGITS: usize = 4300;

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
            let value = self.inside(Inner::Name(name), |errors| match given.get(name) {
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
        Kind::Boolean => boolean(input).map(Value::Bool),
        Kind::Integer(bounds) => integer(input, *bounds).map(Value::Int),
        Kind::Number(bounds) => number(input, *bounds).map(Value::Float),
        Kind::String(limits) => text(input, limits),
        Kind::Enum(set) => member(set, input),
        Kind::List(_) => Err(Problem::ListType),
        Kind::Tuple(_) => Err(Problem::TupleType),
        Kind::Model(_) => Err(Problem::ModelAttributesType),
        Kind::Nullable(inner) => scalar(&inner.kind, input),
    }
}

fn boolean(input: &Value) -> Result<bool, Problem> {
    match input {
        Value::Bool(flag) => Ok(*flag),
        Value::String(word) => boolean_word(parsable(word)?),
        Value::Int(number) => boolean_number(*number),
        Value::Float(number) => boolean_number(whole(*number).ok_or(Problem::BoolType)?),
        _ => Err(Problem::BoolType),
    }
}

fn boolean_number(number: i64) -> Result<bool, Problem> {
    match number {
        0 => Ok(false),
        1 => Ok(true),
        _ => Err(Problem::BoolParsing),
    }
}

fn boolean_word(input: &str) -> Result<bool, Problem> {
    match input.to_ascii_lowercase().as_str() {
        "1" | "on" | "t" | "true" | "y" | "yes" => Ok(true),
        "0" | "off" | "f" | "false" | "n" | "no" => Ok(false),
        _ => Err(Problem::BoolParsing),
    }
}

/// A whole number, or an integer that does not fit and is only compared with bounds.
enum Whole {
    Fits(i64),
    Below,
    Above,
}

fn integer(input: &Value, bounds: Bounds<i64>) -> Result<i64, Problem> {
    let number = match input {
        Value::Int(number) => Whole::Fits(*number),
        Value::Bool(flag) => Whole::Fits(i64::from(*flag)),
        Value::BigInt(digits) => beyond(digits),
        Value::String(text) => integer_text(parsable(text)?)?,
        Value::Float(number) if !number.is_finite() => return Err(Problem::FiniteNumber),
        Value::Float(number) if number.fract() != 0.0 => return Err(Problem::IntFromFloat),
        Value::Float(number) => Whole::Fits(whole(*number).ok_or(Problem::IntParsingSize)?),
        _ => return Err(Problem::IntType),
    };
    let is_within = |bound: i64, holds: Holds<i64>| match number {
        Whole::Fits(number) => holds(&number, &bound),
        Whole::Below => holds(&i64::MIN, &i64::MAX),
        Whole::Above => holds(&i64::MAX, &i64::MIN),
    };
    check_bounds(bounds, is_within, Value::Int)?;
    match number {
        Whole::Fits(number) => Ok(number),
        Whole::Below | Whole::Above => Err(Problem::IntParsingSize),
    }
}

/// Whether a number keeps to a bound, by the comparison that the bound asks for.
type Holds<N> = fn(&N, &N) -> bool;

/// pydantic's order of bounds: upper ones first.
fn check_bounds<N: Copy + PartialOrd>(
    bounds: Bounds<N>,
    is_within: impl Fn(N, Holds<N>) -> bool,
    shown: fn(N) -> Value,
) -> Result<(), Problem> {
    let checks: [(Bound, Option<N>, Holds<N>); 4] = [
        (Bound::Le, bounds.le, N::le),
        (Bound::Lt, bounds.lt, N::lt),
        (Bound::Ge, bounds.ge, N::ge),
        (Bound::Gt, bounds.gt, N::gt),
    ];
    for (bound, limit, holds) in checks {
        if let Some(limit) = limit.filter(|limit| !is_within(*limit, holds)) {
            return Err(Problem::Bound(bound, shown(limit)));
        }
    }
    Ok(())
}

/// A float without a fraction as an integer, if it fits.
fn whole(number: f64) -> Option<i64> {
    #[allow(clippy::cast_possible_truncation, reason = "the range is checked first")]
    let fits = |number: f64| number as i64;
    let range = -9_223_372_036_854_775_808.0..9_223_372_036_854_775_808.0;
    (number.fract() == 0.0 && range.contains(&number)).then(|| fits(number))
}

fn beyond(digits: &str) -> Whole {
    if digits.starts_with('-') { Whole::Below } else { Whole::Above }
}

fn integer_text(input: &str) -> Result<Whole, Problem> {
    let text = input.trim();
    let (sign, unsigned) = match text.strip_prefix(['+', '-']) {
        Some(rest) if text.starts_with('-') => ("-", rest),
        Some(rest) => ("", rest),
        None => ("", text),
    };
    let whole = match unsigned.split_once('.') {
        Some((whole, zeros)) if !zeros.is_empty() && zeros.bytes().all(|b| b == b'0') => whole,
        Some(_) => return Err(Problem::IntParsing),
        None => unsigned,
    };
    let digits = without_underscores(whole).ok_or(Problem::IntParsing)?;
    if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(Problem::IntParsing);
    }
    let digits = format!("{sign}{}", digits.trim_start_matches('0'));
    match digits.trim_start_matches('-') {
        "" => Ok(Whole::Fits(0)),
        long if long.len() > MAX_DIGITS => Err(Problem::IntParsingSize),
        _ => Ok(digits.parse().map_or_else(|_| beyond(&digits), Whole::Fits)),
    }
}

fn number(input: &Value, bounds: Bounds<f64>) -> Result<f64, Problem> {
    let number = match input {
        Value::Float(number) => *number,
        #[allow(clippy::cast_precision_loss, reason = "Python rounds the same way")]
        Value::Int(number) => *number as f64,
        Value::Bool(flag) => f64::from(u8::from(*flag)),
        Value::BigInt(digits) => {
            let number: f64 = digits.parse().map_err(|_| Problem::FloatType)?;
            if number.is_infinite() {
                return Err(Problem::FloatType);
            }
            number
        }
        Value::String(text) => float_text(parsable(text)?)?,
        _ => return Err(Problem::FloatType),
    };
    check_bounds(bounds, |bound, holds| holds(&number, &bound), Value::Float)?;
    Ok(number)
}

fn float_text(input: &str) -> Result<f64, Problem> {
    if let Ok(number) = input.trim().parse() {
        return Ok(number);
    }
    // With underscores nothing is trimmed any more.
    let digits = without_underscores(input).ok_or(Problem::FloatParsing)?;
    digits.parse().map_err(|_| Problem::FloatParsing)
}

/// The text without its single underscores; `None` where Python would not allow them.
fn without_underscores(text: &str) -> Option<String> {
    let misplaced = text.starts_with('_') || text.ends_with('_') || text.contains("__");
    (!misplaced).then(|| text.replace('_', ""))
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
    use crate::fastapi::json::read::from_slice;
    use crate::fastapi::schema::Schema;
    use crate::fastapi::value::Value;

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

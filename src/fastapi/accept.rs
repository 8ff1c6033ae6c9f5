//! From a request's value to a handler's type: validated, coerced, and asked for its own opinion.
//!
//! The schema's errors and what the type itself refuses are reported together, in declaration
//! order, as pydantic reports its constraints and validators.

use serde::de::DeserializeOwned;

use super::error::{Problem, Step, ValidationError};
use super::reply::Fault;
use super::schema::{Kind, Schema};
use super::validate::judge;
use super::value::{ConversionError, Value, from_value, refusals};

/// Why a value is not accepted.
pub enum Unacceptable {
    /// The request is at fault.
    Invalid(Vec<ValidationError>),
    /// The type does not fit its own schema: the program is at fault.
    Fault(Fault),
}

impl Unacceptable {
    /// The same with each row of it changed.
    pub fn each(mut self, change: impl FnMut(&mut ValidationError)) -> Self {
        if let Self::Invalid(rows) = &mut self {
            rows.iter_mut().for_each(change);
        }
        self
    }
}

/// The value as the handler's type.
pub fn accept<T: DeserializeOwned>(
    schema: &Schema,
    input: &Value,
    loc: &[Step],
) -> Result<T, Unacceptable> {
    let (value, mut rows) = judge(schema, input, loc);
    if rows.is_empty() {
        match from_value(&value) {
            Ok(accepted) => return Ok(accepted),
            Err(ConversionError::Refused(_)) => {}
            Err(misfit) => {
                let message = format!("a validated value does not fit its type: {misfit}");
                return Err(Unacceptable::Fault(Fault(message)));
            }
        }
    }
    let wrong = rows.iter().map(|row| keyed(schema, &row.loc[loc.len()..])).collect();
    rows.extend(refusals::<T>(&value, wrong).into_iter().map(|refusal| {
        let sent = sent(schema, input, &refusal.loc);
        ValidationError {
            problem: Problem::ValueError(refusal.message),
            input: at(input, &sent).clone(),
            loc: [loc, &sent].concat(),
        }
    }));
    rows.sort_by_cached_key(|row| declared_order(schema, &row.loc[loc.len()..]));
    Err(Unacceptable::Invalid(rows))
}

/// A place as the coerced value has it: by the keys of fields, whatever the request calls them.
fn keyed(schema: &Schema, loc: &[Step]) -> Vec<Step> {
    let Some((step, rest)) = loc.split_first() else { return Vec::new() };
    let (key, inner) = match (&schema.kind, step) {
        (Kind::Nullable(inner), _) => return keyed(inner, loc),
        (Kind::Model(model), Step::Name(called)) => match model.field(called) {
            Some((_, key, field)) => (Step::Name(key.clone()), &field.schema),
            None => return loc.to_vec(),
        },
        (Kind::List(item), Step::Index(_)) => (step.clone(), item.as_ref()),
        (Kind::Tuple(items), Step::Index(index)) if *index < items.len() => {
            (step.clone(), &items[*index])
        }
        _ => return loc.to_vec(),
    };
    [vec![key], keyed(inner, rest)].concat()
}

/// A place of the coerced value as the request calls it, which may use a field's other name.
fn sent(schema: &Schema, input: &Value, loc: &[Step]) -> Vec<Step> {
    let mut place = (Some(schema), input);
    let call = |step: &Step| {
        let (schema, value) = place;
        let mut kind = schema.map(|schema| &schema.kind);
        while let Some(Kind::Nullable(inner)) = kind {
            kind = Some(&inner.kind);
        }
        let (called, inner) = match (kind, step) {
            (Some(Kind::Model(model)), Step::Name(key)) => {
                let field = model.fields.get(key);
                let other = field.and_then(|field| field.name.as_ref()).filter(|name| {
                    let given =
                        |key: &str| matches!(value, Value::Object(f) if f.contains_key(key));
                    model.by_name && !given(key) && given(name)
                });
                let called = other.unwrap_or(key).clone();
                (Step::Name(called), field.map(|field| &field.schema))
            }
            (Some(Kind::List(item)), _) => (step.clone(), Some(item.as_ref())),
            (Some(Kind::Tuple(items)), Step::Index(index)) => (step.clone(), items.get(*index)),
            _ => (step.clone(), None),
        };
        place = (inner, at(value, std::slice::from_ref(&called)));
        called
    };
    loc.iter().map(call).collect()
}

/// The value at a place inside a value.
fn at<'v>(value: &'v Value, loc: &[Step]) -> &'v Value {
    loc.iter().fold(value, |value, step| match (value, step) {
        (Value::Object(fields), Step::Name(name)) => fields.get(name).unwrap_or(value),
        (Value::Array(items), Step::Index(index)) => items.get(*index).unwrap_or(value),
        _ => value,
    })
}

/// The positions of a place's steps in the type's declaration.
fn declared_order(schema: &Schema, loc: &[Step]) -> Vec<usize> {
    let Some((step, rest)) = loc.split_first() else { return Vec::new() };
    let (position, inner) = match (&schema.kind, step) {
        (Kind::Nullable(inner), _) => return declared_order(inner, loc),
        (Kind::Model(model), Step::Name(name)) => match model.field(name) {
            Some((position, _, field)) => (position, &field.schema),
            None => return Vec::new(),
        },
        (Kind::List(item), Step::Index(index)) => (*index, item.as_ref()),
        (Kind::Tuple(items), Step::Index(index)) => match items.get(*index) {
            Some(item) => (*index, item),
            None => return Vec::new(),
        },
        _ => return Vec::new(),
    };
    let mut order = vec![position];
    order.extend(declared_order(inner, rest));
    order
}

#[cfg(test)]
mod tests {
    use fastrand::Rng;
    use schemars::JsonSchema;
    use serde::{Deserialize, Deserializer};

    use super::{Unacceptable, accept};
    use crate::json::read::from_slice;
    use crate::schema::Schema;
    use crate::unset::MaybeUnset;
    use crate::value::Value;

    #[derive(Debug, Deserialize, JsonSchema)]
    #[serde(rename_all = "lowercase")]
    enum Colour {
        Red,
        Green,
    }

    #[derive(Debug, Deserialize, JsonSchema)]
    #[allow(dead_code, reason = "only deserialising it is of interest")]
    struct Part {
        #[serde(deserialize_with = "not_blank")]
        #[schemars(length(max = 5))]
        name: String,
        #[serde(default)]
        colour: Option<Colour>,
        count: i64,
    }

    #[derive(Debug, Deserialize, JsonSchema)]
    #[allow(dead_code, reason = "only deserialising it is of interest")]
    struct Whole {
        first: Part,
        #[serde(default)]
        parts: Vec<Part>,
        weight: f64,
        #[serde(default)]
        flag: MaybeUnset<bool>,
        pair: (i64, Option<String>),
    }

    fn not_blank<'de, D: Deserializer<'de>>(input: D) -> Result<String, D::Error> {
        let text = String::deserialize(input)?;
        let blank = text.trim().is_empty();
        if blank { Err(serde::de::Error::custom("blank")) } else { Ok(text) }
    }

    fn errors(json: &str) -> Vec<String> {
        let input = from_slice(json.as_bytes()).unwrap();
        match accept::<Whole>(&Schema::of::<Whole>(), &input, &[]) {
            Ok(_) => Vec::new(),
            Err(Unacceptable::Fault(fault)) => panic!("{json}: {fault}"),
            Err(Unacceptable::Invalid(rows)) => rows
                .iter()
                .map(|row| format!("{:?} {}", row.loc, row.problem.kind()))
                .map(|row| row.replace("Name(\"", "").replace("\")", "").replace("Index(", ""))
                .collect(),
        }
    }

    #[test]
    fn constraints_and_refusals_come_together_in_declaration_order() {
        let rows = errors(
            r#"{"weight": "w", "first": {"count": "c", "name": " "}, "pair": [1, null],
                "parts": [{"name": "", "count": 1}, {"name": "too long", "count": null}]}"#,
        );
        assert_eq!(
            rows,
            [
                "[first, name] value_error",
                "[first, count] int_parsing",
                "[parts, 0), name] value_error",
                "[parts, 1), name] string_too_long",
                "[parts, 1), count] int_type",
                "[weight] float_parsing",
            ]
        );
    }

    /// Some JSON, more or less of the right shape.
    fn sample(rng: &mut Rng, depth: usize) -> Value {
        let texts = ["", " ", "a", "red", "green", "1", "1.5", "true", "toolong"];
        match rng.u8(..if depth == 0 { 6 } else { 9 }) {
            0 => Value::Null,
            1 => Value::Bool(rng.bool()),
            2 => Value::Int(rng.i64(-2..5)),
            3 => Value::Float([0.0, 1.0, 1.5, f64::NAN, f64::INFINITY, 1e300][rng.usize(..6)]),
            4 => Value::from(texts[rng.usize(..texts.len())]),
            5 => Value::BigInt("12345678901234567890123".to_owned()),
            6 => Value::Array((0..rng.usize(..3)).map(|_| sample(rng, depth - 1)).collect()),
            _ => {
                let names = ["first", "parts", "weight", "flag", "pair", "name", "colour", "count"];
                let fields = names.iter().filter(|_| rng.u8(..4) > 0).copied().collect::<Vec<_>>();
                let field = |name: &str| (name.to_owned(), for_field(rng, name, depth - 1));
                Value::Object(fields.into_iter().map(field).collect())
            }
        }
    }

    /// Mostly what a field of this name takes, else anything.
    fn for_field(rng: &mut Rng, name: &str, depth: usize) -> Value {
        if rng.u8(..6) == 0 {
            return sample(rng, depth);
        }
        let part = |rng: &mut Rng| {
            let fields = ["name", "colour", "count"].map(|name| (name, for_field(rng, name, 0)));
            Value::Object(
                fields.into_iter().map(|(name, value)| (name.to_owned(), value)).collect(),
            )
        };
        match name {
            "first" => part(rng),
            "parts" => Value::Array((0..rng.usize(..3)).map(|_| part(rng)).collect()),
            "pair" => Value::Array(vec![Value::Int(1), Value::Null]),
            "name" => Value::from(["a", "ab", "red"][rng.usize(..3)]),
            "colour" => {
                [Value::Null, Value::from("red"), Value::from("green")][rng.usize(..3)].clone()
            }
            "count" => {
                [Value::Int(3), Value::from(" 1_0 "), Value::Float(2.0)][rng.usize(..3)].clone()
            }
            "weight" => {
                [Value::Int(3), Value::from("1e3"), Value::Bool(true)][rng.usize(..3)].clone()
            }
            _ => [Value::Bool(true), Value::from("off"), Value::Int(1)][rng.usize(..3)].clone(),
        }
    }

    #[test]
    fn whatever_validates_also_deserialises() {
        let (whole, part) = (Schema::of::<Whole>(), Schema::of::<Part>());
        let mut rng = Rng::with_seed(7);
        let mut accepted = 0;
        for _ in 0..10_000 {
            let input = sample(&mut rng, 4);
            let judged = [
                accept::<Whole>(&whole, &input, &[]).map(drop),
                accept::<Part>(&part, &input, &[]).map(drop),
            ];
            for outcome in judged {
                accepted += usize::from(outcome.is_ok());
                assert!(!matches!(outcome, Err(Unacceptable::Fault(_))), "{input:?}");
            }
        }
        assert!(accepted > 100, "only {accepted} samples were valid at all");
    }
}

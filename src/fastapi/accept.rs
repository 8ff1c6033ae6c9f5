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

/// The value as the handler's type.
pub fn accept<T: DeserializeOwned>(
    schema: &Schema,
    input: &Value,
    loc: &[Step],
) -> Result<T, Unacceptable> {
    let (value, mut rows) = judge(schema, input, loc);
    if rows.is_empty() {
        match from_value(value) {
            Ok(accepted) => return Ok(accepted),
            Err(ConversionError::Refused(_)) => {}
            Err(misfit) => {
                let message = format!("a validated value does not fit its type: {misfit}");
                return Err(Unacceptable::Fault(Fault(message)));
            }
        }
    }
    let (value, _) = judge(schema, input, loc);
    let wrong = rows.iter().map(|row| row.loc[loc.len()..].to_vec()).collect();
    rows.extend(refusals::<T>(&value, wrong).into_iter().map(|refusal| ValidationError {
        problem: Problem::ValueError(refusal.message),
        input: at(input, &refusal.loc).clone(),
        loc: [loc, &refusal.loc].concat(),
    }));
    rows.sort_by_cached_key(|row| declared_order(schema, &row.loc[loc.len()..]));
    Err(Unacceptable::Invalid(rows))
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
        (Kind::Model(model), Step::Name(name)) => match model.fields.get_full(name) {
            Some((position, _, field)) => (position, &field.schema),
            None => return Vec::new(),
        },
        (Kind::List(item), Step::Index(index)) => (*index, item.as_ref()),
        _ => return Vec::new(),
    };
    let mut order = vec![position];
    order.extend(declared_order(inner, rest));
    order
}

//! From models to dictionaries and back: pydantic's `model_dump` and `model_validate`.
//!
//! A Rust struct has one name a field for serde, the one on the wire; the schema knows the other
//! one and the defaults. Replies go through the same steps in `reply`.

use indexmap::IndexMap;
use schemars::JsonSchema;
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::accept::{Unacceptable, accept};
use super::error::ValidationError;
use super::json;
use super::reply::Fault;
use super::schema::{Field, Kind, Schema};
use super::value::{Value, to_value};

/// A dictionary of Python: fields by name, in order.
pub type Dict = IndexMap<String, Value>;

/// A type that has a schema and can be written and read: pydantic's class of all models.
///
/// Each call compiles the schema of the type, which takes some microseconds.
pub trait BaseModel: Serialize + DeserializeOwned + JsonSchema {
    /// All fields, those that nobody has set with their defaults, by their names in the program.
    fn model_dump(&self) -> Result<Dict, Fault> {
        let (schema, mut value) = written(self)?;
        fill_in(&schema, &mut value);
        rename(&schema, &mut value);
        dict(value)
    }

    /// The same by the names that fields have in requests and replies.
    fn model_dump_by_alias(&self) -> Result<Dict, Fault> {
        let (schema, mut value) = written(self)?;
        fill_in(&schema, &mut value);
        dict(value)
    }

    /// Only the fields that somebody has set, by their names in the program. Which fields know
    /// that, their types say: those that are [`MaybeUnset`](super::MaybeUnset).
    fn model_dump_exclude_unset(&self) -> Result<Dict, Fault> {
        let (schema, mut value) = written(self)?;
        rename(&schema, &mut value);
        dict(value)
    }

    /// Makes one of a dictionary. One that does not fit is the program's fault, not the client's.
    fn model_validate(fields: Dict) -> Result<Self, Fault> {
        let refused = |reason| match reason {
            Unacceptable::Fault(fault) => fault,
            Unacceptable::Invalid(rows) => {
                let rows = rows.iter().map(ValidationError::to_value).collect();
                Fault(json::to_string(&Value::Array(rows)).unwrap_or_default())
            }
        };
        accept(&Schema::of::<Self>(), &Value::Object(fields), &[]).map_err(refused)
    }
}

impl<T: Serialize + DeserializeOwned + JsonSchema> BaseModel for T {}

fn written<T: Serialize + JsonSchema>(model: &T) -> Result<(Schema, Value), Fault> {
    Ok((Schema::of::<T>(), to_value(model)?))
}

fn dict(value: Value) -> Result<Dict, Fault> {
    match value {
        Value::Object(fields) => Ok(fields),
        other => Err(Fault(format!("only a struct becomes a dictionary, not {other:?}"))),
    }
}

/// Gives the fields of a validated value the names that they have in the program.
pub(super) fn rename(schema: &Schema, value: &mut Value) {
    match (&schema.kind, value) {
        (Kind::Nullable(inner), value) => rename(inner, value),
        (Kind::List(item), Value::Array(items)) => {
            for value in items {
                rename(item, value);
            }
        }
        (Kind::Tuple(schemas), Value::Array(items)) => {
            for (schema, value) in schemas.iter().zip(items) {
                rename(schema, value);
            }
        }
        (Kind::Model(model), Value::Object(fields)) => {
            for (alias, mut value) in std::mem::take(fields) {
                let field = model.fields.get(&alias);
                if let Some(field) = field {
                    rename(&field.schema, &mut value);
                }
                let name = field.and_then(|field| field.name.clone());
                fields.insert(name.unwrap_or(alias), value);
            }
        }
        _ => {}
    }
}

/// Gives every absent field of a validated value its default.
pub(super) fn fill_in(schema: &Schema, value: &mut Value) {
    match (&schema.kind, value) {
        (Kind::Nullable(inner), value) if *value != Value::Null => fill_in(inner, value),
        (Kind::List(item), Value::Array(items)) => {
            for value in items {
                fill_in(item, value);
            }
        }
        (Kind::Model(model), Value::Object(fields)) => {
            let mut given = std::mem::take(fields);
            for (name, field) in &model.fields {
                let mut value = given.shift_remove(name).unwrap_or_else(|| default(field));
                fill_in(&field.schema, &mut value);
                fields.insert(name.clone(), value);
            }
        }
        _ => {}
    }
}

fn default(field: &Field) -> Value {
    field.default.as_ref().map_or(Value::Null, Value::from)
}

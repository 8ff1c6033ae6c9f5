//! The schemas that an OpenAPI document names: those of models and enumerations, and FastAPI's own
//! of what is wrong with a request.

use std::collections::BTreeMap;

use serde_json::{Map, Value as Json, json};

use super::{Operation, operation_id};
use crate::json_schema::{self, reference};
use crate::schema::{Enumeration, Kind, Schema};

/// The named schemas of all operations, sorted by name.
pub fn schemas(operations: &[Operation]) -> Map<String, Json> {
    let mut schemas = BTreeMap::new();
    for operation in operations {
        let parameters = operation.parameters.iter().map(|parameter| &parameter.field.schema);
        let body = operation.body.as_ref().map(|body| body.schema(&operation_id(operation)));
        let named = parameters.chain(&body).chain(&operation.response_model);
        named.for_each(|schema| collect(schema, &mut schemas));
        if operation.can_be_invalid() {
            schemas.insert("HTTPValidationError".to_owned(), http_validation_error());
            schemas.insert("ValidationError".to_owned(), validation_error());
        }
    }
    schemas.into_iter().collect()
}

fn collect(schema: &Schema, schemas: &mut BTreeMap<String, Json>) {
    match &schema.kind {
        Kind::Enum(set) => {
            schemas.insert(set.name.clone(), enumeration(set));
        }
        Kind::Nullable(inner) | Kind::List(inner) => collect(inner, schemas),
        Kind::Tuple(items) => items.iter().for_each(|item| collect(item, schemas)),
        Kind::Model(model) => {
            let printed = json_schema::component(model, model.description.as_deref());
            schemas.insert(model.name.clone(), printed);
            model.fields.values().for_each(|field| collect(&field.schema, schemas));
        }
        _ => {}
    }
}

fn enumeration(set: &Enumeration) -> Json {
    json!({"type": "string", "enum": set.values, "title": set.name})
}

fn http_validation_error() -> Json {
    json!({
        "properties": {
            "detail": {
                "items": {"$ref": reference("ValidationError")},
                "type": "array",
                "title": "Detail",
            },
        },
        "type": "object",
        "title": "HTTPValidationError",
    })
}

fn validation_error() -> Json {
    json!({
        "properties": {
            "loc": {
                "items": {"anyOf": [{"type": "string"}, {"type": "integer"}]},
                "type": "array",
                "title": "Location",
            },
            "msg": {"type": "string", "title": "Message"},
            "type": {"type": "string", "title": "Error Type"},
            "input": {"title": "Input"},
            "ctx": {"type": "object", "title": "Context"},
        },
        "type": "object",
        "required": ["loc", "msg", "type"],
        "title": "ValidationError",
    })
}

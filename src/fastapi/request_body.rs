//! What a route wants in the body: JSON or a form, and how the OpenAPI document says so.

use std::sync::Arc;

use serde_json::{Value as Json, json};

use super::json_schema::{present, top_level};
use super::schema::{Kind, Schema};

/// What a route wants in the body.
#[derive(Clone, Debug)]
pub enum RequestBody {
    /// JSON.
    Json(Schema),
    /// A form; its schema is a struct of the form's fields.
    Form(Schema),
}

impl RequestBody {
    /// Its schema. FastAPI makes a model of a form's fields, whose name is the operation's.
    pub fn schema(&self, operation_id: &str) -> Schema {
        let (Self::Json(schema) | Self::Form(schema)) = self;
        let mut schema = schema.clone();
        if let (Self::Form(_), Kind::Model(model)) = (self, &mut schema.kind) {
            let model = Arc::make_mut(model);
            model.name = format!("Body_{operation_id}");
            model.description = None;
        }
        schema
    }

    /// The body in the document. FastAPI puts the keys of a path without any parameters in another
    /// order.
    pub fn document(&self, operation_id: &str, modelled: bool) -> Json {
        let schema = top_level(&self.schema(operation_id), "Body", modelled);
        let content = Some(json!({self.media_type(): {"schema": schema}}));
        let required = self.is_required().then_some(Json::Bool(true));
        if modelled {
            present([("content", content), ("required", required)])
        } else {
            present([("required", required), ("content", content)])
        }
    }

    fn media_type(&self) -> &'static str {
        match self {
            Self::Json(_) => "application/json",
            Self::Form(schema)
                if schema.kind.holds(&|kind| matches!(kind, Kind::File | Kind::Bytes)) =>
            {
                "multipart/form-data"
            }
            Self::Form(_) => "application/x-www-form-urlencoded",
        }
    }

    /// A form is optional if all of its fields are.
    fn is_required(&self) -> bool {
        match self {
            Self::Form(Schema { kind: Kind::Model(model), .. }) => {
                model.fields.values().any(|field| field.required)
            }
            _ => true,
        }
    }
}

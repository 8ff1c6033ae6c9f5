//! Compiled schemas as JSON Schema, in the two spellings that FastAPI's documents use.
//!
//! Parameters are printed as pydantic made them; components have been through FastAPI's own model
//! of a schema, which reorders the keys and turns bounds into floats. Both were read off the
//! documents of FastAPI 0.165.0.

use serde_json::{Map, Value as Json, json};

use super::openapi::title_case;
use super::schema::{Bounds, Field, Kind, Model, Schema};

/// The keys of a component's schema in the order of FastAPI's model of it.
const COMPONENT_KEYS: [&str; 23] = [
    "$ref",
    "anyOf",
    "prefixItems",
    "items",
    "properties",
    "type",
    "enum",
    "maximum",
    "exclusiveMaximum",
    "minimum",
    "exclusiveMinimum",
    "maxLength",
    "minLength",
    "pattern",
    "required",
    "format",
    "contentMediaType",
    "title",
    "description",
    "default",
    "deprecated",
    "examples",
    "example",
];

/// The component keys whose values are floats there.
const BOUNDS: [&str; 4] = ["maximum", "exclusiveMaximum", "minimum", "exclusiveMinimum"];

/// Where the OpenAPI document keeps the schema of this name.
pub fn reference(name: &str) -> String {
    format!("#/components/schemas/{name}")
}

/// A parameter's schema: constraints, what the author said, the default, the automatic title.
pub fn parameter(name: &str, field: &Field) -> Json {
    Json::Object(described(name, field))
}

/// The schema of a body or a reply: a reference, or the schema itself with a title. That of a path
/// without any parameters is `modelled`: spelled as components are.
pub fn top_level(schema: &Schema, title: &str, modelled: bool) -> Json {
    let mut printed = plain(schema);
    if !printed.contains_key("$ref") {
        printed.insert("title".to_owned(), json!(title));
    }
    let printed = Json::Object(printed);
    if modelled { as_component(printed) } else { printed }
}

/// A model among the document's components.
pub fn component(model: &Model, description: Option<&str>) -> Json {
    let properties: Map<String, Json> = model
        .fields
        .iter()
        .map(|(name, field)| (name.clone(), as_component(Json::Object(described(name, field)))))
        .collect();
    let required: Vec<&String> =
        model.fields.iter().filter(|(_, field)| field.required).map(|(name, _)| name).collect();
    let mut printed = Map::new();
    printed.insert("properties".to_owned(), Json::Object(properties));
    printed.insert("type".to_owned(), json!("object"));
    if !required.is_empty() {
        printed.insert("required".to_owned(), json!(required));
    }
    printed.insert("title".to_owned(), json!(model.name));
    if let Some(description) = description {
        printed.insert("description".to_owned(), json!(description));
    }
    let examples = [("examples", &model.examples), ("example", &model.example)];
    for (key, value) in examples.into_iter().filter_map(|(key, given)| Some((key, given.as_ref()?)))
    {
        printed.insert(key.to_owned(), sorted(value));
    }
    Json::Object(printed)
}

/// The same with the keys of objects in their order, as pydantic prints examples.
fn sorted(value: &Json) -> Json {
    match value {
        Json::Object(fields) => {
            let mut fields: Vec<_> = fields.iter().collect();
            fields.sort_by_key(|(key, _)| *key);
            fields.into_iter().map(|(key, value)| (key.clone(), sorted(value))).collect()
        }
        Json::Array(items) => items.iter().map(sorted).collect(),
        plain => plain.clone(),
    }
}

fn described(name: &str, field: &Field) -> Map<String, Json> {
    let schema = &field.schema;
    let mut printed = plain(schema);
    let mut insert = |key: &str, value: Option<Json>| {
        if let Some(value) = value {
            printed.entry(key).or_insert(value);
        }
    };
    insert("title", schema.title.as_ref().map(|title| json!(title)));
    insert("description", schema.description.as_ref().map(|text| json!(text)));
    insert("examples", schema.examples.as_ref().map(sorted));
    insert("example", schema.example.as_ref().map(sorted));
    insert("deprecated", schema.deprecated.then_some(Json::Bool(true)));
    insert("format", schema.format.as_ref().map(|format| json!(format)));
    insert("default", field.default.clone().filter(|default| !default.is_null()));
    if !printed.contains_key("$ref") {
        printed.entry("title").or_insert_with(|| json!(title_case(name)));
    }
    printed
}

/// The schema without anything that its author said.
fn plain(schema: &Schema) -> Map<String, Json> {
    let printed = match &schema.kind {
        Kind::Any => json!({}),
        Kind::Boolean => json!({"type": "boolean"}),
        Kind::Integer(bounds) => bounded("integer", bounds, |bound| json!(bound)),
        Kind::Number(bounds) => bounded("number", bounds, whole_if_possible),
        Kind::String(limits) => present([
            ("type", Some(json!("string"))),
            ("minLength", limits.min_length.map(|length| json!(length))),
            ("maxLength", limits.max_length.map(|length| json!(length))),
            ("pattern", limits.pattern.as_ref().map(|pattern| json!(pattern.as_str()))),
        ]),
        Kind::File | Kind::Bytes => {
            json!({"type": "string", "contentMediaType": "application/octet-stream"})
        }
        Kind::Enum(set) => json!({"$ref": reference(&set.name)}),
        Kind::Nullable(inner) => json!({"anyOf": [plain(inner), {"type": "null"}]}),
        Kind::List(item) => json!({"type": "array", "items": plain(item)}),
        Kind::Tuple(items) => {
            let items: Vec<_> = items.iter().map(plain).collect();
            json!({"type": "array", "prefixItems": items})
        }
        Kind::Model(model) => json!({"$ref": reference(&model.name)}),
    };
    match printed {
        Json::Object(fields) => fields,
        _ => Map::new(),
    }
}

fn bounded<N: Copy>(kind: &str, bounds: &Bounds<N>, number: fn(N) -> Json) -> Json {
    present([
        ("type", Some(json!(kind))),
        ("maximum", bounds.le.map(number)),
        ("minimum", bounds.ge.map(number)),
        ("exclusiveMaximum", bounds.lt.map(number)),
        ("exclusiveMinimum", bounds.gt.map(number)),
    ])
}

/// Python authors write `gt=0`, and pydantic prints what they wrote.
fn whole_if_possible(number: f64) -> Json {
    #[allow(clippy::cast_possible_truncation, reason = "the range is checked first")]
    let whole = |number: f64| number as i64;
    if number.fract() == 0.0 && number.abs() < 1e15 { json!(whole(number)) } else { json!(number) }
}

/// The parts that are there, in this order.
pub fn present<const N: usize>(parts: [(&str, Option<Json>); N]) -> Json {
    let there = parts.into_iter().filter_map(|(key, part)| Some((key.to_owned(), part?)));
    Json::Object(there.collect())
}

fn as_component(schema: Json) -> Json {
    let Json::Object(mut fields) = schema else { return schema };
    let ordered = COMPONENT_KEYS.into_iter().filter_map(|key| {
        let value = fields.remove(key)?;
        let value = match (key, value) {
            (bound, Json::Number(number)) if BOUNDS.contains(&bound) => json!(number.as_f64()),
            ("anyOf", Json::Array(choices)) => choices.into_iter().map(as_component).collect(),
            ("items", item) => as_component(item),
            (_, other) => other,
        };
        Some((key.to_owned(), value))
    });
    Json::Object(ordered.collect())
}

#[cfg(test)]
mod tests {
    use super::{Schema, top_level};

    #[test]
    fn a_list_begins_with_its_type_but_on_a_path_without_parameters() {
        for (modelled, expected) in [
            (false, r#"{"type":"array","items":{"type":"integer"},"title":"T"}"#),
            (true, r#"{"items":{"type":"integer"},"type":"array","title":"T"}"#),
        ] {
            let printed = top_level(&Schema::of::<Vec<i64>>(), "T", modelled);
            assert_eq!(printed.to_string(), expected);
        }
    }
}

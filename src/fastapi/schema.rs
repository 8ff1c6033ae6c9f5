//! What a type looks like from outside: its JSON Schema, compiled once for validation.
//!
//! schemars writes the schema of a Rust type; [`Schema::of`] reads it into a small tree that
//! `validate` walks on each request and that `openapi` prints the way pydantic prints it. One
//! derived schema is the only source of both, which is FastAPI's promise.

use std::sync::Arc;

use indexmap::IndexMap;
use regex::Regex;
use schemars::JsonSchema;
use schemars::generate::SchemaSettings;
use serde_json::{Map, Value as Json};

use super::upload::MARK;

/// The key under which a field says what it is called in the program, if requests know it by an
/// alias: `#[serde(rename = "pageCount")] #[schemars(extend("x-name" = "page_count"))]`.
const NAME: &str = "x-name";

/// The key under which a struct says that requests may use those names as well, pydantic's
/// `validate_by_name`: `#[schemars(extend("x-by-name" = true))]`.
const BY_NAME: &str = "x-by-name";

/// A compiled schema.
#[derive(Clone, Debug)]
pub struct Schema {
    /// Which values it accepts.
    pub kind: Kind,
    /// Shown in the OpenAPI document instead of the name in title case.
    pub title: Option<String>,
    /// Shown in the OpenAPI document; the field's doc comment.
    pub description: Option<String>,
    /// Shown in the OpenAPI document.
    pub examples: Option<Json>,
    /// Shown in the OpenAPI document; OpenAPI 3.0's word for a single one.
    pub example: Option<Json>,
    /// Whether the OpenAPI document advises against it.
    pub deprecated: bool,
    /// What kind of text it is; shown in the OpenAPI document, never checked.
    pub format: Option<String>,
}

/// The kinds of values that pydantic's lax mode tells apart.
#[derive(Clone, Debug)]
pub enum Kind {
    /// Anything at all.
    Any,
    /// A boolean, or one of the words and numbers that stand for one.
    Boolean,
    /// A whole number, kept in 64 bits.
    Integer(Bounds<i64>),
    /// A floating-point number.
    Number(Bounds<f64>),
    /// Text.
    String(Text),
    /// One of a fixed set of values.
    Enum(Arc<Enumeration>),
    /// An uploaded file.
    File,
    /// All bytes of an uploaded file, or of a text.
    Bytes,
    /// `null` or the inner kind.
    Nullable(Box<Schema>),
    /// Any number of values of one kind.
    List(Box<Schema>),
    /// A fixed number of values, each of its own kind.
    Tuple(Vec<Schema>),
    /// Named fields.
    Model(Arc<Model>),
}

/// The range of a number; pydantic's `ge`, `gt`, `le`, `lt`.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Bounds<N> {
    /// The least value.
    pub ge: Option<N>,
    /// What every value is greater than.
    pub gt: Option<N>,
    /// The greatest value.
    pub le: Option<N>,
    /// What every value is less than.
    pub lt: Option<N>,
}

/// The limits of a text.
#[derive(Clone, Debug, Default)]
pub struct Text {
    /// The least number of characters.
    pub min_length: Option<u64>,
    /// The greatest number of characters.
    pub max_length: Option<u64>,
    /// What it must match.
    pub pattern: Option<Regex>,
}

/// A named set of allowed values: a Rust `enum` without payloads, a Python `Enum`.
#[derive(Clone, Debug)]
pub struct Enumeration {
    /// The type's name; its key among the OpenAPI document's schemas.
    pub name: String,
    /// The allowed texts, in declaration order.
    pub values: Vec<String>,
}

/// A struct with named fields; a pydantic model, or the parameters of a handler.
#[derive(Clone, Debug)]
pub struct Model {
    /// The type's name.
    pub name: String,
    /// The type's doc comment.
    pub description: Option<String>,
    /// Shown in the OpenAPI document; nothing compares them with the fields.
    pub examples: Option<Json>,
    /// Shown in the OpenAPI document, as the examples are.
    pub example: Option<Json>,
    /// Whether requests may also use the names that fields have in the program.
    pub by_name: bool,
    /// The fields in declaration order, by the name that requests use.
    pub fields: IndexMap<String, Field>,
}

/// One field of a [`Model`].
#[derive(Clone, Debug)]
pub struct Field {
    /// What the field accepts.
    pub schema: Schema,
    /// Whether a request must name it.
    pub required: bool,
    /// What it is when a request does not name it; serde fills it in.
    pub default: Option<Json>,
    /// Its name in the program, where requests use an alias.
    pub name: Option<String>,
}

impl Schema {
    /// The compiled schema of a type.
    ///
    /// # Panics
    ///
    /// If the type's JSON Schema uses something that validation does not know. That is a mistake
    /// in the program, found when the `Api` is put together, never by a request.
    pub fn of<T: JsonSchema>() -> Self {
        let settings = SchemaSettings::draft2020_12().for_deserialize();
        let root = settings.into_generator().into_root_schema_for::<T>().to_value();
        let mut schema = Self::compile(&root, &T::schema_name());
        // At the root schemars puts the type's own name, which is no title that an author gave.
        schema.title = None;
        schema
    }

    /// Compiles a JSON Schema with its `$defs`; panics as [`Schema::of`] does.
    pub(super) fn compile(root: &Json, name: &str) -> Self {
        let definitions = root["$defs"].as_object().cloned().unwrap_or_default();
        Compiler { definitions }.compile(root, name)
    }
}

impl Kind {
    /// Whether the kind, or one inside it, is such.
    pub fn holds(&self, such: &dyn Fn(&Kind) -> bool) -> bool {
        such(self)
            || match self {
                Self::Nullable(inner) | Self::List(inner) => inner.kind.holds(such),
                Self::Tuple(items) => items.iter().any(|item| item.kind.holds(such)),
                Self::Model(model) => {
                    model.fields.values().any(|field| field.schema.kind.holds(such))
                }
                _ => false,
            }
    }
}

impl Model {
    /// The field that a request calls so, with its position and its key among the fields.
    pub fn field(&self, called: &str) -> Option<(usize, &String, &Field)> {
        self.fields.get_full(called).or_else(|| {
            let named = |field: &Field| field.name.as_deref() == Some(called);
            let position = self.fields.values().position(named).filter(|_| self.by_name)?;
            self.fields.get_index(position).map(|(key, field)| (position, key, field))
        })
    }
}

struct Compiler {
    definitions: Map<String, Json>,
}

impl Compiler {
    fn compile(&self, schema: &Json, name: &str) -> Schema {
        let text = |key: &str| schema[key].as_str().map(str::to_owned);
        let named = schema["properties"].is_object() || schema["enum"].is_array();
        let own = |key: &str| schema.get(key).filter(|_| !named).cloned();
        Schema {
            kind: self.kind(schema, name),
            title: if named { None } else { text("title") },
            description: text("description"),
            examples: own("examples"),
            example: own("example"),
            deprecated: schema["deprecated"] == true,
            format: text("format").filter(|_| !is_number(&schema["type"])),
        }
    }

    fn kind(&self, schema: &Json, name: &str) -> Kind {
        if let Some(target) = schema["$ref"].as_str() {
            let name = target.rsplit('/').next().unwrap_or(target);
            return self.kind(&self.definitions[name], name);
        }
        if let Some(values) = schema["enum"].as_array() {
            return enumeration(name, values);
        }
        if let Some(choices) = schema["anyOf"].as_array() {
            return self.union(choices, name);
        }
        match &schema["type"] {
            Json::Array(types) => self.type_list(schema, types, name),
            Json::String(kind) => self.single_type(schema, kind, name),
            _ => Kind::Any,
        }
    }

    /// schemars writes `Option<T>` of a named type as `anyOf` with `null`.
    fn union(&self, choices: &[Json], name: &str) -> Kind {
        match choices {
            [inner, null] if null["type"] == "null" => {
                Kind::Nullable(Box::new(self.compile(inner, name)))
            }
            _ => panic!("{name}: a union of several types is not validated yet"),
        }
    }

    /// schemars writes `Option<T>` of a plain type as `"type": ["…", "null"]`.
    fn type_list(&self, schema: &Json, types: &[Json], name: &str) -> Kind {
        let rest: Vec<_> = types.iter().filter(|kind| *kind != "null").collect();
        match (rest.as_slice(), rest.len() < types.len()) {
            ([Json::String(kind)], true) => Kind::Nullable(Box::new(Schema {
                kind: self.single_type(schema, kind, name),
                title: None,
                description: None,
                examples: None,
                example: None,
                deprecated: false,
                format: None,
            })),
            _ => panic!("{name}: a value of several types is not validated yet"),
        }
    }

    fn single_type(&self, schema: &Json, kind: &str, name: &str) -> Kind {
        match kind {
            "boolean" => Kind::Boolean,
            "integer" => Kind::Integer(bounds(schema, Json::as_i64)),
            "number" => Kind::Number(bounds(schema, Json::as_f64)),
            "string" => match schema[MARK].as_str() {
                None => Kind::String(limits(schema, name)),
                Some(file) => uploaded(schema, file, name),
            },
            "object" => Kind::Model(Arc::new(self.model(schema, name))),
            "array" => match schema["prefixItems"].as_array() {
                Some(items) => {
                    Kind::Tuple(items.iter().map(|item| self.compile(item, name)).collect())
                }
                None => Kind::List(Box::new(self.compile(&schema["items"], name))),
            },
            other => panic!("{name}: JSON Schema's type `{other}` is not validated yet"),
        }
    }

    fn model(&self, schema: &Json, name: &str) -> Model {
        let required = |field: &str| {
            schema["required"].as_array().is_some_and(|names| names.iter().any(|n| n == field))
        };
        let fields = schema["properties"].as_object().into_iter().flatten();
        Model {
            name: name.to_owned(),
            description: schema["description"].as_str().map(str::to_owned),
            examples: schema.get("examples").cloned(),
            example: schema.get("example").cloned(),
            by_name: schema[BY_NAME] == true,
            fields: fields
                .map(|(field, property)| {
                    let described = Field {
                        schema: self.compile(property, field),
                        required: required(field),
                        default: property.get("default").cloned(),
                        name: property[NAME].as_str().map(str::to_owned),
                    };
                    (field.clone(), described)
                })
                .collect(),
        }
    }
}

/// Whether it is a number or may be one: schemars writes how wide, pydantic does not.
fn is_number(kind: &Json) -> bool {
    let names = kind.as_array().map_or(std::slice::from_ref(kind), Vec::as_slice);
    names.iter().any(|name| name == "integer" || name == "number")
}

fn bounds<N>(schema: &Json, number: fn(&Json) -> Option<N>) -> Bounds<N> {
    Bounds {
        ge: number(&schema["minimum"]),
        gt: number(&schema["exclusiveMinimum"]),
        le: number(&schema["maximum"]),
        lt: number(&schema["exclusiveMaximum"]),
    }
}

fn limits(schema: &Json, name: &str) -> Text {
    let pattern = schema["pattern"].as_str().map(|pattern| {
        Regex::new(pattern)
            .unwrap_or_else(|error| panic!("{name}: the pattern is no regex: {error}"))
    });
    Text {
        min_length: schema["minLength"].as_u64(),
        max_length: schema["maxLength"].as_u64(),
        pattern,
    }
}

fn uploaded(schema: &Json, file: &str, name: &str) -> Kind {
    let limited = ["minLength", "maxLength", "pattern"].iter().any(|key| !schema[key].is_null());
    assert!(!limited, "{name}: the limits of a file are not validated yet");
    if file == "bytes" { Kind::Bytes } else { Kind::File }
}

fn enumeration(name: &str, values: &[Json]) -> Kind {
    let text = |value: &Json| match value {
        Json::String(text) => text.clone(),
        other => panic!("{name}: the enumeration's value `{other}` is not text"),
    };
    Kind::Enum(Arc::new(Enumeration {
        name: name.to_owned(),
        values: values.iter().map(text).collect(),
    }))
}

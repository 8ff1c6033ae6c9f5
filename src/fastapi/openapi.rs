//! The OpenAPI document, key for key in the order in which FastAPI prints it.
//!
//! Operations describe themselves while routes are added; this module only lays them out. The
//! order of keys was read off the documents of FastAPI 0.165.0.

mod components;

use serde_json::{Map, Value as Json, json};

use super::json_schema::{self, present, reference};
use super::request_body::RequestBody;
use super::schema::{Field, Schema};
use super::security::{self, Security};
use super::sse;

/// What `info` says about an application.
#[derive(Clone, Debug)]
pub struct Info {
    /// The application's title.
    pub title: String,
    /// Markdown; kept to the last blank.
    pub description: Option<String>,
    /// Where the terms of service are.
    pub terms_of_service: Option<String>,
    /// Whom to ask.
    pub contact: Option<Contact>,
    /// Under which licence the API is offered.
    pub license: Option<License>,
    /// The API's own version.
    pub version: String,
}

/// Whom to ask about an API.
#[derive(Clone, Debug, Default)]
pub struct Contact {
    /// A person or a team.
    pub name: Option<String>,
    /// A page.
    pub url: Option<String>,
    /// An address.
    pub email: Option<String>,
}

/// The licence of an API.
#[derive(Clone, Debug, Default)]
pub struct License {
    /// Its name.
    pub name: String,
    /// Its text.
    pub url: Option<String>,
}

/// One method of one path.
#[derive(Clone, Debug)]
pub struct Operation {
    /// The handler's name.
    pub name: String,
    /// Under which headings it is listed.
    pub tags: Vec<String>,
    /// Its title, if not made from the name.
    pub summary: Option<String>,
    /// The method, in lower case.
    pub method: &'static str,
    /// The path, parameters in braces.
    pub path: String,
    /// The status of a successful reply.
    pub status: u16,
    /// A longer text about the operation.
    pub description: Option<String>,
    /// How a caller authenticates.
    pub securities: Vec<Security>,
    /// In the order in which the arguments declare them.
    pub parameters: Vec<Parameter>,
    /// What the body must be.
    pub body: Option<RequestBody>,
    /// What a successful reply is.
    pub response_model: Option<Schema>,
    /// A sentence about a successful reply.
    pub response_description: String,
    /// The media type of a successful reply, if it is not JSON.
    pub response_media_type: Option<&'static str>,
    /// Replies of other statuses, the last of each status counting.
    pub responses: Vec<(u16, String)>,
    /// Whether it should not be used any more.
    pub deprecated: bool,
}

/// One parameter of an operation.
#[derive(Clone, Debug)]
pub struct Parameter {
    /// Where it is sent.
    pub place: Place,
    /// Its name on the wire.
    pub name: String,
    /// What it accepts.
    pub field: Field,
}

/// The part of a request in which a parameter is sent, in the order in which errors are told.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Place {
    /// The path.
    Path,
    /// The query string.
    Query,
    /// The headers.
    Header,
    /// The cookies.
    Cookie,
}

impl Place {
    /// Its name in `loc` and in the document.
    pub fn name(self) -> &'static str {
        match self {
            Self::Path => "path",
            Self::Query => "query",
            Self::Header => "header",
            Self::Cookie => "cookie",
        }
    }

    /// A field's name as requests have it there: headers have dashes.
    pub fn on_the_wire(self, field: &str) -> String {
        if self == Self::Header { field.replace('_', "-") } else { field.to_owned() }
    }
}

/// The methods in the order in which a path item lists them.
const METHODS: [&str; 8] = ["get", "put", "post", "delete", "options", "head", "patch", "trace"];

/// The whole document.
pub fn document(info: &Info, operations: &[Operation]) -> Json {
    let mut document = Map::new();
    document.insert("openapi".to_owned(), json!("3.1.0"));
    document.insert("info".to_owned(), info_object(info));
    document.insert("paths".to_owned(), paths(operations));
    let schemas = components::schemas(operations);
    let components = present([
        ("schemas", (!schemas.is_empty()).then_some(Json::Object(schemas))),
        ("securitySchemes", security::schemes(operations)),
    ]);
    if components != json!({}) {
        document.insert("components".to_owned(), components);
    }
    Json::Object(document)
}

/// Python's `str.title` of a name, underscores as blanks: `item_id` becomes `Item Id`.
pub fn title_case(name: &str) -> String {
    let mut after_letter = false;
    let cased = name.chars().map(|character| {
        let letter = if after_letter {
            character.to_ascii_lowercase()
        } else {
            character.to_ascii_uppercase()
        };
        after_letter = character.is_alphabetic();
        if letter == '_' { ' ' } else { letter }
    });
    cased.collect()
}

fn text(text: Option<&String>) -> Option<Json> {
    text.map(|text| json!(text))
}

fn info_object(info: &Info) -> Json {
    let contact = info.contact.as_ref().map(|contact| {
        present([
            ("name", text(contact.name.as_ref())),
            ("url", text(contact.url.as_ref())),
            ("email", text(contact.email.as_ref())),
        ])
    });
    let license = info.license.as_ref().map(|license| {
        present([("name", Some(json!(license.name))), ("url", text(license.url.as_ref()))])
    });
    present([
        ("title", Some(json!(info.title))),
        ("description", text(info.description.as_ref())),
        ("termsOfService", text(info.terms_of_service.as_ref())),
        ("contact", contact),
        ("license", license),
        ("version", Some(json!(info.version))),
    ])
}

/// The paths, each with its operations.
///
/// FastAPI prints a path without any parameters through its own model of a path, which has its own
/// order of methods and keys; one with parameters is printed in the order of declaration.
fn paths(operations: &[Operation]) -> Json {
    let mut names: Vec<&str> = Vec::new();
    for operation in operations {
        if !names.contains(&operation.path.as_str()) {
            names.push(&operation.path);
        }
    }
    let item = |path: &str| {
        let mut same: Vec<&Operation> =
            operations.iter().filter(|operation| operation.path == path).collect();
        let modelled = same.iter().all(|operation| operation.parameters.is_empty());
        if modelled {
            same.sort_by_key(|operation| METHODS.iter().position(|m| *m == operation.method));
        }
        let mut item = Map::new();
        for operation in same {
            item.insert(operation.method.to_owned(), operation_object(operation, modelled));
        }
        (path.to_owned(), Json::Object(item))
    };
    Json::Object(names.into_iter().map(item).collect())
}

fn operation_object(operation: &Operation, modelled: bool) -> Json {
    let mut parameters = operation.parameters.clone();
    parameters.sort_by_key(|parameter| parameter.place);
    let parameters: Vec<Json> = parameters.iter().map(parameter_object).collect();
    let id = operation_id(operation);
    let summary = operation.summary.clone().unwrap_or_else(|| title_case(&operation.name));
    let deprecated = operation.deprecated.then_some(Json::Bool(true));
    let (early, late) = if modelled { (None, deprecated) } else { (deprecated, None) };
    let security = || security::requirements(&operation.securities);
    present([
        ("tags", (!operation.tags.is_empty()).then(|| json!(operation.tags))),
        ("summary", Some(json!(summary))),
        ("description", text(operation.description.as_ref())),
        ("operationId", Some(json!(id))),
        ("deprecated", early),
        ("security", security().filter(|_| !modelled)),
        ("parameters", (!parameters.is_empty()).then_some(Json::Array(parameters))),
        ("requestBody", operation.body.as_ref().map(|body| body.document(&id, modelled))),
        ("responses", Some(responses(operation, modelled))),
        ("deprecated", late),
        ("security", security().filter(|_| modelled)),
    ])
}

/// The handler's name, the path and the method, with every other character an underscore.
fn operation_id(operation: &Operation) -> String {
    let id = format!("{}{}", operation.name, operation.path);
    let word = |c: char| if c.is_alphanumeric() { c } else { '_' };
    format!("{}_{}", id.chars().map(word).collect::<String>(), operation.method)
}

fn parameter_object(parameter: &Parameter) -> Json {
    let Parameter { place, name, field } = parameter;
    present([
        ("name", Some(json!(name))),
        ("in", Some(json!(place.name()))),
        ("required", Some(json!(field.required))),
        ("schema", Some(json_schema::parameter(name, field))),
        ("description", text(field.schema.description.as_ref())),
    ])
}

fn responses(operation: &Operation, modelled: bool) -> Json {
    let mut responses = Map::new();
    let title = format!("Response {}", title_case(&operation_id(operation)));
    let schema = operation.response_model.as_ref();
    let top_level = |schema| json_schema::top_level(schema, &title, modelled);
    let schema = schema.map_or(json!({}), top_level);
    let content = match operation.response_media_type {
        Some(sse::MEDIA_TYPE) => json!({sse::MEDIA_TYPE: {"itemSchema": sse::item_schema()}}),
        Some(media_type) => json!({media_type: {"schema": {"type": "string"}}}),
        None => json!({"application/json": {"schema": schema}}),
    };
    let success = present([
        ("description", Some(json!(operation.response_description))),
        ("content", has_body(operation.status).then_some(content)),
    ]);
    responses.insert(operation.status.to_string(), success);
    for (status, description) in &operation.responses {
        responses.insert(status.to_string(), json!({"description": description}));
    }
    if operation.can_be_invalid() {
        let schema = json!({"$ref": reference("HTTPValidationError")});
        let invalid = json!({
            "description": "Validation Error",
            "content": {"application/json": {"schema": schema}},
        });
        responses.insert("422".to_owned(), invalid);
    }
    Json::Object(responses)
}

/// Whether a reply of this status may have a body.
pub fn has_body(status: u16) -> bool {
    !matches!(status, 100..200 | 204 | 205 | 304)
}

impl Operation {
    /// Adds a parameter. Of several that share place and name, as those of dependencies may, the
    /// last is documented, unless only an earlier one is required.
    pub fn add_parameter(&mut self, parameter: Parameter) {
        let Parameter { place, name, .. } = &parameter;
        let same = |known: &&mut Parameter| known.place == *place && known.name == *name;
        match self.parameters.iter_mut().find(same) {
            None => self.parameters.push(parameter),
            Some(known) if known.field.required && !parameter.field.required => {}
            Some(known) => *known = parameter,
        }
    }

    /// Adds a way to authenticate, once.
    pub fn add_security(&mut self, security: Security) {
        if self.securities.iter().all(|known| known.name != security.name) {
            self.securities.push(security);
        }
    }

    /// Whether FastAPI documents its own 422: not beside one that the author has described.
    fn can_be_invalid(&self) -> bool {
        let described = self.responses.iter().any(|(status, _)| *status == 422);
        !described && (!self.parameters.is_empty() || self.body.is_some())
    }
}

#[cfg(test)]
mod tests {
    use super::title_case;

    #[test]
    fn names_become_titles_as_pythons_str_title_makes_them() {
        for (name, title) in [
            ("item_id", "Item Id"),
            ("q", "Q"),
            ("getHTTPThing2b", "Gethttpthing2B"),
            ("_private", " Private"),
        ] {
            assert_eq!(title_case(name), title);
        }
    }
}

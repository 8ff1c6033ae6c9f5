//! Forms: [`Form`], and how a body becomes one.
//!
//! The body is read before anything is validated, because a broken one is a 400 whatever else is
//! wrong. Its content type decides how, as in Starlette: urlencoded, multipart, and anything else
//! is a form without fields. Files are in `upload`.

mod charset;
mod collector;
mod multipart;
mod options;
mod spool;
#[cfg(test)]
mod tests;
mod urlencoded;

use std::any::type_name;
use std::sync::Arc;

use actix_web::HttpRequest;
use actix_web::error::PayloadError;
use actix_web::http::StatusCode;
use actix_web::http::header::{CONTENT_TYPE, HeaderValue};
use actix_web::web::Bytes;
use futures_util::{Stream, StreamExt};
use schemars::JsonSchema;
use serde::de::DeserializeOwned;

use super::accept::accept;
use super::argument::{Argument, Rejection};
use super::body::{Body, MAX_BYTES};
use super::error::{HttpException, Problem, Step};
use super::openapi::Operation;
use super::pattern::Pattern;
use super::request::Request;
use super::request_body::RequestBody;
use super::schema::{Kind, Schema};
use super::upload::Upload;
use super::value::Value;
use charset::Charset;
use collector::Collector;
use multipart::{Broken, Parser};
use options::Options;

/// The largest form that is read, files included, in bytes: 4 GiB. FastAPI has no limit.
const MAX_FORM: u64 = 4 * 1024 * 1024 * 1024;

/// The most texts that a form may have (Starlette's).
const MAX_FIELDS: usize = 1000;

/// The most files that a form may have (Starlette's).
const MAX_FILES: usize = 1000;

/// The longest text of a form, in bytes (Starlette's).
const MAX_TEXT: usize = 1024 * 1024;

/// A field of a form as it was sent: its name, and a text or a file.
pub type Field = (String, Value);

/// A form: a struct whose fields are the form's, texts and files.
pub struct Form<T>(pub T);

impl<T: DeserializeOwned + JsonSchema + 'static> Argument for Form<T> {
    type Plan = Schema;

    fn plan(_path: &Pattern) -> Schema {
        let schema = Schema::of::<T>();
        let is_struct = matches!(schema.kind, Kind::Model(_));
        assert!(is_struct, "{} must be a struct: its fields are the form's", type_name::<T>());
        schema
    }

    fn describe(plan: &Schema, operation: &mut Operation) {
        operation.body = Some(RequestBody::Form(plan.clone()));
    }

    async fn extract(plan: &Schema, request: &Request) -> Result<Self, Rejection> {
        let fields = match request.body() {
            Body::Form(fields) => fields.as_slice(),
            _ => &[],
        };
        let input = Value::Object(given(plan, fields).await?.into_iter().collect());
        let accepted = accept(plan, &input, &[Step::Name("body".to_owned())]);
        Ok(Self(accepted.map_err(|reason| {
            reason.each(|row| {
                if row.problem == Problem::Missing && row.loc.len() == 2 {
                    row.input = Value::Null;
                }
            })
        })?))
    }
}

/// What the form gives for each field of the struct.
async fn given(schema: &Schema, sent: &[Field]) -> Result<Vec<Field>, Rejection> {
    let mut given = Vec::new();
    let Kind::Model(model) = &schema.kind else { return Ok(given) };
    for (name, field) in &model.fields {
        let same = sent.iter().filter(|(key, _)| key == name).map(|(_, value)| value);
        let Some(mut value) = one_or_all(&field.schema, same) else { continue };
        if field.schema.kind.holds(&|kind| matches!(kind, Kind::Bytes)) {
            load(&mut value).await?;
        }
        given.push((name.clone(), value));
    }
    Ok(given)
}

/// A list takes all values but files that nobody chose, anything else the last value unless that is
/// empty.
fn one_or_all<'v>(schema: &Schema, same: impl Iterator<Item = &'v Value>) -> Option<Value> {
    let unchosen = |value: &Value| matches!(value, Value::File(upload) if upload.is_unchosen());
    let inner = match &schema.kind {
        Kind::Nullable(inner) => &inner.kind,
        kind => kind,
    };
    if matches!(inner, Kind::List(_) | Kind::Tuple(_)) {
        let all: Vec<Value> = same.filter(|value| !unchosen(value)).cloned().collect();
        return (!all.is_empty()).then_some(Value::Array(all));
    }
    let empty = |value: &Value| matches!(value, Value::String(text) if text.is_empty());
    same.last().filter(|value| !empty(value) && !unchosen(value)).cloned()
}

/// Reads files into memory, for fields that want all bytes at once.
async fn load(value: &mut Value) -> Result<(), Rejection> {
    let values = match value {
        Value::Array(values) => values.as_mut_slice(),
        value => std::slice::from_mut(value),
    };
    let mut total = 0;
    for value in values {
        let Value::File(upload) = value else { continue };
        total += upload.size;
        if total > MAX_BYTES as u64 {
            return Err(Rejection::Abort(too_large()));
        }
        let loaded = Upload::load(upload).await;
        let loaded = loaded.map_err(|error| Rejection::Fault(format!("an upload: {error}")))?;
        *value = Value::File(Arc::new(loaded));
    }
    Ok(())
}

/// Reads a request's form.
pub(super) async fn read(
    http: &HttpRequest,
    payload: impl Stream<Item = Result<Bytes, PayloadError>> + Unpin,
) -> Result<Vec<Field>, HttpException> {
    let content_type = http.headers().get(CONTENT_TYPE).map(HeaderValue::as_bytes);
    parse(content_type, payload).await
}

async fn parse(
    content_type: Option<&[u8]>,
    mut payload: impl Stream<Item = Result<Bytes, PayloadError>> + Unpin,
) -> Result<Vec<Field>, HttpException> {
    let options = Options::parse(content_type);
    let mut size = 0;
    let mut more = async || match payload.next().await {
        None => Ok(None),
        Some(Ok(chunk)) => {
            size += chunk.len() as u64;
            if size > MAX_FORM { Err(too_large()) } else { Ok(Some(chunk)) }
        }
        Some(Err(_)) => Err(HttpException::of(StatusCode::BAD_REQUEST)),
    };
    match options.value.as_str() {
        "multipart/form-data" => {
            let charset = Charset::named(options.get("charset").as_deref());
            let boundary = options.get("boundary");
            let boundary = boundary.ok_or_else(|| bad_request("Missing boundary in multipart."))?;
            let mut parser = Parser::new(&boundary).map_err(invalid)?;
            let mut collector = Collector::new(charset);
            while let Some(chunk) = more().await? {
                parser.push(chunk);
                while let Some(event) = parser.next_event().map_err(invalid)? {
                    collector.take(event).await?;
                }
            }
            Ok(collector.finish())
        }
        "application/x-www-form-urlencoded" => {
            let mut reader = urlencoded::Reader::default();
            while let Some(chunk) = more().await? {
                reader.push(&chunk)?;
            }
            let texts = reader.finish()?.into_iter();
            Ok(texts.map(|(name, text)| (name, Value::String(text))).collect())
        }
        _ => Ok(Vec::new()),
    }
}

fn bad_request(detail: &str) -> HttpException {
    HttpException::new(StatusCode::BAD_REQUEST, detail)
}

fn invalid(_: Broken) -> HttpException {
    bad_request("Invalid multipart data.")
}

fn too_many(what: &str) -> HttpException {
    let most = if what == "files" { MAX_FILES } else { MAX_FIELDS };
    bad_request(&format!("Too many {what}. Maximum number of {what} is {most}."))
}

fn unreadable() -> HttpException {
    bad_request("There was an error parsing the body")
}

fn too_large() -> HttpException {
    HttpException::of(StatusCode::PAYLOAD_TOO_LARGE)
}

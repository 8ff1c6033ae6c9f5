//! The body of a request: read whole, and as JSON only where its content type says so.

use actix_web::HttpRequest;
use actix_web::http::StatusCode;
use actix_web::http::header::CONTENT_TYPE;
use actix_web::web::{Bytes, Payload};

use super::error::{HttpException, Problem, Step, ValidationError, object};
use super::form;
use super::json::read::{ReadError, from_slice};
use super::text::from_latin_1;
use super::value::Value;

/// The largest body that is read into memory, in bytes. FastAPI has no limit of its own.
pub const MAX_BYTES: usize = 256 * 1024 * 1024;

/// A body as validation sees it.
#[derive(Clone, Debug, PartialEq)]
pub enum Body {
    /// There is none.
    Absent,
    /// A value: parsed JSON, or the text of a body of another type.
    Value(Value),
    /// Bytes of another type that are no text.
    Binary,
    /// The fields of a form.
    Form(Vec<form::Field>),
}

/// Why a body is answered before anything else is looked at.
pub enum BodyError {
    /// It is no JSON.
    Invalid(ValidationError),
    /// Anything else.
    Abort(HttpException),
}

/// Reads a request's body.
pub async fn read(http: &HttpRequest, payload: Payload) -> Result<Body, BodyError> {
    let bytes = collect(payload).await.map_err(BodyError::Abort)?;
    if bytes.is_empty() {
        return Ok(Body::Absent);
    }
    let content_type = http.headers().get(CONTENT_TYPE).map(|value| from_latin_1(value.as_bytes()));
    if !content_type.is_some_and(|content_type| is_json(&content_type)) {
        let text = String::from_utf8(bytes.to_vec());
        return Ok(text.map_or(Body::Binary, |text| Body::Value(Value::String(text))));
    }
    from_slice(&bytes).map(Body::Value).map_err(|error| match error {
        ReadError::Syntax { message, offset } => BodyError::Invalid(ValidationError {
            problem: Problem::JsonInvalid(message),
            loc: vec![Step::Name("body".to_owned()), Step::Index(offset)],
            input: object([]),
        }),
        ReadError::Unreadable => {
            let detail = "There was an error parsing the body";
            BodyError::Abort(HttpException::new(StatusCode::BAD_REQUEST, detail))
        }
    })
}

async fn collect(payload: Payload) -> Result<Bytes, HttpException> {
    match payload.to_bytes_limited(MAX_BYTES).await {
        Ok(Ok(bytes)) => Ok(bytes),
        Ok(Err(_)) => Err(HttpException::of(StatusCode::BAD_REQUEST)),
        Err(_) => Err(HttpException::of(StatusCode::PAYLOAD_TOO_LARGE)),
    }
}

/// Whether Python's `email` package takes a content type for `application/json` or `…+json`.
fn is_json(content_type: &str) -> bool {
    let essence = content_type.split(';').next().unwrap_or_default().trim().to_lowercase();
    match essence.split('/').collect::<Vec<_>>().as_slice() {
        ["application", subtype] => *subtype == "json" || subtype.ends_with("+json"),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::is_json;

    #[test]
    fn a_body_is_json_where_its_content_type_says_so() {
        for content_type in [
            "application/json",
            "Application/JSON; charset=utf-8",
            " application/vnd.api+json ;x",
            "application/+json",
        ] {
            assert!(is_json(content_type), "{content_type}");
        }
        for content_type in
            ["", "text/plain", "application/jsonp", "text/json", "a/application/json"]
        {
            assert!(!is_json(content_type), "{content_type}");
        }
    }
}

//! JSON Web Tokens under HS256, made and judged as PyJWT makes and judges them.
//!
//! A crate is not used: jsonwebtoken 11 without ring still brings five more, a process-wide choice
//! of cryptography, and other opinions on what it does not check (`iat`, `crit`) and does not take
//! (padding). What is cryptography here are the crates hmac and sha2.

#[cfg(test)]
mod tests;

use std::time::{SystemTime, UNIX_EPOCH};

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hmac::{Hmac, KeyInit, Mac};
use indexmap::IndexMap;
use serde::Serialize;
use serde::de::DeserializeOwned;
use sha2::Sha256;

use super::error::object;
use super::json::{self, read};
use super::text;
use super::value::{Value, from_value, to_value};

/// The one algorithm; a token that names another is refused, and so is one that names none.
const ALGORITHM: &str = "HS256";

/// A token that has been verified.
#[derive(Clone, Debug)]
pub struct Token {
    /// What it says about itself: the algorithm, the type.
    pub header: Value,
    /// Its claims.
    pub payload: Value,
    /// The HMAC of header and payload as they were sent.
    pub signature: Vec<u8>,
}

/// Why a token is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TokenError {
    /// It was good once.
    #[error("the token has expired")]
    Expired,
    /// Anything else; the words are for the console, not for its sender.
    #[error("{0}")]
    Invalid(&'static str),
}

type Fields = IndexMap<String, Value>;

impl Token {
    /// A claim; `None` if there is none of this name, or one of another type.
    pub fn get<T: DeserializeOwned>(&self, name: &str) -> Option<T> {
        let Value::Object(claims) = &self.payload else { return None };
        claims.get(name).and_then(|claim| from_value(claim).ok())
    }
}

/// A token with these claims, signed with a key of at least 32 bytes. `exp` and its kin are seconds
/// since 1970, as [`now`] counts them.
///
/// # Panics
///
/// If the claims cannot be written as JSON.
pub fn encode(claims: &impl Serialize, key: &str) -> String {
    let header = object([("alg", Value::from(ALGORITHM)), ("typ", Value::from("JWT"))]);
    let claims = to_value(claims).unwrap_or_else(|error| panic!("claims are JSON: {error}"));
    let [header, payload] = [header, claims].map(|part| {
        let json = json::dumps_compact(&part);
        URL_SAFE_NO_PAD.encode(json.unwrap_or_else(|error| panic!("claims are JSON: {error}")))
    });
    let signed = format!("{header}.{payload}");
    let signature = mac(key, &signed).finalize().into_bytes();
    format!("{signed}.{}", URL_SAFE_NO_PAD.encode(signature))
}

/// Verifies a token: its signature, the times in it, and that it has these claims.
pub fn decode(token: &str, key: &str, require: &[&str]) -> Result<Token, TokenError> {
    decode_at(token, key, require, now())
}

/// The time in seconds since 1970.
pub fn now() -> i64 {
    let since_1970 = SystemTime::now().duration_since(UNIX_EPOCH);
    since_1970.map_or(0, |time| i64::try_from(time.as_secs()).unwrap_or(i64::MAX))
}

fn decode_at(token: &str, key: &str, require: &[&str], now: i64) -> Result<Token, TokenError> {
    let parts = token.rsplit_once('.').and_then(|(signed, signature)| {
        let (header, payload) = signed.split_once('.')?;
        Some((signed, header, payload, signature))
    });
    let (signed, header, payload, signature) = parts.ok_or(invalid("it has not three parts"))?;
    let header = fields(&segment(header)?)?;
    let (payload, signature) = (segment(payload)?, segment(signature)?);
    check_header(&header)?;
    if mac(key, signed).verify_slice(&signature).is_err() {
        return Err(invalid("its signature is another one"));
    }
    let payload = fields(&payload)?;
    let is_there = |name: &&str| payload.get(*name).is_some_and(|value| *value != Value::Null);
    if !require.iter().all(is_there) {
        return Err(invalid("it lacks a claim"));
    }
    check_claims(&payload, now)?;
    let (header, payload) = (Value::Object(header), Value::Object(payload));
    Ok(Token { header, payload, signature })
}

fn mac(key: &str, signed: &str) -> Hmac<Sha256> {
    let mac = Hmac::new_from_slice(key.as_bytes()).expect("an HMAC takes keys of any length");
    Mac::chain_update(mac, signed)
}

fn invalid(reason: &'static str) -> TokenError {
    TokenError::Invalid(reason)
}

/// The bytes of a part. There is one way to write them, but for a padding that may be there.
fn segment(text: &str) -> Result<Vec<u8>, TokenError> {
    let bare = text.trim_end_matches('=');
    let padding = text.len() - bare.len();
    let fine = padding == 0 || (padding <= 2 && text.len().is_multiple_of(4));
    let bytes = URL_SAFE_NO_PAD.decode(bare).ok().filter(|_| fine);
    bytes.ok_or(invalid("a part is no base64"))
}

fn fields(json: &[u8]) -> Result<Fields, TokenError> {
    match read::from_slice(json) {
        Ok(Value::Object(fields)) => Ok(fields),
        _ => Err(invalid("a part is no JSON object")),
    }
}

fn check_header(header: &Fields) -> Result<(), TokenError> {
    if header.get("kid").is_some_and(|kid| !matches!(kid, Value::String(_))) {
        return Err(invalid("its key id is no text"));
    }
    // Of what may be critical only `b64` is known, and only as it is without saying so.
    let known = |name: &Value| *name == Value::from("b64") && header.contains_key("b64");
    let understood = match header.get("crit") {
        None => true,
        Some(Value::Array(names)) => !names.is_empty() && names.iter().all(known),
        Some(_) => false,
    };
    if !understood || header.get("b64") == Some(&Value::Bool(false)) {
        return Err(invalid("something in it is critical and not known"));
    }
    match header.get("alg") {
        Some(Value::String(algorithm)) if algorithm == ALGORITHM => Ok(()),
        _ => Err(invalid("its algorithm is not allowed")),
    }
}

fn check_claims(payload: &Fields, now: i64) -> Result<(), TokenError> {
    for name in ["iat", "nbf"] {
        if seconds(payload, name)?.is_some_and(|from| from > now) {
            return Err(invalid("it is not valid yet"));
        }
    }
    if seconds(payload, "exp")?.is_some_and(|until| until <= now) {
        return Err(TokenError::Expired);
    }
    if payload.get("aud").is_some_and(is_true) {
        return Err(invalid("it is for another audience"));
    }
    let is_text = |name| payload.get(name).is_none_or(|it| matches!(it, Value::String(_)));
    let fine = is_text("sub") && is_text("jti");
    if fine { Ok(()) } else { Err(invalid("its subject or its id is no text")) }
}

/// A time as Python's `int()` reads it.
fn seconds(payload: &Fields, name: &str) -> Result<Option<i64>, TokenError> {
    let Some(value) = payload.get(name) else { return Ok(None) };
    #[allow(clippy::cast_possible_truncation, reason = "beyond 64 bits it is their end")]
    let whole = |number: f64| number.is_finite().then_some(number as i64);
    let seconds = match value {
        Value::Int(number) => Some(*number),
        Value::BigInt(digits) => text::int(digits),
        Value::Float(number) => whole(*number),
        Value::Bool(flag) => Some(i64::from(*flag)),
        Value::String(digits) => text::int(text::strip(digits)),
        _ => None,
    };
    seconds.map(Some).ok_or(invalid("a time in it is no number"))
}

/// What Python's `if` takes for true.
fn is_true(value: &Value) -> bool {
    match value {
        Value::Null | Value::Bool(false) | Value::Int(0) => false,
        Value::Float(number) => *number != 0.0,
        Value::String(text) => !text.is_empty(),
        Value::Array(items) => !items.is_empty(),
        Value::Object(fields) => !fields.is_empty(),
        _ => true,
    }
}

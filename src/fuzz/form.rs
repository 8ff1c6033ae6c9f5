//! Bodies of forms: urlencoded or in parts, with files and texts in the right fields or not.

use fastrand::Rng;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::Value;

use super::pool;
use crate::course::Call;

/// How a form is sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Encoding {
    /// `application/x-www-form-urlencoded`.
    Urlencoded,
    /// `multipart/form-data`.
    Multipart,
}

impl Encoding {
    /// Both, in the order in which a document is searched for them.
    pub const ALL: [Self; 2] = [Self::Urlencoded, Self::Multipart];

    /// Its content type.
    pub fn media_type(self) -> &'static str {
        match self {
            Self::Urlencoded => "application/x-www-form-urlencoded",
            Self::Multipart => "multipart/form-data",
        }
    }
}

/// Gives a call a body for the fields of a schema, mostly in the documented encoding.
pub fn fill(rng: &mut Rng, call: &mut Call, documented: Encoding, schema: &Value) {
    let encoding = if rng.u8(..100) < 70 { documented } else { Encoding::ALL[rng.usize(..2)] };
    let mut fields = Vec::new();
    for (name, property) in schema["properties"].as_object().into_iter().flatten() {
        let times = [0, 1, 1, 1, 1, 1, 1, 1, 2, 3][rng.usize(..10)];
        fields.extend((0..times).map(|_| field(rng, name, property)));
    }
    if rng.u8(..100) < 8 {
        fields.push(field(rng, "extra", &Value::Null));
    }
    if rng.u8(..100) < 10 {
        rng.shuffle(&mut fields);
    }
    let (content_type, body) = match encoding {
        Encoding::Urlencoded => (encoding.media_type().to_owned(), urlencoded(rng, &fields)),
        Encoding::Multipart => {
            let boundary = pick(rng, pool::BOUNDARIES);
            let content_type = format!("multipart/form-data; boundary={boundary}");
            (content_type, multipart(rng, boundary, &fields))
        }
    };
    call.headers.push(("content-type".to_owned(), content_type));
    call.body = Some(body);
}

struct Field {
    name: String,
    value: Vec<u8>,
    is_file: bool,
}

fn field(rng: &mut Rng, name: &str, property: &Value) -> Field {
    let described = property.to_string();
    let wants_file = described.contains("contentMediaType") || described.contains("binary");
    let is_file = if rng.u8(..100) < 88 { wants_file } else { !wants_file };
    let value = match property["type"].as_str() {
        Some("boolean") if rng.bool() => pick(rng, &["true", "on", "0", "no"]).as_bytes().to_vec(),
        _ if is_file => pool::FILES[rng.usize(..pool::FILES.len())].to_vec(),
        _ => pick(rng, pool::TEXTS).as_bytes().to_vec(),
    };
    Field { name: name.to_owned(), value, is_file }
}

fn pick<'a>(rng: &mut Rng, items: &[&'a str]) -> &'a str {
    items[rng.usize(..items.len())]
}

fn urlencoded(rng: &mut Rng, fields: &[Field]) -> Vec<u8> {
    let mut pairs: Vec<Vec<u8>> = Vec::new();
    for field in fields {
        let text = String::from_utf8_lossy(&field.value);
        let value = match rng.u8(..12) {
            0 => field.value.clone(),
            1 => {
                utf8_percent_encode(&text, NON_ALPHANUMERIC).to_string().replace("%20", "+").into()
            }
            2 => b"%ff%zz%e9%".to_vec(),
            _ => utf8_percent_encode(&text, NON_ALPHANUMERIC).to_string().into_bytes(),
        };
        let equals: &[u8] = if rng.u8(..30) == 0 { b"" } else { b"=" };
        pairs.push([field.name.as_bytes(), equals, &value].concat());
    }
    pairs.join(pick(rng, &["&", "&", "&", "&&", ";", "&=&"]).as_bytes())
}

fn multipart(rng: &mut Rng, boundary: &str, fields: &[Field]) -> Vec<u8> {
    let line = if rng.u8(..40) == 0 { "\n" } else { "\r\n" };
    let boundary = boundary.split(';').next().unwrap_or_default().trim_matches('"');
    let mut body = pick(rng, &["", "", "", "", "", "\r\n", "preamble\r\n"]).as_bytes().to_vec();
    for field in fields {
        let filename = if field.is_file {
            format!("; filename=\"{}\"", pick(rng, pool::FILENAMES))
        } else {
            String::new()
        };
        let name =
            if rng.u8(..60) == 0 { String::new() } else { format!("; name=\"{}\"", field.name) };
        let mut head =
            format!("--{boundary}{line}Content-Disposition: form-data{name}{filename}{line}");
        if field.is_file && rng.u8(..4) > 0 || rng.u8(..20) == 0 {
            head += &format!("content-type: {}{line}", pick(rng, pool::FILE_TYPES));
        }
        if rng.u8(..25) == 0 {
            head += &format!("{}{line}", pick(rng, pool::PART_HEADERS));
        }
        body.extend_from_slice(format!("{head}{line}").as_bytes());
        body.extend_from_slice(&field.value);
        body.extend_from_slice(line.as_bytes());
    }
    let end = pick(rng, &["--\r\n", "--\r\n", "--\r\n", "--", "--\r\nepilogue", "", "\r\n"]);
    body.extend_from_slice(format!("--{boundary}{end}").as_bytes());
    body
}

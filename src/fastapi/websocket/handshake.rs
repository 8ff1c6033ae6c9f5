//! Which requests ask for a socket, and what is wrong with those that ask badly: uvicorn decides
//! the first, the package `websockets` the second, in the words that are used here.

use actix_web::http::header::{
    ALLOW, CONNECTION, HeaderMap, HeaderName, ORIGIN, SEC_WEBSOCKET_EXTENSIONS, SEC_WEBSOCKET_KEY,
    SEC_WEBSOCKET_PROTOCOL, SEC_WEBSOCKET_VERSION, UPGRADE,
};
use actix_web::http::{Method, StatusCode};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use sha1::{Digest, Sha1};

use crate::text::{from_latin_1, strip};

/// What RFC 6455 puts behind a key before it is digested.
const GUID: &str = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";

/// Why a socket is refused before its route is looked for.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Refusal {
    pub status: StatusCode,
    pub text: String,
    pub header: Option<(HeaderName, &'static str)>,
}

/// Whether a request is one for a socket, however badly it asks. Of headers that come twice the
/// last one counts.
pub(in super::super) fn is_asked_for(headers: &HeaderMap) -> bool {
    let last = |name| headers.get_all(name).last().map(|value| from_latin_1(value.as_bytes()));
    let connection = last(CONNECTION).unwrap_or_default().to_lowercase();
    let upgrade = last(UPGRADE).unwrap_or_default();
    connection.split(',').any(|option| strip(option) == "upgrade")
        && upgrade.eq_ignore_ascii_case("websocket")
}

/// The key of a request for a socket, or why it is refused.
pub(super) fn check(method: &Method, headers: &HeaderMap) -> Result<String, Refusal> {
    if *method != Method::GET {
        let why = format!("unsupported HTTP method: {method}");
        let header = Some((ALLOW, "GET"));
        return Err(Refusal { header, ..refusal(StatusCode::METHOD_NOT_ALLOWED, &why) });
    }
    let connection = list(headers, CONNECTION, "Connection", token)?;
    if !connection.iter().any(|option| option.eq_ignore_ascii_case("upgrade")) {
        return Err(no_upgrade("Connection", &connection));
    }
    let upgrade = list(headers, UPGRADE, "Upgrade", protocol)?;
    if !matches!(upgrade.as_slice(), [one] if one.eq_ignore_ascii_case("websocket")) {
        return Err(no_upgrade("Upgrade", &upgrade));
    }
    let key = only(headers, SEC_WEBSOCKET_KEY, "Sec-WebSocket-Key")?;
    let key = key.ok_or_else(|| invalid("Sec-WebSocket-Key", None))?;
    match decoded_length(&key) {
        Ok(16) => {}
        Ok(_) => return Err(invalid("Sec-WebSocket-Key", Some(&key))),
        Err(why) => {
            let Refusal { text, status, header } = invalid("Sec-WebSocket-Key", Some(&key));
            let text = format!("{}; {why}.\n", text.trim_end_matches(".\n"));
            return Err(Refusal { status, text, header });
        }
    }
    let version = only(headers, SEC_WEBSOCKET_VERSION, "Sec-WebSocket-Version")?;
    if version.as_deref() != Some("13") {
        return Err(invalid("Sec-WebSocket-Version", version.as_deref()));
    }
    only(headers, ORIGIN, "Origin")?;
    list(headers, SEC_WEBSOCKET_EXTENSIONS, "Sec-WebSocket-Extensions", extension)?;
    list(headers, SEC_WEBSOCKET_PROTOCOL, "Sec-WebSocket-Protocol", token)?;
    Ok(key)
}

/// The value of `sec-websocket-accept` for a key.
pub(super) fn accept(key: &str) -> String {
    STANDARD.encode(Sha1::digest(format!("{key}{GUID}")))
}

/// The subprotocols that are offered.
pub(super) fn subprotocols(headers: &HeaderMap) -> Vec<String> {
    let values = headers.get_all(SEC_WEBSOCKET_PROTOCOL);
    let values = values.map(|value| from_latin_1(value.as_bytes()));
    values
        .flat_map(|value| value.split(',').map(|name| strip(name).to_owned()).collect::<Vec<_>>())
        .collect()
}

fn refusal(status: StatusCode, why: &str) -> Refusal {
    let text = format!("Failed to open a WebSocket connection: {why}.\n");
    Refusal { status, text, header: None }
}

fn invalid(name: &str, value: Option<&str>) -> Refusal {
    refusal(StatusCode::BAD_REQUEST, &complaint(name, value))
}

fn complaint(name: &str, value: Option<&str>) -> String {
    match value {
        None => format!("missing {name} header"),
        Some("") => format!("empty {name} header"),
        Some(value) => format!("invalid {name} header: {value}"),
    }
}

fn no_upgrade(name: &str, values: &[String]) -> Refusal {
    let value = (!values.is_empty()).then(|| values.join(", "));
    let mut refusal = refusal(StatusCode::UPGRADE_REQUIRED, &complaint(name, value.as_deref()));
    refusal.text += "\nYou cannot access a WebSocket server directly with a browser. \
                     You need a WebSocket client.\n";
    refusal.header = Some((UPGRADE, "websocket"));
    refusal
}

/// The value of a header that may come once.
fn only(headers: &HeaderMap, header: HeaderName, name: &str) -> Result<Option<String>, Refusal> {
    let mut values = headers.get_all(header).map(|value| from_latin_1(value.as_bytes()));
    match (values.next(), values.next()) {
        (_, Some(_)) => Err(invalid(name, Some("multiple values"))),
        (value, None) => Ok(value),
    }
}

/// The items of all headers of this name.
fn list(
    headers: &HeaderMap,
    header: HeaderName,
    name: &str,
    item: fn(&mut Reader<'_>) -> Result<(), &'static str>,
) -> Result<Vec<String>, Refusal> {
    let mut items = Vec::new();
    for value in headers.get_all(header) {
        let value = from_latin_1(value.as_bytes());
        let mut reader = Reader { rest: &value };
        reader.list(item, &mut items).map_err(|why| {
            let at = value.chars().count() - reader.rest.chars().count();
            invalid(name, Some(&format!("{why} at {at} in {value}")))
        })?;
    }
    Ok(items)
}

/// Reads a header's value from its start.
struct Reader<'a> {
    rest: &'a str,
}

impl Reader<'_> {
    fn list(
        &mut self,
        item: fn(&mut Self) -> Result<(), &'static str>,
        items: &mut Vec<String>,
    ) -> Result<(), &'static str> {
        self.skip_commas();
        loop {
            let before = self.rest;
            item(self)?;
            items.push(before[..before.len() - self.rest.len()].to_owned());
            self.skip_blanks();
            if self.rest.is_empty() {
                return Ok(());
            }
            if !self.rest.starts_with(',') {
                return Err("expected comma");
            }
            self.skip_commas();
            if self.rest.is_empty() {
                return Ok(());
            }
        }
    }

    fn skip_commas(&mut self) {
        while self.take(",") {
            self.skip_blanks();
        }
    }

    fn skip_blanks(&mut self) {
        self.rest = self.rest.trim_start_matches([' ', '\t']);
    }

    fn take(&mut self, text: &str) -> bool {
        let rest = self.rest.strip_prefix(text);
        self.rest = rest.unwrap_or(self.rest);
        rest.is_some()
    }

    /// Skips a token, if there is one.
    fn skip_token(&mut self) -> bool {
        let end = self.rest.find(|c| !is_token(c)).unwrap_or(self.rest.len());
        self.rest = &self.rest[end..];
        end > 0
    }

    fn expect_token(&mut self) -> Result<(), &'static str> {
        if self.skip_token() { Ok(()) } else { Err("expected token") }
    }

    /// Skips a text in quotes, which has to hold a token.
    fn quoted_token(&mut self) -> Result<(), &'static str> {
        let start = self.rest;
        let mut characters = start.char_indices().skip(1);
        let mut content = String::new();
        let end = loop {
            match characters.next() {
                Some((at, '"')) => break at + 1,
                Some((_, '\\')) => match characters.next() {
                    Some((_, c @ ('\t' | ' '..='~' | '\u{80}'..='\u{ff}'))) => content.push(c),
                    _ => return Err("expected quoted string"),
                },
                Some((_, c @ ('\t' | ' '..='~'))) => content.push(c),
                _ => return Err("expected quoted string"),
            }
        };
        if content.is_empty() || !content.chars().all(is_token) {
            return Err("invalid quoted header content");
        }
        self.rest = &start[end..];
        Ok(())
    }
}

fn is_token(c: char) -> bool {
    c.is_ascii_alphanumeric() || "-!#$%&'*+.^_`|~".contains(c)
}

fn token(reader: &mut Reader<'_>) -> Result<(), &'static str> {
    reader.expect_token()
}

/// A name with or without a version.
fn protocol(reader: &mut Reader<'_>) -> Result<(), &'static str> {
    if !reader.skip_token() {
        return Err("expected protocol");
    }
    let name_only = reader.rest;
    if reader.take("/") && !reader.skip_token() {
        reader.rest = name_only;
    }
    Ok(())
}

/// A name and its parameters.
fn extension(reader: &mut Reader<'_>) -> Result<(), &'static str> {
    reader.expect_token()?;
    reader.skip_blanks();
    while reader.take(";") {
        reader.skip_blanks();
        reader.expect_token()?;
        reader.skip_blanks();
        if reader.take("=") {
            reader.skip_blanks();
            if reader.rest.starts_with('"') {
                reader.quoted_token()?;
            } else {
                reader.expect_token()?;
            }
            reader.skip_blanks();
        }
    }
    Ok(())
}

/// The number of bytes that a text in base64 stands for, or what CPython's strict decoder says.
fn decoded_length(text: &str) -> Result<usize, String> {
    let (mut count, mut pads) = (0, 0);
    let mut padding = false;
    let bytes = text.as_bytes();
    if bytes.first() == Some(&b'=') {
        return Err("Leading padding not allowed".to_owned());
    }
    for (at, byte) in bytes.iter().enumerate() {
        match byte {
            b'=' => {
                padding = true;
                if count % 4 >= 2 {
                    pads += 1;
                    if count % 4 + pads >= 4 {
                        if at + 1 < bytes.len() {
                            return Err("Excess data after padding".to_owned());
                        }
                        return Ok(count * 3 / 4);
                    }
                }
            }
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'+' | b'/' => {
                if padding {
                    return Err("Discontinuous padding not allowed".to_owned());
                }
                pads = 0;
                count += 1;
            }
            _ => return Err("Only base64 data is allowed".to_owned()),
        }
    }
    match count % 4 {
        0 => Ok(count * 3 / 4),
        1 => Err(format!(
            "Invalid base64-encoded string: number of data characters ({count}) cannot be 1 more \
             than a multiple of 4"
        )),
        _ => Err("Incorrect padding".to_owned()),
    }
}

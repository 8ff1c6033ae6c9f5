//! Cookies: as they come in a request's header, and as a reply sets them.
//!
//! Both are Python's `http.cookies`, spelling and quoting included.

use std::time::{Duration, SystemTime};

use actix_web::http::header::{COOKIE, HeaderMap, HttpDate};

use super::text::{from_latin_1, strip};

/// When a cookie is sent along with requests that come from other sites.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SameSite {
    /// Only if a user follows a link.
    Lax,
    /// Never.
    Strict,
    /// Always; browsers want `Secure` as well.
    None,
}

impl SameSite {
    /// Its value on the wire.
    pub fn name(self) -> &'static str {
        match self {
            Self::Lax => "lax",
            Self::Strict => "strict",
            Self::None => "none",
        }
    }
}

/// A cookie as a reply sets it. Like FastAPI's it is for the path `/` and `SameSite=lax`.
#[derive(Clone, Debug)]
pub struct SetCookie {
    name: String,
    value: String,
    domain: Option<String>,
    expires: Option<SystemTime>,
    http_only: bool,
    max_age: Option<Duration>,
    path: String,
    same_site: SameSite,
    secure: bool,
}

impl SetCookie {
    /// A cookie until the browser is closed.
    pub fn new(name: &str, value: &str) -> Self {
        Self {
            name: name.to_owned(),
            value: value.to_owned(),
            domain: None,
            expires: None,
            http_only: false,
            max_age: None,
            path: "/".to_owned(),
            same_site: SameSite::Lax,
            secure: false,
        }
    }

    /// A cookie that makes the browser forget the one of this name.
    pub fn removal(name: &str) -> Self {
        Self { expires: Some(SystemTime::now()), ..Self::new(name, "").max_age(Duration::ZERO) }
    }

    /// The host, with its subdomains, that gets the cookie.
    pub fn domain(self, domain: &str) -> Self {
        Self { domain: Some(domain.to_owned()), ..self }
    }

    /// Hides the cookie from scripts.
    pub fn http_only(self) -> Self {
        Self { http_only: true, ..self }
    }

    /// How long the cookie is kept; whole seconds are told.
    pub fn max_age(self, max_age: Duration) -> Self {
        Self { max_age: Some(max_age), ..self }
    }

    /// Below which path the cookie is sent.
    pub fn path(self, path: &str) -> Self {
        Self { path: path.to_owned(), ..self }
    }

    /// Whether other sites' requests carry the cookie.
    pub fn same_site(self, same_site: SameSite) -> Self {
        Self { same_site, ..self }
    }

    /// Sends the cookie over HTTPS only.
    pub fn secure(self) -> Self {
        Self { secure: true, ..self }
    }

    /// The value of the `set-cookie` header: attributes in alphabetical order.
    pub fn to_header(&self) -> String {
        let attributes = [
            self.domain.as_ref().map(|domain| format!("Domain={domain}")),
            self.expires.map(|time| format!("expires={}", HttpDate::from(time))),
            self.http_only.then(|| "HttpOnly".to_owned()),
            self.max_age.map(|time| format!("Max-Age={}", time.as_secs())),
            Some(format!("Path={}", self.path)),
            Some(format!("SameSite={}", self.same_site.name())),
            self.secure.then(|| "Secure".to_owned()),
        ];
        let mut header = format!("{}={}", self.name, quote(&self.value));
        for attribute in attributes.into_iter().flatten() {
            header.push_str("; ");
            header.push_str(&attribute);
        }
        header
    }
}

/// A value as Python's `http.cookies` writes it: quoted if it has characters that need it.
fn quote(value: &str) -> String {
    let legal = |c: char| c.is_ascii_alphanumeric() || "!#$%&'*+-.^_`|~:".contains(c);
    if value.is_empty() {
        return "\"\"".to_owned();
    }
    if value.chars().all(legal) {
        return value.to_owned();
    }
    let mut quoted = "\"".to_owned();
    for character in value.chars() {
        match character {
            '"' | '\\' => quoted.extend(['\\', character]),
            c if legal(c) || " ()/<=>?@[]{}".contains(c) || u32::from(c) > 0xff => quoted.push(c),
            c => quoted.push_str(&format!("\\{:03o}", u32::from(c))),
        }
    }
    quoted.push('"');
    quoted
}

/// The cookies of a request, in its order; of several of one name the last counts.
pub fn of_request(headers: &HeaderMap) -> Vec<(String, String)> {
    headers.get_all(COOKIE).flat_map(|header| parse(&from_latin_1(header.as_bytes()))).collect()
}

/// The cookies of one header.
fn parse(header: &str) -> Vec<(String, String)> {
    let cookie = |chunk: &str| {
        let (name, value) = chunk.split_once('=').unwrap_or(("", chunk));
        let (name, value) = (strip(name), strip(value));
        (!name.is_empty() || !value.is_empty()).then(|| (name.to_owned(), unquote(value)))
    };
    header.split(';').filter_map(cookie).collect()
}

/// What a quoted value stands for; others stay as they are.
fn unquote(value: &str) -> String {
    let inner = value.strip_prefix('"').and_then(|rest| rest.strip_suffix('"'));
    let Some(inner) = inner else { return value.to_owned() };
    let mut unquoted = String::new();
    let mut rest = inner;
    while let Some((before, escaped)) = rest.split_once('\\') {
        unquoted.push_str(before);
        let octal = escaped.get(..3).filter(|digits| is_octal(digits));
        let code = octal.and_then(|digits| u8::from_str_radix(digits, 8).ok());
        let mut characters = escaped.chars();
        match (code, characters.next()) {
            (Some(code), _) => {
                unquoted.push(char::from(code));
                rest = &escaped[3..];
            }
            (None, Some(character)) => {
                unquoted.push(character);
                rest = characters.as_str();
            }
            (None, None) => {
                unquoted.push('\\');
                rest = "";
            }
        }
    }
    unquoted + rest
}

fn is_octal(digits: &str) -> bool {
    matches!(digits.as_bytes(), [b'0'..=b'3', b'0'..=b'7', b'0'..=b'7'])
}

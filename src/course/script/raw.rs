//! The keys of `lesson.toml` as they are written, and the checks that turn them into a
//! [`super::Script`].

use std::ops::Range;
use std::path::Path;
use std::time::Duration;

use indexmap::IndexMap;
use regex::Regex;
use serde::Deserialize;
use toml::Spanned;

use super::claim::{Divergence, Expectation};
use super::form;
use crate::course::call::{self, Capture, Says};
use crate::course::diagnostic::Diagnostic;
use crate::course::json_path::JsonPath;
use crate::course::{mask, part, script};

/// The content type of a form without files.
const URLENCODED: &str = "application/x-www-form-urlencoded";

/// The file that a mistake is shown in.
pub(super) struct Source<'a> {
    pub path: &'a Path,
    pub text: &'a str,
}

/// A value, or the mistake that was found.
pub(super) type Checked<T> = Result<T, Diagnostic>;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Script {
    title: String,
    group: String,
    tutorial: Option<String>,
    handbook: Option<String>,
    #[serde(default)]
    call: Vec<Spanned<Call>>,
    #[serde(default)]
    erratum: Vec<Erratum>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Call {
    name: Spanned<String>,
    request: Spanned<String>,
    says: Option<Spanned<String>>,
    extra: Option<Spanned<String>>,
    expect: Option<Spanned<Expectation>>,
    diverges: Option<Divergence>,
    hint: Option<String>,
    #[serde(default)]
    headers: IndexMap<String, String>,
    json: Option<Spanned<String>>,
    body: Option<Spanned<String>>,
    form: Option<IndexMap<String, form::Field>>,
    multipart: Option<Vec<form::Part>>,
    concurrent: Option<String>,
    copies: Option<Spanned<usize>>,
    at_least_ms: Option<u64>,
    at_most_ms: Option<u64>,
    timeout_ms: Option<u64>,
    #[serde(default)]
    mask: Vec<Mask>,
    #[serde(default)]
    capture: IndexMap<String, Spanned<String>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Mask {
    at: Spanned<String>,
    pattern: Spanned<String>,
    #[serde(rename = "as")]
    name: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Erratum {
    call: Spanned<String>,
    says: String,
    fastapi: String,
    seen_on: String,
}

impl Source<'_> {
    pub fn mistake(&self, span: Range<usize>, message: impl Into<String>) -> Diagnostic {
        Diagnostic::at(self.path, self.text, span, message)
    }

    pub fn json(&self, text: &Spanned<String>) -> Checked<serde_json::Value> {
        serde_json::from_str(text.get_ref()).map_err(|error| {
            self.mistake(text.span(), format!("this is no JSON: {error}"))
                .help("write the documented value as raw JSON between single quotes")
        })
    }

    pub fn json_path(&self, text: &Spanned<String>) -> Checked<JsonPath> {
        text.get_ref().parse().map_err(|error| {
            self.mistake(text.span(), error).help("a place is written as `$.detail[0].msg`")
        })
    }

    /// The name in `header NAME`; `None` if the text does not start like that.
    fn header(&self, text: &Spanned<String>) -> Option<Checked<String>> {
        let name = text.get_ref().strip_prefix("header ")?;
        let fine = |byte: u8| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte);
        if !name.is_empty() && name.bytes().all(fine) {
            return Some(Ok(name.to_ascii_lowercase()));
        }
        let mistake = self.mistake(text.span(), format!("`{name}` is no header's name"));
        Some(Err(mistake.help("a header is written as in `header etag`")))
    }

    fn capture(&self, place: &Spanned<String>) -> Checked<Capture> {
        if let Some(name) = self.header(place) {
            return name.map(Capture::Header);
        }
        let path = self.json_path(place).map(Capture::Json);
        let help = "a value is captured at `header NAME` or at a place such as `$.id`";
        path.map_err(|mistake| mistake.help(help))
    }
}

impl Script {
    pub fn check(self, source: &Source<'_>) -> Checked<script::Script> {
        let mut calls: Vec<call::Call> = Vec::new();
        for raw in self.call {
            let span = raw.span();
            let raw = raw.into_inner();
            if calls.iter().any(|call| call.name == *raw.name.get_ref()) {
                let message = format!("a second call is named `{}`", raw.name.get_ref());
                let help = "a call's name is its snapshot's file name, so it must be unique";
                return Err(source.mistake(raw.name.span(), message).help(help));
            }
            calls.push(raw.check(source, span)?);
        }
        let errata = self.erratum.into_iter().map(|raw| raw.check(source, &calls));
        let errata = errata.collect::<Checked<_>>()?;
        let (document, section) = match (self.tutorial, self.handbook) {
            (Some(section), None) => (script::Document::Tutorial, section),
            (None, Some(section)) => (script::Document::Handbook, section),
            _ => {
                return Err(source
                    .mistake(0..0, "a script has either `tutorial` or `handbook`")
                    .help("name the place that the lesson is about: `tutorial = \"Example 14\"`"));
            }
        };
        let Self { title, group, .. } = self;
        Ok(script::Script { title, group, document, section, calls, errata })
    }
}

impl Call {
    fn check(self, source: &Source<'_>, span: Range<usize>) -> Checked<call::Call> {
        let name = kebab_case(&self.name, source)?;
        let (method, target) = request(&self.request, source)?;
        let says = says(self.says, self.extra, source, span.clone())?;
        let multipart = self.multipart.map(|parts| form::multipart(parts, source)).transpose()?;
        let sending = Sending {
            headers: self.headers,
            json: self.json,
            body: self.body,
            form: self.form,
            multipart: multipart.as_deref().map(part::body),
        };
        let (headers, body) = sending.check(source, span.clone())?;
        let expect = self.expect.map(|raw| raw.into_inner().check(source)).transpose()?;
        let masks = self.mask.into_iter().map(|raw| raw.check(source)).collect::<Checked<_>>()?;
        let captures =
            self.capture.into_iter().map(|(name, place)| Ok((name, source.capture(&place)?)));
        let copies = self.copies.unwrap_or(Spanned::new(0..0, 1));
        if *copies.get_ref() == 0 {
            return Err(source.mistake(copies.span(), "a call is sent at least 1 time"));
        }
        Ok(call::Call {
            name,
            method,
            target,
            headers,
            body,
            parts: multipart.unwrap_or_default(),
            says,
            expect,
            diverges: self.diverges.map(|raw| raw.check(source)).transpose()?,
            hint: self.hint,
            concurrent: self.concurrent,
            copies: copies.into_inner(),
            at_least: self.at_least_ms.map(Duration::from_millis),
            at_most: self.at_most_ms.map(Duration::from_millis),
            timeout: self.timeout_ms.map_or(call::TIMEOUT, Duration::from_millis),
            masks,
            captures: captures.collect::<Checked<_>>()?,
            line: source.text[..span.start].matches('\n').count() + 1,
        })
    }
}

fn kebab_case(name: &Spanned<String>, source: &Source<'_>) -> Checked<String> {
    let word = |part: &str| {
        !part.is_empty() && part.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit())
    };
    if name.get_ref().split('-').all(word) {
        return Ok(name.get_ref().clone());
    }
    Err(source
        .mistake(name.span(), "a call's name is kebab-case: lower-case words and single dashes")
        .help("it is the snapshot's file name"))
}

fn request(request: &Spanned<String>, source: &Source<'_>) -> Checked<(String, String)> {
    let mistake =
        |message: &str, help: &str| Err(source.mistake(request.span(), message).help(help));
    let Some((method, target)) = request.get_ref().split_once(' ') else {
        return mistake("a request is a method, one blank and a target", "as in `GET /items/99`");
    };
    if method.is_empty() || !method.bytes().all(|byte| byte.is_ascii_uppercase()) {
        return mistake("a method is written in upper case", "as in `GET /items/99`");
    }
    if !target.starts_with('/') {
        return mistake("a request's target starts with a slash", "as in `GET /items/99`");
    }
    if target.contains(' ') {
        return mistake("a request's target has no blank", "write it as `%20`");
    }
    if !target.bytes().all(|byte| byte.is_ascii_graphic() && !b"<>#^`\\".contains(&byte)) {
        return mistake(
            "this character must be percent-encoded in a request's target",
            "the target is sent as it is written; write `é` as `%C3%A9`",
        );
    }
    Ok((method.to_owned(), target.to_owned()))
}

fn says(
    tutorial: Option<Spanned<String>>,
    extra: Option<Spanned<String>>,
    source: &Source<'_>,
    span: Range<usize>,
) -> Checked<Says> {
    match (tutorial, extra) {
        (Some(text), None) => Ok(Says::Document(text.into_inner())),
        (None, Some(text)) => Ok(Says::Extra(text.into_inner())),
        (Some(_), Some(extra)) => Err(source
            .mistake(extra.span(), "a call has `says` or `extra`, not both")
            .help("`says` for what the tutorial documents, `extra` for what the course adds")),
        (None, None) => Err(source
            .mistake(span.start..span.start + "[[call]]".len(), "this call lacks `says`")
            .help("say what the tutorial documents, or write `extra` for what the course adds")),
    }
}

type Sent = (Vec<(String, String)>, Option<Vec<u8>>);

/// What a call sends besides its request line.
struct Sending {
    headers: IndexMap<String, String>,
    json: Option<Spanned<String>>,
    body: Option<Spanned<String>>,
    form: Option<IndexMap<String, form::Field>>,
    multipart: Option<Vec<u8>>,
}

impl Sending {
    fn check(self, source: &Source<'_>, span: Range<usize>) -> Checked<Sent> {
        let text = |text: Spanned<String>| text.into_inner().into_bytes();
        let typed = |kind: &str| Some(kind.to_owned());
        let mut bodies: Vec<(Option<String>, Vec<u8>)> = Vec::new();
        bodies.extend(self.json.map(|body| (typed("application/json"), text(body))));
        bodies.extend(self.body.map(|body| (None, text(body))));
        bodies.extend(self.form.map(|fields| (typed(URLENCODED), form::urlencoded(&fields))));
        bodies.extend(self.multipart.map(|body| (typed(&part::content_type()), body)));
        if bodies.len() > 1 {
            let message = "a call has one body: `json`, `body`, `form` or `multipart`";
            return Err(source.mistake(span.start..span.start + "[[call]]".len(), message));
        }
        let mut headers: Vec<(String, String)> = self
            .headers
            .into_iter()
            .map(|(name, value)| (name.to_ascii_lowercase(), value))
            .collect();
        let Some((content_type, body)) = bodies.pop() else { return Ok((headers, None)) };
        let is_typed = headers.iter().any(|(name, _)| name == "content-type");
        if let Some(content_type) = content_type.filter(|_| !is_typed) {
            headers.push(("content-type".to_owned(), content_type));
        }
        Ok((headers, Some(body)))
    }
}

impl Mask {
    fn check(self, source: &Source<'_>) -> Checked<mask::Mask> {
        let place = match (source.header(&self.at), self.at.get_ref().as_str()) {
            (Some(name), _) => mask::Place::Header(name?),
            (None, "body") => mask::Place::Body,
            (None, "printed") => mask::Place::Printed,
            (None, _) => mask::Place::Json(source.json_path(&self.at).map_err(|mistake| {
                mistake.help(
                    "a mask is at `header NAME`, at `body`, at `printed` or at a place such as `$.id`",
                )
            })?),
        };
        let pattern = Regex::new(self.pattern.get_ref())
            .map_err(|error| source.mistake(self.pattern.span(), error.to_string()))?;
        Ok(mask::Mask { place, pattern, name: self.name })
    }
}

impl Erratum {
    fn check(self, source: &Source<'_>, calls: &[call::Call]) -> Checked<script::Erratum> {
        let Self { call, says, fastapi, seen_on } = self;
        match calls.iter().find(|known| known.name == *call.get_ref()) {
            Some(known) if known.expect.is_some() => {
                Ok(script::Erratum { call: call.into_inner(), says, fastapi, seen_on })
            }
            Some(_) => Err(source
                .mistake(call.span(), "this call has no `expect` for its erratum")
                .help("write what the tutorial claims as the call's `expect`")),
            None => Err(source
                .mistake(call.span(), format!("there is no call `{}`", call.get_ref()))
                .help("an erratum names the call that shows it")),
        }
    }
}

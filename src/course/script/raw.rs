//! The keys of `lesson.toml` as they are written, and the checks that turn them into a
//! [`super::Script`].

use std::ops::Range;
use std::time::Duration;

use indexmap::IndexMap;
use serde::Deserialize;
use serde::de::IgnoredAny;
use toml::Spanned;
use toml::de::{DeTable, Deserializer};

use super::capture::{self, Capture};
use super::claim::{Divergence, Expectation};
use super::source::{Checked, Source};
use super::{form, steps, stream};
use crate::course::call::{self, Says};
use crate::course::diagnostic::Diagnostic;
use crate::course::streaming::Streaming;
use crate::course::{mask, part, request, script};

/// The content type of a form without files.
const URLENCODED: &str = "application/x-www-form-urlencoded";

/// A script without its lists, whose rows are read one by one: each may have a mistake.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Head {
    title: String,
    group: String,
    tutorial: Option<String>,
    handbook: Option<String>,
    #[serde(rename = "call")]
    _calls: Option<IgnoredAny>,
    #[serde(rename = "erratum")]
    _errata: Option<IgnoredAny>,
    #[serde(rename = "mask")]
    _masks: Option<IgnoredAny>,
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
    body_pieces: Option<Spanned<Vec<String>>>,
    pause_ms: Option<Spanned<u64>>,
    chunks: Option<Spanned<stream::Chunks>>,
    leave_after: Option<Spanned<usize>>,
    socket: Option<Vec<Spanned<steps::Raw>>>,
    concurrent: Option<String>,
    copies: Option<Spanned<usize>>,
    at_least_ms: Option<u64>,
    at_most_ms: Option<u64>,
    timeout_ms: Option<u64>,
    #[serde(default)]
    mask: Vec<Mask>,
    #[serde(default)]
    capture: IndexMap<String, Spanned<Capture>>,
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

/// Reads a script; what comes instead are its mistakes, at most one for each call and erratum.
pub(super) fn script(source: &Source<'_>) -> Result<script::Script, Vec<Diagnostic>> {
    let table = DeTable::parse(source.text).map_err(|error| vec![source.unreadable(&error)])?;
    let span = table.span();
    let mut table = table.into_inner();
    let mut mistakes = Vec::new();
    let masks: Vec<Spanned<Mask>> = source.rows(table.remove("mask"), &mut mistakes);
    let masks = masks.into_iter().map(|raw| raw.into_inner().check(source));
    let masks = masks.filter_map(|mask| mask.map_err(|mistake| mistakes.push(mistake)).ok());
    let masks = masks.map(|mask| mask::Mask { of_script: true, ..mask }).collect::<Vec<_>>();
    let calls: Vec<Spanned<Call>> = source.rows(table.remove("call"), &mut mistakes);
    let errata: Vec<Spanned<Erratum>> = source.rows(table.remove("erratum"), &mut mistakes);
    let head = Head::deserialize(Deserializer::from(Spanned::new(span, table)));
    let head = head.map_err(|error| source.unreadable(&error));
    let head = head.and_then(|head| head.check(source));
    let head = head.map_err(|mistake| mistakes.push(mistake));
    let mut calls = checked_calls(calls, source, &mut mistakes);
    for call in &mut calls {
        call.add_masks(&masks);
    }
    if !mistakes.is_empty() {
        return Err(mistakes);
    }
    let errata: Vec<Checked<_>> =
        errata.into_iter().map(|raw| raw.into_inner().check(source, &calls)).collect();
    match (head, errata.iter().any(Result::is_err)) {
        (Ok(head), false) => {
            Ok(script::Script { calls, errata: errata.into_iter().flatten().collect(), ..head })
        }
        _ => Err(errata.into_iter().filter_map(Result::err).collect()),
    }
}

impl Head {
    /// A script that has only its head.
    fn check(self, source: &Source<'_>) -> Checked<script::Script> {
        let (document, section) = match (self.tutorial, self.handbook) {
            (Some(section), None) => (script::Document::Tutorial, section),
            (None, Some(section)) => (script::Document::Handbook, section),
            _ => {
                return Err(source
                    .mistake(0..0, "a script has either `tutorial` or `handbook`")
                    .help("name what the lesson follows: `tutorial = \"Example 14\"`"));
            }
        };
        let Self { title, group, .. } = self;
        let (calls, errata) = (Vec::new(), Vec::new());
        Ok(script::Script { title, group, document, section, calls, errata })
    }
}

fn checked_calls(
    rows: Vec<Spanned<Call>>,
    source: &Source<'_>,
    mistakes: &mut Vec<Diagnostic>,
) -> Vec<call::Call> {
    let mut calls: Vec<call::Call> = Vec::new();
    let (mut line, mut counted) = (1, 0);
    for row in rows {
        let span = row.span();
        line += source.text[counted..span.start].matches('\n').count();
        counted = span.start;
        let row = row.into_inner();
        let name = row.name.clone();
        match row.check(source, span, line) {
            Ok(call) if calls.iter().any(|known| known.name == call.name) => {
                let message = format!("a second call is named `{}`", call.name);
                let help = "a call's name is its snapshot's file name, so it must be unique";
                mistakes.push(source.mistake(name.span(), message).help(help));
            }
            Ok(call) => calls.push(call),
            Err(mistake) => mistakes.push(mistake),
        }
    }
    calls
}

impl Call {
    fn check(self, source: &Source<'_>, span: Range<usize>, line: usize) -> Checked<call::Call> {
        let name = kebab_case(&self.name, source)?;
        let (method, target) = request(&self.request, source)?;
        let says = says(self.says, self.extra, source, span.clone())?;
        let multipart = self.multipart.map(|parts| form::multipart(parts, source)).transpose()?;
        let Self { chunks, leave_after, body_pieces, pause_ms, .. } = self;
        let streaming = stream::Keys { chunks, leave_after, body_pieces, pause_ms };
        let streaming = streaming.check(source)?;
        let sending = Sending {
            headers: self.headers,
            json: self.json,
            body: self.body,
            form: self.form,
            multipart: multipart.as_deref().map(part::body),
            pieces: Some(streaming.pieces.concat()).filter(|body| !body.is_empty()),
        };
        let (headers, body) = sending.check(source, span.clone())?;
        let socket = self.socket.map(|rows| steps::check(rows, source)).transpose()?;
        let is_plain = body.is_some() || streaming != Streaming::default() || method != "GET";
        if socket.is_some() && is_plain {
            let message = "a socket is asked for with GET, without a body and without chunks";
            return Err(source.mistake(self.request.span(), message));
        }
        let mut expect = self.expect.map(|raw| raw.into_inner().check(source)).transpose()?;
        let hears = steps::heard(socket.as_deref().unwrap_or_default());
        if !hears.is_empty() {
            expect.get_or_insert_default().hears = hears;
        }
        let masks = self.mask.into_iter().map(|raw| raw.check(source)).collect::<Checked<_>>()?;
        let captures =
            self.capture.into_iter().map(|(name, raw)| Ok((name, capture::check(&raw, source)?)));
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
            streaming,
            socket,
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
            line,
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

fn request(line: &Spanned<String>, source: &Source<'_>) -> Checked<(String, String)> {
    request::parse(line.get_ref())
        .map_err(|mistake| source.mistake(line.span(), mistake.message).help(mistake.help))
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
    pieces: Option<Vec<u8>>,
}

impl Sending {
    fn check(self, source: &Source<'_>, span: Range<usize>) -> Checked<Sent> {
        let text = |text: Spanned<String>| text.into_inner().into_bytes();
        let typed = |kind: &str| Some(kind.to_owned());
        let mut bodies: Vec<(Option<String>, Vec<u8>)> = Vec::new();
        bodies.extend(self.json.map(|body| (typed("application/json"), text(body))));
        bodies.extend(self.body.map(|body| (None, text(body))));
        bodies.extend(self.pieces.map(|body| (None, body)));
        bodies.extend(self.form.map(|fields| (typed(URLENCODED), form::urlencoded(&fields))));
        bodies.extend(self.multipart.map(|body| (typed(&part::content_type()), body)));
        if bodies.len() > 1 {
            let message =
                "a call has one body: `json`, `body`, `body_pieces`, `form` or `multipart`";
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
        let pattern = source.pattern(&self.pattern)?;
        Ok(mask::Mask { place, pattern, name: self.name, of_script: false })
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
                .help("write what the document claims as the call's `expect`")),
            None => Err(source
                .mistake(call.span(), format!("there is no call `{}`", call.get_ref()))
                .help("an erratum names the call that shows it")),
        }
    }
}

//! The script as an `.http` file, in what the REST Client of VS Code and the HTTP client of
//! JetBrains both read; their tags stand in comments.

use percent_encoding::percent_decode_str;

use super::{Export, Step, comment, conversation};
use crate::course::Call;
use crate::course::capture::{At, Capture};
use crate::course::part::{self, Part};
use crate::report::curl::has_dots;
use crate::report::template::{BASE_URL, Piece};

/// The methods that both know.
const METHODS: [&str; 9] =
    ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "CONNECT"];

/// The text of the file.
pub fn file(export: &Export<'_>) -> String {
    let usage = [
        "and send the calls one after the other. JetBrains cannot read what one call takes"
            .to_owned(),
        "from the reply to another, as in {{login.response.body.$.token}}; VS Code can.".to_owned(),
    ];
    let steps = export.steps();
    let captures = steps.iter().any(|step| !step.call.captures.is_empty());
    let mut text = export.heading("http", if captures { &usage } else { &[] });
    text += &format!("\n@{BASE_URL} = {}\n", export.base_url);
    for step in &steps {
        text += &request(export, step);
    }
    text
}

fn request(export: &Export<'_>, step: &Step<'_>) -> String {
    let call = step.call;
    let mut text = format!("\n### {}. {}\n", step.number, call.name);
    if call.socket.is_some() {
        return text + &comment(&step.remarks().join("\n")) + &conversation(step, export.base_url);
    }
    let body = body(export, step);
    let mut remarks = step.remarks();
    let changed = changed(call).or_else(|| shortened(export, step));
    let lost = [changed.map(str::to_owned), body.as_ref().err().cloned()];
    let lost = lost.into_iter().flatten();
    remarks.extend(lost.map(|what| format!("{what}: for the call as it is, export `--as curl`.")));
    text += &comment(&remarks.join("\n"));
    text += &comment(&format!("@name {}", reference(&call.name)));
    let tags = comment(&tags(export, step).join("\n"));
    let line = format!("{} {}\n", call.method, filled(export, step, &step.url()));
    if call.streaming.leave_after.is_some() {
        return text + &tags + &comment(&line);
    }
    let mut sent = tags + &line;
    for (name, value) in &call.headers {
        let value = filled(export, step, &step.pieces(value));
        sent += format!("{name}: {value}").trim_end();
        sent.push('\n');
    }
    if let Ok(Some(body)) = body {
        sent += &format!("\n{}\n", body.trim_end_matches('\n'));
    }
    text += &sent;
    // There are no loops.
    for copy in 2..=call.copies {
        text += &format!("\n### {}. {} ({copy})\n{sent}", step.number, call.name);
    }
    text
}

/// How the clients change a call, if they do.
fn changed(call: &Call) -> Option<&'static str> {
    let decoded: Vec<u8> = percent_decode_str(&call.target).collect();
    let all_decoded = decoded.len() + 2 * call.target.matches('%').count() == call.target.len();
    if call.streaming.leave_after.is_some() {
        Some("Editors wait for the end of a reply")
    } else if !METHODS.contains(&call.method.as_str()) {
        Some("Editors do not know this method")
    } else if call.header("upgrade").is_some() {
        Some("Editors ask for no upgrade")
    } else if has_dots(&call.target) {
        Some("Editors resolve these dots")
    } else if !all_decoded || str::from_utf8(&decoded).is_err() {
        Some("Editors refuse what cannot be decoded")
    } else {
        None
    }
}

/// What the clients cannot do if a part of an earlier reply's value is sent.
fn shortened(export: &Export<'_>, step: &Step<'_>) -> Option<&'static str> {
    let Call { target, headers, body, .. } = step.call;
    let body = body.as_deref().map(String::from_utf8_lossy).unwrap_or_default();
    let values = headers.iter().map(|(_, value)| value.as_str());
    let mut texts = values.chain([target.as_str(), &body]);
    let is_part = |piece: &Piece<'_>| match piece {
        Piece::Text(_) => false,
        Piece::Variable(name) => {
            captured(export, step, name).is_some_and(|(_, capture)| capture.pattern.is_some())
        }
    };
    let sends_part = texts.any(|text| step.pieces(text).iter().any(is_part));
    sends_part.then_some("Editors take values of replies as a whole, and here a part is sent")
}

/// What the clients would do by themselves and the course's client does not.
fn tags(export: &Export<'_>, step: &Step<'_>) -> Vec<String> {
    let mut tags = Vec::new();
    let reply = export.recorded.get(&step.call.name);
    if reply.is_some_and(|reply| (300..400).contains(&reply.status)) {
        tags.push("@no-redirect".to_owned());
    }
    if step.has_cookies {
        tags.push("@no-cookie-jar".to_owned());
    }
    if step.call.target.contains('%') {
        // JetBrains would encode the percent signs once more.
        tags.push("@no-auto-encoding".to_owned());
    }
    tags
}

/// The body, or why this format has no way to write it.
fn body(export: &Export<'_>, step: &Step<'_>) -> Result<Option<String>, String> {
    let call = step.call;
    let Some(body) = call.body.as_ref().filter(|body| !body.is_empty()) else { return Ok(None) };
    if let Some(form) = call.form().and_then(form) {
        return Ok(Some(filled(export, step, &step.pieces(&form))));
    }
    let cannot = |why: &str| format!("The body is left out, {} bytes that {why}", body.len());
    let text = std::str::from_utf8(body).map_err(|_| cannot("are no text"))?;
    // Both clients end the lines of a multipart body as they have to end.
    let is_multipart =
        call.header("content-type").is_some_and(|kind| kind.starts_with("multipart/"));
    let text = if is_multipart { text.replace("\r\n", "\n") } else { text.to_owned() };
    if text.contains(|c: char| c.is_control() && !matches!(c, '\n' | '\t')) {
        return Err(cannot("hold control characters"));
    }
    if is_marked(&text) {
        return Err(cannot("hold a line with another meaning here"));
    }
    Ok(Some(filled(export, step, &step.pieces(&text))))
}

/// Whether a line would be a comment, the end of the body, the name of a file or of a script.
fn is_marked(text: &str) -> bool {
    let marks = ["< ", "<@", "<>", "> ", ">>", "```"];
    text.lines().any(|line| {
        let start = line.trim_start();
        start.starts_with('#')
            || start.starts_with("//")
            || marks.iter().any(|mark| line.starts_with(mark))
    })
}

/// A multipart body whose files the client reads, if its texts are nothing but text.
fn form(parts: &[Part]) -> Option<String> {
    let mut text = String::new();
    for part in parts {
        let Part { file, content, .. } = part;
        let content = match file {
            Some(file) => format!("< {}", file.display()),
            None => str::from_utf8(content).ok().filter(|text| !is_marked(text))?.to_owned(),
        };
        text += &format!("{}\n\n{content}\n", part.head().replace("\r\n", "\n"));
    }
    Some(text + part::end().trim_end())
}

/// The pieces with each variable as VS Code reads it out of the reply that has it.
fn filled(export: &Export<'_>, step: &Step<'_>, pieces: &[Piece<'_>]) -> String {
    let source = |name: &str| {
        let (call, capture) = captured(export, step, name)?;
        Some(format!("{}.response.{}", reference(&call.name), part_of_reply(&capture.at)))
    };
    let text = |piece: &Piece<'_>| match piece {
        Piece::Text(text) => (*text).to_owned(),
        Piece::Variable(name) => {
            format!("{{{{{}}}}}", source(name).unwrap_or_else(|| (*name).to_owned()))
        }
    };
    pieces.iter().map(text).collect()
}

/// The last call before this one that captures a value under this name.
fn captured<'a>(
    export: &Export<'a>,
    step: &Step<'_>,
    name: &str,
) -> Option<(&'a Call, &'a Capture)> {
    export.lesson.script.calls[..step.number - 1].iter().rev().find_map(|call| {
        let (_, capture) = call.captures.iter().find(|(known, _)| known == name)?;
        Some((call, capture))
    })
}

fn part_of_reply(place: &At) -> String {
    match place {
        At::Header(name) => format!("headers.{name}"),
        At::Json(path) => format!("body.{path}"),
    }
}

/// A call's name where only letters, digits and `_` may stand.
fn reference(name: &str) -> String {
    name.replace('-', "_")
}

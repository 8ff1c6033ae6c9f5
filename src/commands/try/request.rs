//! From what is typed to what is sent: the words of a request line, and curl's ways with bodies.

use std::path::{Path, PathBuf};

use crate::cli::r#try::Request;
use crate::course::part::{self, Part};
use crate::course::{Call, Diagnostic, request};
use crate::terminal::Terminal;

/// The content type that curl gives to data, and so do we.
const URLENCODED: &str = "application/x-www-form-urlencoded";

/// The content type of a file of which nobody says more.
const BYTES: &str = "application/octet-stream";

/// How many chunks of a stream are waited for: it may go on for ever.
const CHUNKS: usize = 20;

/// The call that a typed line asks for; the error is for people.
pub fn typed(line: &str) -> Result<Call, String> {
    // The quotes of JSON are not those of a shell.
    let (line, json) = split_json(line);
    let words = shlex::split(line)
        .ok_or("a quote is opened and not closed\nclose it, or put a backslash before it")?;
    let mut request = Request::read(&words)?;
    request.words.extend(json.map(str::to_owned));
    call(&request, None)
}

/// A request line that ends in JSON, and that JSON.
fn split_json(line: &str) -> (&str, Option<&str>) {
    let json = line.find([' ', '\t']).and_then(|_| {
        let starts = line.match_indices([' ', '\t']).map(|(at, _)| at);
        starts.into_iter().find(|at| line[at + 1..].starts_with(['{', '[']))
    });
    let split = json.map(|at| (&line[..at], Some(&line[at + 1..])));
    let is_request = |head: &str| {
        head.split_whitespace().count() <= 2 && !head.split_whitespace().any(|w| w.starts_with('-'))
    };
    split.filter(|(head, _)| is_request(head)).unwrap_or((line, None))
}

/// The call that a request asks for; the error is for people. Only with a terminal can a body come
/// from stdin.
pub fn call(typed: &Request, stdin: Option<Terminal>) -> Result<Call, String> {
    let text = typed.words.join(" ");
    let (method, target, json) = split(&text);
    let mut bodies = Vec::new();
    bodies.extend(json.map(|json| Body::of("application/json", json.as_bytes().to_vec())));
    if let Some(json) = &typed.json {
        bodies.push(Body::of("application/json", content(json, stdin)?));
    }
    if !typed.data.is_empty() {
        bodies.push(Body::of(URLENCODED, data(&typed.data, stdin)?));
    }
    if !typed.form.is_empty() {
        let parts = typed.form.iter().map(|part| form_part(part)).collect::<Result<Vec<_>, _>>()?;
        let body = Body::of(&part::content_type(), part::body(&parts));
        bodies.push(Body { parts, ..body });
    }
    if bodies.len() > 1 {
        return Err("a request has one body, and this one has two\nleave one of them out".into());
    }
    let implied = if bodies.is_empty() { "GET" } else { "POST" };
    let line = format!("{} {target}", method.as_deref().unwrap_or(implied));
    let line = line.trim_end();
    let (method, target) = request::parse(line).map_err(|mistake| {
        Diagnostic::at(Path::new("request"), line, mistake.span, mistake.message)
            .help(mistake.help)
            .to_string()
    })?;
    let mut call = Call::sketch(&method, &target);
    call.streaming.leave_after = Some(CHUNKS);
    let mut typed_by_hand = false;
    for header in &typed.headers {
        let (name, value) = read_header(header)?;
        typed_by_hand |= name == "content-type";
        call.headers.extend(value.map(|value| (name, value)));
    }
    if let Some(body) = bodies.pop() {
        if !typed_by_hand {
            call.headers.push(("content-type".to_owned(), body.content_type));
        }
        (call.body, call.parts) = (Some(body.content), body.parts);
    }
    Ok(call)
}

/// The method, if one is typed, the target, and the JSON that may follow it.
fn split(text: &str) -> (Option<String>, &str, Option<&str>) {
    let text = text.trim();
    let (first, rest) = text.split_once(' ').unwrap_or((text, ""));
    // A word alone is a path without its slash, unless it looks like a method.
    let letters = !first.is_empty() && first.bytes().all(|byte| byte.is_ascii_alphabetic());
    let is_method = letters && (!rest.is_empty() || first == first.to_ascii_uppercase());
    let (method, rest) = if is_method {
        (Some(first.to_ascii_uppercase()), rest.trim_start())
    } else {
        (None, text)
    };
    match rest.split_once(' ').map(|(target, tail)| (target, tail.trim_start())) {
        Some((target, json)) if json.starts_with(['{', '[']) => (method, target, Some(json)),
        _ => (method, rest, None),
    }
}

struct Body {
    content_type: String,
    content: Vec<u8>,
    parts: Vec<Part>,
}

impl Body {
    fn of(content_type: &str, content: Vec<u8>) -> Self {
        Self { content_type: content_type.to_owned(), content, parts: Vec::new() }
    }
}

/// A header as curl reads it: `name: value`, `name;` for one without a value, and `name:` for one
/// that is not to be sent.
fn read_header(text: &str) -> Result<(String, Option<String>), String> {
    let (name, value) = match (text.split_once(':'), text.strip_suffix(';')) {
        (Some((name, value)), _) => (name, Some(value.trim()).filter(|value| !value.is_empty())),
        (None, Some(name)) => (name, Some("")),
        (None, None) => {
            return Err(format!("`-H {text}`: there is no colon\nwrite it as in -H 'accept: */*'"));
        }
    };
    let fine = |byte: u8| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte);
    if name.is_empty() || !name.bytes().all(fine) {
        return Err(format!(
            "`-H {text}`: `{name}` is no header's name\nwrite it as in -H 'accept: */*'"
        ));
    }
    if value.is_some_and(|value| value.chars().any(|c| c.is_control() && c != '\t')) {
        return Err(format!(
            "`-H {}`: a header's value has no control characters\nleave them out",
            text.escape_debug()
        ));
    }
    Ok((name.to_ascii_lowercase(), value.map(str::to_owned)))
}

/// Data as curl sends it: several joined by `&`, files without line feeds.
fn data(all: &[String], stdin: Option<Terminal>) -> Result<Vec<u8>, String> {
    let one = |text: &String| {
        let mut bytes = content(text, stdin)?;
        if text.starts_with('@') {
            bytes.retain(|byte| !b"\r\n\0".contains(byte));
        }
        Ok(bytes)
    };
    let all: Vec<Vec<u8>> = all.iter().map(one).collect::<Result<_, String>>()?;
    Ok(all.join(&b'&'))
}

/// The text itself, or what the file after its `@` holds.
fn content(text: &str, stdin: Option<Terminal>) -> Result<Vec<u8>, String> {
    match (text.strip_prefix('@'), stdin) {
        (None, _) => Ok(text.as_bytes().to_vec()),
        (Some("-"), Some(terminal)) => terminal
            .read_all()
            .map_err(|cause| format!("stdin: cannot be read: {cause}\nname a file: @FILE")),
        (Some("-"), None) => {
            Err("`@-`: the requests themselves are read from there\nname a file: @FILE".into())
        }
        (Some(path), _) => read(Path::new(path)),
    }
}

fn read(path: &Path) -> Result<Vec<u8>, String> {
    std::fs::read(path).map_err(|cause| {
        let path = path.display();
        format!("{path}: cannot be read: {cause}\nname a file after `@`, from where you are")
    })
}

/// A part of a form as curl's `-F` reads it.
fn form_part(text: &str) -> Result<Part, String> {
    let Some((name, value)) = text.split_once('=').filter(|(name, _)| !name.is_empty()) else {
        return Err(format!(
            "`-F {text}`: a part has a name and a value\nwrite it as in -F note=new or -F file=@a.png"
        ));
    };
    let name = name.to_owned();
    let Some(file) = value.strip_prefix('@') else {
        let content = value.as_bytes().to_vec();
        return Ok(Part { name, content, file: None, filename: None, content_type: None });
    };
    let mut pieces = file.split(';');
    let path = PathBuf::from(pieces.next().unwrap_or_default());
    let mut filename = path.file_name().map(|name| name.to_string_lossy().into_owned());
    let mut content_type = BYTES.to_owned();
    for piece in pieces {
        match piece.trim().split_once('=') {
            Some(("type", value)) => value.clone_into(&mut content_type),
            Some(("filename", value)) => filename = Some(value.to_owned()),
            _ => {
                return Err(format!(
                    "`-F {text}`: `{piece}` means nothing here\nafter a file go ;type= and ;filename="
                ));
            }
        }
    }
    let content = read(&path)?;
    Ok(Part { name, content, file: Some(path), filename, content_type: Some(content_type) })
}

#[cfg(test)]
mod tests {
    use super::{read_header, typed};

    /// The request line, the headers and the body of a call, as one text.
    fn sent(line: &str) -> Result<String, String> {
        let call = typed(line)?;
        let headers = call.headers.iter().map(|(name, value)| format!("\n{name}: {value}"));
        let body = call.body.map(|body| format!("\n\n{}", String::from_utf8(body).unwrap()));
        Ok(call.method.clone()
            + " "
            + &call.target
            + &headers.collect::<String>()
            + &body.unwrap_or_default())
    }

    #[test]
    fn a_line_becomes_a_request() {
        const FORM: &str = "content-type: application/x-www-form-urlencoded";
        const JSON: &str = "content-type: application/json";
        for (line, expected) in [
            ("/items/4.2", "GET /items/4.2"),
            ("get /items?q=a&b=[1]", "GET /items?q=a&b=[1]"),
            ("BREW  /pot", "BREW /pot"),
            ("'GET /a' -H 'Accept: a: b' -H X;", "GET /a\naccept: a: b\nx: "),
            ("/a -d b=1 -d 'c=2 3'", &format!("POST /a\n{FORM}\n\nb=1&c=2 3")),
            ("GET /a -d ''", &format!("GET /a\n{FORM}\n\n")),
            ("/a -d x -H content-type:", "POST /a\n\nx"),
            ("/a -d x -H 'Content-Type: text/plain'", "POST /a\ncontent-type: text/plain\n\nx"),
            ("PUT /a --json '{\"b\": 1}'", &format!("PUT /a\n{JSON}\n\n{{\"b\": 1}}")),
            ("PUT /a {\"b\": \"it's\"}", &format!("PUT /a\n{JSON}\n\n{{\"b\": \"it's\"}}")),
            ("/a [1, {}]", &format!("POST /a\n{JSON}\n\n[1, {{}}]")),
            ("/a --json nul", &format!("POST /a\n{JSON}\n\nnul")),
            ("/a -H 'x: {' -d y", &format!("POST /a\nx: {{\n{FORM}\n\ny")),
        ] {
            assert_eq!(sent(line).as_deref(), Ok(expected), "{line}");
        }
        let form = sent("/a -F b=c").unwrap();
        assert!(
            form.starts_with("POST /a\ncontent-type: multipart/form-data; boundary="),
            "{form}"
        );
    }

    #[test]
    fn a_line_that_makes_no_sense_is_refused_with_what_would() {
        for (line, message) in [
            ("items/4", "request:1:5: a request's target starts with a slash"),
            ("items", "request:1:5: a request's target starts with a slash"),
            ("GET", "request:1:1: a request is a method, one blank and a target"),
            ("GET http://127.0.0.1/a", "starts with a slash"),
            ("/a b", "request:1:7: a request's target has no blank"),
            ("/é", "write it as `%C3%A9`"),
            ("/a 'b", "a quote is opened"),
            ("/a --data", "a value is required for '--data <DATA>'"),
            ("/a --frob", "unexpected argument '--frob'"),
            ("/a -H accept", "there is no colon"),
            ("/a -H 'a b: c'", "`a b` is no header's name"),
            ("/a -d x --json y", "cannot be used with"),
            ("/a --json y {}", "a request has one body"),
            ("/a -d @-", "name a file"),
            ("/a -d @/none", "/none: cannot be read"),
            ("/a -F b", "a name and a value"),
            ("/a -F b=@/none", "/none: cannot be read"),
            ("/a -F b=@c;d", "means nothing here"),
        ] {
            let error = sent(line).unwrap_err();
            assert!(error.contains(message), "{line}: {error}");
        }
        assert!(read_header("a: b\nc: d").unwrap_err().contains("control characters"));
    }
}

//! The script as a shell script of curl commands.

use super::{Export, Step, comment};
use crate::course::Call;
use crate::course::call::Capture;
use crate::course::json_path::JsonPath;
use crate::course::part::{Content, Part};
use crate::report::curl;
use crate::report::shell::variable;

/// The text of the script.
pub fn script(export: &Export<'_>) -> String {
    let steps = export.steps();
    let usage = ["and then, perhaps with BASE_URL set:".to_owned(), "  sh FILE".to_owned()];
    let mut text = format!("#!/bin/sh\n{}\nset -eu\n", export.heading("curl", &usage));
    text += &format!(": \"${{BASE_URL:={}}}\"\n", export.base_url);
    if steps.iter().any(|step| names_files(step.call)) {
        text += &format!("files={}\n", shell_word(&export.folder()));
    }
    for step in &steps {
        text += &self::step(step);
    }
    text
}

fn step(step: &Step<'_>) -> String {
    let call = step.call;
    let name = format!("{}. {}\n", step.number, call.name);
    let mut text = format!("\n{}", comment(&(name + &step.remarks().join("\n"))));
    let command = curl::in_script(call, &step.names, form(call));
    text += &match (call.captures.is_empty(), call.copies) {
        (false, _) => captured(call, &command),
        (true, 1) => command + "\n",
        (true, copies) => format!(
            "copy=0\nwhile [ \"$copy\" -lt {copies} ]; do\n{command}\ncopy=$((copy + 1))\ndone\n"
        ),
    };
    text
}

/// The command with its reply kept, and the values that later calls use taken from it.
fn captured(call: &Call, command: &str) -> String {
    let mut text = format!("reply=$({command})\nprintf '%s\\n' \"$reply\"\n");
    for (name, place) in &call.captures {
        let variable = variable(name);
        let awk = match place {
            Capture::Header(header) => from_headers(header),
            Capture::Json(path) => {
                text += &comment(&format!("{path}, or the first value of this name in the reply"));
                from_json(path)
            }
        };
        text += &format!("{variable}=$(printf '%s\\n' \"$reply\" | awk '{awk}')\n");
    }
    text
}

/// An awk program that prints the first header of this name.
fn from_headers(name: &str) -> String {
    let key = literally(name);
    format!(
        r#"tolower($0) ~ /^{key}:/ {{
  sub(/^[^:]*: */, "")
  sub(/\r$/, "")
  print
  exit
}}"#
    )
}

/// An awk program that prints the first value of the place's last key: enough for a token, and
/// there is no tool for JSON that every machine has.
fn from_json(place: &JsonPath) -> String {
    let place = place.to_string();
    let key = place.trim_end_matches(']').rsplit(['.', '[', '"']).find(|part| !part.is_empty());
    let key = literally(key.unwrap_or_default());
    format!(
        r#"match($0, /"{key}": *("[^"]*"|[^],}}]*)/) {{
  value = substr($0, RSTART, RLENGTH)
  sub(/^"[^"]*": */, "", value)
  gsub(/^"|"$/, "", value)
  print value
  exit
}}"#
    )
}

/// awk's regular expression for a name, between single quotes.
fn literally(name: &str) -> String {
    let special = |c: char| c.is_ascii_punctuation() && !"_-".contains(c);
    let any = |c: char| if special(c) { '.' } else { c };
    name.chars().map(any).collect()
}

/// curl's words for a multipart form, if curl makes the same parts of them.
fn form(call: &Call) -> Option<Vec<String>> {
    let kinds = call.headers.iter().filter(|(name, _)| name == "content-type");
    let mut boundaries =
        kinds.filter_map(|(_, kind)| kind.strip_prefix("multipart/form-data; boundary="));
    let start = format!("--{}\r\n", boundaries.next()?);
    let is_own = call.body.as_ref().is_some_and(|body| body.starts_with(start.as_bytes()));
    if call.parts.is_empty() || !is_own {
        return None;
    }
    call.parts.iter().map(form_word).collect()
}

fn form_word(part: &Part) -> Option<String> {
    // What curl would take for more than a text, or escape.
    let simple = |text: &str| !text.contains(|c: char| "\"\\;,=".contains(c) || c.is_control());
    let Part { name, content, filename, content_type } = part;
    if !simple(name) || !filename.iter().chain(content_type).all(|text| simple(text)) {
        return None;
    }
    match (content, content_type) {
        (Content::File(file), Some(kind)) if simple(file) && filename.is_some() => {
            let base = file.rsplit('/').next().unwrap_or_default();
            let other = filename.as_deref().filter(|filename| *filename != base);
            let other = other.map(|name| format!(";filename={name}")).unwrap_or_default();
            let rest = shell_word(&format!("/{file};type={kind}{other}"));
            Some(format!("-F {}\"$files\"{rest}", shell_word(&format!("{name}=@"))))
        }
        (Content::Text(text), None) if filename.is_none() => can_quote(text)
            .then(|| format!("--form-string {}", shell_word(&format!("{name}={text}")))),
        _ => None,
    }
}

fn names_files(call: &Call) -> bool {
    let is_file = |part: &Part| matches!(part.content, Content::File(_));
    form(call).is_some() && call.parts.iter().any(is_file)
}

fn can_quote(text: &str) -> bool {
    crate::report::shell::can_quote(text.as_bytes())
}

fn shell_word(text: &str) -> String {
    crate::report::shell::word(&[crate::report::template::Piece::Text(text)])
}

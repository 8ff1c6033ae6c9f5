//! The script as a shell script of curl commands.

use super::{Export, Step, comment, conversation};
use crate::course::Call;
use crate::course::capture::At;
use crate::course::json_path::JsonPath;
use crate::report::curl;
use crate::report::shell::variable;

/// The text of the script.
pub fn script(export: &Export<'_>) -> String {
    let steps = export.steps();
    let usage = ["and then, perhaps with BASE_URL set:".to_owned(), "  sh FILE".to_owned()];
    let mut text = format!("#!/bin/sh\n{}\nset -eu\n", export.heading("curl", &usage));
    text += &format!(": \"${{BASE_URL:={}}}\"\n", export.base_url);
    for step in &steps {
        text += &self::step(step, export.base_url);
    }
    text
}

fn step(step: &Step<'_>, base_url: &str) -> String {
    let call = step.call;
    let name = format!("{}. {}\n", step.number, call.name);
    let mut text = format!("\n{}", comment(&(name + &step.remarks().join("\n"))));
    if call.socket.is_some() {
        return text + &conversation(step, base_url);
    }
    let command = curl::in_script(call, &step.names);
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
    for (name, capture) in &call.captures {
        let variable = variable(name);
        let print = print(capture.pattern());
        let awk = match &capture.at {
            At::Header(header) => from_headers(header, &print),
            At::Json(path) => {
                text += &comment(&format!("{path}, or the first value of this name in the reply"));
                from_json(path, &print)
            }
        };
        text += &format!("{variable}=$(printf '%s\\n' \"$reply\" | awk '{awk}')\n");
    }
    text
}

/// The end of an awk program: prints `value`, or what the pattern finds in it, once.
fn print(pattern: Option<&str>) -> String {
    let Some(pattern) = pattern else { return "  print value\n  exit".to_owned() };
    let pattern = pattern.replace('/', "\\/").replace('\'', "'\\''");
    format!("  if (match(value, /{pattern}/)) {{ print substr(value, RSTART, RLENGTH); exit }}")
}

/// An awk program that prints of the first header of this name.
fn from_headers(name: &str, print: &str) -> String {
    let key = literally(name);
    format!(
        r#"tolower($0) ~ /^{key}:/ {{
  value = $0
  sub(/^[^:]*: */, "", value)
  sub(/\r$/, "", value)
{print}
}}"#
    )
}

/// An awk program that prints the first value of the place's last key: enough for a token, and
/// there is no tool for JSON that every machine has.
fn from_json(place: &JsonPath, print: &str) -> String {
    let place = place.to_string();
    let key = place.trim_end_matches(']').rsplit(['.', '[', '"']).find(|part| !part.is_empty());
    let key = literally(key.unwrap_or_default());
    format!(
        r#"match($0, /"{key}": *("[^"]*"|[^],}}]*)/) {{
  value = substr($0, RSTART, RLENGTH)
  sub(/^"[^"]*": */, "", value)
  gsub(/^"|"$/, "", value)
{print}
}}"#
    )
}

/// awk's regular expression for a name, between single quotes.
fn literally(name: &str) -> String {
    let special = |c: char| c.is_ascii_punctuation() && !"_-".contains(c);
    let any = |c: char| if special(c) { '.' } else { c };
    name.chars().map(any).collect()
}

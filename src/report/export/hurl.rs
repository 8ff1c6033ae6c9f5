//! The script for [hurl](https://hurl.dev), with what is recorded as its asserts.

use super::{Export, Step, comment, conversation, literal, reply};
use crate::course::Call;
use crate::course::call::TIMEOUT;
use crate::course::part::Part;
use crate::report::curl::has_dots;
use crate::report::template::{BASE_URL, in_braces};

/// The text of the file.
pub fn file(export: &Export<'_>) -> String {
    let steps = export.steps();
    let mut usage = vec![
        "and then".to_owned(),
        format!("  hurl --test --variable {BASE_URL}={} FILE", export.base_url),
    ];
    let has_files = |step: &Step<'_>| step.call.parts.iter().any(|part| part.file.is_some());
    if steps.iter().any(has_files) {
        usage.push(format!("with --file-root {}", export.lesson.folder().display()));
    }
    let mut text = export.heading("hurl", &usage);
    for step in &steps {
        text += &entry(export, step);
    }
    text
}

fn entry(export: &Export<'_>, step: &Step<'_>) -> String {
    let call = step.call;
    let name = format!("{}. {}\n", step.number, call.name);
    let mut text = format!("\n{}", comment(&(name + &step.remarks().join("\n"))));
    if call.socket.is_some() {
        return text + &conversation(step, export.base_url);
    }
    if step.has_cookies {
        // hurl keeps cookies, and reads this comment as a command; the course's client keeps none.
        text += &comment("@cookie_storage_clear");
    }
    text += &format!("{} {}\n", call.method, literal::unquoted(&step.url()));
    let form = form(step);
    let of_form = |name: &str| form.is_some() && name == "content-type";
    for (name, value) in call.headers.iter().filter(|(name, _)| !of_form(name)) {
        let value = literal::unquoted(&step.pieces(value));
        text += format!("{}: {value}", literal::key(name)).trim_end();
        text.push('\n');
    }
    text += &options(call);
    text += &match form {
        Some(form) => form,
        None => body(step),
    };
    text + &reply::expected(call, export.recorded.get(&call.name))
}

fn options(call: &Call) -> String {
    let mut options = Vec::new();
    if has_dots(&call.target) {
        options.push("path-as-is: true".to_owned());
    }
    if call.streaming.leave_after.is_some() {
        options.push("skip: true".to_owned());
    }
    if call.copies > 1 {
        options.push(format!("repeat: {}", call.copies));
    }
    if call.timeout != TIMEOUT {
        options.push(format!("max-time: {}ms", call.timeout.as_millis()));
    }
    if options.is_empty() { String::new() } else { format!("[Options]\n{}\n", options.join("\n")) }
}

fn body(step: &Step<'_>) -> String {
    let Some(body) = step.call.body.as_ref().filter(|body| !body.is_empty()) else {
        return String::new();
    };
    let Ok(text) = std::str::from_utf8(body) else {
        return literal::bytes(body) + "\n";
    };
    let pieces = step.pieces(text);
    let bare = literal::body(&pieces);
    // hurl says that bare JSON is JSON.
    let is_said = step.call.header("content-type").is_some();
    if bare.starts_with(['{', '[']) && !is_said {
        format!("```\n{}```\n", in_braces(&pieces, str::to_owned))
    } else {
        bare + "\n"
    }
}

/// The section of a multipart form, if hurl makes the same parts of it.
fn form(step: &Step<'_>) -> Option<String> {
    let rows = step.call.form()?.iter().map(|part| form_row(step, part));
    Some(format!("[Multipart]\n{}\n", rows.collect::<Option<Vec<_>>>()?.join("\n")))
}

fn form_row(step: &Step<'_>, part: &Part) -> Option<String> {
    let Part { name, content, file, filename, content_type } = part;
    let simple = |text: &str| {
        !text.is_empty() && text.chars().all(|c| c.is_ascii_alphanumeric() || "-_./".contains(c))
    };
    match (file, filename, content_type) {
        // hurl sends the path as it is written, and always a type.
        (Some(file), Some(filename), Some(kind))
            if file.ends_with(filename) && [name, filename, kind].iter().all(|t| simple(t)) =>
        {
            Some(format!("{name}: file,{filename}; {kind}"))
        }
        (None, None, None) if simple(name) => {
            let value = literal::unquoted(&step.pieces(str::from_utf8(content).ok()?));
            Some(format!("{name}: {value}").trim_end().to_owned())
        }
        _ => None,
    }
}

//! How Jinja2 prints values into a page: Python's `str`, which inside of lists is Python's
//! `repr`, with `&`, `<`, `>` and both quotes escaped as `MarkupSafe` does it.
//!
//! What `~` joins is printed by minijinja, beyond our reach: `none` for Python's `None`, `0.00001`
//! for `1e-05`.

use minijinja::filters::length;
use minijinja::value::ValueKind;
use minijinja::{AutoEscape, Environment, Error, Output, State, Value};

use crate::json::float_repr;

/// An environment that prints as Jinja2 does.
pub fn environment() -> Environment<'static> {
    let mut environment = Environment::new();
    environment.set_formatter(write_value);
    environment.add_filter("escape", escape_filter);
    environment.add_filter("e", escape_filter);
    environment.add_filter("safe", safe_filter);
    environment.add_filter("string", string_filter);
    environment.add_filter("length", length_filter);
    environment.add_filter("count", length_filter);
    environment
}

fn write_value(out: &mut Output, state: &mut State, value: &Value) -> Result<(), Error> {
    let text = text(value);
    let escapes = !value.is_safe() && *state.auto_escape() != AutoEscape::None;
    out.write_str(&if escapes { escape(&text) } else { text })?;
    Ok(())
}

fn escape_filter(value: &Value) -> Value {
    if value.is_safe() {
        return value.clone();
    }
    Value::from_safe_string(escape(&text(value)))
}

fn safe_filter(value: &Value) -> Value {
    Value::from_safe_string(text(value))
}

fn string_filter(value: &Value) -> Value {
    if value.kind() == ValueKind::String { value.clone() } else { Value::from(text(value)) }
}

/// What is undefined is as empty in Jinja2.
fn length_filter(value: &Value) -> Result<usize, Error> {
    if value.is_undefined() { Ok(0) } else { length(value) }
}

fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '\'' => escaped.push_str("&#39;"),
            '"' => escaped.push_str("&#34;"),
            plain => escaped.push(plain),
        }
    }
    escaped
}

/// Python's `str(value)`.
fn text(value: &Value) -> String {
    match value.kind() {
        ValueKind::String => value.as_str().unwrap_or_default().to_owned(),
        ValueKind::Undefined => String::new(),
        _ => repr(value),
    }
}

/// Python's `repr(value)`.
fn repr(value: &Value) -> String {
    match value.kind() {
        ValueKind::Undefined => "Undefined".to_owned(),
        ValueKind::Number if !value.is_integer() => {
            f64::try_from(value.clone()).map_or_else(|_| value.to_string(), float_repr)
        }
        ValueKind::String => {
            let quoted = quoted(value.as_str().unwrap_or_default());
            if value.is_safe() { format!("Markup({quoted})") } else { quoted }
        }
        ValueKind::Seq if value.is_tuple() => match &items(value)[..] {
            [only] => format!("({only},)"),
            items => format!("({})", items.join(", ")),
        },
        ValueKind::Seq => format!("[{}]", items(value).join(", ")),
        ValueKind::Map => {
            let keys = value.try_iter().into_iter().flatten();
            let row = |key: Value| {
                let field = value.get_item(&key).unwrap_or_default();
                format!("{}: {}", repr(&key), repr(&field))
            };
            format!("{{{}}}", keys.map(row).collect::<Vec<_>>().join(", "))
        }
        _ => value.to_string(),
    }
}

fn items(list: &Value) -> Vec<String> {
    list.try_iter().into_iter().flatten().map(|item| repr(&item)).collect()
}

/// Text in quotes: double ones only around a text that has single ones alone.
fn quoted(text: &str) -> String {
    let quote = if text.contains('\'') && !text.contains('"') { '"' } else { '\'' };
    let mut quoted = String::from(quote);
    for character in text.chars() {
        match character {
            '\n' => quoted.push_str("\\n"),
            '\r' => quoted.push_str("\\r"),
            '\t' => quoted.push_str("\\t"),
            '\\' => quoted.push_str("\\\\"),
            character if character == quote => quoted.extend(['\\', quote]),
            character if is_printable(character) => quoted.push(character),
            character => quoted.push_str(&match u32::from(character) {
                code @ ..=0xff => format!("\\x{code:02x}"),
                code @ ..=0xffff => format!("\\u{code:04x}"),
                code => format!("\\U{code:08x}"),
            }),
        }
    }
    quoted.push(quote);
    quoted
}

/// Whether Python prints a character in a `repr` as it is.
fn is_printable(character: char) -> bool {
    // Rust judges the same way when it writes a text for debugging, if something stands before it:
    // a mark on nothing is escaped.
    let text = ['a', character].iter().collect::<String>();
    matches!(character, '\'' | '"') || text.escape_debug().eq(text.chars())
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;

    use minijinja::value::Serde;
    use minijinja::{Value, context};
    use serde_json::Value as Json;

    use super::environment;
    use crate::templates::auto_escape;

    /// The templates, then in each line one of them, a value and the page; written by `observe.py`.
    const OBSERVED: &str = include_str!("observed.jsonl");

    #[test]
    fn values_are_printed_as_jinja2_was_seen_to_print_them() {
        let (templates, rows) = OBSERVED.split_once('\n').unwrap();
        let templates: HashMap<&str, String> = serde_json::from_str(templates).unwrap();
        let mut environment = environment();
        environment.set_auto_escape_callback(auto_escape);
        for (name, source) in &templates {
            environment.add_template(name, source).unwrap();
        }
        for row in rows.lines() {
            let seen: Json = serde_json::from_str(row).unwrap();
            let template = environment.get_template(seen["template"].as_str().unwrap()).unwrap();
            let value = Value::from(Serde(&seen["value"]));
            let page = template.render(context! { value }).unwrap();
            assert_eq!(page, seen["page"].as_str().unwrap(), "{row}");
        }
    }
}

//! JSON as CPython's `json.dumps` writes it by default: blanks behind commas and colons, and
//! everything beyond ASCII escaped. FastAPI writes the data of server-sent events so, and what is
//! no finite number as `null`.

use super::encoding::{is_surrogate, surrogate};
use super::float_repr;
use crate::value::Value;

/// Writes a value.
pub fn to_ascii(value: &Value) -> String {
    match value {
        Value::Bool(flag) => flag.to_string(),
        Value::Int(number) => number.to_string(),
        Value::BigInt(digits) => digits.clone(),
        Value::Float(number) if number.is_finite() => float_repr(*number),
        Value::Null | Value::Float(_) => "null".to_owned(),
        Value::String(text) => quoted(text),
        Value::File(upload) => to_ascii(&upload.echo()),
        Value::Array(items) => {
            format!("[{}]", items.iter().map(to_ascii).collect::<Vec<_>>().join(", "))
        }
        Value::Object(fields) => {
            let field =
                |(key, field): (&String, &Value)| format!("{}: {}", quoted(key), to_ascii(field));
            format!("{{{}}}", fields.iter().map(field).collect::<Vec<_>>().join(", "))
        }
    }
}

fn quoted(text: &str) -> String {
    let mut out = "\"".to_owned();
    for character in text.chars() {
        match character {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            '\u{8}' => out.push_str("\\b"),
            '\u{c}' => out.push_str("\\f"),
            ' '..='~' => out.push(character),
            lone if is_surrogate(lone) => out.push_str(&format!("\\u{:04x}", surrogate(lone))),
            other => {
                for unit in other.encode_utf16(&mut [0; 2]) {
                    out.push_str(&format!("\\u{unit:04x}"));
                }
            }
        }
    }
    out + "\""
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::to_ascii;
    use crate::json::read::from_slice;
    use crate::value::{Value, to_value};

    #[test]
    fn values_are_written_as_json_dumps_writes_them() {
        let written = |value| to_ascii(&to_value(&value).unwrap());
        for (value, expected) in [
            (json!({"a": [1, 2.0, null], "b": {}}), r#"{"a": [1, 2.0, null], "b": {}}"#),
            (
                json!("é\u{1}\u{7f}\"\\\n\u{2028}💡"),
                r#""\u00e9\u0001\u007f\"\\\n\u2028\ud83d\udca1""#,
            ),
            (json!([]), "[]"),
            (json!(true), "true"),
        ] {
            assert_eq!(written(value), expected);
        }
        assert_eq!(to_ascii(&Value::Float(f64::INFINITY)), "null");
        assert_eq!(to_ascii(&from_slice(br#""\ud800""#).unwrap()), r#""\ud800""#);
    }
}

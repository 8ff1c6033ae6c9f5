//! JSON as FastAPI reads and writes it.
//!
//! Reading is CPython's `json.loads`, in [`read`]. Written JSON is compact, raw UTF-8, with floats
//! as Python prints them: Starlette's `JSONResponse` calls `json.dumps(…, ensure_ascii=False,
//! allow_nan=False, separators=(",", ":"))`.

pub mod encoding;
pub mod read;

use super::value::Value;

/// A value that JSON in UTF-8 cannot carry; FastAPI answers such a reply with a 500.
#[derive(Debug, thiserror::Error)]
pub enum Unwritable {
    /// An infinity or NaN.
    #[error("out of range float values are not JSON compliant: {0}")]
    NotFinite(f64),
    /// A lone surrogate, which a request's `\\ud800` leaves in a text.
    #[error("surrogates cannot be written as UTF-8")]
    Surrogate,
}

/// Writes a value as compact JSON.
pub fn to_string(value: &Value) -> Result<String, Unwritable> {
    let mut out = String::new();
    write_value(value, &mut out)?;
    Ok(out)
}

/// Python's `repr` of a float: `10.0`, `1e+16`, `1e-05`, `nan`, `inf`.
pub fn float_repr(number: f64) -> String {
    if number.is_nan() {
        return "nan".to_owned();
    }
    if number.is_infinite() {
        return if number > 0.0 { "inf" } else { "-inf" }.to_owned();
    }
    let scientific = format!("{number:e}");
    let (mantissa, exponent) = scientific.split_once('e').unwrap_or((scientific.as_str(), "0"));
    let exponent: i32 = exponent.parse().unwrap_or(0);
    if (-4..16).contains(&exponent) {
        return format!("{number:?}");
    }
    let sign = if exponent < 0 { '-' } else { '+' };
    format!("{mantissa}e{sign}{:02}", exponent.abs())
}

fn write_value(value: &Value, out: &mut String) -> Result<(), Unwritable> {
    match value {
        Value::Null => out.push_str("null"),
        Value::Bool(flag) => out.push_str(if *flag { "true" } else { "false" }),
        Value::Int(number) => out.push_str(&number.to_string()),
        Value::BigInt(digits) => out.push_str(digits),
        Value::Float(number) if number.is_finite() => out.push_str(&float_repr(*number)),
        Value::Float(number) => return Err(Unwritable::NotFinite(*number)),
        Value::String(text) => write_string(text, out)?,
        Value::File(upload) => write_value(&upload.echo(), out)?,
        Value::Array(items) => {
            out.push('[');
            for (index, item) in items.iter().enumerate() {
                separate(index, out);
                write_value(item, out)?;
            }
            out.push(']');
        }
        Value::Object(fields) => {
            out.push('{');
            for (index, (key, field)) in fields.iter().enumerate() {
                separate(index, out);
                write_string(key, out)?;
                out.push(':');
                write_value(field, out)?;
            }
            out.push('}');
        }
    }
    Ok(())
}

fn separate(index: usize, out: &mut String) {
    if index > 0 {
        out.push(',');
    }
}

fn write_string(text: &str, out: &mut String) -> Result<(), Unwritable> {
    if text.chars().any(encoding::is_surrogate) {
        return Err(Unwritable::Surrogate);
    }
    out.push('"');
    for character in text.chars() {
        match character {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            '\u{8}' => out.push_str("\\b"),
            '\u{c}' => out.push_str("\\f"),
            control if control < ' ' => out.push_str(&format!("\\u{:04x}", control as u32)),
            plain => out.push(plain),
        }
    }
    out.push('"');
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::{float_repr, to_string};
    use crate::fastapi::value::{Value, to_value};

    #[test]
    fn floats_are_written_as_python_prints_them() {
        for (number, expected) in [
            (10.0, "10.0"),
            (0.1, "0.1"),
            (-0.0, "-0.0"),
            (1e15, "1000000000000000.0"),
            (1e16, "1e+16"),
            (1.5e16, "1.5e+16"),
            (123_456_789_012_345_680.0, "1.2345678901234568e+17"),
            (0.0001, "0.0001"),
            (0.00001, "1e-05"),
            (5e-324, "5e-324"),
            (f64::MAX, "1.7976931348623157e+308"),
            (f64::NAN, "nan"),
            (f64::NEG_INFINITY, "-inf"),
        ] {
            assert_eq!(float_repr(number), expected);
        }
    }

    #[test]
    fn json_is_compact_raw_utf8_with_control_characters_escaped() {
        let value = to_value(&("é\u{1}\u{7f}\"\\\n\u{2028}", 1, 2.0, None::<i32>)).unwrap();
        assert_eq!(
            to_string(&value).unwrap(),
            "[\"é\\u0001\u{7f}\\\"\\\\\\n\u{2028}\",1,2.0,null]"
        );
    }

    #[test]
    fn a_reply_with_an_infinity_cannot_be_written() {
        assert!(to_string(&Value::Float(f64::INFINITY)).is_err());
    }
}

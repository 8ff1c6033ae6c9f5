//! JSON as FastAPI reads and writes it.
//!
//! Reading is CPython's `json.loads`, in [`read`]. A reply's JSON is compact, raw UTF-8, with
//! floats as Python prints them: Starlette's `JSONResponse` calls `json.dumps(…,
//! ensure_ascii=False, allow_nan=False, separators=(",", ":"))`. What is signed is written as Python
//! writes it where nobody says more, in ASCII and with NaN.

mod ascii;
pub mod encoding;
pub mod read;

use super::value::Value;
pub use ascii::to_ascii;

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

/// Writes a value as compact JSON, as it stands in replies.
pub fn to_string(value: &Value) -> Result<String, Unwritable> {
    let mut writer = Writer { out: String::new(), item: ",", key: ":", ascii: false };
    writer.value(value)?;
    Ok(writer.out)
}

/// `json.dumps(value)`: ASCII, with blanks after commas and colons.
pub fn dumps(value: &Value) -> Result<String, Unwritable> {
    let mut writer = Writer { out: String::new(), item: ", ", key: ": ", ascii: true };
    writer.value(value)?;
    Ok(writer.out)
}

/// `json.dumps(value, separators=(",", ":"))`: ASCII without blanks.
pub fn dumps_compact(value: &Value) -> Result<String, Unwritable> {
    let mut writer = Writer { out: String::new(), item: ",", key: ":", ascii: true };
    writer.value(value)?;
    Ok(writer.out)
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

/// JSON under way, and how it is written.
struct Writer {
    out: String,
    /// What stands between two items.
    item: &'static str,
    /// What stands between a key and its value.
    key: &'static str,
    /// Whether everything beyond ASCII is escaped; then NaN and infinities are written, too.
    ascii: bool,
}

impl Writer {
    fn value(&mut self, value: &Value) -> Result<(), Unwritable> {
        match value {
            Value::Null => self.out.push_str("null"),
            Value::Bool(flag) => self.out.push_str(if *flag { "true" } else { "false" }),
            Value::Int(number) => self.out.push_str(&number.to_string()),
            Value::BigInt(digits) => self.out.push_str(digits),
            Value::Float(number) => self.float(*number)?,
            Value::String(text) => self.string(text)?,
            Value::File(upload) => self.value(&upload.echo())?,
            Value::Array(items) => {
                self.out.push('[');
                for (index, item) in items.iter().enumerate() {
                    self.separate(index);
                    self.value(item)?;
                }
                self.out.push(']');
            }
            Value::Object(fields) => {
                self.out.push('{');
                for (index, (key, field)) in fields.iter().enumerate() {
                    self.separate(index);
                    self.string(key)?;
                    self.out.push_str(self.key);
                    self.value(field)?;
                }
                self.out.push('}');
            }
        }
        Ok(())
    }

    fn separate(&mut self, index: usize) {
        if index > 0 {
            self.out.push_str(self.item);
        }
    }

    fn float(&mut self, number: f64) -> Result<(), Unwritable> {
        let text = match number {
            number if number.is_finite() => float_repr(number),
            number if !self.ascii => return Err(Unwritable::NotFinite(number)),
            number if number.is_nan() => "NaN".to_owned(),
            number => (if number > 0.0 { "Infinity" } else { "-Infinity" }).to_owned(),
        };
        self.out.push_str(&text);
        Ok(())
    }

    fn string(&mut self, text: &str) -> Result<(), Unwritable> {
        if !self.ascii && text.chars().any(encoding::is_surrogate) {
            return Err(Unwritable::Surrogate);
        }
        self.out.push('"');
        for character in text.chars() {
            match character {
                '"' => self.out.push_str("\\\""),
                '\\' => self.out.push_str("\\\\"),
                '\n' => self.out.push_str("\\n"),
                '\r' => self.out.push_str("\\r"),
                '\t' => self.out.push_str("\\t"),
                '\u{8}' => self.out.push_str("\\b"),
                '\u{c}' => self.out.push_str("\\f"),
                control if control < ' ' => self.escape(u32::from(control)),
                other if self.ascii && other > '~' => {
                    for unit in encoding::units(other) {
                        self.escape(u32::from(unit));
                    }
                }
                plain => self.out.push(plain),
            }
        }
        self.out.push('"');
        Ok(())
    }

    fn escape(&mut self, unit: u32) {
        self.out.push_str(&format!("\\u{unit:04x}"));
    }
}

#[cfg(test)]
mod tests {
    use super::{dumps, dumps_compact, float_repr, read, to_string};
    use crate::value::{Value, to_value};

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

    #[test]
    fn what_is_signed_is_written_in_ascii() {
        let sent = r#"{"é":["\u0001\u007f\"\\\n\u2028😀\ud800",1,-0.0,NaN,-Infinity]}"#;
        let value = read::from_slice(sent.as_bytes()).unwrap();
        let spaced = r#"{"\u00e9": ["\u0001\u007f\"\\\n\u2028\ud83d\ude00\ud800", 1, -0.0, NaN, -Infinity]}"#;
        assert_eq!(dumps(&value).unwrap(), spaced);
        assert_eq!(dumps_compact(&value).unwrap(), spaced.replace(": ", ":").replace(", ", ","));
    }
}

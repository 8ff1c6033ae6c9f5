//! pydantic's lax mode for text: which strings are numbers, booleans, members of a set.
//!
//! A valid value comes back coerced, ready for serde; a wrong one as the rows that pydantic would
//! report. The rows of the tests below were observed on pydantic 2.14.3.

use super::error::{Problem, Step, ValidationError};
use super::schema::{Enumeration, Kind, Schema};
use super::value::Value;

/// How many digits Python turns into an integer (`sys.get_int_max_str_digits`).
const MAX_DIGITS: usize = 4300;

/// Validates the text of a path, query, header or cookie parameter.
pub fn text(schema: &Schema, input: &str, loc: &[Step]) -> Result<Value, Vec<ValidationError>> {
    coerce(&schema.kind, input).map_err(|problem| {
        vec![ValidationError { problem, loc: loc.to_vec(), input: Value::from(input) }]
    })
}

fn coerce(kind: &Kind, input: &str) -> Result<Value, Problem> {
    match kind {
        Kind::Any | Kind::String | Kind::Tuple(_) | Kind::Model(_) => Ok(Value::from(input)),
        Kind::Boolean => boolean(input).map(Value::Bool),
        Kind::Integer => integer(input).map(Value::Int),
        Kind::Number => number(input).map(Value::Float),
        Kind::Enum(set) => member(set, input),
        Kind::Nullable(inner) => coerce(&inner.kind, input),
    }
}

fn boolean(input: &str) -> Result<bool, Problem> {
    match input.to_ascii_lowercase().as_str() {
        "1" | "on" | "t" | "true" | "y" | "yes" => Ok(true),
        "0" | "off" | "f" | "false" | "n" | "no" => Ok(false),
        _ => Err(Problem::BoolParsing),
    }
}

fn integer(input: &str) -> Result<i64, Problem> {
    let text = input.trim();
    let (sign, unsigned) = match text.strip_prefix(['+', '-']) {
        Some(rest) if text.starts_with('-') => ("-", rest),
        Some(rest) => ("", rest),
        None => ("", text),
    };
    let whole = match unsigned.split_once('.') {
        Some((whole, zeros)) if !zeros.is_empty() && zeros.bytes().all(|b| b == b'0') => whole,
        Some(_) => return Err(Problem::IntParsing),
        None => unsigned,
    };
    let digits = without_underscores(whole).ok_or(Problem::IntParsing)?;
    if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(Problem::IntParsing);
    }
    let digits = digits.trim_start_matches('0');
    match digits {
        "" => Ok(0),
        long if long.len() > MAX_DIGITS => Err(Problem::IntParsingSize),
        _ => format!("{sign}{digits}").parse().map_err(|_| Problem::IntParsingSize),
    }
}

fn number(input: &str) -> Result<f64, Problem> {
    let digits = without_underscores(input.trim()).ok_or(Problem::FloatParsing)?;
    digits.parse().map_err(|_| Problem::FloatParsing)
}

/// The text without its single underscores; `None` where Python would not allow them.
fn without_underscores(text: &str) -> Option<String> {
    let misplaced = text.starts_with('_') || text.ends_with('_') || text.contains("__");
    (!misplaced).then(|| text.replace('_', ""))
}

fn member(set: &Enumeration, input: &str) -> Result<Value, Problem> {
    if set.values.iter().any(|value| value == input) {
        Ok(Value::from(input))
    } else {
        Err(Problem::Enum(sentence(&set.values)))
    }
}

/// `'a', 'b' or 'c'`.
fn sentence(values: &[String]) -> String {
    let quoted: Vec<String> = values.iter().map(|value| format!("'{value}'")).collect();
    match quoted.split_last() {
        Some((last, [])) => last.clone(),
        Some((last, rest)) => format!("{} or {last}", rest.join(", ")),
        None => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::{MAX_DIGITS, boolean, integer, number, sentence};
    use crate::fastapi::error::Problem;

    #[test]
    fn text_is_an_integer_where_pydantic_says_so() {
        for (input, expected) in [
            ("1", 1),
            ("+1", 1),
            ("-1", -1),
            ("1_0", 10),
            ("00_1", 1),
            ("1.0", 1),
            ("1_0.00", 10),
            (" 1\t", 1),
            ("\u{a0}1\u{3000}", 1),
            ("\u{85} 1", 1),
            ("-0", 0),
            ("-0_1", -1),
            ("9223372036854775807", i64::MAX),
            ("-9223372036854775808", i64::MIN),
        ] {
            assert_eq!(integer(input), Ok(expected), "{input:?}");
        }
        for input in [
            "", "  ", "++1", "+-1", "- 1", "-_1", "_1", "1_", "1__0", "1.", ".0", "1.5", "1.0_0",
            "1._0", "1.0e0", "1e3", "0x1", "\u{1c}1", "١", "1\0", "1 0", "1_.0", "_", "1.0.0",
        ] {
            assert_eq!(integer(input), Err(Problem::IntParsing), "{input:?}");
        }
    }

    #[test]
    fn leading_zeros_do_not_count_towards_the_size_of_an_integer() {
        assert_eq!(integer(&("0".repeat(MAX_DIGITS) + "7")), Ok(7));
        assert_eq!(integer(&"1".repeat(MAX_DIGITS + 1)), Err(Problem::IntParsingSize));
    }

    #[test]
    fn an_integer_beyond_64_bits_is_refused_where_python_keeps_it() {
        assert_eq!(integer("9223372036854775808"), Err(Problem::IntParsingSize));
        assert_eq!(integer("-9223372036854775809"), Err(Problem::IntParsingSize));
    }

    #[test]
    fn text_is_a_float_where_pydantic_says_so() {
        for (input, expected) in [
            ("1", 1.0),
            (" 1.5 ", 1.5),
            ("1_0", 10.0),
            ("1_.5", 1.5),
            ("1._5", 1.5),
            ("1e5", 100_000.0),
            ("1e+1_0", 1e10),
            (".5", 0.5),
            ("5.", 5.0),
            ("+.5e-3", 0.0005),
            ("1e400", f64::INFINITY),
            ("-Infinity", f64::NEG_INFINITY),
            ("INF", f64::INFINITY),
            ("1e-400", 0.0),
        ] {
            assert_eq!(number(input), Ok(expected), "{input:?}");
        }
        assert!(number("-NaN").unwrap().is_nan());
        for input in [
            "", " ", "1__0", "_1", "1_", "nan(1)", "infin", "1e", "e1", ".", "0x1p3", "++1", "1,5",
            "\u{1c}1", "١.٥", "1f", "1e5.0", "1\0", "1.5_",
        ] {
            assert_eq!(number(input), Err(Problem::FloatParsing), "{input:?}");
        }
    }

    #[test]
    fn words_are_booleans_in_any_case_but_never_with_blanks() {
        for input in ["1", "true", "tRuE", "on", "ON", "t", "Y", "yEs"] {
            assert_eq!(boolean(input), Ok(true), "{input:?}");
        }
        for input in ["0", "False", "oFF", "f", "n", "nO"] {
            assert_eq!(boolean(input), Ok(false), "{input:?}");
        }
        for input in ["", "2", " true", "true ", "1.0", "01", "+1", "maybe"] {
            assert_eq!(boolean(input), Err(Problem::BoolParsing), "{input:?}");
        }
    }

    #[test]
    fn allowed_values_read_as_a_sentence() {
        let values = |names: &[&str]| names.iter().map(|n| (*n).to_owned()).collect::<Vec<_>>();
        assert_eq!(sentence(&values(&["a"])), "'a'");
        assert_eq!(sentence(&values(&["a", "b"])), "'a' or 'b'");
        assert_eq!(sentence(&values(&["a", "b", "c"])), "'a', 'b' or 'c'");
    }
}

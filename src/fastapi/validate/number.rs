//! Numbers and booleans as pydantic's lax mode takes them, from numbers and from texts.

use super::parsable;
use crate::error::{Bound, Problem};
use crate::schema::Bounds;
use crate::value::Value;

/// How many digits Python turns into an integer (`sys.get_int_max_str_digits`).
const MAX_DIGITS: usize = 4300;

/// A boolean, or what stands for one.
pub fn boolean(input: &Value) -> Result<bool, Problem> {
    match input {
        Value::Bool(flag) => Ok(*flag),
        Value::String(word) => boolean_word(parsable(word)?),
        Value::Int(number) => boolean_number(*number),
        Value::Float(number) => boolean_number(whole(*number).ok_or(Problem::BoolType)?),
        _ => Err(Problem::BoolType),
    }
}

fn boolean_number(number: i64) -> Result<bool, Problem> {
    match number {
        0 => Ok(false),
        1 => Ok(true),
        _ => Err(Problem::BoolParsing),
    }
}

fn boolean_word(input: &str) -> Result<bool, Problem> {
    match input.to_ascii_lowercase().as_str() {
        "1" | "on" | "t" | "true" | "y" | "yes" => Ok(true),
        "0" | "off" | "f" | "false" | "n" | "no" => Ok(false),
        _ => Err(Problem::BoolParsing),
    }
}

/// A whole number, or an integer that does not fit and is only compared with bounds.
enum Whole {
    Fits(i64),
    Below,
    Above,
}

/// A whole number within bounds.
pub fn integer(input: &Value, bounds: Bounds<i64>) -> Result<i64, Problem> {
    let number = match input {
        Value::Int(number) => Whole::Fits(*number),
        Value::Bool(flag) => Whole::Fits(i64::from(*flag)),
        Value::BigInt(digits) => beyond(digits),
        Value::String(text) => integer_text(parsable(text)?)?,
        Value::Float(number) if !number.is_finite() => return Err(Problem::FiniteNumber),
        Value::Float(number) if number.fract() != 0.0 => return Err(Problem::IntFromFloat),
        Value::Float(number) => Whole::Fits(whole(*number).ok_or(Problem::IntParsingSize)?),
        _ => return Err(Problem::IntType),
    };
    let is_within = |bound: i64, holds: Holds<i64>| match number {
        Whole::Fits(number) => holds(&number, &bound),
        Whole::Below => holds(&i64::MIN, &i64::MAX),
        Whole::Above => holds(&i64::MAX, &i64::MIN),
    };
    check_bounds(bounds, is_within, Value::Int)?;
    match number {
        Whole::Fits(number) => Ok(number),
        Whole::Below | Whole::Above => Err(Problem::IntParsingSize),
    }
}

/// Whether a number keeps to a bound, by the comparison that the bound asks for.
type Holds<N> = fn(&N, &N) -> bool;

/// pydantic's order of bounds: upper ones first.
fn check_bounds<N: Copy + PartialOrd>(
    bounds: Bounds<N>,
    is_within: impl Fn(N, Holds<N>) -> bool,
    shown: fn(N) -> Value,
) -> Result<(), Problem> {
    let checks: [(Bound, Option<N>, Holds<N>); 4] = [
        (Bound::Le, bounds.le, N::le),
        (Bound::Lt, bounds.lt, N::lt),
        (Bound::Ge, bounds.ge, N::ge),
        (Bound::Gt, bounds.gt, N::gt),
    ];
    for (bound, limit, holds) in checks {
        if let Some(limit) = limit.filter(|limit| !is_within(*limit, holds)) {
            return Err(Problem::Bound(bound, shown(limit)));
        }
    }
    Ok(())
}

/// A float without a fraction as an integer, if it fits.
fn whole(number: f64) -> Option<i64> {
    #[allow(clippy::cast_possible_truncation, reason = "the range is checked first")]
    let fits = |number: f64| number as i64;
    let range = -9_223_372_036_854_775_808.0..9_223_372_036_854_775_808.0;
    (number.fract() == 0.0 && range.contains(&number)).then(|| fits(number))
}

fn beyond(digits: &str) -> Whole {
    if digits.starts_with('-') { Whole::Below } else { Whole::Above }
}

fn integer_text(input: &str) -> Result<Whole, Problem> {
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
    let digits = format!("{sign}{}", digits.trim_start_matches('0'));
    match digits.trim_start_matches('-') {
        "" => Ok(Whole::Fits(0)),
        long if long.len() > MAX_DIGITS => Err(Problem::IntParsingSize),
        _ => Ok(digits.parse().map_or_else(|_| beyond(&digits), Whole::Fits)),
    }
}

/// A float within bounds.
pub fn number(input: &Value, bounds: Bounds<f64>) -> Result<f64, Problem> {
    let number = match input {
        Value::Float(number) => *number,
        #[allow(clippy::cast_precision_loss, reason = "Python rounds the same way")]
        Value::Int(number) => *number as f64,
        Value::Bool(flag) => f64::from(u8::from(*flag)),
        Value::BigInt(digits) => {
            let number: f64 = digits.parse().map_err(|_| Problem::FloatType)?;
            if number.is_infinite() {
                return Err(Problem::FloatType);
            }
            number
        }
        Value::String(text) => float_text(parsable(text)?)?,
        _ => return Err(Problem::FloatType),
    };
    check_bounds(bounds, |bound, holds| holds(&number, &bound), Value::Float)?;
    Ok(number)
}

fn float_text(input: &str) -> Result<f64, Problem> {
    if let Ok(number) = input.trim().parse() {
        return Ok(number);
    }
    // With underscores nothing is trimmed any more.
    let digits = without_underscores(input).ok_or(Problem::FloatParsing)?;
    digits.parse().map_err(|_| Problem::FloatParsing)
}

/// The text without its single underscores; `None` where Python would not allow them.
fn without_underscores(text: &str) -> Option<String> {
    let misplaced = text.starts_with('_') || text.ends_with('_') || text.contains("__");
    (!misplaced).then(|| text.replace('_', ""))
}

//! CPython's `json.loads`: what it accepts, and where and in which words it stops.
//!
//! NaN and infinities are accepted, the last of several equal keys wins, integers may have 4300
//! digits. The rows of the tests below were observed on CPython 3.11.7.

use indexmap::IndexMap;

use super::encoding::{self, character};
use crate::value::Value;

/// How deep lists and objects may nest before Python's recursion ends (observed under FastAPI
/// 0.165.0 and uvicorn 0.54.0 on CPython 3.11).
const MAX_DEPTH: usize = 960;

/// How many digits Python turns into an integer (`sys.get_int_max_str_digits`).
const MAX_DIGITS: usize = 4300;

/// Why a text is not read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ReadError {
    /// A `JSONDecodeError`: its words and the offset in characters.
    Syntax {
        /// CPython's words.
        message: &'static str,
        /// Where, in characters.
        offset: usize,
    },
    /// Any other exception: not text, too deep, too many digits.
    Unreadable,
}

/// Reads a JSON body.
pub fn from_slice(bytes: &[u8]) -> Result<Value, ReadError> {
    let text = encoding::decode(bytes).map_err(|_| ReadError::Unreadable)?;
    let mut reader = Reader { text: &text, at: 0 };
    reader.skip_blanks();
    let value = reader.value(0)?;
    reader.skip_blanks();
    if reader.at == text.len() { Ok(value) } else { syntax("Extra data", reader.at) }
}

fn syntax<T>(message: &'static str, offset: usize) -> Result<T, ReadError> {
    Err(ReadError::Syntax { message, offset })
}

struct Reader<'a> {
    text: &'a [char],
    at: usize,
}

impl Reader<'_> {
    fn peek(&self) -> Option<char> {
        self.text.get(self.at).copied()
    }

    fn skip_blanks(&mut self) {
        while matches!(self.peek(), Some(' ' | '\t' | '\n' | '\r')) {
            self.at += 1;
        }
    }

    /// Steps over a character if it is the next one.
    fn take(&mut self, wanted: char) -> bool {
        let found = self.peek() == Some(wanted);
        self.at += usize::from(found);
        found
    }

    fn value(&mut self, depth: usize) -> Result<Value, ReadError> {
        match self.peek() {
            Some('{' | '[') if depth >= MAX_DEPTH => Err(ReadError::Unreadable),
            Some('"') => self.string().map(Value::String),
            Some('{') => self.object(depth),
            Some('[') => self.array(depth),
            _ => match self.literal() {
                Some(value) => Ok(value),
                None => self.number(),
            },
        }
    }

    fn literal(&mut self) -> Option<Value> {
        const LITERALS: [(&str, Value); 6] = [
            ("null", Value::Null),
            ("true", Value::Bool(true)),
            ("false", Value::Bool(false)),
            ("NaN", Value::Float(f64::NAN)),
            ("Infinity", Value::Float(f64::INFINITY)),
            ("-Infinity", Value::Float(f64::NEG_INFINITY)),
        ];
        let rest = &self.text[self.at..];
        let starts = |word: &str| {
            rest.len() >= word.len()
                && word.chars().zip(rest).all(|(wanted, found)| wanted == *found)
        };
        let (word, value) = LITERALS.into_iter().find(|(word, _)| starts(word))?;
        self.at += word.len();
        Some(value)
    }

    fn object(&mut self, depth: usize) -> Result<Value, ReadError> {
        let mut fields = IndexMap::new();
        self.at += 1;
        self.skip_blanks();
        if self.take('}') {
            return Ok(Value::Object(fields));
        }
        loop {
            if self.peek() != Some('"') {
                return syntax("Expecting property name enclosed in double quotes", self.at);
            }
            let key = self.string()?;
            self.skip_blanks();
            if !self.take(':') {
                return syntax("Expecting ':' delimiter", self.at);
            }
            self.skip_blanks();
            fields.insert(key, self.value(depth + 1)?);
            self.skip_blanks();
            if self.take('}') {
                return Ok(Value::Object(fields));
            }
            if !self.take(',') {
                return syntax("Expecting ',' delimiter", self.at);
            }
            self.skip_blanks();
        }
    }

    fn array(&mut self, depth: usize) -> Result<Value, ReadError> {
        let mut items = Vec::new();
        self.at += 1;
        self.skip_blanks();
        if self.take(']') {
            return Ok(Value::Array(items));
        }
        loop {
            items.push(self.value(depth + 1)?);
            self.skip_blanks();
            if self.take(']') {
                return Ok(Value::Array(items));
            }
            if !self.take(',') {
                return syntax("Expecting ',' delimiter", self.at);
            }
            self.skip_blanks();
        }
    }

    fn string(&mut self) -> Result<String, ReadError> {
        let begin = self.at;
        let mut text = String::new();
        self.at += 1;
        loop {
            match self.peek() {
                None => return syntax("Unterminated string starting at", begin),
                Some('"') => {
                    self.at += 1;
                    return Ok(text);
                }
                Some('\\') => text.push(self.escape(begin)?),
                Some(control) if control < ' ' => {
                    return syntax("Invalid control character at", self.at);
                }
                Some(plain) => {
                    text.push(plain);
                    self.at += 1;
                }
            }
        }
    }

    fn escape(&mut self, begin: usize) -> Result<char, ReadError> {
        let backslash = self.at;
        self.at += 2;
        Ok(match self.text.get(backslash + 1) {
            None => return syntax("Unterminated string starting at", begin),
            Some('u') => return self.unicode_escape(backslash),
            Some('b') => '\u{8}',
            Some('f') => '\u{c}',
            Some('n') => '\n',
            Some('r') => '\r',
            Some('t') => '\t',
            Some(same @ ('"' | '\\' | '/')) => *same,
            Some(_) => return syntax("Invalid \\escape", backslash),
        })
    }

    /// Reads `XXXX` after `\u`, and the second half of a surrogate pair where there is one.
    fn unicode_escape(&mut self, backslash: usize) -> Result<char, ReadError> {
        const WORDS: &str = "Invalid \\uXXXX escape";
        let wrong = syntax(WORDS, backslash + 1);
        if self.at + 4 >= self.text.len() {
            return wrong;
        }
        let Some(mut code) = self.hex(self.at) else { return wrong };
        self.at += 4;
        let pair = self.text.get(self.at..self.at + 2) == Some(&['\\', 'u']);
        if (0xd800..0xdc00).contains(&code) && self.at + 6 < self.text.len() && pair {
            let Some(second) = self.hex(self.at + 2) else { return syntax(WORDS, self.at + 1) };
            if (0xdc00..0xe000).contains(&second) {
                code = 0x1_0000 + ((code - 0xd800) << 10) + (second - 0xdc00);
                self.at += 6;
            }
        }
        character(code).map_or(wrong, Ok)
    }

    fn hex(&self, at: usize) -> Option<u32> {
        let digits = self.text.get(at..at + 4)?;
        digits.iter().try_fold(0, |code, digit| Some(code << 4 | digit.to_digit(16)?))
    }

    fn number(&mut self) -> Result<Value, ReadError> {
        let start = self.at;
        let _ = self.take('-');
        match self.peek() {
            Some('0') => self.at += 1,
            Some('1'..='9') => self.digits(),
            _ => {
                self.at = start;
                return syntax("Expecting value", start);
            }
        }
        let whole = self.at;
        if self.peek() == Some('.') && self.text.get(whole + 1).is_some_and(char::is_ascii_digit) {
            self.at += 1;
            self.digits();
        }
        self.exponent();
        let token: String = self.text[start..self.at].iter().collect();
        if self.at > whole {
            return token.parse().map(Value::Float).map_err(|_| ReadError::Unreadable);
        }
        match token.parse() {
            Ok(number) => Ok(Value::Int(number)),
            Err(_) if token.trim_start_matches('-').len() > MAX_DIGITS => {
                Err(ReadError::Unreadable)
            }
            Err(_) => Ok(Value::BigInt(token)),
        }
    }

    /// Reads an exponent if it is complete, else nothing.
    fn exponent(&mut self) {
        let start = self.at;
        if !self.take('e') && !self.take('E') {
            return;
        }
        let _ = self.take('+') || self.take('-');
        let digits = self.at;
        self.digits();
        if self.at == digits {
            self.at = start;
        }
    }

    fn digits(&mut self) {
        while self.peek().is_some_and(|digit| digit.is_ascii_digit()) {
            self.at += 1;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{MAX_DEPTH, ReadError, from_slice};
    use crate::json::to_string;
    use crate::value::Value;

    #[test]
    fn valid_json_is_read_as_python_reads_it() {
        for (json, expected) in [
            (" [1, 2.5, -0, -0.0, 1e5, 1E+2]\n", "[1,2.5,0,-0.0,100000.0,100.0]"),
            (r#"{"a":1,"b":2,"a":3}"#, r#"{"a":3,"b":2}"#),
            (r#""\u00e9\ud83d\ude00\/\b\t""#, "\"é😀/\\b\\t\""),
            ("123456789012345678901234567890", "123456789012345678901234567890"),
            ("[]", "[]"),
            ("{ }", "{}"),
            ("[null , true,false]", "[null,true,false]"),
            ("\"\u{7f}\u{2028}\"", "\"\u{7f}\u{2028}\""),
        ] {
            let value = from_slice(json.as_bytes()).unwrap();
            assert_eq!(to_string(&value).unwrap(), expected, "{json}");
        }
        assert_eq!(from_slice(b"1e400"), Ok(Value::Float(f64::INFINITY)));
        assert_eq!(from_slice(b"-Infinity"), Ok(Value::Float(f64::NEG_INFINITY)));
        assert!(matches!(from_slice(b"NaN"), Ok(Value::Float(number)) if number.is_nan()));
    }

    #[test]
    fn mistakes_are_told_in_cpythons_words_at_its_offsets() {
        for (json, message, offset) in MISTAKES {
            let expected = ReadError::Syntax { message, offset: *offset };
            assert_eq!(from_slice(json.as_bytes()), Err(expected), "{json}");
        }
    }

    #[test]
    fn depth_and_digits_have_pythons_limits() {
        let nested = |depth: usize| "[".repeat(depth) + &"]".repeat(depth);
        assert!(from_slice(nested(MAX_DEPTH).as_bytes()).is_ok());
        assert_eq!(from_slice("[".repeat(1_000_000).as_bytes()), Err(ReadError::Unreadable));
        assert!(from_slice("1".repeat(4300).as_bytes()).is_ok());
        assert_eq!(from_slice("1".repeat(4301).as_bytes()), Err(ReadError::Unreadable));
        assert_eq!(from_slice(b"\xff"), Err(ReadError::Unreadable));
    }

    /// A text, and what `json.loads` says of it.
    const MISTAKES: &[(&str, &str, usize)] = &[
        ("", "Expecting value", 0),
        ("   ", "Expecting value", 3),
        ("{", "Expecting property name enclosed in double quotes", 1),
        ("[", "Expecting value", 1),
        ("[1", "Expecting ',' delimiter", 2),
        ("[1,", "Expecting value", 3),
        ("[1,]", "Expecting value", 3),
        ("[1 2]", "Expecting ',' delimiter", 3),
        ("{\"a\"", "Expecting ':' delimiter", 4),
        ("{\"a\":", "Expecting value", 5),
        ("{\"a\" 1}", "Expecting ':' delimiter", 5),
        ("{\"a\":1", "Expecting ',' delimiter", 6),
        ("{\"a\":1,", "Expecting property name enclosed in double quotes", 7),
        ("{\"a\":1,}", "Expecting property name enclosed in double quotes", 7),
        ("{\"a\":1 \"b\":2}", "Expecting ',' delimiter", 7),
        ("{a:1}", "Expecting property name enclosed in double quotes", 1),
        ("{'a':1}", "Expecting property name enclosed in double quotes", 1),
        ("{\"é\":1,]", "Expecting property name enclosed in double quotes", 7),
        ("nul", "Expecting value", 0),
        ("tru", "Expecting value", 0),
        ("NaNx", "Extra data", 3),
        ("-", "Expecting value", 0),
        ("-a", "Expecting value", 0),
        ("01", "Extra data", 1),
        ("1.", "Extra data", 1),
        ("1.e5", "Extra data", 1),
        ("1e", "Extra data", 1),
        ("1e+", "Extra data", 1),
        ("+1", "Expecting value", 0),
        (".5", "Expecting value", 0),
        ("\"", "Unterminated string starting at", 0),
        ("\"abc", "Unterminated string starting at", 0),
        ("\"a\nb\"", "Invalid control character at", 2),
        ("\"\\", "Unterminated string starting at", 0),
        ("\"\\x\"", "Invalid \\escape", 1),
        ("\"\\u12", "Invalid \\uXXXX escape", 2),
        ("\"\\u12\"", "Invalid \\uXXXX escape", 2),
        ("\"\\u123\"", "Invalid \\uXXXX escape", 2),
        ("\"\\u12g4\"", "Invalid \\uXXXX escape", 2),
        ("\"\\ud800\\u12g4\"   ", "Invalid \\uXXXX escape", 8),
        ("\"\\ud800\\u\"", "Invalid \\uXXXX escape", 8),
        ("{} {}", "Extra data", 3),
        ("1 2", "Extra data", 2),
        ("// c", "Expecting value", 0),
        ("/*c*/1", "Expecting value", 0),
        ("[1,,2]", "Expecting value", 3),
        ("{,}", "Expecting property name enclosed in double quotes", 1),
        ("{\"a\":}", "Expecting value", 5),
        ("{\"a\"::1}", "Expecting value", 5),
        ("]", "Expecting value", 0),
        ("}", "Expecting value", 0),
        ("undefined", "Expecting value", 0),
        ("\"😀\" x", "Extra data", 4),
        ("[\"😀\", ]", "Expecting value", 6),
        ("\t\n{ \"a\" : \"b\" , \"c\" }", "Expecting ':' delimiter", 20),
        ("True", "Expecting value", 0),
        ("\"\\u123", "Invalid \\uXXXX escape", 2),
        ("-Inf", "Expecting value", 0),
        ("Infinit", "Expecting value", 0),
        ("[nul]", "Expecting value", 1),
        ("{1:2}", "Expecting property name enclosed in double quotes", 1),
        ("\"\\ud800\\ud8", "Invalid \\uXXXX escape", 8),
        ("\"a\tb\"", "Invalid control character at", 2),
        ("\u{a0}1", "Expecting value", 0),
        ("\"\\u 123\"", "Invalid \\uXXXX escape", 2),
        ("\"\\u-123\"", "Invalid \\uXXXX escape", 2),
        ("[1}", "Expecting ',' delimiter", 2),
        ("{\"a\":1]", "Expecting ',' delimiter", 6),
        ("\"\\u0031", "Invalid \\uXXXX escape", 2),
    ];
}

//! The text of a script: reads values out of it, and says where a mistake is.

use std::ops::Range;
use std::path::Path;

use regex_lite::Regex;
use serde::Deserialize;
use toml::Spanned;
use toml::de::{DeValue, ValueDeserializer};

use crate::course::diagnostic::Diagnostic;
use crate::course::json_path::JsonPath;

/// The file that a mistake is shown in.
pub struct Source<'a> {
    pub path: &'a Path,
    pub text: &'a str,
}

/// A value, or the mistake that was found.
pub type Checked<T> = Result<T, Diagnostic>;

impl Source<'_> {
    /// A mistake at these bytes of the text.
    pub fn mistake(&self, span: Range<usize>, message: impl Into<String>) -> Diagnostic {
        Diagnostic::at(self.path, self.text, span, message)
    }

    /// What could not be read as TOML, or not as a script's keys.
    pub fn unreadable(&self, error: &toml::de::Error) -> Diagnostic {
        self.mistake(error.span().unwrap_or(0..0), error.message())
            .help("the keys of a script are described in the README under `Adding a lesson`")
    }

    /// The rows of a list that can be read.
    pub fn rows<'de, T: Deserialize<'de>>(
        &self,
        list: Option<Spanned<DeValue<'de>>>,
        mistakes: &mut Vec<Diagnostic>,
    ) -> Vec<Spanned<T>> {
        let Some(list) = list else { return Vec::new() };
        let span = list.span();
        let DeValue::Array(rows) = list.into_inner() else {
            let help = "write `[[call]]` or `[[erratum]]`, in two pairs of brackets";
            mistakes.push(self.mistake(span, "this is no list").help(help));
            return Vec::new();
        };
        let mut read = Vec::new();
        for row in rows {
            let span = row.span();
            match T::deserialize(ValueDeserializer::from(row)) {
                Ok(row) => read.push(Spanned::new(span, row)),
                Err(error) => mistakes.push(self.unreadable(&error)),
            }
        }
        read
    }

    /// The JSON that a text is.
    pub fn json(&self, text: &Spanned<String>) -> Checked<serde_json::Value> {
        serde_json::from_str(text.get_ref()).map_err(|error| {
            self.mistake(text.span(), format!("this is no JSON: {error}"))
                .help("write the documented value as raw JSON between single quotes")
        })
    }

    /// The place in a JSON document that a text names.
    pub fn json_path(&self, text: &Spanned<String>) -> Checked<JsonPath> {
        text.get_ref().parse().map_err(|error| {
            self.mistake(text.span(), error).help("a place is written as `$.detail[0].msg`")
        })
    }

    /// The name in `header NAME`; `None` if the text does not start like that.
    pub fn header(&self, text: &Spanned<String>) -> Option<Checked<String>> {
        let name = text.get_ref().strip_prefix("header ")?;
        let fine = |byte: u8| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte);
        if !name.is_empty() && name.bytes().all(fine) {
            return Some(Ok(name.to_ascii_lowercase()));
        }
        let mistake = self.mistake(text.span(), format!("`{name}` is no header's name"));
        Some(Err(mistake.help("a header is written as in `header etag`")))
    }

    /// The pattern that a text is.
    pub fn pattern(&self, text: &Spanned<String>) -> Checked<Regex> {
        Regex::new(text.get_ref()).map_err(|error| self.mistake(text.span(), error.to_string()))
    }
}

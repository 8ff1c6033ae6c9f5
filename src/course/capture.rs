//! Captures: what later calls use of a reply as `${name}`.

use regex_lite::Regex;

use super::json_path::JsonPath;

/// A value of a reply, or the part of it that a pattern finds.
#[derive(Clone, Debug)]
pub struct Capture {
    /// Where it is.
    pub at: At,
    /// What of it is taken; all of it, if there is none.
    pub pattern: Option<Regex>,
}

/// Where in a reply a captured value is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum At {
    /// A header, by lower-case name.
    Header(String),
    /// A place in a JSON body.
    Json(JsonPath),
}

impl Capture {
    /// The pattern as it is written.
    pub fn pattern(&self) -> Option<&str> {
        self.pattern.as_ref().map(Regex::as_str)
    }

    /// What is taken of the first of these values that has it.
    pub fn take<'v>(&self, values: impl IntoIterator<Item = &'v str>) -> Option<String> {
        let part = |value: &'v str| match &self.pattern {
            None => Some(value),
            Some(pattern) => pattern.find(value).map(|found| found.as_str()),
        };
        values.into_iter().find_map(part).map(str::to_owned)
    }
}

#[cfg(test)]
mod tests {
    use super::{At, Capture};
    use regex_lite::Regex;

    #[track_caller]
    fn check(pattern: Option<&str>, values: &[&str], expected: Option<&str>) {
        let at = At::Header("set-cookie".to_owned());
        let capture = Capture { at, pattern: pattern.map(|text| Regex::new(text).unwrap()) };
        assert_eq!(capture.take(values.iter().copied()).as_deref(), expected);
    }

    #[test]
    fn a_pattern_takes_its_first_match_from_the_first_value_that_has_one() {
        check(None, &["a=1; path=/", "b=2"], Some("a=1; path=/"));
        check(Some("[ab]=[^;]+"), &["a=1; path=/", "b=2"], Some("a=1"));
        check(Some("b=[^;]+"), &["a=1; path=/", "b=2; b=3"], Some("b=2"));
        check(Some("c="), &["a=1; path=/", "b=2"], None);
        check(None, &[], None);
    }
}

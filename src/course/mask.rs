//! Masks: values that vary from run to run, checked by pattern, then replaced by a name.

pub mod guess;

use regex_lite::Regex;
use serde_json::Value;

use super::json_path::JsonPath;
use super::message::{Message, indent_json};

/// A volatile value of a reply.
#[derive(Clone, Debug)]
pub struct Mask {
    /// Where it is.
    pub place: Place,
    /// What it looks like.
    pub pattern: Regex,
    /// What is recorded instead: `uuid` becomes `{uuid}`.
    pub name: String,
    /// Whether it is the script's, for all calls: a reply need not have the place.
    pub of_script: bool,
}

/// The part of a reply that a mask covers.
#[derive(Clone, Debug, PartialEq)]
pub enum Place {
    /// A header, by lower-case name.
    Header(String),
    /// A text somewhere in a JSON body.
    Json(JsonPath),
    /// The whole body as text.
    Body,
    /// Every printed line in which it is found, before the reply or after it.
    Printed,
}

impl Mask {
    /// Replaces what matches; false if something should match and does not, which is a difference
    /// of its own.
    pub fn cover(&self, message: &mut Message) -> bool {
        self.apply(message).is_some() || (self.of_script && !self.place.is_in(message))
    }

    fn apply(&self, message: &mut Message) -> Option<()> {
        match &self.place {
            Place::Header(name) => {
                let mut headers = message.headers.iter_mut();
                let (_, value) = headers.find(|(known, _)| known == name)?;
                *value = self.replace(value)?;
            }
            Place::Json(path) => {
                let mut document = message.json()?;
                let value = path.get_mut(&mut document)?;
                let text = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
                *value = Value::String(self.replace(&text)?);
                message.body = indent_json(&document.to_string());
            }
            Place::Body => message.body = self.replace(&message.body)?,
            Place::Printed => {
                let lines = message.prints.lines_mut();
                let replaced =
                    lines.filter_map(|line| self.replace(line).map(|masked| *line = masked));
                return (replaced.count() > 0).then_some(());
            }
        }
        Some(())
    }

    fn replace(&self, text: &str) -> Option<String> {
        let name = format!("{{{}}}", self.name);
        self.pattern
            .is_match(text)
            .then(|| self.pattern.replace_all(text, regex_lite::NoExpand(&name)).into_owned())
    }
}

impl Place {
    fn is_in(&self, message: &Message) -> bool {
        match self {
            Self::Header(name) => message.header(name).is_some(),
            Self::Json(path) => message.json().is_some_and(|body| path.get(&body).is_some()),
            Self::Body => !message.body.is_empty(),
            Self::Printed => !message.prints.is_empty(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Mask, Place};
    use crate::course::{Message, Prints};
    use regex_lite::Regex;

    fn masked(place: Place, pattern: &str) -> Option<Message> {
        let headers = vec![
            ("content-type".to_owned(), "application/json".to_owned()),
            ("x-process-time".to_owned(), "12.40ms".to_owned()),
        ];
        let mut message = Message::new((200, "OK"), headers, br#"{"id":7,"b":1.0}"#);
        let lines = |lines: [&str; 2]| lines.map(str::to_owned);
        message.prints = Prints::new(&lines(["took 3ms", "fine"]), &lines(["took 12ms", "done"]));
        let mask = Mask {
            place,
            pattern: Regex::new(pattern).unwrap(),
            name: "n".to_owned(),
            of_script: false,
        };
        mask.apply(&mut message).map(|()| message)
    }

    #[test]
    fn what_matches_is_replaced_by_the_masks_name() {
        let message = masked(Place::Header("x-process-time".to_owned()), r"^\d+\.\d\dms$");
        assert_eq!(message.unwrap().header("x-process-time"), Some("{n}"));
        let message = masked(Place::Json("$.id".parse().unwrap()), r"^\d+$");
        assert_eq!(message.unwrap().body, "{\n  \"id\": \"{n}\",\n  \"b\": 1.0\n}");
    }

    #[test]
    fn every_printed_line_that_matches_is_masked() {
        let prints = masked(Place::Printed, r"\d+ms$").unwrap().prints;
        assert_eq!(prints.into_lines(), ["took {n}", "fine", "took {n}", "done"]);
        assert!(masked(Place::Printed, r"\d s$").is_none());
    }

    #[test]
    fn what_does_not_match_is_not_masked() {
        assert!(masked(Place::Header("x-process-time".to_owned()), "^s$").is_none());
        assert!(masked(Place::Header("x-other".to_owned()), ".").is_none());
        assert!(masked(Place::Json("$.none".parse().unwrap()), ".").is_none());
    }

    #[test]
    fn a_scripts_mask_wants_a_match_only_where_its_place_is() {
        let headers = [("content-type", "application/json"), ("etag", "x")];
        let headers = headers.map(|(name, value)| (name.to_owned(), value.to_owned()));
        let message = Message::new((200, "OK"), headers.to_vec(), br#"{"id":7}"#);
        let header = |name: &str| Place::Header(name.to_owned());
        let value = |path: &str| Place::Json(path.parse().unwrap());
        let pattern = Regex::new("^x$").unwrap();
        for (place, of_call, of_script) in [
            (header("etag"), true, true),
            (header("x-other"), false, true),
            (value("$.none"), false, true),
            (value("$.id"), false, false),
            (Place::Body, false, false),
            (Place::Printed, false, true),
        ] {
            for (of_script, fine) in [(false, of_call), (true, of_script)] {
                let (pattern, place) = (pattern.clone(), place.clone());
                let mask = Mask { place, pattern, name: "x".to_owned(), of_script };
                assert_eq!(mask.cover(&mut message.clone()), fine, "{mask:?}");
            }
        }
    }
}

//! A place in a JSON document: `$.detail[0].msg`.

use std::fmt;
use std::str::FromStr;

use serde_json::Value;

/// A path of keys and indices from the document's root.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct JsonPath(Vec<Step>);

#[derive(Clone, Debug, PartialEq, Eq)]
enum Step {
    Key(String),
    Index(usize),
}

impl JsonPath {
    /// The path one key further down.
    pub fn key(&self, key: &str) -> Self {
        self.then(Step::Key(key.to_owned()))
    }

    /// The path one index further down.
    pub fn index(&self, index: usize) -> Self {
        self.then(Step::Index(index))
    }

    fn then(&self, step: Step) -> Self {
        let mut steps = self.0.clone();
        steps.push(step);
        Self(steps)
    }

    /// The value at this place, if there is one.
    pub fn get<'a>(&self, document: &'a Value) -> Option<&'a Value> {
        self.0.iter().try_fold(document, |value, step| match step {
            Step::Key(key) => value.get(key),
            Step::Index(index) => value.get(index),
        })
    }

    /// The value at this place, to be changed.
    pub fn get_mut<'a>(&self, document: &'a mut Value) -> Option<&'a mut Value> {
        self.0.iter().try_fold(document, |value, step| match step {
            Step::Key(key) => value.get_mut(key),
            Step::Index(index) => value.get_mut(index),
        })
    }
}

impl fmt::Display for JsonPath {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("$")?;
        self.0.iter().try_for_each(|step| match step {
            Step::Key(key) if plain(key) => write!(out, ".{key}"),
            Step::Key(key) => write!(out, "[{}]", Value::from(key.as_str())),
            Step::Index(index) => write!(out, "[{index}]"),
        })
    }
}

fn plain(key: &str) -> bool {
    !key.is_empty() && key.chars().all(|c| c.is_alphanumeric() || c == '_' || c == '-')
}

impl FromStr for JsonPath {
    type Err = String;

    /// Reads `$`, `.key`, `["any key"]` and `[3]`.
    fn from_str(text: &str) -> Result<Self, String> {
        let mut rest = text.strip_prefix('$').ok_or("a JSON path starts with `$`")?;
        let mut steps = Vec::new();
        while !rest.is_empty() {
            let (step, tail) = if let Some(tail) = rest.strip_prefix('.') {
                let end = tail.find(['.', '[']).unwrap_or(tail.len());
                if end == 0 {
                    return Err("a key is missing after a dot".to_owned());
                }
                (Step::Key(tail[..end].to_owned()), &tail[end..])
            } else {
                bracket(rest)?
            };
            steps.push(step);
            rest = tail;
        }
        Ok(Self(steps))
    }
}

fn bracket(text: &str) -> Result<(Step, &str), String> {
    let inside = text.strip_prefix('[').ok_or("`.key`, `[0]` or `[\"key\"]` is expected")?;
    let mut values = serde_json::Deserializer::from_str(inside).into_iter::<Value>();
    let step = match values.next() {
        Some(Ok(Value::String(key))) => Step::Key(key),
        Some(Ok(Value::Number(number))) => number
            .as_u64()
            .and_then(|index| usize::try_from(index).ok())
            .map(Step::Index)
            .ok_or("an index is a whole number")?,
        _ => return Err("an index or a quoted key is expected after `[`".to_owned()),
    };
    let tail = inside[values.byte_offset()..].strip_prefix(']').ok_or("a `]` is missing")?;
    Ok((step, tail))
}

#[cfg(test)]
mod tests {
    use super::JsonPath;
    use serde_json::json;

    #[test]
    fn a_path_finds_its_value_and_prints_as_it_was_written() {
        let document = json!({"detail": [{"msg": "no", "a b": {"": 1}}]});
        for (path, expected) in [
            ("$.detail[0].msg", Some(json!("no"))),
            ("$.detail[0][\"a b\"][\"\"]", Some(json!(1))),
            ("$.detail[1]", None),
            ("$.detail.msg", None),
        ] {
            let parsed: JsonPath = path.parse().unwrap();
            assert_eq!(parsed.get(&document), expected.as_ref(), "{path}");
            assert_eq!(parsed.to_string(), path);
        }
    }

    #[test]
    fn a_malformed_path_is_refused() {
        for path in ["detail", "$..a", "$[", "$[x]", "$[0", "$[-1]"] {
            assert!(path.parse::<JsonPath>().is_err(), "{path}");
        }
    }
}

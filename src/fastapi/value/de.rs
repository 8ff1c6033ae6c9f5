//! From [`Value`] to a handler's types, by serde, remembering where a type refuses a value.
//!
//! A type's author validates further with plain serde (`try_from`, `deserialize_with`) and refuses
//! with `Error::custom`. pydantic reports such refusals beside all other errors; serde stops at the
//! first. [`refusals`] therefore goes over a value again without what was refused, until nothing
//! new is found.

use std::cell::{Cell, RefCell};
use std::collections::HashSet;

use indexmap::map;
use serde::de::{
    self, DeserializeOwned, DeserializeSeed, Deserializer, IntoDeserializer, MapAccess, SeqAccess,
    Visitor,
};
use serde::forward_to_deserialize_any;

use super::{ConversionError, Value};
use crate::error::Step;
use crate::upload::de as upload;

/// How many refusals of one value are looked for.
const MAX_REFUSALS: usize = 100;

/// A value that its type refused, and in which words.
#[derive(Clone, Debug, PartialEq)]
pub struct Refusal {
    /// Where.
    pub loc: Vec<Step>,
    /// The type's words.
    pub message: String,
}

/// Turns a validated value into a Rust type.
pub fn from_value<T: DeserializeOwned>(value: &Value) -> Result<T, ConversionError> {
    let track = Track::default();
    T::deserialize(Tracked { value, place: Place::root(&track) })
}

/// What a type refuses of a value, leaving out the places that are known to be wrong.
pub fn refusals<T: DeserializeOwned>(value: &Value, wrong: Vec<Vec<Step>>) -> Vec<Refusal> {
    let track = Track { skipped: RefCell::new(wrong.into_iter().collect()), ..Track::default() };
    let mut refused = Vec::new();
    for _ in 0..MAX_REFUSALS {
        let value = Tracked { value, place: Place::root(&track) };
        if T::deserialize(value).is_ok() {
            break;
        }
        let Some((loc, message)) = track.failed.take() else { break };
        if let Some(message) = message {
            refused.push(Refusal { loc: loc.clone(), message });
        }
        if !track.skipped.borrow_mut().insert(loc) {
            break;
        }
    }
    refused
}

/// What one walk over a value has found.
#[derive(Default)]
struct Track {
    skipped: RefCell<HashSet<Vec<Step>>>,
    /// The innermost failure: where, and the type's words unless an inner place is to blame.
    failed: Cell<Option<(Vec<Step>, Option<String>)>>,
}

/// A place in the value, as a chain up to the root.
#[derive(Clone, Copy)]
struct Place<'t> {
    track: &'t Track,
    outer: Option<(&'t Place<'t>, Inner<'t>)>,
}

#[derive(Clone, Copy)]
enum Inner<'t> {
    Name(&'t str),
    Index(usize),
}

impl<'t> Place<'t> {
    fn root(track: &'t Track) -> Self {
        Self { track, outer: None }
    }

    fn inner(&'t self, step: Inner<'t>) -> Place<'t> {
        Place { track: self.track, outer: Some((self, step)) }
    }

    fn loc(&self) -> Vec<Step> {
        let Some((outer, step)) = self.outer else { return Vec::new() };
        let mut loc = outer.loc();
        loc.push(match step {
            Inner::Name(name) => Step::Name(name.to_owned()),
            Inner::Index(index) => Step::Index(index),
        });
        loc
    }

    fn is_skipped(&self) -> bool {
        let skipped = self.track.skipped.borrow();
        !skipped.is_empty() && skipped.contains(&self.loc())
    }

    /// Notes the innermost failure and passes the error on.
    fn note<T>(&self, result: Result<T, ConversionError>) -> Result<T, ConversionError> {
        if let Err(error) = &result {
            let known = self.track.failed.take();
            let message = match error {
                ConversionError::Refused(message) => Some(message.clone()),
                ConversionError::Misfit(_) => None,
            };
            self.track.failed.set(known.or_else(|| Some((self.loc(), message))));
        }
        result
    }
}

struct Tracked<'v, 't> {
    value: &'v Value,
    place: Place<'t>,
}

struct Fields<'v, 't> {
    rest: map::Iter<'v, String, Value>,
    current: Option<(&'v String, &'v Value)>,
    place: Place<'t>,
}

impl<'de> MapAccess<'de> for Fields<'_, '_> {
    type Error = ConversionError;

    fn next_key_seed<K: DeserializeSeed<'de>>(
        &mut self,
        seed: K,
    ) -> Result<Option<K::Value>, ConversionError> {
        for (key, value) in self.rest.by_ref() {
            if !self.place.inner(Inner::Name(key)).is_skipped() {
                let name = seed.deserialize(key.as_str().into_deserializer())?;
                self.current = Some((key, value));
                return Ok(Some(name));
            }
        }
        Ok(None)
    }

    fn next_value_seed<V: DeserializeSeed<'de>>(
        &mut self,
        seed: V,
    ) -> Result<V::Value, ConversionError> {
        let missing = || <ConversionError as de::Error>::invalid_length(0, &"a value for a key");
        let (key, value) = self.current.take().ok_or_else(missing)?;
        let place = self.place.inner(Inner::Name(key));
        place.note(seed.deserialize(Tracked { value, place }))
    }
}

struct Items<'v, 't> {
    rest: std::iter::Enumerate<std::slice::Iter<'v, Value>>,
    place: Place<'t>,
}

impl<'de> SeqAccess<'de> for Items<'_, '_> {
    type Error = ConversionError;

    fn next_element_seed<T: DeserializeSeed<'de>>(
        &mut self,
        seed: T,
    ) -> Result<Option<T::Value>, ConversionError> {
        for (index, value) in self.rest.by_ref() {
            let place = self.place.inner(Inner::Index(index));
            if !place.is_skipped() {
                return place.note(seed.deserialize(Tracked { value, place })).map(Some);
            }
        }
        Ok(None)
    }
}

impl<'de> Deserializer<'de> for Tracked<'_, '_> {
    type Error = ConversionError;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, ConversionError> {
        let place = self.place;
        match self.value {
            Value::Null => visitor.visit_unit(),
            Value::Bool(flag) => visitor.visit_bool(*flag),
            Value::Int(number) => visitor.visit_i64(*number),
            Value::BigInt(digits) => match digits.parse() {
                Ok(large) => visitor.visit_u64(large),
                Err(_) => visitor.visit_str(digits),
            },
            Value::Float(number) => visitor.visit_f64(*number),
            Value::String(text) => visitor.visit_str(text),
            Value::File(_) => {
                Err(ConversionError::Misfit("a file is read by a type for files".to_owned()))
            }
            Value::Array(items) => {
                visitor.visit_seq(Items { rest: items.iter().enumerate(), place })
            }
            Value::Object(fields) => {
                visitor.visit_map(Fields { rest: fields.iter(), current: None, place })
            }
        }
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, ConversionError> {
        match self.value {
            Value::Null => visitor.visit_none(),
            _ => visitor.visit_some(self),
        }
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _name: &'static str,
        _variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, ConversionError> {
        match self.value {
            Value::String(text) => visitor.visit_enum(text.as_str().into_deserializer()),
            _ => Err(ConversionError::Misfit("an enum is written as its name".to_owned())),
        }
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        name: &'static str,
        visitor: V,
    ) -> Result<V::Value, ConversionError> {
        match self.value {
            Value::File(upload) if name == upload::TOKEN => upload::hand_over(upload, visitor),
            Value::String(text) if name == upload::TOKEN => visitor.visit_str(text),
            _ => visitor.visit_newtype_struct(self),
        }
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf unit
        unit_struct seq tuple tuple_struct map struct identifier ignored_any
    }
}

#[cfg(test)]
mod tests {
    use serde::{Deserialize, Deserializer};

    use super::{from_value, refusals};
    use crate::error::Step;
    use crate::json::read::from_slice;

    fn even<'de, D: Deserializer<'de>>(deserializer: D) -> Result<i64, D::Error> {
        match i64::deserialize(deserializer)? {
            odd if odd % 2 == 1 => Err(serde::de::Error::custom(format!("{odd} is odd"))),
            even => Ok(even / 2),
        }
    }

    #[derive(Debug, Deserialize)]
    struct Pair {
        #[serde(deserialize_with = "even")]
        a: i64,
        #[serde(deserialize_with = "even")]
        b: i64,
    }

    #[derive(Debug, Deserialize)]
    #[allow(dead_code, reason = "only deserialising it is of interest")]
    struct Pairs {
        first: Pair,
        rest: Vec<Pair>,
    }

    fn check(json: &str, wrong: &[&str], expected: &[&str]) {
        let steps = |loc: &str| -> Vec<Step> {
            let step =
                |part: &str| part.parse().map_or_else(|_| Step::Name(part.to_owned()), Step::Index);
            loc.split('.').map(step).collect()
        };
        let wrong = wrong.iter().map(|loc| steps(loc)).collect();
        let found = refusals::<Pairs>(&from_slice(json.as_bytes()).unwrap(), wrong);
        let found: Vec<_> = found.into_iter().map(|refusal| refusal.loc).collect();
        let expected: Vec<_> = expected.iter().map(|loc| steps(loc)).collect();
        assert_eq!(found, expected, "{json}");
    }

    #[test]
    fn a_type_may_change_what_it_accepts() {
        let pair: Pair = from_value(&from_slice(br#"{"a":4,"b":6}"#).unwrap()).unwrap();
        assert_eq!((pair.a, pair.b), (2, 3));
    }

    #[test]
    fn every_refusal_is_found_with_its_place() {
        check(r#"{"first":{"a":2,"b":2},"rest":[]}"#, &[], &[]);
        check(
            r#"{"first":{"a":1,"b":3},"rest":[{"a":2,"b":5},{"a":7,"b":2}]}"#,
            &[],
            &["first.a", "first.b", "rest.0.b", "rest.1.a"],
        );
    }

    #[test]
    fn what_is_known_to_be_wrong_hides_no_refusal_elsewhere() {
        check(
            r#"{"first":{"a":"x","b":3},"rest":[{"b":5}]}"#,
            &["first.a", "rest.0.a"],
            &["first.b", "rest.0.b"],
        );
    }
}

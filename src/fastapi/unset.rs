//! A field that knows whether it has been set, for replies that leave out what has not.

use std::borrow::Cow;

use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// A value, or the knowledge that none was given; pydantic's `model_fields_set` for one field.
///
/// Give such a field `#[serde(default, skip_serializing_if = "MaybeUnset::is_unset")]`.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum MaybeUnset<T> {
    /// Nobody has set it.
    #[default]
    Unset,
    /// It was set to this, be it its default.
    Set(T),
}

impl<T> MaybeUnset<T> {
    /// Puts the value, if there is one, in place of another: the way of a partial update.
    pub fn apply_to(self, target: &mut T) {
        if let Self::Set(value) = self {
            *target = value;
        }
    }

    /// Whether nobody has set it.
    pub fn is_unset(&self) -> bool {
        matches!(self, Self::Unset)
    }
}

impl<T> From<T> for MaybeUnset<T> {
    fn from(value: T) -> Self {
        Self::Set(value)
    }
}

impl<T: Serialize> Serialize for MaybeUnset<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Unset => serializer.serialize_none(),
            Self::Set(value) => value.serialize(serializer),
        }
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for MaybeUnset<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        T::deserialize(deserializer).map(Self::Set)
    }
}

impl<T: JsonSchema> JsonSchema for MaybeUnset<T> {
    fn inline_schema() -> bool {
        T::inline_schema()
    }

    fn schema_name() -> Cow<'static, str> {
        T::schema_name()
    }

    fn schema_id() -> Cow<'static, str> {
        T::schema_id()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        T::json_schema(generator)
    }
}

#[cfg(test)]
mod tests {
    use super::MaybeUnset;

    #[test]
    fn only_what_is_set_takes_the_place_of_another_value() {
        for (sent, expected) in [
            (MaybeUnset::Unset, Some(1)),
            (MaybeUnset::Set(None), None),
            (MaybeUnset::Set(Some(2)), Some(2)),
        ] {
            let mut kept = Some(1);
            sent.apply_to(&mut kept);
            assert_eq!(kept, expected);
        }
    }
}

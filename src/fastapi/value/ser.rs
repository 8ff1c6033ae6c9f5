//! From a handler's types to [`Value`], by serde; and a [`Value`] as one of them.

use indexmap::IndexMap;
use serde::ser::{self, Error as _, Serialize, Serializer};

use super::{ConversionError, Value};

/// Turns any serialisable value into a [`Value`]; map keys must be text or numbers.
pub fn to_value<T: Serialize + ?Sized>(value: &T) -> Result<Value, ConversionError> {
    value.serialize(ToValue)
}

/// How an integer beyond 64 bits says on its way through serde what it is.
const BIG_INT: &str = "$BigInt";

impl Serialize for Value {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Null => serializer.serialize_unit(),
            Self::Bool(flag) => serializer.serialize_bool(*flag),
            Self::Int(number) => serializer.serialize_i64(*number),
            Self::BigInt(digits) => serializer.serialize_newtype_struct(BIG_INT, digits),
            Self::Float(number) => serializer.serialize_f64(*number),
            Self::String(text) => serializer.serialize_str(text),
            Self::Array(items) => serializer.collect_seq(items),
            Self::File(_) => Err(ser::Error::custom("a file is no data")),
            Self::Object(fields) => serializer.collect_map(fields),
        }
    }
}

struct ToValue;

/// A list, or the payload of a tuple variant when it has a name.
struct Items {
    variant: Option<&'static str>,
    items: Vec<Value>,
}

/// A map or struct, or the payload of a struct variant when it has a name.
struct Fields {
    variant: Option<&'static str>,
    fields: IndexMap<String, Value>,
    key: Option<String>,
}

fn tagged(variant: Option<&'static str>, value: Value) -> Value {
    match variant {
        Some(name) => Value::Object(IndexMap::from([(name.to_owned(), value)])),
        None => value,
    }
}

fn items(variant: Option<&'static str>) -> Items {
    Items { variant, items: Vec::new() }
}

fn fields(variant: Option<&'static str>) -> Fields {
    Fields { variant, fields: IndexMap::new(), key: None }
}

macro_rules! integers {
    ($($method:ident: $type:ty),*) => {
        $(fn $method(self, number: $type) -> Result<Value, ConversionError> {
            Ok(i64::try_from(number).map_or_else(|_| Value::BigInt(number.to_string()), Value::Int))
        })*
    };
}

impl Serializer for ToValue {
    type Ok = Value;
    type Error = ConversionError;
    type SerializeSeq = Items;
    type SerializeTuple = Items;
    type SerializeTupleStruct = Items;
    type SerializeTupleVariant = Items;
    type SerializeMap = Fields;
    type SerializeStruct = Fields;
    type SerializeStructVariant = Fields;

    integers! {
        serialize_i8: i8, serialize_i16: i16, serialize_i32: i32, serialize_i64: i64,
        serialize_i128: i128, serialize_u8: u8, serialize_u16: u16, serialize_u32: u32,
        serialize_u64: u64, serialize_u128: u128
    }

    fn serialize_bool(self, flag: bool) -> Result<Value, ConversionError> {
        Ok(Value::Bool(flag))
    }

    fn serialize_f32(self, number: f32) -> Result<Value, ConversionError> {
        Ok(Value::Float(f64::from(number)))
    }

    fn serialize_f64(self, number: f64) -> Result<Value, ConversionError> {
        Ok(Value::Float(number))
    }

    fn serialize_char(self, character: char) -> Result<Value, ConversionError> {
        Ok(Value::String(character.to_string()))
    }

    fn serialize_str(self, text: &str) -> Result<Value, ConversionError> {
        Ok(Value::String(text.to_owned()))
    }

    fn serialize_bytes(self, bytes: &[u8]) -> Result<Value, ConversionError> {
        Ok(Value::Array(bytes.iter().map(|byte| Value::Int(i64::from(*byte))).collect()))
    }

    fn serialize_none(self) -> Result<Value, ConversionError> {
        Ok(Value::Null)
    }

    fn serialize_some<T: Serialize + ?Sized>(self, value: &T) -> Result<Value, ConversionError> {
        value.serialize(self)
    }

    fn serialize_unit(self) -> Result<Value, ConversionError> {
        Ok(Value::Null)
    }

    fn serialize_unit_struct(self, _name: &'static str) -> Result<Value, ConversionError> {
        Ok(Value::Null)
    }

    fn serialize_unit_variant(
        self,
        _name: &'static str,
        _index: u32,
        variant: &'static str,
    ) -> Result<Value, ConversionError> {
        Ok(Value::from(variant))
    }

    fn serialize_newtype_struct<T: Serialize + ?Sized>(
        self,
        name: &'static str,
        value: &T,
    ) -> Result<Value, ConversionError> {
        match value.serialize(self)? {
            Value::String(digits) if name == BIG_INT => Ok(Value::BigInt(digits)),
            value => Ok(value),
        }
    }

    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        _name: &'static str,
        _index: u32,
        variant: &'static str,
        value: &T,
    ) -> Result<Value, ConversionError> {
        Ok(tagged(Some(variant), value.serialize(self)?))
    }

    fn serialize_seq(self, _length: Option<usize>) -> Result<Items, ConversionError> {
        Ok(items(None))
    }

    fn serialize_tuple(self, _length: usize) -> Result<Items, ConversionError> {
        Ok(items(None))
    }

    fn serialize_tuple_struct(
        self,
        _name: &'static str,
        _length: usize,
    ) -> Result<Items, ConversionError> {
        Ok(items(None))
    }

    fn serialize_tuple_variant(
        self,
        _name: &'static str,
        _index: u32,
        variant: &'static str,
        _length: usize,
    ) -> Result<Items, ConversionError> {
        Ok(items(Some(variant)))
    }

    fn serialize_map(self, _length: Option<usize>) -> Result<Fields, ConversionError> {
        Ok(fields(None))
    }

    fn serialize_struct(
        self,
        _name: &'static str,
        _length: usize,
    ) -> Result<Fields, ConversionError> {
        Ok(fields(None))
    }

    fn serialize_struct_variant(
        self,
        _name: &'static str,
        _index: u32,
        variant: &'static str,
        _length: usize,
    ) -> Result<Fields, ConversionError> {
        Ok(fields(Some(variant)))
    }
}

macro_rules! item_sequences {
    ($($trait:ident: $method:ident),*) => {
        $(impl ser::$trait for Items {
            type Ok = Value;
            type Error = ConversionError;

            fn $method<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), ConversionError> {
                self.items.push(to_value(value)?);
                Ok(())
            }

            fn end(self) -> Result<Value, ConversionError> {
                Ok(tagged(self.variant, Value::Array(self.items)))
            }
        })*
    };
}

item_sequences! {
    SerializeSeq: serialize_element, SerializeTuple: serialize_element,
    SerializeTupleStruct: serialize_field, SerializeTupleVariant: serialize_field
}

macro_rules! named_fields {
    ($($trait:ident),*) => {
        $(impl ser::$trait for Fields {
            type Ok = Value;
            type Error = ConversionError;

            fn serialize_field<T: Serialize + ?Sized>(
                &mut self,
                name: &'static str,
                value: &T,
            ) -> Result<(), ConversionError> {
                self.fields.insert(name.to_owned(), to_value(value)?);
                Ok(())
            }

            fn end(self) -> Result<Value, ConversionError> {
                Ok(tagged(self.variant, Value::Object(self.fields)))
            }
        })*
    };
}

named_fields!(SerializeStruct, SerializeStructVariant);

impl ser::SerializeMap for Fields {
    type Ok = Value;
    type Error = ConversionError;

    fn serialize_key<T: Serialize + ?Sized>(&mut self, key: &T) -> Result<(), ConversionError> {
        self.key = Some(match to_value(key)? {
            Value::String(text) | Value::BigInt(text) => text,
            Value::Int(number) => number.to_string(),
            Value::Bool(flag) => flag.to_string(),
            _ => return Err(ConversionError::custom("a JSON object's key must be text")),
        });
        Ok(())
    }

    fn serialize_value<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), ConversionError> {
        let key = self.key.take().ok_or_else(|| ConversionError::custom("a value needs a key"))?;
        self.fields.insert(key, to_value(value)?);
        Ok(())
    }

    fn end(self) -> Result<Value, ConversionError> {
        Ok(Value::Object(self.fields))
    }
}

//! How an upload passes through serde: a list of its name, its headers and its content.

use std::fmt::{self, Formatter};
use std::fs::File;
use std::io::Cursor;
use std::sync::{Arc, Mutex};

use actix_web::web::Bytes;
use serde::de::value::SeqDeserializer;
use serde::de::{Deserialize, Deserializer, Error, IntoDeserializer, SeqAccess, Visitor};
use serde::forward_to_deserialize_any;

use super::{Content, FileBytes, Handle, Upload, UploadFile};
use crate::value::ConversionError;

/// The name under which [`UploadFile`] and [`FileBytes`] ask for what [`hand_over`] gives.
pub const TOKEN: &str = "$workbook::fastapi::Upload";

/// An upload, to be visited by one of the two types.
pub fn hand_over<'v, V: Visitor<'v>>(
    upload: &Upload,
    visitor: V,
) -> Result<V::Value, ConversionError> {
    let parts = [Part::Text(&upload.filename), Part::Texts(&upload.headers)];
    let content = match &upload.content {
        Content::InMemory(bytes) => Part::Bytes(bytes),
        Content::OnDisk(path) => match path.to_str() {
            Some(path) => Part::Text(path),
            None => return Err(misfit("the folder of temporary files is no UTF-8")),
        },
    };
    visitor.visit_seq(SeqDeserializer::new(parts.into_iter().chain([content])))
}

fn misfit<E: Error>(what: impl fmt::Display) -> E {
    // Our own error type takes `custom` for the words of a type's author; this is not theirs.
    E::invalid_value(serde::de::Unexpected::Other(&what.to_string()), &"a file")
}

#[derive(Clone, Copy)]
enum Part<'u> {
    Text(&'u str),
    Texts(&'u [(String, String)]),
    Bytes(&'u [u8]),
}

impl IntoDeserializer<'_, ConversionError> for Part<'_> {
    type Deserializer = Self;

    fn into_deserializer(self) -> Self {
        self
    }
}

impl<'de> Deserializer<'de> for Part<'_> {
    type Error = ConversionError;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, ConversionError> {
        match self {
            Self::Text(text) => visitor.visit_str(text),
            Self::Bytes(bytes) => visitor.visit_bytes(bytes),
            Self::Texts(pairs) => {
                let texts = pairs.iter().flat_map(|(name, value)| [name.as_str(), value]);
                visitor.visit_seq(SeqDeserializer::new(texts))
            }
        }
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf option
        unit unit_struct newtype_struct seq tuple tuple_struct map struct enum identifier
        ignored_any
    }
}

/// The content as it was handed over: bytes, or a path that is opened.
enum Handed {
    Bytes(Bytes),
    File(File, u64),
}

impl<'de> Deserialize<'de> for Handed {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct ContentVisitor;

        impl Visitor<'_> for ContentVisitor {
            type Value = Handed;

            fn expecting(&self, formatter: &mut Formatter<'_>) -> fmt::Result {
                formatter.write_str("the content of an upload")
            }

            fn visit_bytes<E: Error>(self, bytes: &[u8]) -> Result<Handed, E> {
                Ok(Handed::Bytes(Bytes::copy_from_slice(bytes)))
            }

            fn visit_str<E: Error>(self, path: &str) -> Result<Handed, E> {
                let file = File::open(path).map_err(misfit)?;
                let size = file.metadata().map_err(misfit)?.len();
                Ok(Handed::File(file, size))
            }
        }

        deserializer.deserialize_any(ContentVisitor)
    }
}

impl<'de> Deserialize<'de> for UploadFile {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct UploadVisitor;

        impl<'de> Visitor<'de> for UploadVisitor {
            type Value = UploadFile;

            fn expecting(&self, formatter: &mut Formatter<'_>) -> fmt::Result {
                formatter.write_str("an upload")
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut parts: A) -> Result<UploadFile, A::Error> {
                let missing = || misfit("an incomplete upload");
                let filename: String = parts.next_element()?.ok_or_else(missing)?;
                let texts: Vec<String> = parts.next_element()?.ok_or_else(missing)?;
                let (size, handle) = match parts.next_element()?.ok_or_else(missing)? {
                    Handed::File(file, size) => (size, Handle::OnDisk(Arc::new(Mutex::new(file)))),
                    Handed::Bytes(bytes) => {
                        (bytes.len() as u64, Handle::InMemory(Mutex::new(Cursor::new(bytes))))
                    }
                };
                let (pairs, _) = texts.as_chunks::<2>();
                let headers =
                    pairs.iter().map(|[name, value]| (name.clone(), value.clone())).collect();
                Ok(UploadFile { filename, headers, size, handle })
            }
        }

        deserializer.deserialize_newtype_struct(TOKEN, UploadVisitor)
    }
}

impl<'de> Deserialize<'de> for FileBytes {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct BytesVisitor;

        impl<'de> Visitor<'de> for BytesVisitor {
            type Value = FileBytes;

            fn expecting(&self, formatter: &mut Formatter<'_>) -> fmt::Result {
                formatter.write_str("the bytes of an upload, or text")
            }

            fn visit_str<E: Error>(self, text: &str) -> Result<FileBytes, E> {
                Ok(FileBytes(Bytes::copy_from_slice(text.as_bytes())))
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut parts: A) -> Result<FileBytes, A::Error> {
                let missing = || misfit("an incomplete upload");
                let _: String = parts.next_element()?.ok_or_else(missing)?;
                let _: Vec<String> = parts.next_element()?.ok_or_else(missing)?;
                match parts.next_element()?.ok_or_else(missing)? {
                    Handed::Bytes(bytes) => Ok(FileBytes(bytes)),
                    Handed::File(..) => Err(misfit("an upload that is not in memory")),
                }
            }
        }

        deserializer.deserialize_newtype_struct(TOKEN, BytesVisitor)
    }
}

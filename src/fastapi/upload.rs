//! Uploaded files: [`UploadFile`] and [`FileBytes`], the types of a form's fields.
//!
//! Reading the form makes an [`Upload`] of each file, which goes through validation as a
//! [`Value::File`]. serde has no word for an open file, so what a type needs is handed over as
//! text and bytes under a private name (as `toml` does with its dates): a large file by its path,
//! which is opened while its field is deserialised and outlives the request.

pub(super) mod de;
#[cfg(test)]
mod tests;

use std::borrow::Cow;
use std::fs::File;
use std::io::{self, Cursor, Read, Seek, SeekFrom};
use std::ops::Deref;
use std::sync::{Arc, Mutex, PoisonError};

use actix_web::rt::task::spawn_blocking;
use actix_web::web::Bytes;
use indexmap::IndexMap;
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Serialize, Serializer};
use tempfile::TempPath;

use super::error::object;
use super::value::Value;

/// The largest file that is kept in memory, in bytes (Starlette's `spool_max_size`).
pub const MAX_IN_MEMORY: usize = 1024 * 1024;

/// Where a JSON Schema of ours says that it is a file's; never printed.
pub(super) const MARK: &str = "x-upload";

/// A file as the request brought it.
#[derive(Debug)]
pub struct Upload {
    /// The name that the client gave it.
    pub filename: String,
    /// The headers of its part, names in lower case, as latin-1.
    pub headers: Vec<(String, String)>,
    /// How many bytes it has.
    pub size: u64,
    /// Its bytes.
    pub content: Content,
}

/// Where the bytes of an [`Upload`] are.
#[derive(Debug)]
pub enum Content {
    /// In memory.
    InMemory(Bytes),
    /// In a temporary file, which is deleted with this.
    OnDisk(TempPath),
}

/// An upload equals only itself.
impl PartialEq for Upload {
    fn eq(&self, other: &Self) -> bool {
        std::ptr::eq(self, other)
    }
}

impl Upload {
    /// Whether it is what browsers send when no file was chosen.
    pub fn is_unchosen(&self) -> bool {
        self.filename.is_empty() && self.size == 0
    }

    /// The same with its bytes in memory.
    pub async fn load(upload: &Arc<Self>) -> io::Result<Self> {
        let content = match &upload.content {
            Content::InMemory(bytes) => bytes.clone(),
            Content::OnDisk(_) => {
                let upload = upload.clone();
                let read = spawn_blocking(move || match &upload.content {
                    Content::OnDisk(path) => std::fs::read(path),
                    Content::InMemory(bytes) => Ok(bytes.to_vec()),
                });
                Bytes::from(read.await.map_err(io::Error::other)??)
            }
        };
        Ok(Self {
            filename: upload.filename.clone(),
            headers: upload.headers.clone(),
            size: upload.size,
            content: Content::InMemory(content),
        })
    }

    /// What FastAPI prints of it where it is the wrong input: Python's objects, inside out.
    ///
    /// Python tries to make a dictionary of a file's lines before it looks at the file's own
    /// attributes. A file on disk is taken for one whose lines do not allow that.
    pub fn echo(&self) -> Value {
        let mut headers = IndexMap::new();
        for (name, value) in &self.headers {
            headers.entry(name.clone()).or_insert_with(|| Value::from(value.as_str()));
        }
        object([
            ("filename", Value::from(self.filename.as_str())),
            ("file", self.file_echo()),
            ("size", Value::Int(i64::try_from(self.size).unwrap_or(i64::MAX))),
            ("headers", Value::Object(headers)),
            ("_max_mem_size", MAX_MEM_SIZE),
        ])
    }

    fn file_echo(&self) -> Value {
        let mut inner = IndexMap::new();
        if let Content::InMemory(bytes) = &self.content {
            let mut lines = bytes.split_inclusive(|byte| *byte == b'\n');
            if let Some(pairs) = pairs(&mut lines) {
                return Value::Object(pairs);
            }
            inner = pairs(&mut lines).unwrap_or_default();
        }
        let rolled = self.size > MAX_IN_MEMORY as u64;
        let mut fields = vec![
            ("_file", Value::Object(inner)),
            ("_max_size", MAX_MEM_SIZE),
            ("_rolled", Value::Bool(rolled)),
        ];
        if !rolled {
            let nothing = ["suffix", "prefix", "encoding", "newline", "dir", "errors"];
            let arguments = [("mode", Value::from("w+b")), ("buffering", Value::Int(-1))];
            let arguments = arguments.into_iter().chain(nothing.map(|name| (name, Value::Null)));
            fields.push(("_TemporaryFileArgs", object(arguments)));
        }
        object(fields)
    }
}

#[allow(clippy::cast_possible_wrap, reason = "the constant is small")]
const MAX_MEM_SIZE: Value = Value::Int(MAX_IN_MEMORY as i64);

/// Python's `dict` of lines: the first byte of each to the second, if all lines have two.
fn pairs<'l>(lines: &mut impl Iterator<Item = &'l [u8]>) -> Option<IndexMap<String, Value>> {
    let mut pairs = IndexMap::new();
    for line in lines {
        let [key, value] = line else { return None };
        pairs.insert(key.to_string(), Value::Int((*value).into()));
    }
    Some(pairs)
}

/// A field of a form that is a file: small ones are in memory, large ones on disk.
///
/// As in Python it has a position: reading goes on where the last reading ended.
#[derive(Debug)]
pub struct UploadFile {
    filename: String,
    headers: Vec<(String, String)>,
    size: u64,
    handle: Handle,
}

#[derive(Debug)]
enum Handle {
    InMemory(Mutex<Cursor<Bytes>>),
    OnDisk(Arc<Mutex<File>>),
}

impl UploadFile {
    /// The name that the client gave it. It may be empty, and it may be a path: never open it.
    pub fn filename(&self) -> &str {
        &self.filename
    }

    /// What the client says it is; not checked against the content.
    pub fn content_type(&self) -> Option<&str> {
        self.header("content-type")
    }

    /// The first header of its part that has this name, in lower case.
    pub fn header(&self, name: &str) -> Option<&str> {
        let same = self.headers.iter().find(|(key, _)| key == name);
        same.map(|(_, value)| value.as_str())
    }

    /// All headers of its part, names in lower case.
    pub fn headers(&self) -> &[(String, String)] {
        &self.headers
    }

    /// How many bytes it has.
    pub fn size(&self) -> u64 {
        self.size
    }

    /// Reads all that has not been read.
    pub async fn read(&self) -> io::Result<Bytes> {
        self.read_at_most(u64::MAX).await
    }

    /// Reads the next bytes, at most this many; none at the end.
    pub async fn read_chunk(&self, at_most: usize) -> io::Result<Bytes> {
        self.read_at_most(at_most as u64).await
    }

    /// Goes to a position, counted from the start; `seek(0)` lets it be read again.
    pub async fn seek(&self, position: u64) -> io::Result<()> {
        match &self.handle {
            Handle::InMemory(cursor) => lock(cursor).set_position(position),
            Handle::OnDisk(file) => {
                let file = file.clone();
                off_the_loop(move || lock(&file).seek(SeekFrom::Start(position))).await?;
            }
        }
        Ok(())
    }

    /// Reads all that has not been read, on this thread: for handlers that are
    /// [`blocking`](super::blocking).
    pub fn read_blocking(&self) -> io::Result<Bytes> {
        match &self.handle {
            Handle::InMemory(cursor) => take(&mut *lock(cursor), u64::MAX),
            Handle::OnDisk(file) => take(&mut *lock(file), u64::MAX),
        }
    }

    async fn read_at_most(&self, at_most: u64) -> io::Result<Bytes> {
        match &self.handle {
            Handle::InMemory(cursor) => take(&mut *lock(cursor), at_most),
            Handle::OnDisk(file) => {
                let file = file.clone();
                off_the_loop(move || take(&mut *lock(&file), at_most)).await
            }
        }
    }
}

/// A file that is locked has no state that a panic could have left half changed.
fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

fn take(from: &mut impl Read, at_most: u64) -> io::Result<Bytes> {
    let mut bytes = Vec::new();
    from.take(at_most).read_to_end(&mut bytes)?;
    Ok(Bytes::from(bytes))
}

async fn off_the_loop<T: Send + 'static>(
    work: impl FnOnce() -> io::Result<T> + Send + 'static,
) -> io::Result<T> {
    spawn_blocking(work).await.map_err(io::Error::other)?
}

/// A field of a form that is all bytes of a file, or of a text; Python's `bytes = File()`.
///
/// FastAPI reads a file of any size into memory; here more than
/// [`MAX_BYTES`](super::body::MAX_BYTES) are a 413.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileBytes(pub Bytes);

impl Deref for FileBytes {
    type Target = [u8];

    fn deref(&self) -> &[u8] {
        &self.0
    }
}

macro_rules! file_schemas {
    ($($file:ident: $mark:literal),*) => {
        $(impl JsonSchema for $file {
            fn inline_schema() -> bool {
                true
            }

            fn schema_name() -> Cow<'static, str> {
                stringify!($file).into()
            }

            fn json_schema(_generator: &mut SchemaGenerator) -> Schema {
                json_schema!({"type": "string", MARK: $mark})
            }
        })*
    };
}

file_schemas!(UploadFile: "file", FileBytes: "bytes");

/// Only so that schemars can print the default of a list of files, which is empty: what is known of
/// the file, not its bytes.
impl Serialize for UploadFile {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let known =
            IndexMap::from([("filename", Some(self.filename())), ("type", self.content_type())]);
        known.serialize(serializer)
    }
}

/// Only so that schemars can print the default of a list of files, which is empty: bytes as text.
impl Serialize for FileBytes {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&String::from_utf8_lossy(self))
    }
}

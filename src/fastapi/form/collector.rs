//! From the parts of a multipart body to the fields of a form, as Starlette puts them together.
//!
//! A part with a file name is a file, any other is text. Numbers and sizes are limited here; taking
//! the body apart is `multipart`'s.

use std::io;
use std::sync::Arc;

use super::charset::Charset;
use super::multipart::{Event, RawHeader};
use super::options::Options;
use super::spool::Spool;
use super::{Field, MAX_FIELDS, MAX_FILES, MAX_TEXT, bad_request, too_large, too_many, unreadable};
use crate::body::MAX_BYTES;
use crate::error::HttpException;
use crate::text::from_latin_1;
use crate::upload::{Content, Upload};
use crate::value::Value;

/// How many bytes of small files one request may keep in memory; further ones go to the disk.
const MAX_FILES_IN_MEMORY: u64 = 32 * 1024 * 1024;

/// What has been collected so far.
pub struct Collector {
    charset: Charset,
    fields: Vec<Field>,
    part: Option<Part>,
    texts: usize,
    files: usize,
    text_bytes: usize,
    bytes_in_memory: u64,
}

/// The part that is being received.
enum Part {
    Text { name: String, data: Vec<u8> },
    File { name: String, filename: String, headers: Vec<RawHeader>, spool: Spool },
}

impl Collector {
    /// Nothing, to be read in this charset.
    pub fn new(charset: Charset) -> Self {
        Self {
            charset,
            fields: Vec::new(),
            part: None,
            texts: 0,
            files: 0,
            text_bytes: 0,
            bytes_in_memory: 0,
        }
    }

    /// Takes the next of a parser's events.
    pub async fn take(&mut self, event: Event) -> Result<(), HttpException> {
        match event {
            Event::Begin(headers) => self.begin(headers),
            Event::Data(data) => self.data(&data).await,
            Event::End => self.end().await.map_err(|_| unreadable()),
        }
    }

    /// The fields of all complete parts, in the order in which they came.
    pub fn finish(self) -> Vec<Field> {
        self.fields
    }

    fn begin(&mut self, headers: Vec<RawHeader>) -> Result<(), HttpException> {
        let disposition = headers.iter().rev().find(|(name, _)| name == b"content-disposition");
        let options = Options::parse(disposition.map(|(_, value)| value.as_slice()));
        let Some(name) = options.get("name") else {
            let detail = "The Content-Disposition header field \"name\" must be provided.";
            return Err(bad_request(detail));
        };
        let name = self.charset.decode(&name);
        let part = match options.get("filename") {
            Some(_) if self.files == MAX_FILES => return Err(too_many("files")),
            None if self.texts == MAX_FIELDS => return Err(too_many("fields")),
            Some(filename) => {
                self.files += 1;
                let filename = self.charset.decode(&filename);
                Part::File { name, filename, headers, spool: Spool::default() }
            }
            None => {
                self.texts += 1;
                Part::Text { name, data: Vec::new() }
            }
        };
        self.part = Some(part);
        Ok(())
    }

    async fn data(&mut self, more: &[u8]) -> Result<(), HttpException> {
        match &mut self.part {
            Some(Part::Text { data, .. }) => {
                if data.len() + more.len() > MAX_TEXT {
                    return Err(bad_request("Part exceeded maximum size of 1024KB."));
                }
                self.text_bytes += more.len();
                if self.text_bytes > MAX_BYTES {
                    return Err(too_large());
                }
                data.extend_from_slice(more);
                Ok(())
            }
            Some(Part::File { spool, .. }) => spool.write(more).await.map_err(|_| unreadable()),
            None => Ok(()),
        }
    }

    async fn end(&mut self) -> io::Result<()> {
        let field = match self.part.take() {
            Some(Part::Text { name, data }) => (name, Value::String(self.charset.decode(&data))),
            Some(Part::File { name, filename, headers, mut spool }) => {
                let size = spool.size();
                if !spool.is_on_disk() && self.bytes_in_memory + size > MAX_FILES_IN_MEMORY {
                    spool.flush().await?;
                }
                let content = spool.finish().await?;
                if matches!(content, Content::InMemory(_)) {
                    self.bytes_in_memory += size;
                }
                let text = |(name, value): RawHeader| (from_latin_1(&name), from_latin_1(&value));
                let headers = headers.into_iter().map(text).collect();
                (name, Value::File(Arc::new(Upload { filename, headers, size, content })))
            }
            None => return Ok(()),
        };
        self.fields.push(field);
        Ok(())
    }
}

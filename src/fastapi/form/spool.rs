//! The content of one uploaded file while it arrives: in memory, and on disk once it is large.
//!
//! The disk is written off the event loop, about a megabyte at a time, to a temporary file that is
//! deleted when nobody holds it any more.

use std::io::{self, Write};

use actix_web::rt::task::spawn_blocking;
use actix_web::web::Bytes;
use tempfile::NamedTempFile;

use crate::upload::{Content, MAX_IN_MEMORY};

/// A file that is being received.
#[derive(Default)]
pub struct Spool {
    /// What has not been written to the disk.
    pending: Vec<u8>,
    file: Option<NamedTempFile>,
    size: u64,
}

impl Spool {
    /// How many bytes have come.
    pub fn size(&self) -> u64 {
        self.size
    }

    /// Whether it is on disk.
    pub fn is_on_disk(&self) -> bool {
        self.file.is_some()
    }

    /// Keeps more of the content.
    pub async fn write(&mut self, data: &[u8]) -> io::Result<()> {
        self.size += data.len() as u64;
        self.pending.extend_from_slice(data);
        if self.pending.len() > MAX_IN_MEMORY { self.flush().await } else { Ok(()) }
    }

    /// Moves what is in memory to the disk.
    pub async fn flush(&mut self) -> io::Result<()> {
        let (file, pending) = (self.file.take(), std::mem::take(&mut self.pending));
        let written = spawn_blocking(move || {
            let mut file = file.map_or_else(NamedTempFile::new, Ok)?;
            file.write_all(&pending).map(|()| file)
        });
        self.file = Some(written.await.map_err(io::Error::other)??);
        Ok(())
    }

    /// All of the content, once it is complete.
    pub async fn finish(mut self) -> io::Result<Content> {
        if self.is_on_disk() {
            self.flush().await?;
        }
        Ok(match self.file {
            Some(file) => Content::OnDisk(file.into_temp_path()),
            None => Content::InMemory(Bytes::from(self.pending)),
        })
    }
}

//! The body of a file's reply: pieces of the file and texts between them, read as they are sent.

use std::collections::VecDeque;
use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};
use std::ops::Range;
use std::path::PathBuf;

use actix_web::rt::task::yield_now;
use actix_web::web::Bytes;
use futures_util::stream::{once, try_unfold};
use futures_util::{Stream, TryFutureExt, TryStreamExt};

use super::unblocked;

/// How much of a file is in memory at once.
const PIECE: u64 = 64 * 1024;

/// A run of the body.
pub enum Segment {
    /// These bytes of the file.
    File(Range<u64>),
    /// This text.
    Text(Bytes),
}

impl Segment {
    pub fn len(&self) -> u64 {
        match self {
            Self::File(range) => range.end - range.start,
            Self::Text(text) => text.len() as u64,
        }
    }
}

/// Streams the segments. A file that cannot be opened or has become too short is an error, which
/// cuts the reply off: its head is on its way.
pub fn file_stream(
    path: PathBuf,
    segments: Vec<Segment>,
) -> impl Stream<Item = io::Result<Bytes>> + 'static {
    let opened = on_file(move || File::open(path));
    once(opened.map_ok(|file| pieces(file, segments))).try_flatten()
}

fn pieces(file: File, segments: Vec<Segment>) -> impl Stream<Item = io::Result<Bytes>> {
    try_unfold((file, VecDeque::from(segments)), async |(file, mut segments)| {
        loop {
            match segments.pop_front() {
                None => return Ok(None),
                Some(Segment::Text(text)) => return Ok(Some((text, (file, segments)))),
                Some(Segment::File(range)) if range.is_empty() => {}
                Some(Segment::File(range)) => {
                    let start = range.start;
                    let most = PIECE.min(range.end - start);
                    let (file, piece) = on_file(move || read_piece(file, start, most)).await?;
                    segments.push_front(Segment::File(start + piece.len() as u64..range.end));
                    return Ok(Some((piece, (file, segments))));
                }
            }
        }
    })
}

/// Works on the file. An error ends the connection, so what is ready of the reply goes first.
async fn on_file<T: Send + 'static>(
    work: impl FnOnce() -> io::Result<T> + Send + 'static,
) -> io::Result<T> {
    let done = unblocked(work).await;
    if done.is_err() {
        yield_now().await;
    }
    done
}

fn read_piece(mut file: File, start: u64, most: u64) -> io::Result<(File, Bytes)> {
    file.seek(SeekFrom::Start(start))?;
    let mut piece = Vec::new();
    (&file).take(most).read_to_end(&mut piece)?;
    if piece.is_empty() {
        return Err(io::ErrorKind::UnexpectedEof.into());
    }
    Ok((file, piece.into()))
}

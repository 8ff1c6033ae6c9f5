//! The keys of a script that are about streams: `chunks`, `leave_after`, `body_pieces`, `pause_ms`.

use std::time::Duration;

use serde::Deserialize;
use toml::Spanned;

use super::source::{Checked, Source};
use crate::course::streaming::{self, Streaming};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Chunks {
    at_least: usize,
    apart_at_least_ms: Option<u64>,
    apart_at_most_ms: Option<u64>,
}

/// The keys as they are written.
pub struct Keys {
    pub chunks: Option<Spanned<Chunks>>,
    pub leave_after: Option<Spanned<usize>>,
    pub body_pieces: Option<Spanned<Vec<String>>>,
    pub pause_ms: Option<Spanned<u64>>,
}

impl Keys {
    /// What they say.
    pub fn check(self, source: &Source<'_>) -> Checked<Streaming> {
        let Self { chunks, leave_after, body_pieces, pause_ms } = self;
        if let Some(zero) = leave_after.as_ref().filter(|count| *count.get_ref() == 0) {
            return Err(source
                .mistake(zero.span(), "a client leaves after at least 1 chunk")
                .help("leave the key out for a client that stays to the end"));
        }
        if let (Some(chunks), Some(leave)) = (&chunks, &leave_after)
            && chunks.get_ref().at_least > *leave.get_ref()
        {
            let message = "the client leaves before it has so many chunks";
            return Err(source.mistake(chunks.span(), message));
        }
        if let Some(pieces) = &body_pieces
            && (pieces.get_ref().is_empty() || pieces.get_ref().iter().any(String::is_empty))
        {
            let message = "a body is sent in at least one piece, and none is empty";
            return Err(source.mistake(pieces.span(), message));
        }
        if let (Some(pause), None) = (&pause_ms, &body_pieces) {
            return Err(source
                .mistake(pause.span(), "there are no pieces to pause between")
                .help("write the body as `body_pieces = [\"…\", \"…\"]`"));
        }
        let pieces = body_pieces.map(Spanned::into_inner).unwrap_or_default();
        Ok(Streaming {
            chunks: chunks.map(|chunks| chunks.into_inner().into()),
            leave_after: leave_after.map(Spanned::into_inner),
            pieces: pieces.into_iter().map(String::into_bytes).collect(),
            pause: Duration::from_millis(pause_ms.map_or(0, Spanned::into_inner)),
        })
    }
}

impl From<Chunks> for streaming::Chunks {
    fn from(chunks: Chunks) -> Self {
        Self {
            at_least: chunks.at_least,
            apart_at_least: chunks.apart_at_least_ms.map(Duration::from_millis),
            apart_at_most: chunks.apart_at_most_ms.map(Duration::from_millis),
        }
    }
}

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

#[cfg(test)]
mod tests {
    use std::path::Path;
    use std::time::Duration;

    use crate::course::script::{Script, parse};
    use crate::course::streaming::Chunks;
    use crate::course::{Call, Diagnostic};

    fn script(keys: &str) -> Result<Script, Diagnostic> {
        let call = "[[call]]\nname = \"a\"\nrequest = \"POST /\"\nextra = \"\"\n";
        let head = "title = \"T\"\ngroup = \"G\"\ntutorial = \"Example 1\"\n";
        parse(Path::new("l.toml"), &format!("{head}{call}{keys}"))
    }

    #[test]
    fn streams_are_read_with_their_times() {
        let keys = "body_pieces = [\"a\", \"b\"]\npause_ms = 7\nleave_after = 2\nchunks = { at_least = 1, apart_at_most_ms = 9 }";
        let Call { streaming, body, .. } = script(keys).unwrap().calls.remove(0);
        assert_eq!(body.as_deref(), Some(b"ab".as_slice()));
        assert_eq!(streaming.pieces, [b"a", b"b"]);
        assert_eq!((streaming.pause, streaming.leave_after), (Duration::from_millis(7), Some(2)));
        let apart_at_most = Some(Duration::from_millis(9));
        let chunks = Chunks { at_least: 1, apart_at_least: None, apart_at_most };
        assert_eq!(streaming.chunks, Some(chunks));
    }

    #[test]
    fn keys_that_contradict_each_other_are_shown_where_they_are() {
        for (keys, place, message) in [
            ("leave_after = 0", "8:15", "at least 1"),
            ("leave_after = 1\nchunks = { at_least = 2 }", "9:10", "leaves before"),
            ("chunks = { apart_at_least_ms = 2 }", "8:10", "at_least"),
            ("pause_ms = 9", "8:12", "no pieces"),
            ("body_pieces = []", "8:15", "at least one piece"),
            ("body_pieces = [\"a\", \"\"]", "8:15", "none is empty"),
            ("body_pieces = [\"a\"]\nbody = \"a\"", "4:1", "one body"),
        ] {
            let mistake = script(keys).unwrap_err().to_string();
            assert!(mistake.starts_with(&format!("l.toml:{place}: ")), "{mistake}");
            assert!(mistake.contains(message), "{message}: {mistake}");
        }
    }
}

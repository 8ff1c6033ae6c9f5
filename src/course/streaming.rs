//! What a script says of a call's streams: how the chunks of its reply come, when the client
//! leaves, and the pieces in which its own body is sent.

use std::time::Duration;

/// The streams of a call.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Streaming {
    /// How the chunks of the reply come, if that is said.
    pub chunks: Option<Chunks>,
    /// After how many chunks the client leaves. A reply whose length is known is read to its end.
    pub leave_after: Option<usize>,
    /// The pieces in which the body is sent; none if it is sent at once.
    pub pieces: Vec<Vec<u8>>,
    /// How long the client waits before each piece but the first.
    pub pause: Duration,
}

/// How the chunks of a reply come.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Chunks {
    /// The least number of them.
    pub at_least: usize,
    /// The least time between two of them. It is counted from the request (the third chunk is not
    /// there before twice this time), because a client that was busy sees late chunks close
    /// together.
    pub apart_at_least: Option<Duration>,
    /// The most time that the client waits for one: from the request or from the one before.
    pub apart_at_most: Option<Duration>,
}

impl Streaming {
    /// How many chunks the client needs to see.
    pub fn needed(&self) -> usize {
        let said = self.chunks.as_ref().map_or(0, |chunks| chunks.at_least);
        said.max(self.leave_after.unwrap_or(0))
    }
}

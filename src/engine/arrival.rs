//! The body of a reply as it comes: a stream is judged by its times as well as by its text.

use std::time::{Duration, Instant};

use crate::course::streaming::Streaming;

/// The most of a reply that is kept, in bytes: an endless stream must not fill the memory.
const MOST_BYTES: usize = 64 * 1024 * 1024;

/// How many arrivals are kept.
const MOST_ARRIVALS: usize = 100_000;

/// A chunk of a body, as it came.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Arrival {
    /// When, from the sending of the request.
    pub at: Duration,
    /// How long it is.
    pub bytes: usize,
}

/// How the chunks of a reply do not come as the script says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Unpaced {
    /// There are fewer than this many.
    TooFew {
        /// The least number.
        bound: usize,
        /// Their number.
        came: usize,
    },
    /// One came before it was due.
    TooEarly {
        /// Which, from 1.
        chunk: usize,
        /// When it was due, from the sending of the request.
        bound: Duration,
        /// When it came.
        at: Duration,
    },
    /// One had to be waited for too long.
    TooLate {
        /// Which, from 1.
        chunk: usize,
        /// The most time.
        bound: Duration,
        /// The time since the request or the chunk before.
        waited: Duration,
    },
}

/// How chunks break what a script says of them, if they do.
pub fn unpaced(said: &Streaming, arrivals: &[Arrival]) -> Option<Unpaced> {
    let (bound, came) = (said.needed(), arrivals.len());
    if came < bound {
        return Some(Unpaced::TooFew { bound, came });
    }
    let chunks = said.chunks.as_ref()?;
    let mut before = Duration::ZERO;
    for (index, Arrival { at, .. }) in arrivals.iter().copied().enumerate() {
        let (chunk, waited) = (index + 1, at.saturating_sub(before));
        let due = chunks.apart_at_least.unwrap_or_default();
        let due = due.saturating_mul(u32::try_from(index).unwrap_or(u32::MAX));
        if at < due {
            return Some(Unpaced::TooEarly { chunk, bound: due, at });
        }
        if let Some(bound) = chunks.apart_at_most.filter(|bound| waited > *bound) {
            return Some(Unpaced::TooLate { chunk, bound, waited });
        }
        before = at;
    }
    None
}

/// A body that is coming.
pub(super) struct Coming {
    sent: Instant,
    leave_after: Option<usize>,
    bytes: Vec<u8>,
    arrivals: Vec<Arrival>,
}

impl Coming {
    /// Nothing yet of a reply to a request that was sent at this moment. The client stays to the
    /// end of a reply whose length is known.
    pub fn new(sent: Instant, said: &Streaming, has_length: bool) -> Self {
        let leave_after = said.leave_after.filter(|_| !has_length);
        Self { sent, leave_after, bytes: Vec::new(), arrivals: Vec::new() }
    }

    /// Takes a chunk and says whether the client wants more.
    pub fn take(&mut self, chunk: &[u8]) -> Result<bool, String> {
        if chunk.is_empty() {
            return Ok(true);
        }
        if self.bytes.len() + chunk.len() > MOST_BYTES {
            return Err(format!("the reply is longer than {MOST_BYTES} bytes"));
        }
        self.bytes.extend_from_slice(chunk);
        if self.arrivals.len() < MOST_ARRIVALS {
            self.arrivals.push(Arrival { at: self.sent.elapsed(), bytes: chunk.len() });
        }
        Ok(self.leave_after.is_none_or(|most| self.arrivals.len() < most))
    }

    /// What has come.
    pub fn finish(self) -> (Vec<u8>, Vec<Arrival>) {
        (self.bytes, self.arrivals)
    }
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, Instant};

    use super::{Arrival, Coming, Unpaced, unpaced};
    use crate::course::streaming::{Chunks, Streaming};

    fn ms(ms: u64) -> Duration {
        Duration::from_millis(ms)
    }

    #[test]
    fn chunks_are_held_against_their_number_and_their_times() {
        let said = Streaming {
            chunks: Some(Chunks {
                at_least: 3,
                apart_at_least: Some(ms(50)),
                apart_at_most: Some(ms(200)),
            }),
            ..Streaming::default()
        };
        for (times, expected) in [
            (&[0, 50, 100][..], None),
            // The first two were late, so the others seem close to them.
            (&[120, 121, 122, 150], None),
            (&[0, 50], Some(Unpaced::TooFew { bound: 3, came: 2 })),
            (&[0, 0, 99], Some(Unpaced::TooEarly { chunk: 2, bound: ms(50), at: ms(0) })),
            (
                &[200, 400, 601],
                Some(Unpaced::TooLate { chunk: 3, bound: ms(200), waited: ms(201) }),
            ),
            (
                &[201, 202, 203],
                Some(Unpaced::TooLate { chunk: 1, bound: ms(200), waited: ms(201) }),
            ),
        ] {
            let arrivals = times.iter().map(|at| Arrival { at: ms(*at), bytes: 1 });
            let arrivals: Vec<Arrival> = arrivals.collect();
            assert_eq!(unpaced(&said, &arrivals), expected, "{times:?}");
            assert_eq!(unpaced(&Streaming::default(), &arrivals), None);
        }
        let leaving = Streaming { leave_after: Some(2), ..Streaming::default() };
        assert_eq!(unpaced(&leaving, &[]), Some(Unpaced::TooFew { bound: 2, came: 0 }));
    }

    #[test]
    fn a_client_leaves_a_reply_of_unknown_length_after_its_chunks() {
        let said = Streaming { leave_after: Some(2), ..Streaming::default() };
        for (has_length, expected) in [(false, "ab"), (true, "abc")] {
            let mut coming = Coming::new(Instant::now(), &said, has_length);
            for chunk in ["a", "", "b", "c"] {
                if !coming.take(chunk.as_bytes()).unwrap() {
                    break;
                }
            }
            assert_eq!(coming.finish().0, expected.as_bytes());
        }
    }
}

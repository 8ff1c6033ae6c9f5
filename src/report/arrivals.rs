//! The chunks of a streamed reply: when they came, and what was wrong with that.

use crate::engine::arrival::Unpaced;
use crate::engine::{CallResult, Outcome};

/// How many times are shown one by one.
const SHOWN: usize = 10;

/// When the chunks of a reply came, if it is one whose length nobody knew before.
pub fn line(result: &CallResult) -> Option<String> {
    let Some(Outcome::Reply(reply)) = result.exchange.outcomes.first() else { return None };
    let has_length = reply.headers.iter().any(|(name, _)| name == "content-length");
    let last = reply.arrivals.last().filter(|_| !has_length)?;
    let moment = |ms: u128| format!("+{ms} ms");
    let times = reply.arrivals.iter().take(SHOWN).map(|one| moment(one.at.as_millis()));
    let mut text = times.collect::<Vec<_>>().join(", ");
    if reply.arrivals.len() > SHOWN {
        text += &format!(" … {}", moment(last.at.as_millis()));
    }
    let chunks = match reply.arrivals.len() {
        1 => "1 chunk".to_owned(),
        count => format!("{count} chunks"),
    };
    let left = match result.exchange.call.streaming.leave_after {
        Some(most) if most <= reply.arrivals.len() => ", then the client left",
        _ => "",
    };
    Some(format!("{chunks} at {text}{left}"))
}

/// A few words for the verdict on a call.
pub fn verdict(unpaced: &Unpaced) -> &'static str {
    match unpaced {
        Unpaced::TooFew { .. } => "✗ too few chunks",
        Unpaced::TooEarly { .. } => "✗ a chunk too early",
        Unpaced::TooLate { .. } => "✗ a chunk too late",
    }
}

/// What is wrong, in a sentence.
pub fn sentence(unpaced: &Unpaced) -> String {
    match unpaced {
        Unpaced::TooFew { bound, came } => {
            format!("{came} chunks came, at least {bound} are expected")
        }
        Unpaced::TooEarly { chunk, bound, at } => format!(
            "chunk {chunk} came after {} ms, at least {} ms are expected",
            at.as_millis(),
            bound.as_millis()
        ),
        Unpaced::TooLate { chunk, bound, waited } => format!(
            "chunk {chunk} had to be waited for {} ms, at most {} ms are expected",
            waited.as_millis(),
            bound.as_millis()
        ),
    }
}

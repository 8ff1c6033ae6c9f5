//! Whether a call came out as it should, and every reason why not.

use std::collections::HashMap;
use std::time::Duration;

use super::arrival::{Unpaced, unpaced};
use super::compare::{Difference, compare};
use super::transcript::{Exchange, Outcome, Reply};
use crate::course::expectation::{Expectation, Unmet};
use crate::course::mask::Place;
use crate::course::{Call, Lesson, Message, Prints};

/// The recorded replies of one lesson, by the names of its calls.
pub type Recorded = HashMap<String, Message>;

/// A call's exchange and what is to be said about it.
#[derive(Clone, Debug)]
pub struct CallResult {
    /// What happened.
    pub exchange: Exchange,
    /// The first reply as it is compared: masked and without its port.
    pub actual: Option<Message>,
    /// Everything that is not as it should be; empty for a good call.
    pub findings: Vec<Finding>,
}

impl CallResult {
    /// Whether the call came out as it should.
    pub fn is_good(&self) -> bool {
        self.findings.is_empty()
    }

    /// What the server printed for it, as it is compared, or as it is if there is no reply.
    pub fn prints(&self) -> &Prints {
        self.actual.as_ref().map_or(&self.exchange.prints, |reply| &reply.prints)
    }

    /// Whether it came out as its divergence declares, which is not as recorded.
    pub fn diverges(&self) -> bool {
        self.is_good() && self.exchange.call.diverges.is_some()
    }
}

/// One thing that is not as it should be.
#[derive(Clone, Debug, PartialEq)]
pub enum Finding {
    /// The reply is not the recorded one.
    Differs(Vec<Difference>),
    /// Nothing is recorded for this call.
    NotRecorded,
    /// The recorded reply is not what is documented, and no erratum says so.
    NotAsDocumented(Vec<Unmet>),
    /// There is an erratum, but the recorded reply is what is documented.
    ErratumNoLongerHolds,
    /// A divergence is declared, but the reply is the recorded one.
    DivergenceNoLongerHolds,
    /// A divergence is declared, and the reply is neither as recorded nor as declared.
    NotAsDiverging(Vec<Unmet>),
    /// A value that a mask covers does not look as the mask says; names the mask.
    MaskMissed(String),
    /// A handler or a task of its panicked, with this message.
    Panicked(String),
    /// The server was still busy so long after the reply.
    StillBusy(Duration),
    /// No reply came within this time, or nothing more over a socket.
    TimedOut(Duration),
    /// The connection broke before a reply came.
    Broken(String),
    /// The chunks of the reply came otherwise than the script says.
    Chunks(Unpaced),
    /// The reply came sooner than the script allows.
    TooEarly {
        /// The least time.
        bound: Duration,
        /// The time it took.
        took: Duration,
    },
    /// The reply came later than the script allows.
    TooLate {
        /// The most time.
        bound: Duration,
        /// The time it took.
        took: Duration,
    },
}

/// Judges an exchange against what is recorded and what is documented. Of a server that is not ours
/// it is not judged what it prints, and it may answer as recorded where our server does not.
pub fn judge(lesson: &Lesson, mut exchange: Exchange, recorded: &Recorded) -> CallResult {
    let call = &exchange.call;
    let recorded = recorded.get(&call.name);
    let mut findings: Vec<Finding> = match recorded {
        Some(recorded) => judge_documented(lesson, call, recorded).into_iter().collect(),
        None => vec![Finding::NotRecorded],
    };
    let silent = |recorded: &Message| Message { prints: Prints::default(), ..recorded.clone() };
    let silent = recorded.filter(|_| exchange.is_elsewhere).map(silent);
    let seen = silent.as_ref().or(recorded);
    let mut shown = None;
    for outcome in &exchange.outcomes {
        let (actual, found) = judge_outcome(&exchange, outcome, seen);
        shown = shown.or(actual);
        if !found.is_empty() {
            findings.extend(found);
            break;
        }
    }
    findings.splice(0..0, exchange.panics.iter().cloned().map(Finding::Panicked));
    findings.extend(exchange.still_busy.map(Finding::StillBusy));
    findings.extend(judge_time(call, exchange.took));
    if let (true, Some(seen), Some(shown)) = (exchange.is_elsewhere, seen, &shown)
        && compare(seen, shown).is_empty()
    {
        exchange.call.diverges = None;
    }
    CallResult { exchange, actual: shown, findings }
}

fn judge_documented(lesson: &Lesson, call: &Call, recorded: &Message) -> Option<Finding> {
    let unmet = call.expect.as_ref()?.unmet(recorded);
    match (lesson.erratum(&call.name), unmet.is_empty()) {
        (None, true) | (Some(_), false) => None,
        (None, false) => Some(Finding::NotAsDocumented(unmet)),
        (Some(_), true) => Some(Finding::ErratumNoLongerHolds),
    }
}

fn judge_outcome(
    exchange: &Exchange,
    outcome: &Outcome,
    recorded: Option<&Message>,
) -> (Option<Message>, Vec<Finding>) {
    let call = &exchange.call;
    let reply = match outcome {
        Outcome::Reply(reply) => reply,
        Outcome::TimedOut => return (None, vec![Finding::TimedOut(call.timeout)]),
        Outcome::Broken(cause) => return (None, vec![Finding::Broken(cause.clone())]),
    };
    let (actual, mut findings) = masked(exchange, reply);
    findings.extend(unpaced(&call.streaming, &reply.arrivals).map(Finding::Chunks));
    if reply.is_silent() {
        findings.push(Finding::TimedOut(call.timeout));
    }
    if let Some(recorded) = recorded {
        let differences = compare(recorded, &actual);
        match &call.diverges {
            None if differences.is_empty() => {}
            None => findings.push(Finding::Differs(differences)),
            Some((_, claim)) if exchange.is_elsewhere => {
                let claim = claim.clone().without_prints();
                let is_ours = differences.is_empty() || claim.unmet(&actual).is_empty();
                findings.extend((!is_ours).then_some(Finding::Differs(differences)));
            }
            Some((_, claim)) => findings.extend(judge_divergence(claim, &actual, &differences)),
        }
    }
    (Some(actual), findings)
}

fn judge_divergence(
    claim: &Expectation,
    actual: &Message,
    differences: &[Difference],
) -> Option<Finding> {
    if differences.is_empty() {
        return Some(Finding::DivergenceNoLongerHolds);
    }
    let unmet = claim.unmet(actual);
    (!unmet.is_empty()).then_some(Finding::NotAsDiverging(unmet))
}

fn judge_time(call: &Call, took: Duration) -> Option<Finding> {
    match (call.at_least, call.at_most) {
        (Some(bound), _) if took < bound => Some(Finding::TooEarly { bound, took }),
        (_, Some(bound)) if took > bound => Some(Finding::TooLate { bound, took }),
        _ => None,
    }
}

/// A reply of an exchange as it is recorded and compared, with what was printed: the server's own
/// address and volatile values replaced.
pub fn masked(exchange: &Exchange, reply: &Reply) -> (Message, Vec<Finding>) {
    let status = (reply.status, reply.reason.as_str());
    let mut message = match reply.lines.as_slice() {
        [] => Message::new(status, reply.headers.clone(), &reply.body),
        lines => Message::of_socket(status, reply.headers.clone(), lines),
    };
    message.interim.clone_from(&reply.interim);
    message.prints.clone_from(&exchange.prints);
    let values = message.headers.iter_mut().map(|(_, value)| value);
    for text in values.chain([&mut message.body]).chain(message.prints.lines_mut()) {
        if text.contains(&exchange.base_url) {
            *text = text.replace(&exchange.base_url, "{server}");
        }
    }
    let unseen = |place: &Place| exchange.is_elsewhere && *place == Place::Printed;
    let masks = exchange.call.masks.iter().filter(|mask| !unseen(&mask.place));
    let missed = masks.filter(|mask| !mask.cover(&mut message));
    let missed = missed.map(|mask| Finding::MaskMissed(mask.name.clone())).collect();
    (message, missed)
}

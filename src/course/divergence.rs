//! Where the Rust side deliberately answers differently from FastAPI: the whole list.
//!
//! A call names its divergence and what the Rust server answers instead; the snapshot still holds
//! what FastAPI answers. The fewer rows the better.

use super::message::Message;

/// A deliberate difference.
#[derive(Clone, Copy, Debug)]
pub struct Divergence {
    /// The name by which scripts refer to it.
    pub name: &'static str,
    /// Why it exists, shown to learners.
    pub reason: &'static str,
    /// Whether it explains why FastAPI's answer and ours differ.
    pub explains: fn(&Message, &Message) -> bool,
}

impl PartialEq for Divergence {
    fn eq(&self, other: &Self) -> bool {
        self.name == other.name
    }
}

/// All deliberate differences.
pub const ALL: &[Divergence] = &[
    Divergence {
        name: "64-bit-integers",
        reason: "an integer is an i64 here, and larger ones are refused; Python's integers have no \
             such limit up to 4300 digits",
        explains: |reference, actual| {
            refusals(actual, "int_parsing_size") > refusals(reference, "int_parsing_size")
        },
    },
    Divergence {
        name: "eager-continue",
        reason: "actix-web answers `Expect: 100-continue` with 100 once it has read the headers; \
                 uvicorn does so when the application asks for the body, and else not at all",
        explains: |reference, actual| {
            let codes = (reference.interim_codes(), actual.interim_codes());
            let without = Message { interim: reference.interim.clone(), ..actual.clone() };
            codes == (Vec::new(), vec![100]) && without == *reference
        },
    },
];

/// How many errors of this type a 422 lists.
fn refusals(reply: &Message, kind: &str) -> usize {
    let json = reply.json().unwrap_or_default();
    json["detail"]
        .as_array()
        .map_or(0, |rows| rows.iter().filter(|row| row["type"] == kind).count())
}

/// The divergence of this name.
pub fn find(name: &str) -> Option<&'static Divergence> {
    ALL.iter().find(|divergence| divergence.name == name)
}

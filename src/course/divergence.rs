//! Where the Rust side deliberately answers differently from FastAPI: the whole list.
//!
//! A call names its divergence and what the Rust server answers instead; the snapshot still holds
//! what FastAPI answers. The fewer rows the better.

/// A deliberate difference.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Divergence {
    /// The name by which scripts refer to it.
    pub name: &'static str,
    /// Why it exists, shown to learners.
    pub reason: &'static str,
}

/// All deliberate differences.
pub const ALL: &[Divergence] = &[Divergence {
    name: "64-bit-integers",
    reason: "an integer is an i64 here, and larger ones are refused; Python's integers have no \
             such limit up to 4300 digits",
}];

/// The divergence of this name.
pub fn find(name: &str) -> Option<&'static Divergence> {
    ALL.iter().find(|divergence| divergence.name == name)
}

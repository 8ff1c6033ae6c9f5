//! [`Lifespan`]: what an application has from its start to its end, FastAPI's `lifespan`.
//!
//! A function is called when a server starts, before the first request. What it leaves as state is
//! for the handlers; what it keeps is dropped once the server has stopped.

use std::any::Any;
use std::io;

use super::state::States;

/// What is there while a server runs.
pub struct Lifespan {
    states: States,
    kept: Kept,
}

/// Makes ready what an application needs, or says why it cannot start.
pub(super) type Start = Box<dyn FnOnce(&mut Lifespan) -> io::Result<()> + Send>;

impl Lifespan {
    pub(super) fn new(states: States) -> Self {
        Self { states, kept: Kept::default() }
    }

    /// Shares a value with all handlers that ask for `State<T>`; one value a type.
    pub fn state<T: Any + Send + Sync>(&mut self, state: T) {
        self.states.insert(state);
    }

    /// Keeps a value until the server has stopped. The last one is dropped first.
    pub fn keep<T: Any + Send>(&mut self, value: T) {
        self.kept.0.push(Box::new(value));
    }

    pub(super) fn into_parts(self) -> (States, Kept) {
        (self.states, self.kept)
    }
}

/// Values that are dropped with their server, the last one first.
#[derive(Default)]
pub(super) struct Kept(Vec<Box<dyn Any + Send>>);

impl Drop for Kept {
    fn drop(&mut self) {
        while self.0.pop().is_some() {}
    }
}

//! Where a server prints: Python's `print` and traceback, without a global stdout.
//!
//! A server is given a [`Console`] when it starts; handlers ask for it as an argument. Who listens
//! decides whether the lines are shown, captured or dropped.

use std::sync::Arc;

/// Something a running server printed.
#[derive(Clone, Debug, PartialEq)]
pub enum Printed {
    /// A line that the application printed.
    Line(String),
    /// A reply that could not be produced, as the server's log would tell it.
    Fault(String),
    /// A handler that panicked.
    Panic(String),
}

/// A cheap handle on the place where one server prints.
#[derive(Clone)]
pub struct Console(Arc<dyn Fn(Printed) + Send + Sync>);

impl Console {
    /// A console that hands each line to `listener`, in the order of printing.
    pub fn new(listener: impl Fn(Printed) + Send + Sync + 'static) -> Self {
        Self(Arc::new(listener))
    }

    /// Prints one line.
    pub fn print(&self, line: impl Into<String>) {
        (self.0)(Printed::Line(line.into()));
    }

    /// Tells that a handler panicked.
    pub fn panic(&self, message: impl Into<String>) {
        (self.0)(Printed::Panic(message.into()));
    }

    /// Tells that a reply could not be produced.
    pub fn fault(&self, message: impl Into<String>) {
        (self.0)(Printed::Fault(message.into()));
    }
}

//! Where a server prints: Python's `print` and traceback, without a global stdout.
//!
//! A server is given a [`Console`] when it starts; handlers ask for it as an argument. Who listens
//! decides whether the lines are shown, captured or dropped.

use std::any::Any;
use std::future::{Ready, ready};
use std::sync::Arc;

use actix_web::dev::Payload;
use actix_web::error::ErrorInternalServerError;
use actix_web::{FromRequest, HttpRequest};

/// Something a running server printed.
#[derive(Clone, Debug, PartialEq)]
pub enum Printed {
    /// A line that the application printed.
    Line(String),
    /// A reply that could not be produced, as the server's log would tell it.
    Fault(String),
    /// A handler, or a task of its, that panicked.
    Panic(String),
    /// The handler of a socket that failed, which its client cannot see: with the code of the
    /// client's leave if that was not expected, and the reason as the server's log would tell it.
    Failed(Option<u16>, String),
    /// No line: a reply has been written to its connection, and tasks may follow.
    Replied,
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

    /// Tells that a reply has been written.
    pub(super) fn replied(&self) {
        (self.0)(Printed::Replied);
    }

    /// Tells that a handler panicked.
    pub fn panic(&self, message: impl Into<String>) {
        (self.0)(Printed::Panic(message.into()));
    }

    /// Tells that the handler of a socket has failed.
    pub(super) fn failed(&self, code: Option<u16>, message: impl Into<String>) {
        (self.0)(Printed::Failed(code, message.into()));
    }

    /// Tells that a reply could not be produced.
    pub fn fault(&self, message: impl Into<String>) {
        (self.0)(Printed::Fault(message.into()));
    }
}

/// The words of a panic.
pub(super) fn panic_message(panic: &(dyn Any + Send)) -> String {
    let text = panic.downcast_ref::<&str>().map(|text| (*text).to_owned());
    let text = text.or_else(|| panic.downcast_ref::<String>().cloned());
    text.unwrap_or_else(|| "no message".to_owned())
}

/// Middleware gets the console of its server in the same way as handlers do.
impl FromRequest for Console {
    type Error = actix_web::Error;
    type Future = Ready<Result<Self, Self::Error>>;

    fn from_request(request: &HttpRequest, _payload: &mut Payload) -> Self::Future {
        let console = request.app_data::<Self>().cloned();
        ready(console.ok_or_else(|| ErrorInternalServerError("the server has no console")))
    }
}

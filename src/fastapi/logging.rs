//! Logging with [tracing](https://docs.rs/tracing): each server has a subscriber of its own, which
//! writes to the server's console.
//!
//! Nothing is installed for the whole process, so that servers can run side by side. What a
//! request logs finds its subscriber and span also in threads and in tasks after the reply.

use std::io::{self, Write};
use std::pin::Pin;
use std::task;

use actix_web::body::{BodySize, BoxBody, MessageBody};
use actix_web::web::Bytes;
use tracing::dispatcher::{self, Dispatch};
use tracing::instrument::WithSubscriber;
use tracing::{Instrument, Span};
use tracing_subscriber::fmt::MakeWriter;

use super::console::Console;

/// Makes the subscriber of a server that has this console.
pub(super) type Subscribe = Box<dyn FnOnce(Console) -> Dispatch + Send>;

/// Where the lines of whoever runs now belong: a subscriber, and a span in it.
#[derive(Clone)]
pub(super) struct Context {
    subscriber: Dispatch,
    span: Span,
}

impl Context {
    pub fn current() -> Self {
        Self { subscriber: dispatcher::get_default(Clone::clone), span: Span::current() }
    }

    /// At the start of a request, where there is no span yet.
    pub fn of(subscriber: &Dispatch) -> Self {
        Self { subscriber: subscriber.clone(), span: Span::none() }
    }

    /// Calls a function here.
    pub fn enter<T>(&self, function: impl FnOnce() -> T) -> T {
        dispatcher::with_default(&self.subscriber, || self.span.in_scope(function))
    }

    /// The future, always polled here.
    pub fn around<F: Future>(self, future: F) -> impl Future<Output = F::Output> {
        future.instrument(self.span).with_subscriber(self.subscriber)
    }

    /// The body, always written here.
    pub fn body(self, body: BoxBody) -> BoxBody {
        BoxBody::new(Logging { body, context: self })
    }
}

/// A body that may log while it is written.
struct Logging {
    body: BoxBody,
    context: Context,
}

impl MessageBody for Logging {
    type Error = <BoxBody as MessageBody>::Error;

    fn size(&self) -> BodySize {
        self.body.size()
    }

    fn poll_next(
        self: Pin<&mut Self>,
        context: &mut task::Context<'_>,
    ) -> task::Poll<Option<Result<Bytes, Self::Error>>> {
        let Self { body, context: logging } = self.get_mut();
        logging.enter(|| Pin::new(body).poll_next(context))
    }
}

/// A subscriber writes its lines to the console.
impl<'a> MakeWriter<'a> for Console {
    type Writer = LineWriter;

    fn make_writer(&'a self) -> LineWriter {
        LineWriter { console: self.clone(), line: Vec::new() }
    }
}

/// Collects one line, or what is written as one, and prints it when dropped.
pub struct LineWriter {
    console: Console,
    line: Vec<u8>,
}

impl Write for LineWriter {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.line.extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Drop for LineWriter {
    fn drop(&mut self) {
        if !self.line.is_empty() {
            let line = self.line.strip_suffix(b"\n").unwrap_or(&self.line);
            self.console.print(String::from_utf8_lossy(line));
        }
    }
}

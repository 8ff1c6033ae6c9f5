//! A stream as the body of a reply: what must not reach the wire, and what must not stop a server.

use std::error::Error;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::Pin;
use std::task::{Context, Poll};

use actix_web::body::{BodySize, MessageBody};
use actix_web::web::Bytes;
use futures_util::StreamExt;
use futures_util::stream::BoxStream;

use crate::console::{Console, panic_message};
use crate::reply::Fault;

/// The chunks of a stream. An error or a panic in it cuts the reply off.
pub struct Streamed {
    chunks: BoxStream<'static, Result<Bytes, Fault>>,
    size: BodySize,
    console: Console,
    /// What has gone wrong, until the connection may know of it.
    failed: Option<Fault>,
}

impl Streamed {
    /// The body of these chunks; of a declared size only so much is sent.
    pub fn new(
        chunks: BoxStream<'static, Result<Bytes, Fault>>,
        size: BodySize,
        console: Console,
    ) -> Self {
        Self { chunks, size, console, failed: None }
    }

    /// The next chunk, or what has gone wrong, of which the console is told.
    fn poll_chunk(&mut self, context: &mut Context<'_>) -> Poll<Option<Result<Bytes, Fault>>> {
        let polled = catch_unwind(AssertUnwindSafe(|| self.chunks.poll_next_unpin(context)));
        match polled {
            Ok(Poll::Ready(Some(Err(fault)))) => {
                self.console.fault(fault.to_string());
                Poll::Ready(Some(Err(fault)))
            }
            Ok(polled) => polled,
            Err(panic) => {
                let message = panic_message(panic.as_ref());
                self.console.panic(&message);
                Poll::Ready(Some(Err(Fault(message))))
            }
        }
    }
}

impl MessageBody for Streamed {
    type Error = Box<dyn Error>;

    fn size(&self) -> BodySize {
        self.size
    }

    fn poll_next(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Bytes, Self::Error>>> {
        let this = self.get_mut();
        if let Some(fault) = this.failed.take() {
            return Poll::Ready(Some(Err(fault.into())));
        }
        match this.poll_chunk(context) {
            // On the wire an empty chunk would be the end. The next one is asked for in the next
            // round, so that a stream of nothing else does not keep the event loop to itself.
            Poll::Ready(Some(Ok(chunk))) if chunk.is_empty() => {
                context.waker().wake_by_ref();
                Poll::Pending
            }
            Poll::Ready(Some(Ok(chunk))) => Poll::Ready(Some(Ok(chunk))),
            // An error ends the connection at once, so what is ready of the reply goes first.
            Poll::Ready(Some(Err(fault))) => {
                this.failed = Some(fault);
                context.waker().wake_by_ref();
                Poll::Pending
            }
            Poll::Ready(None) => Poll::Ready(None),
            Poll::Pending => Poll::Pending,
        }
    }
}

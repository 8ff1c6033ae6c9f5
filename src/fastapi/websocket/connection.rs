//! Reads and writes one connection until it ends. What follows from what, `wire` says.

use actix_web::web::{Bytes, Payload};
use futures_util::StreamExt;
use tokio::sync::{mpsc, oneshot};
use tokio::time::{Instant, sleep_until};

use super::message::{Incoming, Outgoing};
use super::wire::Wire;
use crate::activity::Stopping;

/// An open connection and its handler.
pub(super) struct Connection {
    /// What the client sends.
    pub payload: Payload,
    /// What the client gets; the connection is closed as soon as this is dropped.
    pub body: mpsc::Sender<Bytes>,
    /// What the handler gets.
    pub incoming: mpsc::Sender<Incoming>,
    /// What the handler sends.
    pub outgoing: mpsc::Receiver<Outgoing>,
    /// Comes when the handler has ended.
    pub handler: oneshot::Receiver<()>,
    /// Comes when the server stops.
    pub stopping: Stopping,
}

/// Something that has happened.
enum Happened {
    CanWrite,
    NobodyHears,
    CanDeliver,
    Read(Option<Bytes>),
    Send(Option<Outgoing>),
    HandlerEnded,
    Deadline,
    Lost,
    Stopping,
}

impl Connection {
    /// Runs until the client has got everything and the handler knows it.
    pub async fn run(mut self) {
        let mut wire = Wire::new(Instant::now());
        let mut has_handler = true;
        while !wire.has_ended() {
            match self.next(&wire, has_handler).await {
                Happened::CanWrite => self.write(&mut wire),
                Happened::NobodyHears => wire.to_client.clear(),
                Happened::CanDeliver => self.deliver(&mut wire),
                Happened::Read(Some(bytes)) => wire.received(&bytes, Instant::now()),
                Happened::Send(Some(outgoing)) => wire.send(outgoing, Instant::now()),
                Happened::HandlerEnded => {
                    has_handler = false;
                    self.send_the_rest(&mut wire).await;
                    wire.handler_ended();
                }
                Happened::Deadline => wire.tick(Instant::now()),
                Happened::Stopping => wire.stop(),
                Happened::Read(None) | Happened::Lost | Happened::Send(None) => wire.lost(),
            }
            if !wire.is_open() {
                // From now on the handler learns that it cannot send.
                self.outgoing.close();
            }
        }
        self.finish(wire, has_handler).await;
    }

    async fn next(&mut self, wire: &Wire, has_handler: bool) -> Happened {
        let Self { payload, body, incoming, outgoing, handler, stopping } = self;
        // The place for a message comes first: what was taken out cannot be put back.
        let to_send = async {
            let is_heard = body.reserve().await.is_ok();
            let outgoing = outgoing.recv().await;
            if is_heard { Happened::Send(outgoing) } else { Happened::Lost }
        };
        // What the client has sent before it left is still to be read.
        let has_all = wire.to_handler.is_empty() && wire.to_client.is_empty();
        tokio::select! {
            biased;
            place = body.reserve(), if !wire.to_client.is_empty() => {
                if place.is_ok() { Happened::CanWrite } else { Happened::NobodyHears }
            }
            place = incoming.reserve(), if !wire.to_handler.is_empty() => {
                // A handler without its socket has no use for messages.
                drop(place);
                Happened::CanDeliver
            }
            happened = to_send, if wire.is_open() && wire.to_client.is_empty() => happened,
            _ = handler, if has_handler => Happened::HandlerEnded,
            chunk = payload.next(), if wire.can_read() => {
                Happened::Read(chunk.and_then(Result::ok))
            }
            () = body.closed(), if has_all => Happened::Lost,
            () = stopping.come() => Happened::Stopping,
            () = sleep_until(wire.deadline()) => Happened::Deadline,
        }
    }

    fn write(&self, wire: &mut Wire) {
        if let (Some(frame), Ok(place)) = (wire.to_client.pop_front(), self.body.try_reserve()) {
            place.send(frame);
        }
    }

    fn deliver(&self, wire: &mut Wire) {
        if let Some(message) = wire.to_handler.pop_front() {
            // There is room, or nobody left to read it.
            let _ = self.incoming.try_send(message);
        }
    }

    /// What the handler has sent before it ended goes out.
    async fn send_the_rest(&mut self, wire: &mut Wire) {
        self.outgoing.close();
        while let Some(outgoing) = self.outgoing.recv().await {
            if wire.is_open() {
                wire.send(outgoing, Instant::now());
            }
        }
    }

    async fn finish(self, mut wire: Wire, has_handler: bool) {
        let Self { body, incoming, handler, .. } = self;
        for frame in wire.to_client.drain(..) {
            if body.send(frame).await.is_err() {
                break;
            }
        }
        drop(body);
        if !has_handler {
            return;
        }
        let deliver = async {
            for message in wire.to_handler.drain(..) {
                if incoming.send(message).await.is_err() {
                    break;
                }
            }
        };
        tokio::select! {
            () = deliver => {}
            _ = handler => {}
        }
    }
}

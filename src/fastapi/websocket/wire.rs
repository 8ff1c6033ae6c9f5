//! What follows from what happens to a connection, without any I/O: frames to write, messages for
//! the handler, and the end. The rules are those of uvicorn.

use std::collections::VecDeque;
use std::time::Duration;

use actix_web::web::Bytes;
use tokio::time::Instant;

use super::message::{Incoming, Message, Outgoing, WebSocketDisconnect};
use super::protocol::{self, Event, Failure, Protocol};

/// How often a client is asked whether it is still there.
const PING_EVERY: Duration = Duration::from_secs(20);

/// How long it may take to say so.
const PONG_WITHIN: Duration = Duration::from_secs(20);

/// How long a client may take to answer a close frame.
const CLOSE_WITHIN: Duration = Duration::from_secs(10);

/// The state of a connection.
#[derive(Debug)]
pub(super) struct Wire {
    protocol: Protocol,
    phase: Phase,
    ping: Ping,
    /// Frames to be written, in order.
    pub to_client: VecDeque<Bytes>,
    /// What the handler is to receive, in order.
    pub to_handler: VecDeque<Incoming>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Phase {
    /// Messages go both ways.
    Open,
    /// Our close frame is out; the client may answer it until then.
    Closing(Instant),
    /// Nothing is read any more; what is to be written is the last.
    Ended,
}

#[derive(Clone, Copy, Debug)]
enum Ping {
    /// The next one is sent then.
    Due(Instant),
    /// One with this payload was sent, and may be answered until then.
    Sent { payload: [u8; 4], at: Instant, until: Instant },
}

impl Wire {
    /// A connection that has just been opened.
    pub fn new(now: Instant) -> Self {
        Self {
            protocol: Protocol::default(),
            phase: Phase::Open,
            ping: Ping::Due(now + PING_EVERY),
            to_client: VecDeque::new(),
            to_handler: VecDeque::new(),
        }
    }

    /// Whether the handler's messages can be sent.
    pub fn is_open(&self) -> bool {
        self.phase == Phase::Open
    }

    /// Whether there is nothing left to wait for.
    pub fn has_ended(&self) -> bool {
        self.phase == Phase::Ended
    }

    /// Whether more may be read: not before the handler has got what there is, and the client its
    /// answers, so that neither makes the other's queue grow.
    pub fn can_read(&self) -> bool {
        match self.phase {
            Phase::Open => self.to_handler.is_empty() && self.to_client.is_empty(),
            Phase::Closing(_) => self.to_client.is_empty(),
            Phase::Ended => false,
        }
    }

    /// When `tick` is to be called next.
    pub fn deadline(&self) -> Instant {
        match (self.phase, self.ping) {
            (Phase::Closing(until), _) | (_, Ping::Due(until) | Ping::Sent { until, .. }) => until,
        }
    }

    /// Bytes have come from the client.
    pub fn received(&mut self, bytes: &[u8], now: Instant) {
        self.protocol.feed(bytes);
        let mut events = Vec::new();
        let failure = loop {
            match self.protocol.next() {
                Ok(Some(event)) => {
                    let is_last = matches!(event, Event::Close { .. });
                    events.push(event);
                    // After a close frame everything is ignored.
                    if is_last {
                        break None;
                    }
                }
                Ok(None) => break None,
                Err(failure) => break Some(failure),
            }
        };
        let pings = events.iter().filter_map(|event| match event {
            Event::Ping(payload) => Some(protocol::frame(protocol::PONG, payload)),
            _ => None,
        });
        self.to_client.extend(pings);
        match failure {
            // What came in one piece with it is not delivered.
            Some(failure) => self.fail(failure),
            None => events.into_iter().for_each(|event| self.event(event, now)),
        }
    }

    fn event(&mut self, event: Event, now: Instant) {
        match (event, self.phase) {
            (_, Phase::Ended)
            | (Event::Ping(_), _)
            | (Event::Message { .. }, Phase::Closing(_)) => {}
            (Event::Pong(payload), _) => self.pong(&payload, now),
            (Event::Message { is_text, data }, Phase::Open) => self.message(is_text, &data),
            (Event::Close { code, reason, payload }, Phase::Open) => {
                self.end(protocol::close_echo(&payload), code, reason);
            }
            (Event::Close { .. }, Phase::Closing(_)) => self.phase = Phase::Ended,
        }
    }

    fn message(&mut self, is_text: bool, data: &[u8]) {
        let message = match (is_text, str::from_utf8(data)) {
            (false, _) => Message::Bytes(data.to_vec()),
            (true, Ok(text)) => Message::Text(text.to_owned()),
            (true, Err(_)) => return self.fail(Failure { code: 1007, reason: String::new() }),
        };
        self.to_handler.push_back(Incoming::Message(message));
    }

    fn pong(&mut self, payload: &[u8], now: Instant) {
        if let Ping::Sent { payload: asked, at, .. } = self.ping
            && payload == asked
        {
            self.ping = Ping::Due((at + PING_EVERY).max(now));
        }
    }

    /// Closes at once, without waiting for an answer.
    fn fail(&mut self, failure: Failure) {
        let Failure { code, reason } = failure;
        match protocol::close_frame(code, &reason) {
            Ok(frame) if self.is_open() => self.end(frame, code, reason),
            _ => self.disconnected(code, reason),
        }
    }

    fn end(&mut self, frame: Bytes, code: u16, reason: String) {
        self.to_client.push_back(frame);
        self.disconnected(code, reason);
    }

    fn disconnected(&mut self, code: u16, reason: String) {
        let disconnect = WebSocketDisconnect { code, reason };
        self.to_handler.push_back(Incoming::Disconnect(disconnect));
        self.phase = Phase::Ended;
    }

    /// The handler sends something, which is only asked for while the connection is open.
    pub fn send(&mut self, outgoing: Outgoing, now: Instant) {
        let frame = match outgoing {
            Outgoing::Message(Message::Text(text)) => {
                protocol::frame(protocol::TEXT, text.as_bytes())
            }
            Outgoing::Message(Message::Bytes(bytes)) => protocol::frame(protocol::BINARY, &bytes),
            Outgoing::Close { frame, disconnect } => {
                self.to_handler.push_back(Incoming::Disconnect(disconnect));
                self.phase = Phase::Closing(now + CLOSE_WITHIN);
                frame
            }
        };
        self.to_client.push_back(frame);
    }

    /// The client has gone without a close frame.
    pub fn lost(&mut self) {
        self.to_client.clear();
        if !self.has_ended() {
            self.disconnected(1005, String::new());
        }
    }

    /// The handler has returned: a connection that it has not closed just ends.
    pub fn handler_ended(&mut self) {
        if self.is_open() {
            self.phase = Phase::Ended;
        }
    }

    /// The server stops: it may be back soon, says 1012.
    pub fn stop(&mut self) {
        self.fail(Failure { code: 1012, reason: String::new() });
    }

    /// The deadline has come.
    pub fn tick(&mut self, now: Instant) {
        if now < self.deadline() {
            return;
        }
        match (self.phase, self.ping) {
            (Phase::Ended, _) => {}
            (Phase::Closing(_), _) => self.phase = Phase::Ended,
            (Phase::Open, Ping::Due(_)) => {
                let payload = fastrand::u32(..).to_be_bytes();
                self.to_client.push_back(protocol::frame(protocol::PING, &payload));
                self.ping = Ping::Sent { payload, at: now, until: now + PONG_WITHIN };
            }
            (Phase::Open, Ping::Sent { .. }) => {
                let frame = protocol::close_frame(1011, "keepalive ping timeout");
                self.to_client.extend(frame);
                self.disconnected(1005, String::new());
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn disconnect(code: u16, reason: &str) -> Incoming {
        Incoming::Disconnect(WebSocketDisconnect { code, reason: reason.to_owned() })
    }

    fn text(text: &str) -> Outgoing {
        Outgoing::Message(Message::Text(text.to_owned()))
    }

    /// What has piled up for the client and for the handler.
    fn queued(wire: &mut Wire) -> (Vec<Bytes>, Vec<Incoming>) {
        (wire.to_client.drain(..).collect(), wire.to_handler.drain(..).collect())
    }

    /// A frame of a client; its mask changes nothing.
    fn masked(opcode: u8, payload: &[u8]) -> Vec<u8> {
        let length = u8::try_from(payload.len()).unwrap();
        [&[0x80 | opcode, 0x80 | length, 0, 0, 0, 0], payload].concat()
    }

    #[test]
    fn a_client_that_answers_its_pings_is_asked_every_20_seconds() {
        let start = Instant::now();
        let mut wire = Wire::new(start);
        for (asked, answered) in [(20, 23), (40, 40), (60, 61)] {
            let asked = start + Duration::from_secs(asked);
            assert_eq!(wire.deadline(), asked);
            wire.tick(asked - Duration::from_millis(1));
            assert_eq!(queued(&mut wire), (vec![], vec![]));
            wire.tick(asked);
            let (frames, _) = queued(&mut wire);
            assert_eq!((frames.len(), frames[0].len(), frames[0][0]), (1, 6, 0x89));
            let now = start + Duration::from_secs(answered);
            wire.received(&masked(protocol::PONG, b"stale"), now);
            assert_eq!(wire.deadline(), asked + PONG_WITHIN);
            wire.received(&masked(protocol::PONG, &frames[0][2..]), now);
        }
        assert!(wire.is_open());
    }

    #[test]
    fn a_client_that_does_not_answer_its_ping_is_left_with_1011() {
        let start = Instant::now();
        let mut wire = Wire::new(start);
        wire.tick(start + PING_EVERY);
        queued(&mut wire);
        wire.tick(start + PING_EVERY + PONG_WITHIN);
        let frame = protocol::close_frame(1011, "keepalive ping timeout").unwrap();
        assert_eq!(queued(&mut wire), (vec![frame], vec![disconnect(1005, "")]));
        assert!(wire.has_ended());
    }

    #[test]
    fn a_close_frame_of_ours_is_answered_within_10_seconds_or_not_at_all() {
        let start = Instant::now();
        let frame = protocol::close_frame(4000, "why").unwrap();
        let close = |wire: &mut Wire| {
            let left = WebSocketDisconnect { code: 4000, reason: "why".to_owned() };
            wire.send(Outgoing::Close { frame: frame.clone(), disconnect: left }, start);
            assert_eq!(queued(wire), (vec![frame.clone()], vec![disconnect(4000, "why")]));
            assert!(!wire.is_open() && !wire.has_ended() && wire.can_read());
        };
        let mut wire = Wire::new(start);
        close(&mut wire);
        wire.handler_ended();
        wire.tick(wire.deadline() - Duration::from_millis(1));
        assert!(!wire.has_ended());
        wire.tick(start + CLOSE_WITHIN);
        assert!(wire.has_ended());

        let mut wire = Wire::new(start);
        close(&mut wire);
        wire.received(&masked(protocol::TEXT, b"ignored"), start);
        wire.received(&protocol_close(), start);
        assert!(wire.has_ended());
        assert_eq!(queued(&mut wire), (vec![], vec![]));
    }

    fn protocol_close() -> Vec<u8> {
        masked(0x8, &1000_u16.to_be_bytes())
    }

    #[test]
    fn a_client_that_vanishes_is_told_to_the_handler_once() {
        let start = Instant::now();
        let mut wire = Wire::new(start);
        wire.send(text("never written"), start);
        wire.lost();
        wire.lost();
        assert_eq!(queued(&mut wire), (vec![], vec![disconnect(1005, "")]));
        let mut wire = Wire::new(start);
        wire.received(&protocol_close(), start);
        wire.lost();
        assert_eq!(queued(&mut wire).1, [disconnect(1000, "")]);
    }

    #[test]
    fn nothing_is_read_before_everything_has_got_to_where_it_goes() {
        let start = Instant::now();
        let mut wire = Wire::new(start);
        assert!(wire.can_read());
        wire.received(&masked(protocol::TEXT, b"a"), start);
        assert!(!wire.can_read());
        queued(&mut wire);
        wire.received(&masked(protocol::PING, b"a"), start);
        assert!(!wire.can_read());
        queued(&mut wire);
        assert!(wire.can_read());
    }
}

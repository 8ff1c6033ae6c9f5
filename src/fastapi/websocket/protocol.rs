//! RFC 6455 without any I/O: frames from bytes and bytes from frames. What breaks the protocol is
//! told in the words of the Python package `websockets`, because they are sent to the client.

use std::str::Utf8Error;

use actix_web::web::{Bytes, BytesMut};

/// The largest message, in bytes.
const MAX_SIZE: u64 = 16 * 1024 * 1024;

/// The most bytes that a control frame may hold.
const MAX_CONTROL: u64 = 125;

const CONTINUATION: u8 = 0x0;
pub(super) const TEXT: u8 = 0x1;
pub(super) const BINARY: u8 = 0x2;
const CLOSE: u8 = 0x8;
pub(super) const PING: u8 = 0x9;
pub(super) const PONG: u8 = 0xa;

/// Something that a client has sent.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Event {
    /// A whole message; a text is not decoded yet.
    Message {
        is_text: bool,
        data: Bytes,
    },
    Ping(Bytes),
    Pong(Bytes),
    /// A close frame, with the payload that is sent back.
    Close {
        code: u16,
        reason: String,
        payload: Bytes,
    },
}

/// Why a connection cannot go on: the close frame says so.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Failure {
    pub code: u16,
    pub reason: String,
}

/// The bytes of a client on their way to events.
#[derive(Debug, Default)]
pub(super) struct Protocol {
    bytes: BytesMut,
    /// The message whose last fragment has not come.
    message: Option<Fragments>,
}

#[derive(Debug)]
struct Fragments {
    is_text: bool,
    data: BytesMut,
}

struct Header {
    is_last: bool,
    has_reserved_bits: bool,
    opcode: u8,
    length: u64,
    mask: [u8; 4],
    /// Its own bytes.
    size: usize,
}

impl Protocol {
    /// Takes what has arrived.
    pub fn feed(&mut self, bytes: &[u8]) {
        self.bytes.extend_from_slice(bytes);
    }

    /// The next event, if all of it has arrived.
    pub fn next(&mut self) -> Result<Option<Event>, Failure> {
        while let Some((header, data)) = self.frame()? {
            if let Some(event) = self.event(&header, data)? {
                return Ok(Some(event));
            }
        }
        Ok(None)
    }

    fn frame(&mut self) -> Result<Option<(Header, BytesMut)>, Failure> {
        let so_far = self.message.as_ref().map(|message| message.data.len() as u64);
        let Some(header) = header(&self.bytes, so_far)? else { return Ok(None) };
        // A frame's length has been found to be within the limit.
        let length = usize::try_from(header.length).unwrap_or(usize::MAX);
        if self.bytes.len() - header.size < length {
            return Ok(None);
        }
        let mut data = self.bytes.split_to(header.size + length).split_off(header.size);
        for (at, byte) in data.iter_mut().enumerate() {
            *byte ^= header.mask[at % 4];
        }
        if header.has_reserved_bits {
            return Err(broken("reserved bits must be 0"));
        }
        if header.opcode >= CLOSE && header.length > MAX_CONTROL {
            return Err(broken("control frame too long"));
        }
        if header.opcode >= CLOSE && !header.is_last {
            return Err(broken("fragmented control frame"));
        }
        Ok(Some((header, data)))
    }

    fn event(&mut self, header: &Header, data: BytesMut) -> Result<Option<Event>, Failure> {
        match (header.opcode, self.message.take()) {
            (CONTINUATION, None) => Err(broken("unexpected continuation frame")),
            (CONTINUATION, Some(mut message)) => {
                message.data.unsplit(data);
                Ok(self.message(message, header.is_last))
            }
            (TEXT | BINARY, Some(_)) => Err(broken("expected a continuation frame")),
            (TEXT | BINARY, None) => {
                let message = Fragments { is_text: header.opcode == TEXT, data };
                Ok(self.message(message, header.is_last))
            }
            (CLOSE, message) => {
                let (code, reason) = close(&data)?;
                match message {
                    Some(_) => Err(broken("incomplete fragmented message")),
                    None => Ok(Some(Event::Close { code, reason, payload: data.freeze() })),
                }
            }
            (opcode, message) => {
                self.message = message;
                let data = data.freeze();
                Ok(Some(if opcode == PING { Event::Ping(data) } else { Event::Pong(data) }))
            }
        }
    }

    fn message(&mut self, message: Fragments, is_whole: bool) -> Option<Event> {
        if !is_whole {
            self.message = Some(message);
            return None;
        }
        let Fragments { is_text, data } = message;
        Some(Event::Message { is_text, data: data.freeze() })
    }
}

/// The header at the start of these bytes, if it is whole. `so_far` is the size of the message
/// that the frame may belong to.
fn header(bytes: &[u8], so_far: Option<u64>) -> Result<Option<Header>, Failure> {
    let &[first, second, ref rest @ ..] = bytes else { return Ok(None) };
    let opcode = first & 0x0f;
    if !matches!(opcode, CONTINUATION | TEXT | BINARY | CLOSE | PING | PONG) {
        return Err(broken("invalid opcode"));
    }
    if second & 0x80 == 0 {
        return Err(broken("incorrect masking"));
    }
    let (length, width) = match (second & 0x7f, rest.first_chunk(), rest.first_chunk()) {
        (126, Some(length), _) => (u64::from(u16::from_be_bytes(*length)), 2),
        (127, _, Some(length)) => (u64::from_be_bytes(*length), 8),
        (126 | 127, ..) => return Ok(None),
        (length, ..) => (u64::from(length), 0),
    };
    if length > MAX_SIZE - so_far.unwrap_or(0) {
        let before = so_far.map(|size| format!("after reading {size} bytes ")).unwrap_or_default();
        let reason = format!("frame with {length} bytes {before}exceeds limit of {MAX_SIZE} bytes");
        return Err(Failure { code: 1009, reason });
    }
    let Some(mask) = rest.get(width..).and_then(<[u8]>::first_chunk) else { return Ok(None) };
    Ok(Some(Header {
        is_last: first & 0x80 != 0,
        has_reserved_bits: first & 0x70 != 0,
        opcode,
        length,
        mask: *mask,
        size: 2 + width + mask.len(),
    }))
}

/// The code and the reason in a close frame; 1005 if there is none.
fn close(payload: &[u8]) -> Result<(u16, String), Failure> {
    match payload {
        [] => Ok((1005, String::new())),
        [_] => Err(broken("close frame too short")),
        &[high, low, ref reason @ ..] => {
            let code = u16::from_be_bytes([high, low]);
            let reason = str::from_utf8(reason).map_err(|error| not_utf8(&error, reason))?;
            let close = is_sendable(code).then(|| (code, reason.to_owned()));
            close.ok_or_else(|| broken(INVALID_CODE))
        }
    }
}

const INVALID_CODE: &str = "invalid status code";

/// Whether a code may stand in a close frame.
fn is_sendable(code: u16) -> bool {
    matches!(code, 1000..=1003 | 1007..=1014 | 3000..=4999)
}

fn broken(reason: &str) -> Failure {
    Failure { code: 1002, reason: reason.to_owned() }
}

/// What is wrong with a text, in Python's words.
fn not_utf8(error: &Utf8Error, bytes: &[u8]) -> Failure {
    let at = error.valid_up_to();
    let what = match (error.error_len(), bytes.get(at)) {
        (None, _) => "unexpected end of data",
        (Some(_), Some(0xc2..=0xf4)) => "invalid continuation byte",
        (Some(_), _) => "invalid start byte",
    };
    Failure { code: 1007, reason: format!("{what} at position {at}") }
}

/// A frame as a server sends it: whole and unmasked.
pub(super) fn frame(opcode: u8, payload: &[u8]) -> Bytes {
    let mut frame = BytesMut::with_capacity(payload.len() + 10);
    frame.extend_from_slice(&[0x80 | opcode]);
    match (u8::try_from(payload.len()), u16::try_from(payload.len())) {
        (Ok(length @ 0..126), _) => frame.extend_from_slice(&[length]),
        (_, Ok(length)) => {
            frame.extend_from_slice(&[126]);
            frame.extend_from_slice(&length.to_be_bytes());
        }
        _ => {
            frame.extend_from_slice(&[127]);
            frame.extend_from_slice(&(payload.len() as u64).to_be_bytes());
        }
    }
    frame.extend_from_slice(payload);
    frame.freeze()
}

/// The frame that sends a close frame's payload back.
pub(super) fn close_echo(payload: &[u8]) -> Bytes {
    frame(CLOSE, payload)
}

/// A close frame with a code and a reason, or what is wrong with them.
pub(super) fn close_frame(code: u16, reason: &str) -> Result<Bytes, &'static str> {
    if !is_sendable(code) {
        return Err(INVALID_CODE);
    }
    let payload = [&code.to_be_bytes(), reason.as_bytes()].concat();
    match payload.len() as u64 {
        ..=MAX_CONTROL => Ok(frame(CLOSE, &payload)),
        _ => Err("control frame too long"),
    }
}

#[cfg(test)]
mod tests {
    use super::{BINARY, Event, Protocol, frame};

    /// A server's frame as a client would send it: with a mask that changes nothing.
    fn masked(sent: &[u8]) -> Vec<u8> {
        let header = match sent[1] {
            126 => 4,
            127 => 10,
            _ => 2,
        };
        let mut masked = [&sent[..header], &[0; 4], &sent[header..]].concat();
        masked[1] |= 0x80;
        masked
    }

    #[test]
    fn a_message_of_any_length_survives_its_frame() {
        for length in [0, 1, 125, 126, 65_535, 65_536, 70_000] {
            let data: Vec<u8> = (0..=255).cycle().take(length).collect();
            let mut protocol = Protocol::default();
            protocol.feed(&masked(&frame(BINARY, &data)));
            let event = Event::Message { is_text: false, data: data.into() };
            assert_eq!(protocol.next(), Ok(Some(event)), "{length}");
            assert_eq!(protocol.next(), Ok(None));
        }
    }

    #[test]
    fn it_does_not_matter_where_the_bytes_are_cut() {
        let frames = [
            masked(&frame(BINARY, &[7; 300])),
            vec![0x01, 0x81, 0, 0, 0, 0, b'a'],
            vec![0x89, 0x80, 1, 2, 3, 4],
            vec![0x80, 0x82, 1, 2, 3, 4, b'b' ^ 1, b'c' ^ 2],
            vec![0x88, 0x83, 0, 0, 0, 0, 0x03, 0xe8, b'!'],
        ];
        let bytes = frames.concat();
        let events = |chunk: usize| {
            let mut protocol = Protocol::default();
            let mut events = Vec::new();
            for chunk in bytes.chunks(chunk) {
                protocol.feed(chunk);
                while let Some(event) = protocol.next().unwrap() {
                    events.push(event);
                }
            }
            events
        };
        let whole = events(bytes.len());
        assert_eq!(whole.len(), 4);
        assert_eq!(whole[2], Event::Message { is_text: true, data: "abc".into() });
        for chunk in 1..40 {
            assert_eq!(events(chunk), whole, "{chunk}");
        }
    }

    #[test]
    fn no_bytes_end_in_a_panic() {
        let mut random = fastrand::Rng::with_seed(39);
        for _ in 0..20_000 {
            let mut protocol = Protocol::default();
            let bytes: Vec<u8> = (0..random.usize(..40)).map(|_| random.u8(..)).collect();
            protocol.feed(&bytes);
            while let Ok(Some(_)) = protocol.next() {}
        }
    }
}

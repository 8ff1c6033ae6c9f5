//! A body of `multipart/form-data`, taken apart as it arrives.
//!
//! This is a parser of our own because broken bodies are part of what is compared with FastAPI. Of
//! 7794 odd bodies (python-multipart 0.0.34 as the judge) multer accepts or reads 2424 differently,
//! actix-multipart 2789, of which it never answers 102 and panics on 27. python-multipart forgives
//! a body that ends early and anything after the closing boundary, and next to nothing else. What
//! the parts mean is decided in `collector`.

use actix_web::web::{Bytes, BytesMut};

/// The longest boundary, in bytes (python-multipart's).
const MAX_BOUNDARY: usize = 256;

/// The most headers that a part may have (python-multipart's).
const MAX_HEADERS: usize = 8;

/// The longest header, from its name to the end of its value, in bytes (python-multipart's).
const MAX_HEADER_SIZE: usize = 4096 + 128;

/// The body is not multipart.
#[derive(Debug, PartialEq, Eq)]
pub struct Broken;

/// A header of a part: its name in lower case and its value.
pub type RawHeader = (Vec<u8>, Vec<u8>);

/// What was found.
#[derive(Debug, PartialEq, Eq)]
pub enum Event {
    /// A part, by its headers.
    Begin(Vec<RawHeader>),
    /// Some of its content.
    Data(Bytes),
    /// It is complete.
    End,
}

/// The state between two chunks.
pub struct Parser {
    /// What ends a part's content: a line break, two dashes, the boundary.
    delimiter: Vec<u8>,
    /// What has not been understood yet: less than a header or a delimiter.
    buffer: Bytes,
    state: State,
    headers: Vec<RawHeader>,
}

#[derive(Clone, Copy)]
enum State {
    /// Nothing has come yet.
    Start,
    /// The body began with a line break; what follows up to a dash is skipped.
    Preamble,
    /// In the first boundary.
    Opening,
    /// Before a header or the empty line after the last.
    Headers,
    /// In a part's content.
    Content,
    /// In blanks after a boundary.
    Padding,
    /// After the last boundary.
    Epilogue,
}

enum Step {
    Found(Event),
    Again,
    Starved,
}

impl Parser {
    /// A parser for bodies with this boundary.
    pub fn new(boundary: &[u8]) -> Result<Self, Broken> {
        if boundary.len() > MAX_BOUNDARY {
            return Err(Broken);
        }
        let delimiter = [b"\r\n--", boundary].concat();
        Ok(Self { delimiter, buffer: Bytes::new(), state: State::Start, headers: Vec::new() })
    }

    /// Gives it more of the body; everything before must have been taken out.
    pub fn push(&mut self, chunk: Bytes) {
        if self.buffer.is_empty() {
            self.buffer = chunk;
        } else {
            let mut joined = BytesMut::from(&self.buffer[..]);
            joined.extend_from_slice(&chunk);
            self.buffer = joined.freeze();
        }
    }

    /// What comes next; `None` until there is more of the body.
    pub fn next_event(&mut self) -> Result<Option<Event>, Broken> {
        loop {
            let step = match self.state {
                State::Start => self.start(),
                State::Preamble => self.preamble(),
                State::Opening => self.opening()?,
                State::Headers => self.header()?,
                State::Content => self.content(),
                State::Padding => self.padding()?,
                State::Epilogue => self.skip(self.buffer.len()),
            };
            match step {
                Step::Found(event) => return Ok(Some(event)),
                Step::Starved => return Ok(None),
                Step::Again => {}
            }
        }
    }

    fn start(&mut self) -> Step {
        match self.buffer.first() {
            None => Step::Starved,
            Some(b'\r' | b'\n') => self.enter(State::Preamble, 0),
            Some(_) => self.enter(State::Opening, 0),
        }
    }

    fn preamble(&mut self) -> Step {
        match position(&self.buffer, b'-') {
            Some(dash) => self.enter(State::Opening, dash),
            None => self.skip(self.buffer.len()),
        }
    }

    fn opening(&mut self) -> Result<Step, Broken> {
        let expected = &self.delimiter[2..];
        let seen = self.buffer.len().min(expected.len());
        if self.buffer[..seen] != expected[..seen] {
            return Err(Broken);
        }
        if seen < expected.len() {
            return Ok(Step::Starved);
        }
        match &self.buffer[seen..] {
            [] | [b'\r' | b'-'] => Ok(Step::Starved),
            [b'\r', b'\n', ..] => Ok(self.enter(State::Headers, seen + 2)),
            [b'-', b'-', ..] => Ok(self.enter(State::Epilogue, seen + 2)),
            _ => Err(Broken),
        }
    }

    fn header(&mut self) -> Result<Step, Broken> {
        match &self.buffer[..] {
            [] | [b'\r'] => return Ok(Step::Starved),
            [b'\r', b'\n', ..] => {
                self.enter(State::Content, 2);
                return Ok(Step::Found(Event::Begin(std::mem::take(&mut self.headers))));
            }
            [b'\r', ..] => return Err(Broken),
            _ if self.headers.len() == MAX_HEADERS => return Err(Broken),
            _ => {}
        }
        let colon = position(&self.buffer, b':');
        let name = &self.buffer[..colon.unwrap_or(self.buffer.len())];
        if name.is_empty() || !name.iter().copied().all(is_token) {
            return Err(Broken);
        }
        let value = &self.buffer[colon.map_or(name.len(), |colon| colon + 1)..];
        let end = colon.and_then(|colon| Some(colon + 1 + position(value, b'\r')?));
        if end.unwrap_or(self.buffer.len()) > MAX_HEADER_SIZE {
            return Err(Broken);
        }
        let Some(end) = end else { return Ok(Step::Starved) };
        match self.buffer.get(end + 1) {
            None => Ok(Step::Starved),
            Some(b'\n') => {
                let value = &value[..end - name.len() - 1];
                let blanks = value.iter().take_while(|byte| **byte == b' ').count();
                self.headers.push((name.to_ascii_lowercase(), value[blanks..].to_vec()));
                Ok(self.enter(State::Headers, end + 2))
            }
            Some(_) => Err(Broken),
        }
    }

    fn content(&mut self) -> Step {
        let Some(at) = find(&self.buffer, &self.delimiter) else {
            return self.data(self.buffer.len() - self.begun_delimiter());
        };
        let after = at + self.delimiter.len();
        match &self.buffer[after..] {
            [] | [b'\r' | b'-'] => self.data(at),
            [b'\r', b'\n', ..] | [b'-', b'-', ..] | [b' ' | b'\t', ..] if at > 0 => self.data(at),
            [b'\r', ..] if self.buffer[after..].starts_with(b"\r\n") => {
                self.enter(State::Headers, after + 2);
                Step::Found(Event::End)
            }
            [b'-', b'-', ..] => {
                self.enter(State::Epilogue, after + 2);
                Step::Found(Event::End)
            }
            [b' ' | b'\t', ..] => self.enter(State::Padding, after),
            _ => self.data(after),
        }
    }

    /// How many bytes at the end of the buffer may be the beginning of a delimiter.
    fn begun_delimiter(&self) -> usize {
        let tail = self.buffer.len().saturating_sub(self.delimiter.len() - 1);
        let begun = self.buffer[tail..].iter().rposition(|byte| *byte == b'\r');
        let begun = begun.map_or(&[][..], |at| &self.buffer[tail + at..]);
        if self.delimiter.starts_with(begun) { begun.len() } else { 0 }
    }

    fn padding(&mut self) -> Result<Step, Broken> {
        let blanks = self.buffer.iter().take_while(|byte| matches!(byte, b' ' | b'\t')).count();
        match &self.buffer[blanks..] {
            [] => Ok(self.skip(blanks)),
            [b'\r'] => Ok(Step::Starved),
            [b'\r', b'\n', ..] => {
                self.enter(State::Headers, blanks + 2);
                Ok(Step::Found(Event::End))
            }
            _ => Err(Broken),
        }
    }

    fn enter(&mut self, state: State, taken: usize) -> Step {
        self.state = state;
        let _ = self.buffer.split_to(taken);
        Step::Again
    }

    fn skip(&mut self, taken: usize) -> Step {
        let _ = self.buffer.split_to(taken);
        Step::Starved
    }

    fn data(&mut self, length: usize) -> Step {
        match length {
            0 => Step::Starved,
            _ => Step::Found(Event::Data(self.buffer.split_to(length))),
        }
    }
}

fn position(bytes: &[u8], wanted: u8) -> Option<usize> {
    bytes.iter().position(|byte| *byte == wanted)
}

/// Where the delimiter is; its first byte occurs in it only once.
fn find(bytes: &[u8], delimiter: &[u8]) -> Option<usize> {
    let mut from = 0;
    loop {
        let at = from + position(&bytes[from..], delimiter[0])?;
        if bytes[at..].starts_with(delimiter) {
            return Some(at);
        }
        from = at + 1;
    }
}

/// Whether a byte may stand in a header's name.
fn is_token(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte)
}

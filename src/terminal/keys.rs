//! Keys as they are pressed, without Enter and without an echo, from the terminal at stdin.
//!
//! Ctrl-C stays a signal. The terminal is as it was before as soon as [`Keys`] is dropped, however
//! that comes about.

use std::collections::VecDeque;
use std::io::{self, ErrorKind, Read};
use std::thread;

use rustix::termios::{LocalModes, OptionalActions, Termios, tcgetattr, tcsetattr};
use tokio::signal::unix::{Signal, SignalKind, signal};
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};

/// The keyboard of a terminal.
pub struct Keys {
    before: Termios,
    /// What was read at once, by a thread of its own: that it waits for a key must keep nobody
    /// from noticing a signal. It ends with the input or with the program.
    read: UnboundedReceiver<Vec<u8>>,
    /// Comes when a stopped program goes on, in a terminal that the shell has used meanwhile.
    resumed: Signal,
    sequence: Sequence,
    pressed: VecDeque<char>,
}

impl Keys {
    /// Starts to read keys.
    pub fn start() -> io::Result<Self> {
        let before = tcgetattr(io::stdin())?;
        let resumed = signal(SignalKind::from_raw(rustix::process::Signal::CONT.as_raw()))?;
        let (sender, read) = unbounded_channel();
        let (sequence, pressed) = (Sequence::default(), VecDeque::new());
        let keys = Self { before, read, resumed, sequence, pressed };
        keys.listen()?;
        thread::Builder::new().name("keyboard".to_owned()).spawn(move || send_to(&sender))?;
        Ok(keys)
    }

    /// The next key that stands for a character; `None` at the end of input, or for Ctrl-D.
    pub async fn next(&mut self) -> io::Result<Option<char>> {
        loop {
            match self.pressed.pop_front() {
                Some(END) => return Ok(None),
                Some(key) => return Ok(Some(key)),
                None => {}
            }
            tokio::select! {
                read = self.read.recv() => match read {
                    Some(bytes) => self.pressed.extend(self.sequence.keys(&bytes)),
                    None => return Ok(None),
                },
                _ = self.resumed.recv() => self.listen()?,
            }
        }
    }

    fn listen(&self) -> io::Result<()> {
        let mut modes = self.before.clone();
        modes.local_modes -= LocalModes::ICANON | LocalModes::ECHO;
        Ok(tcsetattr(io::stdin(), OptionalActions::Drain, &modes)?)
    }
}

impl Drop for Keys {
    fn drop(&mut self) {
        // A terminal that is gone needs nothing.
        let _ = tcsetattr(io::stdin(), OptionalActions::Drain, &self.before);
    }
}

/// Reads until the input ends or nobody wants it any longer.
fn send_to(keys: &UnboundedSender<Vec<u8>>) {
    let mut bytes = [0; 256];
    loop {
        match io::stdin().read(&mut bytes) {
            Ok(0) => return,
            Ok(length) if keys.send(bytes[..length].to_vec()).is_err() => return,
            Err(error) if error.kind() != ErrorKind::Interrupted => return,
            _ => {}
        }
    }
}

/// What Ctrl-D sends where no line is collected.
const END: char = '\u{4}';
const ESCAPE: u8 = 0x1b;

/// Where in an escape sequence the input is: an arrow key sends `ESC [ A`, which is no `A`.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
enum Sequence {
    #[default]
    Outside,
    /// After the escape character.
    Escaped,
    /// After `ESC [` or `ESC O`.
    Inside,
}

impl Sequence {
    /// The keys in what was read at once, which may end in the middle of a sequence.
    fn keys(&mut self, bytes: &[u8]) -> Vec<char> {
        let mut keys = Vec::new();
        for (at, &byte) in bytes.iter().enumerate() {
            *self = match (*self, byte) {
                (_, ESCAPE) => Self::Escaped,
                (Self::Escaped, b'[' | b'O') | (Self::Inside, 0x20..0x40) => Self::Inside,
                (Self::Inside, _) => Self::Outside,
                // In one piece it is Alt with a key, else the key after Escape.
                (Self::Escaped, _) if at > 0 => Self::Outside,
                _ => {
                    keys.extend(byte.is_ascii().then_some(char::from(byte)));
                    Self::Outside
                }
            };
        }
        keys
    }
}

#[cfg(test)]
mod tests {
    use super::Sequence;

    #[test]
    fn only_what_stands_for_a_character_is_a_key() {
        for (read, expected) in [
            (["a", "r"].as_slice(), "ar"),
            (&["aA\u{4}"], "aA\u{4}"),
            (&["\x1b[A"], ""),
            (&["\x1b[A", "s"], "s"),
            (&["\x1b", "[", "A", "r"], "r"),
            (&["\x1b[1;5Cd"], "d"),
            (&["\x1bOA", "\x1bOR"], ""),
            (&["\x1bA"], ""),
            (&["\x1b", "a"], "a"),
            (&["\x1b\x1b[Aq"], "q"),
            (&["é", "s"], "s"),
        ] {
            let mut sequence = Sequence::default();
            let keys: String =
                read.iter().flat_map(|bytes| sequence.keys(bytes.as_bytes())).collect();
            assert_eq!(keys, expected, "{read:?}");
        }
    }
}

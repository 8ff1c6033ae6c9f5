//! A terminal of 80 columns without a screen, at which a test sits in the place of a person.

use std::fs::{File, OpenOptions};
use std::io::{Read, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::process::{Child, Command, Stdio};

use rustix::fs::OFlags;
use rustix::pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt};
use rustix::termios::{LocalModes, Termios, Winsize, tcgetattr, tcsetwinsize};

/// A program at a terminal.
pub struct Sitting {
    program: Child,
    terminal: File,
    before: Termios,
    seen: String,
}

impl Sitting {
    /// Starts a program at a new terminal.
    pub fn start(command: &mut Command) -> Self {
        let terminal = openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY).unwrap();
        grantpt(&terminal).unwrap();
        unlockpt(&terminal).unwrap();
        let size = Winsize { ws_row: 24, ws_col: 80, ws_xpixel: 0, ws_ypixel: 0 };
        tcsetwinsize(&terminal, size).unwrap();
        let path = ptsname(&terminal, Vec::new()).unwrap().into_string().unwrap();
        // It must not become the terminal of the tests themselves.
        let flags = i32::try_from(OFlags::NOCTTY.bits()).unwrap();
        let open = || {
            let file = OpenOptions::new().read(true).write(true).custom_flags(flags).open(&path);
            Stdio::from(file.unwrap())
        };
        let program = command.stdin(open()).stdout(open()).stderr(open()).spawn().unwrap();
        // The command keeps its side of the terminal open, so that its end would not be noticed.
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        let before = tcgetattr(&terminal).unwrap();
        Self { program, terminal: terminal.into(), before, seen: String::new() }
    }

    /// Waits until the program shows this, after what was seen before.
    pub fn see(&mut self, text: &str) {
        let start = self.seen.len();
        let mut bytes = Vec::new();
        loop {
            let mut more = [0; 4096];
            let length = self.terminal.read(&mut more).unwrap_or(0);
            bytes.extend(&more[..length]);
            let new = String::from_utf8_lossy(&bytes).replace('\r', "");
            self.seen.truncate(start);
            self.seen += &new;
            if new.contains(text) {
                return;
            }
            assert!(length > 0, "`{text}` does not come after:\n{}", self.seen);
        }
    }

    /// Presses keys.
    pub fn press(&mut self, keys: &str) {
        self.terminal.write_all(keys.as_bytes()).unwrap();
    }

    /// Whether what is pressed is shown, as it is where a line is typed.
    pub fn echoes(&self) -> bool {
        tcgetattr(&self.terminal).unwrap().local_modes.contains(LocalModes::ECHO)
    }

    /// Sends a signal.
    pub fn signal(&self, signal: &str) {
        let pid = self.program.id().to_string();
        assert!(Command::new("kill").args([signal, &pid]).status().unwrap().success());
    }

    /// Waits for the program's end, after which the terminal must be as it was. Gives back the exit
    /// code and all that was shown.
    pub fn end(mut self) -> (Option<i32>, String) {
        let mut bytes = Vec::new();
        // The end of a terminal whose other side is closed is an error on Linux.
        let _ = self.terminal.read_to_end(&mut bytes);
        self.seen += &String::from_utf8_lossy(&bytes).replace('\r', "");
        let code = self.program.wait().unwrap().code();
        let modes = |modes: &Termios| (modes.local_modes, modes.input_modes, modes.output_modes);
        assert_eq!(modes(&tcgetattr(&self.terminal).unwrap()), modes(&self.before));
        (code, self.seen)
    }
}

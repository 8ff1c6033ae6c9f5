//! The one place that prints: results to stdout, progress and hints to stderr.

pub mod keys;
pub mod prompt;

use std::io::{self, IsTerminal, Read, Write};
use std::path::PathBuf;

use crate::cli::Colour;
use crate::report::Look;
use keys::Keys;
use prompt::Prompt;

/// The width where it cannot be known.
const DEFAULT_WIDTH: usize = 80;

/// What helps where nothing can be printed.
const ELSEWHERE: &str = "make room for the output, or send it elsewhere";

/// Where the program prints, and what that place can show.
#[derive(Clone, Copy, Debug)]
pub struct Terminal {
    /// The width and whether colours are wanted.
    pub look: Look,
    /// Whether a person sits at both stdin and stdout.
    pub interactive: bool,
    /// How wide a line may be that is drawn over and over on stderr; `None` where none may.
    pub live: Option<usize>,
}

impl Terminal {
    /// The terminal of this process.
    pub fn detect(colour: Colour) -> Self {
        let stdout = io::stdout().is_terminal();
        let width = terminal_size::terminal_size().map(|(width, _)| usize::from(width.0));
        let named = std::env::var("COLUMNS").ok().and_then(|columns| columns.parse().ok());
        let width = named.or(width.filter(|_| stdout)).unwrap_or(DEFAULT_WIDTH);
        let look = Look { width: width.max(20), colour: wants_colour(colour, stdout) };
        Self { look, interactive: stdout && io::stdin().is_terminal(), live: live_width() }
    }

    /// Prints a result.
    pub fn out(&self, text: &str) -> io::Result<()> {
        let mut stdout = io::stdout().lock();
        let written = stdout.write_all(text.as_bytes()).and_then(|()| stdout.flush());
        written
            .map_err(|cause| io::Error::new(cause.kind(), format!("stdout: {cause}\n{ELSEWHERE}")))
    }

    /// Prints what came of work that counts, whether or not somebody still reads.
    pub fn tell(&self, text: &str) -> io::Result<()> {
        match self.out(text) {
            Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
            written => written,
        }
    }

    /// Prints progress or a hint; a closed stderr is nobody's loss.
    pub fn note(&self, text: &str) {
        let _ = writeln!(io::stderr().lock(), "{text}");
    }

    /// Draws a line of progress in the place of the last one.
    pub fn redraw(&self, line: &str) {
        if self.live.is_some() {
            let mut stderr = io::stderr().lock();
            let _ = write!(stderr, "\r\x1b[K{line}").and_then(|()| stderr.flush());
        }
    }

    /// Starts to read single keys; only where it is interactive.
    pub fn keys(&self) -> io::Result<Keys> {
        Keys::start()
    }

    /// Reads a line from the person at the terminal; `None` at the end of input.
    pub fn ask(&self, question: &str) -> io::Result<Option<String>> {
        self.out(question)?;
        Ok(self.read_line()?.map(|answer| answer.trim().to_owned()))
    }

    /// Reads a line from stdin, whatever that is; `None` at its end.
    pub fn read_line(&self) -> io::Result<Option<String>> {
        let mut line = String::new();
        let length = io::stdin().read_line(&mut line)?;
        Ok((length > 0).then_some(line))
    }

    /// Reads stdin to its end.
    pub fn read_all(&self) -> io::Result<Vec<u8>> {
        let mut bytes = Vec::new();
        io::stdin().read_to_end(&mut bytes)?;
        Ok(bytes)
    }

    /// A place to type, only where it is interactive. With a file, its history is kept there.
    pub fn prompt(&self, history: Option<PathBuf>) -> io::Result<Prompt> {
        Prompt::start(history)
    }
}

/// The flag, then the environment (no-color.org, bixense.com/clicolors), then the terminal.
fn wants_colour(flag: Colour, terminal: bool) -> bool {
    let set = |name: &str| std::env::var_os(name).is_some_and(|value| !value.is_empty());
    match flag {
        Colour::Always => true,
        Colour::Never => false,
        Colour::Auto if set("NO_COLOR") => false,
        Colour::Auto => set("CLICOLOR_FORCE") || terminal && !is_dumb(),
    }
}

/// The columns of stderr without the last one, after which some terminals begin a new line.
fn live_width() -> Option<usize> {
    let size = terminal_size::terminal_size_of(io::stderr()).filter(|_| !is_dumb());
    size.map(|(width, _)| usize::from(width.0).saturating_sub(1))
}

fn is_dumb() -> bool {
    std::env::var("TERM").is_ok_and(|term| term == "dumb")
}

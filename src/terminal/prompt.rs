//! A line that a person types, edits and finds again. The editing itself is `rustyline`'s.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use rustyline::DefaultEditor;
use rustyline::config::Config;
use rustyline::error::ReadlineError;

/// How many lines are kept.
const KEPT: usize = 500;

/// A place to type, with the lines of earlier times.
pub struct Prompt {
    editor: DefaultEditor,
    history: Option<PathBuf>,
}

/// What a person did at the prompt.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Typed {
    /// Typed a line.
    Line(String),
    /// Pressed Ctrl-C, which throws a line away.
    Nothing,
    /// Pressed Ctrl-D, which ends it.
    End,
}

impl Prompt {
    /// A prompt; with a file its history outlives it. One that cannot be read is as good as none.
    pub(super) fn start(history: Option<PathBuf>) -> io::Result<Self> {
        let config = Config::builder().max_history_size(KEPT).map_err(plain)?;
        let config = config.auto_add_history(true).bracketed_paste(true).build();
        let mut editor = DefaultEditor::with_config(config).map_err(plain)?;
        if let Some(path) = &history {
            let _ = editor.load_history(path);
        }
        Ok(Self { editor, history })
    }

    /// Waits for a line.
    pub fn read(&mut self, prompt: &str) -> io::Result<Typed> {
        match self.editor.readline(prompt) {
            Ok(line) => Ok(Typed::Line(line)),
            Err(ReadlineError::Interrupted) => Ok(Typed::Nothing),
            Err(ReadlineError::Eof) => Ok(Typed::End),
            Err(error) => Err(plain(error)),
        }
    }

    /// Keeps what has been typed, if there is a file for it.
    pub fn keep(&mut self) -> io::Result<()> {
        let Some(path) = &self.history else { return Ok(()) };
        fs::create_dir_all(path.parent().unwrap_or(Path::new(".")))?;
        self.editor.append_history(path).map_err(plain)
    }
}

fn plain(error: ReadlineError) -> io::Error {
    match error {
        ReadlineError::Io(error) => error,
        other => io::Error::other(other),
    }
}

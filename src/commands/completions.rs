//! `workbook completions`: a completion script for a shell.

use super::{Exit, Failure};
use crate::cli::{self, Completions};
use crate::terminal::Terminal;

/// Prints the script.
pub fn completions(arguments: &Completions, terminal: Terminal) -> Result<Exit, Failure> {
    let mut script = Vec::new();
    clap_complete::generate(arguments.shell, &mut cli::command(), "workbook", &mut script);
    terminal.out(&String::from_utf8_lossy(&script))?;
    Ok(Exit::Good)
}

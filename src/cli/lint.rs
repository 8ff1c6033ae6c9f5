//! The arguments of `lint`.

use clap::{Args, ValueEnum};

/// Arguments of `lint`.
#[derive(Args, Debug)]
pub struct Lint {
    /// Lessons by number, range or name; the whole course if none is named
    #[arg(value_name = "LESSON")]
    pub lessons: Vec<String>,
    /// How to print
    #[arg(long, value_enum, default_value_t = Format::Human)]
    pub format: Format,
}

/// How to print what is found.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// For people.
    Human,
    /// For machines; the document's `version` says what its keys mean.
    Json,
    /// Annotations for GitHub Actions.
    Github,
}

/// The end of its help.
pub const EXAMPLES: &str = "\
Examples:
  workbook lint
  workbook lint 28
  workbook lint --format github
It reads files and asks nobody: `verify` says whether our servers answer as recorded, `record
--check` whether FastAPI still does. The exit code is 1 if there is anything to correct.";

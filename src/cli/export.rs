//! The arguments of `export`.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

/// Arguments of `export`.
#[derive(Args, Debug)]
pub struct Export {
    /// Lessons by number, range or name; several need a folder for `--output`
    #[arg(required = true, value_name = "LESSON")]
    pub lessons: Vec<String>,
    /// The format
    #[arg(long = "as", value_enum, value_name = "FORMAT")]
    pub format: Format,
    /// Where the lesson's server will listen
    #[arg(long, default_value = "http://127.0.0.1:8000", value_name = "URL")]
    pub base_url: String,
    /// Write to this file, or to a file for each lesson in this folder
    #[arg(long, short, value_name = "FILE")]
    pub output: Option<PathBuf>,
}

/// A format of other people's tools.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// A shell script of curl commands
    Curl,
    /// A file of requests for VS Code (REST Client) and JetBrains
    Http,
    /// A file for hurl, which checks the replies against what is recorded
    Hurl,
}

/// Shown below the help.
pub const EXAMPLES: &str = "\
Examples:
  workbook export 14 --as curl | less
  workbook export 14 --as http --output 14.http
  workbook export 1-15 --as hurl --output hurl/
  workbook serve 14 --port 8000
  hurl --test --variable base_url=http://127.0.0.1:8000 hurl/14-http-exception.hurl";

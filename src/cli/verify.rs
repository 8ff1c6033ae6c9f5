//! The arguments of `verify`, and what the values of its flags look like.

use std::fmt;
use std::num::NonZeroUsize;
use std::path::PathBuf;
use std::str::FromStr;

use clap::{Args, ValueEnum};

use super::{Format, Target};

/// Arguments of `verify`.
#[derive(Args, Debug)]
#[allow(clippy::struct_excessive_bools, reason = "each is a flag of its own")]
pub struct Verify {
    /// Lessons by number, range or name; all of them if none is named
    #[arg(value_name = "LESSON")]
    pub lessons: Vec<String>,
    /// Write a report of this kind, junit, json, tap or github, to a file or to stdout (`-`, or no
    /// FILE at all); may be given several times
    #[arg(long, value_name = "KIND[=FILE]", value_delimiter = ',')]
    pub report: Vec<Report>,
    /// How to print; `json` is `--report json`
    #[arg(long, value_enum, default_value_t = Format::Human)]
    pub format: Format,
    /// Check only the I-th of N equal parts of the lessons
    #[arg(long, value_name = "I/N")]
    pub shard: Option<Shard>,
    /// Check so many lessons at the same time; with --target one by one [default: 48]
    #[arg(long, short, value_name = "N")]
    pub jobs: Option<NonZeroUsize>,
    /// Start no further lesson once a call is not as it should be
    #[arg(long)]
    pub fail_fast: bool,
    /// Check only the lessons that were not good when they were last verified
    #[arg(long, value_enum, value_name = "WHICH", conflicts_with = "target")]
    pub rerun: Option<Rerun>,
    /// Check everything so many times, and say what varies from time to time
    #[arg(long, value_name = "N", default_value_t = NonZeroUsize::MIN, hide_default_value = true)]
    pub repeat: NonZeroUsize,
    /// Take the lessons in a random order, another one each time
    #[arg(long)]
    pub shuffle: bool,
    /// The seed of `--shuffle`, to have the same order again
    #[arg(long, value_name = "S")]
    pub seed: Option<u64>,
    /// Print the JSON Schema of `--report json`, and check nothing
    #[arg(long)]
    pub schema: bool,
    /// Which server is called
    #[command(flatten)]
    pub target: Target,
}

/// A report that is wanted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Report {
    /// What it looks like.
    pub kind: Kind,
    /// Where it goes; stdout if nowhere else.
    pub file: Option<PathBuf>,
}

/// What a report looks like.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Kind {
    /// The XML of `JUnit`, as CI systems read it.
    Junit,
    /// A document of a versioned schema.
    Json,
    /// The Test Anything Protocol, version 14.
    Tap,
    /// Annotations and a job summary for GitHub Actions.
    Github,
}

impl FromStr for Report {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let (kind, file) = text.split_once('=').unwrap_or((text, "-"));
        let kind = Kind::from_str(kind, false).map_err(|_| {
            format!("`{kind}` is no kind of report; there are junit, json, tap and github")
        })?;
        match file {
            "" => Err(format!("no file is named after `=`; try `{kind}=FILE` or `{kind}=-`")),
            "-" => Ok(Self { kind, file: None }),
            file => Ok(Self { kind, file: Some(file.into()) }),
        }
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(match self {
            Self::Junit => "junit",
            Self::Json => "json",
            Self::Tap => "tap",
            Self::Github => "github",
        })
    }
}

/// One of several equal parts of the lessons.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Shard {
    /// Which one, counted from 1.
    pub number: usize,
    /// Of how many.
    pub of: usize,
}

impl FromStr for Shard {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let (number, of) = text.split_once('/').ok_or("a shard is written as I/N, such as 1/4")?;
        let read = |part: &str| {
            part.parse::<usize>().map_err(|_| format!("`{part}` is not a number of shards"))
        };
        let (number, of) = (read(number)?, read(of)?);
        if number == 0 || number > of {
            return Err(format!("of {of} shards there is no number {number}; they count from 1"));
        }
        Ok(Self { number, of })
    }
}

impl fmt::Display for Shard {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{}/{}", self.number, self.of)
    }
}

/// Which lessons to check again.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Rerun {
    /// Those that were not good the last time.
    Failed,
}

//! The arguments of `new`.

use clap::Args;

/// Arguments of `new`.
#[derive(Args, Debug)]
pub struct New {
    /// The lesson's name in lower-case words and dashes: request-cookies
    pub slug: String,
    /// Its number; without it, the one after the last lesson's
    #[arg(long, value_name = "N", conflicts_with = "remove")]
    pub number: Option<u32>,
    /// Its title; without it, the words of its name
    #[arg(long, conflicts_with = "remove")]
    pub title: Option<String>,
    /// Its group, new or not; without it, that of the lesson before
    #[arg(long, conflicts_with = "remove")]
    pub group: Option<String>,
    /// Remove the lesson again, as long as nobody has changed what `new` wrote
    #[arg(long)]
    pub remove: bool,
    /// Remove it with everything that was written and recorded since
    #[arg(long, requires = "remove")]
    pub force: bool,
}

/// The end of its help.
pub const EXAMPLES: &str = "\
Examples:
  workbook new request-cookies
  workbook new request-cookies --number 16 --title \"Cookies of a request\"
  workbook new --remove request-cookies
A lesson starts as a copy of lessons/template. `workbook lint N` lists what is left to write.";

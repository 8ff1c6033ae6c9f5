//! The arguments of `review`, `accept`, `reject` and `pending`, which name pending snapshots.

use clap::Args;
use clap::builder::NonEmptyStringValueParser;

use super::Format;

/// Which pending snapshots are meant.
#[derive(Args, Debug)]
pub struct Decide {
    /// Lessons by number, range or name; all of them if none is named
    #[arg(value_name = "LESSON")]
    pub lessons: Vec<String>,
    /// Only the snapshot of this call
    #[arg(long, value_name = "NAME")]
    pub call: Option<String>,
}

/// Arguments of `accept`.
#[derive(Args, Debug)]
pub struct Accept {
    /// What is accepted.
    #[command(flatten)]
    pub which: Decide,
    /// Why; kept in the snapshot, below `info`
    #[arg(long, value_name = "TEXT", value_parser = NonEmptyStringValueParser::new())]
    pub because: Option<String>,
}

/// Arguments of `pending`.
#[derive(Args, Debug)]
pub struct Pending {
    /// What is listed.
    #[command(flatten)]
    pub which: Decide,
    /// How to print
    #[arg(long, value_enum, default_value_t = Format::Human)]
    pub format: Format,
}

pub(super) const REVIEW_EXAMPLES: &str = "\
Examples:
  workbook review
  workbook review 4
  workbook review 4 --call item
Keys:
  a accept    r reject    s skip    A R S the same for all that are left
  d the diff or the whole reply    q quit
Each decision holds as soon as its key is pressed. On no terminal it prints what is pending and
the commands that decide, and exits with 1. `cargo insta review` decides on the same files.";

pub(super) const ACCEPT_EXAMPLES: &str = "\
Examples:
  workbook accept
  workbook accept 4
  workbook accept 4 --call item --because 'FastAPI 0.165 names the field'
`cargo insta accept` does the same, without a reason.";

pub(super) const REJECT_EXAMPLES: &str = "\
Examples:
  workbook reject
  workbook reject 4 --call item
`cargo insta reject` does the same.";

pub(super) const PENDING_EXAMPLES: &str = "\
Examples:
  workbook pending
  workbook pending 4
  workbook pending --format json | jq -r '.pending[].accept'";

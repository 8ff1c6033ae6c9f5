//! The built program as a person uses it: what is typed, what is shown, which exit code.
//!
//! Texts that are stable are compared whole, with the files in `cli/golden`. After a deliberate
//! change: `INSTA_UPDATE=always cargo test --test workbook cli::`, then read the diff.

mod checking;
mod deciding;
mod enduring;
mod exporting;
mod golden;
mod linting;
mod making;
mod pasting;
mod program;
mod pseudo_terminal;
mod reading;
mod reporting;
mod reviewing;
mod serving;
mod targeting;
mod trying;
mod variables;
mod verifying;

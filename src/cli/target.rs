//! The flags of `run` and `verify` that send calls to another server than the lesson's own.

use clap::Args;

/// Which server is called.
#[derive(Args, Debug)]
pub struct Target {
    /// Call the server at this URL instead of the lesson's own, and hold its replies against what
    /// is recorded. What it prints cannot be seen. A lesson that keeps state expects it freshly
    /// started
    #[arg(long, value_name = "URL", requires = "lessons")]
    pub target: Option<String>,
    /// Let `--target` be on another machine
    #[arg(long, requires = "target")]
    pub allow_remote: bool,
}

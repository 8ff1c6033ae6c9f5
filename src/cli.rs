//! The command line as clap reads it: names, flags and help, no behaviour.

pub mod export;
pub mod lint;
pub mod new;
pub mod review;
pub mod target;
pub mod r#try;
pub mod variable;
pub mod verify;

use std::env;
use std::ffi::OsString;

use clap::error::ErrorKind;
use clap::{Args, CommandFactory, FromArgMatches, Parser, Subcommand, ValueEnum};

pub use export::Export;
pub use review::{Accept, Decide, Pending};
pub use target::Target;
pub use r#try::Try;
pub use verify::Verify;

/// What is said instead of doing anything: help, the version, or why that makes no sense.
pub type Answer = clap::Error;

/// The command line as it is typed.
pub fn parse() -> Result<Cli, Answer> {
    let parsed = command().try_get_matches().and_then(|matches| {
        Cli::from_arg_matches(&matches).map_err(|error| error.format(&mut command()))
    });
    parsed.map_err(|answer| match answer.kind() {
        ErrorKind::InvalidUtf8 => command().error(ErrorKind::InvalidUtf8, not_unicode()),
        _ => answer,
    })
}

/// The arguments and the variables that may have been meant: all that are no Unicode.
fn not_unicode() -> String {
    let arguments = env::args_os().skip(1);
    let arguments = arguments.filter_map(|argument| argument.into_string().err());
    let arguments = arguments.map(|argument| format!("{}", argument.display()));
    let ours = |name: &OsString| name.to_string_lossy().starts_with(variable::PREFIX);
    let variables = env::vars_os().filter(|(name, value)| ours(name) && value.to_str().is_none());
    let variables =
        variables.map(|(name, value)| format!("{}={}", name.display(), value.display()));
    let all: Vec<String> = arguments.chain(variables).map(|text| format!("`{text}`")).collect();
    format!("this is not UTF-8: {}", all.join(", "))
}

/// All that can be typed, and the environment variables that stand for it.
pub fn command() -> clap::Command {
    variable::add(Cli::command())
}

/// Web APIs between FastAPI and Rust: every lesson is a real server, called and checked.
#[derive(Debug, Parser)]
#[command(name = "workbook", version, max_term_width = 100, after_help = EXAMPLES)]
#[command(disable_help_subcommand = false, infer_subcommands = false)]
pub struct Cli {
    /// When to use colour; NO_COLOR and CLICOLOR_FORCE are heeded
    #[arg(long, global = true, value_enum, default_value_t = Colour::Auto, value_name = "WHEN")]
    pub color: Colour,
    /// What to do; without a command: where you are and what is next
    #[command(subcommand)]
    pub command: Option<Command>,
}

/// When to use colour.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Colour {
    /// On a terminal.
    Auto,
    /// Always.
    Always,
    /// Never.
    Never,
}

/// What to do.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// List the lessons by group, with your progress
    #[command(after_help = LIST_EXAMPLES)]
    List(List),
    /// Run lessons: start the server, make every call, show every exchange
    #[command(after_help = RUN_EXAMPLES)]
    Run(Run),
    /// Read a lesson: prose, code, calls, recorded replies
    #[command(after_help = SHOW_EXAMPLES)]
    Show(Show),
    /// Keep a lesson's server up: curl it, open /docs
    #[command(after_help = SERVE_EXAMPLES)]
    Serve(Serve),
    /// Send your own request to a lesson's server, and see how it compares with the script's
    #[command(after_help = r#try::EXAMPLES)]
    Try(Try),
    /// Check lessons against what is recorded and documented, in parallel, changing nothing
    #[command(after_help = VERIFY_EXAMPLES)]
    Verify(Verify),
    /// Run the real FastAPI and write a pending snapshot for each reply that is new or differs
    #[command(after_help = RECORD_EXAMPLES)]
    Record(Record),
    /// Ask FastAPI and our server the same and show where they or the snapshots differ
    #[command(after_help = COMPARE_EXAMPLES)]
    Compare(Compare),
    /// Decide on pending snapshots one by one, each with its diff and what the tutorial says
    #[command(after_help = review::REVIEW_EXAMPLES)]
    Review(Decide),
    /// Accept pending snapshots: they become what is recorded
    #[command(after_help = review::ACCEPT_EXAMPLES)]
    Accept(Accept),
    /// Reject pending snapshots: they are removed
    #[command(after_help = review::REJECT_EXAMPLES)]
    Reject(Decide),
    /// List pending snapshots with what they would change
    #[command(after_help = review::PENDING_EXAMPLES)]
    Pending(Pending),
    /// Print a lesson's calls for curl, hurl or an editor
    #[command(after_help = export::EXAMPLES)]
    Export(Export),
    /// Start a lesson from the template, or remove it again
    #[command(after_help = new::EXAMPLES)]
    New(new::New),
    /// Check that the course is complete and consistent: scripts, pages, code, snapshots, lists
    #[command(after_help = lint::EXAMPLES)]
    Lint(lint::Lint),
    /// Print a completion script for a shell
    #[command(after_help = COMPLETIONS_EXAMPLES)]
    Completions(Completions),
}

/// Arguments of `list`.
#[derive(Args, Debug)]
pub struct List {
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
}

/// Arguments of `run`.
#[derive(Args, Debug)]
pub struct Run {
    /// Lessons by number, range or name: 4, 4-6, path-parameters
    #[arg(required = true, value_name = "LESSON")]
    pub lessons: Vec<String>,
    /// Stop before each call and let you predict the reply's status
    #[arg(long)]
    pub step: bool,
    /// Show only this call; the calls before it are made all the same
    #[arg(long, value_name = "NAME", conflicts_with = "step")]
    pub call: Option<String>,
    /// Show all headers, whole bodies and the curl command of each call
    #[arg(long, short)]
    pub verbose: bool,
    /// Which server is called
    #[command(flatten)]
    pub target: Target,
}

/// Arguments of `show`.
#[derive(Args, Debug)]
#[allow(clippy::struct_excessive_bools, reason = "each is a flag of its own")]
pub struct Show {
    /// The lesson by number or name
    pub lesson: String,
    /// Show the server in Rust
    #[arg(long)]
    pub rust: bool,
    /// Show the same server in FastAPI
    #[arg(long)]
    pub python: bool,
    /// Show the calls of the script, each with its curl command
    #[arg(long)]
    pub calls: bool,
    /// Show the recorded replies
    #[arg(long)]
    pub snapshots: bool,
}

/// Arguments of `serve`.
#[derive(Args, Debug)]
pub struct Serve {
    /// The lesson by number or name
    pub lesson: String,
    /// The port; without it the system chooses one
    #[arg(long, default_value_t = 0, hide_default_value = true, value_name = "N")]
    pub port: u16,
    /// The address; only 127.0.0.1 is served
    #[arg(long, default_value = "127.0.0.1", hide_default_value = true)]
    pub host: String,
}

/// Arguments of `record`.
#[derive(Args, Debug)]
pub struct Record {
    /// Lessons by number, range or name
    #[arg(value_name = "LESSON", required_unless_present = "all")]
    pub lessons: Vec<String>,
    /// Record all lessons
    #[arg(long, conflicts_with = "lessons")]
    pub all: bool,
    /// Write nothing; exit with 1 if FastAPI answers otherwise than recorded
    #[arg(long)]
    pub check: bool,
}

/// Arguments of `compare`.
#[derive(Args, Debug)]
pub struct Compare {
    /// Lessons by number, range or name; all of them if none is named
    #[arg(value_name = "LESSON")]
    pub lessons: Vec<String>,
    /// Send this many made requests to each lesson instead of its script
    #[arg(long, value_name = "N")]
    pub fuzz: Option<usize>,
    /// The seed from which the requests of `--fuzz` are made
    #[arg(long, value_name = "S", default_value_t = 1)]
    pub seed: u64,
}

/// Arguments of `completions`.
#[derive(Args, Debug)]
pub struct Completions {
    /// The shell
    pub shell: clap_complete::Shell,
}

const EXAMPLES: &str = "\
Examples:
  workbook list             all lessons
  workbook show 6           read lesson 6
  workbook run 6            see its calls and replies
  workbook run 6 --step     predict each reply first
  workbook try 6            send requests of your own
  workbook serve 6          keep its server up, with /docs
  workbook verify           check the whole course

Exit codes:
  0 everything matched    2 usage                       4 could not run
  1 a reply differs       3 a file of the course is     130 interrupted
                            invalid

Every flag can be set by an environment variable: WORKBOOK_JOBS=4 is `--jobs 4`,
WORKBOOK_FAIL_FAST=1 is `--fail-fast`.";

const LIST_EXAMPLES: &str = "\
Examples:
  workbook list
  workbook list --format json";

const RUN_EXAMPLES: &str = "\
Examples:
  workbook run 4
  workbook run 4-6
  workbook run path-parameters --verbose
  workbook run 4 --call beyond-64-bits
  workbook run 4 --step
  workbook run 14 --target http://127.0.0.1:8000";

const SHOW_EXAMPLES: &str = "\
Examples:
  workbook show 4
  workbook show 4 --rust --python
  workbook show 4 --calls";

const SERVE_EXAMPLES: &str = "\
Examples:
  workbook serve 4
  workbook serve 4 --port 8000
The server's address is printed on stderr, what the lesson prints on stdout. Ctrl-C ends it.";

const VERIFY_EXAMPLES: &str = "\
Examples:
  workbook verify
  workbook verify 4 5
  workbook verify --report junit=target/junit.xml --report github
  workbook verify --shard 1/4 --fail-fast
  workbook verify --rerun failed
  workbook verify --repeat 20 --shuffle
  workbook verify --report json | jq .summary
  workbook verify 14 --target http://127.0.0.1:8000
Reports:
  junit    XML with a test suite a lesson and a test case a call
  json     all of it; `workbook verify --schema` says what each key means
  tap      the Test Anything Protocol, version 14
  github   annotations on stdout, and a table for the file that $GITHUB_STEP_SUMMARY names
The report for people is left out where another one goes to stdout; annotations go with it.";

const RECORD_EXAMPLES: &str = "\
Examples:
  workbook record 4
  workbook record --all --check
The first use makes a virtual environment with FastAPI in your cache folder; that needs python3
3.11 or newer (WORKBOOK_PYTHON names another one) and a network.";

const COMPARE_EXAMPLES: &str = "\
Examples:
  workbook compare 9
  workbook compare 9 --fuzz 2000 --seed 7
Like `record` it needs python3 3.11 or newer. A search takes ten minutes a lesson at most.";

const COMPLETIONS_EXAMPLES: &str = "\
Examples:
  workbook completions bash > ~/.local/share/bash-completion/completions/workbook
  workbook completions fish > ~/.config/fish/completions/workbook.fish";

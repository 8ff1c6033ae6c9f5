//! The commands: each a file, each a function from arguments to an exit code.

mod compare;
mod completions;
mod decide;
mod export;
mod lint;
mod list;
mod new;
mod record;
mod review;
mod run;
mod serve;
mod show;
mod step;
mod target;
mod r#try;
mod verify;

use std::env;
use std::io;
use std::path::{Path, PathBuf};

use crate::cli::{Answer, Cli, Command};
use crate::course::{Call, Course, CourseError, Lesson};
use crate::engine::{Caller, EngineError, Exchange, attribute};
use crate::home::{self, HomeError};
use crate::progress::Progress;
use crate::reference::{Environment, ReferenceError, Server};
use crate::terminal::Terminal;

/// How the program ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum Exit {
    /// Everything matched.
    Good = 0,
    /// A reply differs.
    Differs = 1,
    /// The command line makes no sense.
    Usage = 2,
    /// A lesson, snapshot or file is invalid.
    Invalid = 3,
    /// It could not be found out.
    CouldNotRun = 4,
    /// The user interrupted it.
    Interrupted = 130,
}

/// Why a command could not do what it was asked.
#[derive(Debug, thiserror::Error)]
pub enum Failure {
    /// A lesson or snapshot.
    #[error(transparent)]
    Course(#[from] CourseError),
    /// The engine.
    #[error(transparent)]
    Engine(#[from] EngineError),
    /// The course could not be found.
    #[error(transparent)]
    Home(#[from] HomeError),
    /// The real FastAPI.
    #[error(transparent)]
    Reference(#[from] ReferenceError),
    /// Output or files.
    #[error(transparent)]
    Io(#[from] io::Error),
    /// The arguments do not go together; says how they would.
    #[error("{0}")]
    Usage(String),
    /// Something else was in the way; says what, and the next step.
    #[error("{0}")]
    CouldNotRun(String),
    /// Ctrl-C.
    #[error("interrupted")]
    Interrupted,
}

impl Failure {
    /// The exit code that stands for it.
    pub fn exit(&self) -> Exit {
        match self {
            Self::Course(CourseError::Invalid(_) | CourseError::Unreadable { .. }) => Exit::Invalid,
            Self::Course(_) | Self::Usage(_) => Exit::Usage,
            Self::Io(error) if error.kind() == io::ErrorKind::BrokenPipe => Exit::Good,
            Self::Interrupted => Exit::Interrupted,
            Self::Engine(_)
            | Self::Home(_)
            | Self::Reference(_)
            | Self::Io(_)
            | Self::CouldNotRun(_) => Exit::CouldNotRun,
        }
    }

    /// Whether there is anybody left to tell: a closed pipe ends the program in silence.
    pub fn is_worth_telling(&self) -> bool {
        !matches!(self, Self::Io(error) if error.kind() == io::ErrorKind::BrokenPipe)
    }
}

/// Prints what is said instead of doing anything.
pub fn give(answer: &Answer, terminal: Terminal) -> Result<Exit, Failure> {
    if answer.use_stderr() {
        // A closed stderr makes the command line no better.
        let _ = answer.print();
        return Ok(Exit::Usage);
    }
    let text = answer.render();
    terminal.out(&if terminal.look.colour { text.ansi().to_string() } else { text.to_string() })?;
    Ok(Exit::Good)
}

/// Does what the command line says.
pub async fn dispatch(cli: Cli, terminal: Terminal) -> Result<Exit, Failure> {
    let course = home::course()?;
    match cli.command {
        None => list::whereabouts(&course, terminal),
        Some(Command::List(arguments)) => list::list(&arguments, &course, terminal),
        // A question at the terminal blocks, so `--step` leaves Ctrl-C to the system.
        Some(Command::Run(arguments)) if arguments.step => {
            run::run(&arguments, &course, terminal).await
        }
        Some(Command::Run(arguments)) => {
            unless_interrupted(run::run(&arguments, &course, terminal)).await
        }
        Some(Command::Show(arguments)) => show::show(&arguments, &course, terminal),
        Some(Command::Serve(arguments)) => serve::serve(&arguments, &course, terminal).await,
        // So do a prompt and stdin.
        Some(Command::Try(arguments)) if arguments.request.words.is_empty() => {
            r#try::try_out(&arguments, &course, terminal).await
        }
        Some(Command::Try(arguments)) => {
            unless_interrupted(r#try::try_out(&arguments, &course, terminal)).await
        }
        Some(Command::Verify(arguments)) => verify::verify(&arguments, &course, terminal).await,
        Some(Command::Record(arguments)) => {
            unless_interrupted(record::record(&arguments, &course, terminal)).await
        }
        Some(Command::Compare(arguments)) => {
            unless_interrupted(compare::compare(&arguments, &course, terminal)).await
        }
        Some(Command::Review(arguments)) => {
            unless_interrupted(review::review(&arguments, &course, terminal)).await
        }
        Some(Command::Accept(arguments)) => decide::accept(&arguments, &course, terminal),
        Some(Command::Reject(arguments)) => decide::reject(&arguments, &course, terminal),
        Some(Command::Pending(arguments)) => decide::pending(&arguments, &course, terminal),
        Some(Command::Export(arguments)) => export::export(&arguments, &course, terminal),
        Some(Command::New(arguments)) => new::new(&arguments, &home::checkout()?, terminal),
        Some(Command::Lint(arguments)) => lint::lint(&arguments, &course, terminal),
        Some(Command::Completions(arguments)) => completions::completions(&arguments, terminal),
    }
}

/// Does the work unless Ctrl-C comes first. Dropping the work drops the reference's process with
/// it; the lessons' own servers end with the program.
async fn unless_interrupted<T>(
    work: impl Future<Output = Result<T, Failure>>,
) -> Result<T, Failure> {
    tokio::select! {
        // The work prints before it first waits; from then on Ctrl-C must be listened for.
        biased;
        _ = tokio::signal::ctrl_c() => Err(Failure::Interrupted),
        done = work => done,
    }
}

/// The named lessons, or all of them if none is named.
fn named_or_all(course: &Course, names: &[String]) -> Result<Vec<Lesson>, CourseError> {
    if names.is_empty() { course.lessons() } else { course.select(names) }
}

/// All lessons with the learner's progress.
fn with_progress(course: &Course) -> Result<Vec<(Lesson, Option<bool>)>, CourseError> {
    let progress = Progress::load();
    let lessons = course.lessons()?.into_iter();
    Ok(lessons
        .map(|lesson| (progress.of(&lesson.folder_name()), lesson))
        .map(|(p, l)| (l, p))
        .collect())
}

/// The real FastAPI, set up on first use; `WORKBOOK_PYTHON` names another interpreter.
async fn reference_environment(terminal: Terminal) -> Result<Environment, ReferenceError> {
    let python = env::var_os("WORKBOOK_PYTHON").filter(|path| !path.is_empty());
    let python = python.map_or_else(|| "python3".into(), PathBuf::from);
    Environment::prepare(&python, &home::cache(), &|line| terminal.note(line)).await
}

/// Sends a batch to the real FastAPI, and waits until it has nothing left to do for it.
async fn fire_at_reference(
    batch: &[Call],
    caller: &mut Caller,
    server: &mut Server,
) -> Result<Vec<Exchange>, ReferenceError> {
    let mut exchanges = caller.fire(batch).await;
    // A request that was given up may never end, and what it printed is nobody's reply.
    if !exchanges.iter().any(Exchange::is_given_up) {
        attribute(&mut exchanges, server.settle().await?);
    }
    Ok(exchanges)
}

/// The course's folder below that of the repository: empty, or with a slash at its end.
fn in_repository(course: &Course) -> String {
    let workspace = named("GITHUB_WORKSPACE").and_then(|path| path.canonicalize().ok());
    let inside = workspace.and_then(|path| course.root().strip_prefix(path).ok());
    match inside {
        Some(inside) if inside != Path::new("") => format!("{}/", inside.display()),
        _ => String::new(),
    }
}

/// The path that an environment variable holds, unless it is empty.
fn named(variable: &str) -> Option<PathBuf> {
    env::var_os(variable).filter(|path| !path.is_empty()).map(PathBuf::from)
}

//! Runs one lesson and gives back what happened. Prints nothing, writes no file.
//!
//! [`Session`] keeps a lesson's server up and fires its calls; [`run`] fires all of them and
//! judges each reply against what is recorded and documented. The server may also be another one
//! than ours, a [`Target`]. Showing the outcome is `report`'s.

pub mod arrival;
pub mod client;
pub mod compare;
mod session;
pub mod socket;
mod target;
pub mod transcript;
pub mod variation;
pub mod verdict;
mod wire;

use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use futures_util::{Stream, StreamExt, stream};
use tokio::sync::Semaphore;
use tokio::time::timeout;

use crate::course::call::batches;
use crate::course::{Call, Lesson, processors};

pub use client::Client;
pub use session::{Caller, Session, serve};
pub use target::{Target, TargetError};
pub use transcript::{Exchange, Outcome, Reply, attribute};
pub use verdict::{CallResult, Finding, Recorded, masked};

/// How many lessons run side by side where nobody says; most of their time is waiting.
pub const AT_ONCE: usize = 48;

/// How many of them a processor works for: what more of them need would not stay in its cache.
const AT_WORK: usize = 4;

/// A lesson that has not ended after this time waits for something, and the next may begin.
const BRISK: Duration = Duration::from_millis(50);

/// What running a lesson gave.
#[derive(Clone, Debug)]
pub struct LessonRun {
    /// Where the lesson's server listened: `http://127.0.0.1:49321`.
    pub base_url: String,
    /// The calls' results, in the order of the script.
    pub results: Vec<CallResult>,
    /// What the server printed, line by line, that belongs to no single call.
    pub output: Vec<String>,
    /// From the server's start to the last reply.
    pub took: Duration,
}

impl LessonRun {
    /// Whether every call came out as it should.
    pub fn is_good(&self) -> bool {
        self.results.iter().all(CallResult::is_good)
    }
}

/// Why a lesson could not be run at all.
#[derive(Debug, thiserror::Error)]
pub enum EngineError {
    /// The server did not start.
    #[error("the server of lesson {lesson} cannot start on 127.0.0.1:{port}: {cause}\n{}", start_help(*.port))]
    Start {
        /// The lesson's number.
        lesson: u32,
        /// The port that was asked for; 0 if the system was to choose.
        port: u16,
        /// Why not.
        cause: std::io::Error,
    },
    /// Nothing listens where calls were to be sent.
    #[error(
        "{base_url}: nothing answers there: {cause}\nstart your server, then run the same command again"
    )]
    NoTarget {
        /// Where.
        base_url: String,
        /// Why not.
        cause: String,
    },
    /// The client could not be made.
    #[error("the HTTP client cannot start: {0}\nplease report this with `rustc --version`")]
    Client(reqwest::Error),
}

fn start_help(port: u16) -> &'static str {
    match port {
        0 => "check how many files and ports this session may open (`ulimit -n`)",
        _ => "choose another port with `--port N`, or leave it out and let the system choose",
    }
}

/// Someone who follows a lesson while it runs.
pub trait Watcher {
    /// Told before the calls of a batch are sent.
    fn before(&mut self, _base_url: &str, _batch: &[Call]) {}

    /// Told when a call has been judged.
    fn after(&mut self, _result: &CallResult) {}
}

/// Follows nothing.
impl Watcher for () {}

/// Runs a lesson: its server, all its calls in order, each judged.
pub async fn run(
    lesson: &Lesson,
    recorded: &Recorded,
    client: &Client,
    watcher: &mut dyn Watcher,
) -> Result<LessonRun, EngineError> {
    let session = Session::start(lesson, client.clone()).await?;
    Ok(run_in(session, lesson, recorded, watcher).await)
}

/// The same in a session that has just begun.
pub async fn run_in(
    mut session: Session,
    lesson: &Lesson,
    recorded: &Recorded,
    watcher: &mut dyn Watcher,
) -> LessonRun {
    let mut results = Vec::with_capacity(lesson.script.calls.len());
    for batch in batches(&lesson.script.calls) {
        watcher.before(session.base_url(), batch);
        for exchange in session.fire(batch).await {
            let result = verdict::judge(lesson, exchange, recorded);
            watcher.after(&result);
            results.push(result);
        }
    }
    let base_url = session.base_url().to_owned();
    let took = session.age();
    let output = session.stop().await;
    LessonRun { base_url, results, output, took }
}

/// Runs lessons side by side, at most so many at once, and gives their runs in the order of the
/// lessons. `start` begins a lesson's session, and `watch` makes its watcher.
pub fn run_all<'a, W: Watcher + 'a>(
    lessons: impl IntoIterator<Item = (&'a Lesson, &'a Recorded)> + 'a,
    at_once: usize,
    start: &'a impl AsyncFn(&Lesson) -> Result<Session, EngineError>,
    watch: &'a impl Fn(&Lesson) -> W,
) -> impl Stream<Item = Result<(&'a Lesson, LessonRun), EngineError>> + 'a {
    let room = Arc::new(Semaphore::new(processors() * AT_WORK));
    let run_one = move |(lesson, recorded)| {
        let room = room.clone();
        async move {
            let running = async {
                let session = start(lesson).await?;
                Ok((lesson, run_in(session, lesson, recorded, &mut watch(lesson)).await))
            };
            let mut running = pin!(running);
            let place = room.acquire().await;
            let ended = timeout(BRISK, running.as_mut()).await;
            drop(place);
            match ended {
                Ok(ended) => ended,
                Err(_) => running.await,
            }
        }
    };
    stream::iter(lessons).map(run_one).buffered(at_once.max(1))
}

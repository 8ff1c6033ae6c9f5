//! `workbook record`: the real FastAPI answers, and what is new or differs waits for a decision.

use std::fs;
use std::path::{Path, PathBuf};

use super::{Exit, Failure, fire_at_reference, named_or_all, reference_environment};
use crate::cli::Record;
use crate::course::call::batches;
use crate::course::{Course, CourseError, Lesson};
use crate::engine::{Caller, Client, Exchange, Finding, Outcome, masked};
use crate::reference::{self, Environment, Server};
use crate::snapshot;
use crate::terminal::Terminal;

/// Records the named lessons; with `check` only says what differs.
pub async fn record(
    arguments: &Record,
    course: &Course,
    terminal: Terminal,
) -> Result<Exit, Failure> {
    let lessons = named_or_all(course, &arguments.lessons)?;
    let changed = record_all(&lessons, arguments.check, course, terminal).await?;
    let calls: usize = lessons.iter().map(|lesson| lesson.script.calls.len()).sum();
    terminal.tell(&match (changed, arguments.check) {
        (0, _) => format!("{calls} calls: FastAPI answers as recorded\n"),
        (_, true) => format!("{changed} of {calls} calls: FastAPI answers otherwise\n"),
        _ => format!("{changed} of {calls} calls are pending: `workbook pending` shows them\n"),
    })?;
    Ok(if changed > 0 && arguments.check { Exit::Differs } else { Exit::Good })
}

async fn record_all(
    lessons: &[Lesson],
    check: bool,
    course: &Course,
    terminal: Terminal,
) -> Result<usize, Failure> {
    let environment = reference_environment(terminal).await?;
    let client = Client::unpooled()?;
    let mut changed = 0;
    for lesson in lessons {
        let replies = ask_reference(lesson, &environment, &client).await?;
        for (path, text) in replies {
            let name = course.relative(&path).display().to_string();
            let recorded = fs::read_to_string(&path).ok();
            if recorded.as_deref().map(snapshot::as_recorded).as_ref() == Some(&text) {
                if !check {
                    snapshot::reject(&path).map_err(|cause| unwritable(&path, cause))?;
                }
                continue;
            }
            changed += 1;
            let state = if recorded.is_some() { "differs" } else { "new" };
            terminal.tell(&format!("{state:<8} {name}\n"))?;
            if !check {
                snapshot::write_pending(&path, &text).map_err(|cause| unwritable(&path, cause))?;
            }
        }
        changed += orphans(lesson, course, terminal)?;
    }
    Ok(changed)
}

/// What FastAPI answers to each call of a lesson, as the text of its snapshot file.
async fn ask_reference(
    lesson: &Lesson,
    environment: &Environment,
    client: &Client,
) -> Result<Vec<(PathBuf, String)>, Failure> {
    let mut server = Server::start(environment, &lesson.folder()).await?;
    let mut caller = Caller::new(&server.base_url, client.clone());
    let mut replies = Vec::new();
    for batch in batches(&lesson.script.calls) {
        for exchange in fire_at_reference(batch, &mut caller, &mut server).await? {
            let text = recordable(lesson, &exchange)?;
            replies.push((lesson.snapshot(&exchange.call.name), text));
        }
    }
    server.stop().await?;
    Ok(replies)
}

fn recordable(lesson: &Lesson, exchange: &Exchange) -> Result<String, Failure> {
    let call = &exchange.call;
    let place = format!("{}:{}: {}", lesson.script_name(), call.line, call.name);
    let fail = |why: String| Failure::CouldNotRun(format!("{place}: {why}"));
    let mut texts = Vec::new();
    for outcome in &exchange.outcomes {
        let reply = match outcome {
            Outcome::Reply(reply) if !reply.is_silent() => reply,
            Outcome::Reply(_) | Outcome::TimedOut => {
                return Err(fail("FastAPI did not reply in time".to_owned()));
            }
            Outcome::Broken(cause) => return Err(fail(format!("FastAPI hung up: {cause}"))),
        };
        let (message, missed) = masked(exchange, reply);
        if let Some(Finding::MaskMissed(name)) = missed.first() {
            let why = format!("FastAPI's reply has nothing that the mask `{name}` covers");
            return Err(fail(why));
        }
        let as_written = lesson.call(&call.name)?;
        texts.push(snapshot::file_text(lesson, as_written, &message, &reference::version()));
    }
    texts.dedup();
    match texts.len() {
        1 => Ok(texts.remove(0)),
        _ => Err(fail("FastAPI's replies to its copies differ; mask what varies".to_owned())),
    }
}

/// Snapshots that no call of the script has; they are named, never removed.
fn orphans(lesson: &Lesson, course: &Course, terminal: Terminal) -> Result<usize, Failure> {
    let paths = snapshot::orphans(lesson)
        .map_err(|cause| CourseError::Unreadable { path: lesson.snapshots(), cause })?;
    for path in &paths {
        let name = course.relative(path).display();
        terminal.tell(&format!("orphan   {name}: no call has this name, remove the file\n"))?;
    }
    Ok(paths.len())
}

fn unwritable(path: &Path, cause: std::io::Error) -> Failure {
    let path = path.display();
    Failure::CouldNotRun(format!("{path}: cannot be written: {cause}\ncheck the folder's rights"))
}

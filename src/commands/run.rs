//! `workbook run`: lessons one after the other, every exchange shown as it happens.

use std::io;
use std::sync::Arc;

use super::target::Servers;
use super::{Exit, Failure, step};
use crate::cli::Run;
use crate::course::{Call, Course, Lesson};
use crate::engine::{self, CallResult, LessonRun, Watcher};
use crate::progress::Progress;
use crate::report::exchange::{self, Detail, Place};
use crate::snapshot::Snapshots;
use crate::terminal::Terminal;

/// Runs the named lessons.
pub async fn run(arguments: &Run, course: &Course, terminal: Terminal) -> Result<Exit, Failure> {
    if arguments.step && !terminal.interactive {
        let why = "`--step` asks you questions, so it needs a terminal for stdin and stdout";
        return Err(Failure::Usage(format!("{why}\nleave it out to see all calls at once")));
    }
    let lessons = course.select(&arguments.lessons)?;
    if let Some(name) = &arguments.call {
        lessons.iter().try_for_each(|lesson| lesson.call(name).map(|_| ()))?;
    }
    let servers = Servers::of(&arguments.target)?;
    servers.reach(terminal).await?;
    let mut progress = Progress::load();
    let mut exit = Exit::Good;
    for (index, lesson) in lessons.iter().enumerate() {
        let (run, shown) = if arguments.step {
            (step::run(lesson, &servers, terminal).await?, Ok(()))
        } else {
            run_lesson(lesson, arguments, &servers, terminal).await?
        };
        if !run.is_good() {
            exit = Exit::Differs;
            servers.advise(terminal);
        }
        // A part of a lesson can show that it differs, but not that all of it matches.
        let whole = run.results.len() == lesson.script.calls.len();
        let noted = match run.is_good() {
            // What a server of the learner's own answers says nothing about the lesson's.
            _ if servers.target().is_some() => Ok(()),
            true if !whole => Ok(()),
            good => progress.note(&lesson.folder_name(), good),
        };
        if let Err(error) = noted {
            terminal.note(&format!("your progress could not be kept: {error}"));
        }
        let gap = if index + 1 < lessons.len() { "\n" } else { "" };
        match shown.and_then(|()| terminal.out(gap)) {
            // What a reader who left has seen differs all the same.
            Err(error) if error.kind() == io::ErrorKind::BrokenPipe => break,
            shown => shown?,
        }
    }
    Ok(exit)
}

/// Runs a lesson, and tells whether it could be shown.
async fn run_lesson(
    lesson: &Lesson,
    arguments: &Run,
    servers: &Servers,
    terminal: Terminal,
) -> Result<(LessonRun, io::Result<()>), Failure> {
    let recorded = Snapshots::read(lesson)?.into_messages();
    let mut lesson_to_run = lesson.clone();
    if let Some(name) = &arguments.call {
        stop_after(&mut lesson_to_run, name);
    }
    let detail = if arguments.verbose { Detail::Full } else { Detail::Brief };
    let mut view = View {
        lesson,
        only: arguments.call.as_deref(),
        detail,
        place: servers.place(),
        terminal,
        shown: 0,
        failed: Ok(()),
    };
    let session = servers.session(lesson).await?;
    let mut run = engine::run_in(session, &lesson_to_run, &recorded, &mut view).await;
    if let Some(name) = &arguments.call {
        run.results.retain(|result| result.exchange.call.name == *name);
    }
    view.print(&exchange::output(&run.output, terminal.look, detail));
    view.print(&exchange::summary(&run, terminal.look));
    Ok((run, view.failed))
}

/// Leaves out the calls after the one that is wanted and its concurrent neighbours.
fn stop_after(lesson: &mut Lesson, name: &str) {
    let mut calls = 0;
    for batch in crate::course::call::batches(&lesson.script.calls) {
        calls += batch.len();
        if batch.iter().any(|call| call.name == name) {
            break;
        }
    }
    Arc::make_mut(&mut lesson.script).calls.truncate(calls);
}

/// Prints exchanges as they come.
struct View<'a> {
    lesson: &'a Lesson,
    only: Option<&'a str>,
    detail: Detail,
    place: Place,
    terminal: Terminal,
    shown: usize,
    failed: io::Result<()>,
}

impl View<'_> {
    fn print(&mut self, text: &str) {
        if self.failed.is_ok() {
            self.failed = self.terminal.out(text);
        }
    }
}

impl Watcher for View<'_> {
    fn before(&mut self, base_url: &str, _batch: &[Call]) {
        if self.shown == 0 {
            let look = self.terminal.look;
            let heading = exchange::heading(self.lesson, base_url, self.place, look);
            self.print(&format!("{heading}\n"));
        }
        self.shown = self.shown.max(1);
    }

    fn after(&mut self, result: &CallResult) {
        let call = &result.exchange.call;
        let number = self.shown;
        self.shown += 1;
        if self.only.is_none_or(|name| name == call.name) {
            let look = self.terminal.look;
            let request = exchange::request(number, call, look, self.detail);
            let said = exchange::said(call, look);
            let reply = exchange::reply(self.lesson, result, look, self.detail);
            self.print(&format!("{request}{said}{reply}\n"));
        }
    }
}

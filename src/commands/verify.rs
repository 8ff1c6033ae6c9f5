//! `workbook verify`: lessons in parallel, nothing written, one exit code.

use std::time::Instant;

use futures_util::StreamExt;

use super::{Exit, Failure, named_or_all};
use crate::cli::{Format, Verify};
use crate::course::{Course, Lesson};
use crate::engine::{self, Client, LessonRun, Recorded};
use crate::report::{json, verification};
use crate::snapshot::Snapshots;
use crate::terminal::Terminal;

/// Verifies the named lessons, or all.
pub async fn verify(
    arguments: &Verify,
    course: &Course,
    terminal: Terminal,
) -> Result<Exit, Failure> {
    let started = Instant::now();
    let lessons = named_or_all(course, &arguments.lessons)?;
    let client = Client::new()?;
    let mut running = engine::run_all(lessons.into_iter().map(with_recorded), &client);
    let mut runs: Vec<(Lesson, LessonRun)> = Vec::new();
    while let Some(verified) = running.next().await {
        let (lesson, run) = verified?;
        if arguments.format == Format::Human {
            terminal.out(&verification::lesson(&lesson, &run, terminal.look))?;
        }
        runs.push((lesson, run));
    }
    terminal.out(&match arguments.format {
        Format::Human => verification::summary(&runs, started.elapsed(), terminal.look),
        Format::Json => json::runs(&runs, started.elapsed()),
    })?;
    let good = runs.iter().all(|(_, run)| run.is_good());
    Ok(if good { Exit::Good } else { Exit::Differs })
}

fn with_recorded(lesson: Lesson) -> Result<(Lesson, Recorded), Failure> {
    let recorded = Snapshots::read(&lesson)?.messages();
    Ok((lesson, recorded))
}

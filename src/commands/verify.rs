//! `workbook verify`: lessons in parallel, nothing written, one exit code.

use std::time::Instant;

use futures_util::StreamExt;
use futures_util::stream;

use super::{Exit, Failure, named_or_all};
use crate::cli::{Format, Verify};
use crate::course::{Course, Lesson};
use crate::engine::{self, Client, LessonRun};
use crate::report::{json, verification};
use crate::snapshot::Snapshots;
use crate::terminal::Terminal;

/// How many lessons run at once; most of their time is waiting.
const AT_ONCE: usize = 16;

/// Verifies the named lessons, or all.
pub async fn verify(
    arguments: &Verify,
    course: &Course,
    terminal: Terminal,
) -> Result<Exit, Failure> {
    let started = Instant::now();
    let lessons = named_or_all(course, &arguments.lessons)?;
    let client = Client::new()?;
    let mut running =
        stream::iter(lessons).map(|lesson| verify_one(lesson, &client)).buffered(AT_ONCE);
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

async fn verify_one(lesson: Lesson, client: &Client) -> Result<(Lesson, LessonRun), Failure> {
    let recorded = Snapshots::read(&lesson)?.messages();
    let run = engine::run(&lesson, &recorded, client, &mut ()).await?;
    Ok((lesson, run))
}

//! Checks lessons once or several times, and keeps of each what is to be said about it.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::num::NonZeroUsize;

use fastrand::Rng;
use futures_util::StreamExt;

use super::follow::Follow;
use crate::cli::Verify;
use crate::commands::Failure;
use crate::commands::target::Servers;
use crate::course::{CourseError, Lesson};
use crate::engine::{self, LessonRun, Recorded};
use crate::fastapi::run_in_threadpool;
use crate::report::line;
use crate::report::verified::Verified;
use crate::snapshot::Snapshots;

/// What has been found out so far; it outlives a check that is interrupted.
pub struct Rounds {
    /// How many times all lessons have been begun.
    pub number: usize,
    /// The lessons that have been run, by number.
    pub ran: HashMap<u32, Verified>,
    dice: Option<Rng>,
}

/// A seed that is short to type.
pub fn any_seed() -> u64 {
    fastrand::u16(..).into()
}

impl Rounds {
    /// Nothing so far. With a seed, each round will have an order of its own.
    pub fn new(seed: Option<u64>) -> Self {
        Self { number: 0, ran: HashMap::new(), dice: seed.map(Rng::with_seed) }
    }

    /// Checks the lessons as often as wanted.
    pub async fn run(
        &mut self,
        lessons: &[Lesson],
        arguments: &Verify,
        servers: &Servers,
        follow: &Follow,
    ) -> Result<(), Failure> {
        // Lessons that share a server would get into each other's way.
        let at_once = if servers.target().is_some() { 1 } else { engine::AT_ONCE };
        let jobs = arguments.jobs.map_or(at_once, NonZeroUsize::get);
        let start = async |lesson: &Lesson| servers.session(lesson).await;
        let watch = |lesson: &Lesson| follow.watch(lesson);
        let mut order: Vec<&Lesson> = lessons.iter().collect();
        while self.number < arguments.repeat.get() && !follow.is_over() {
            self.number += 1;
            if let Some(dice) = &mut self.dice {
                dice.shuffle(&mut order);
            }
            let wanted = order.iter().take_while(|_| !follow.is_over());
            let prepared = wanted.map(|lesson| with_recorded((*lesson).clone()));
            let mut running = engine::run_all(prepared, jobs, &start, &watch);
            while let Some(ended) = running.next().await {
                let (lesson, run) = ended?;
                follow.show(self.note(lesson, run)?)?;
            }
        }
        Ok(())
    }

    fn note(&mut self, lesson: Lesson, run: LessonRun) -> Result<&Verified, CourseError> {
        let verified = match self.ran.entry(lesson.number) {
            Entry::Vacant(entry) => entry.insert(Verified::new(lesson, run)),
            Entry::Occupied(entry) => {
                let verified = entry.into_mut();
                verified.note(run);
                verified
            }
        };
        if !verified.is_good() {
            verified.lines = differing_lines(verified)?;
        }
        Ok(verified)
    }
}

async fn with_recorded(lesson: Lesson) -> Result<(Lesson, Recorded), Failure> {
    // Files are read and replies judged side by side.
    let reading = run_in_threadpool(move || {
        let snapshots = Snapshots::read(&lesson);
        (lesson, snapshots)
    });
    let (lesson, snapshots) = reading.await;
    Ok((lesson, snapshots?.messages()))
}

/// The lines of the snapshots at which calls differ, by the names of the calls.
fn differing_lines(verified: &Verified) -> Result<HashMap<String, usize>, CourseError> {
    let snapshots = Snapshots::read(&verified.lesson)?;
    let line = |call: &str, place: &str, actual| {
        let snapshot = snapshots.get(call)?;
        Some(snapshot.first_line + line::of(place, &snapshot.message, actual))
    };
    let lines = verified.calls().filter_map(|judged| {
        let name = judged.call().name.clone();
        let line = line(&name, judged.first_place()?, judged.result.actual.as_ref())?;
        Some((name, line))
    });
    Ok(lines.collect())
}

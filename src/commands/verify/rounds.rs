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
use crate::course::{CourseError, Lesson, side_by_side};
use crate::engine::{self, LessonRun};
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
        let (mut recorded, mut unreadable) = (HashMap::new(), HashMap::new());
        for (lesson, snapshots) in lessons.iter().zip(side_by_side(lessons, Snapshots::read)) {
            match snapshots {
                Ok(snapshots) => drop(recorded.insert(lesson.number, snapshots.into_messages())),
                Err(error) => drop(unreadable.insert(lesson.number, error)),
            }
        }
        let mut order: Vec<&Lesson> = lessons.iter().collect();
        while self.number < arguments.repeat.get() && !follow.is_over() {
            self.number += 1;
            if let Some(dice) = &mut self.dice {
                dice.shuffle(&mut order);
            }
            let wanted = order.iter().copied().take_while(|_| !follow.is_over());
            let readable = wanted.map_while(|one| Some((one, recorded.get(&one.number)?)));
            let mut running = engine::run_all(readable, jobs, &start, &watch);
            while let Some(ended) = running.next().await {
                let (lesson, run) = ended?;
                follow.show(self.note(lesson, run)?)?;
            }
            let in_the_way = order.iter().find_map(|one| unreadable.remove(&one.number));
            if let Some(error) = in_the_way.filter(|_| !follow.is_over()) {
                return Err(error.into());
            }
        }
        Ok(())
    }

    fn note(&mut self, lesson: &Lesson, run: LessonRun) -> Result<&Verified, CourseError> {
        let verified = match self.ran.entry(lesson.number) {
            Entry::Vacant(entry) => entry.insert(Verified::new(lesson.clone(), run)),
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

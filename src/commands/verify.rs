//! `workbook verify`: lessons in parallel, perhaps several times; nothing of the course is written,
//! and one exit code says how it was.

mod follow;
mod reports;
mod rounds;

use std::time::Instant;

use super::target::Servers;
use super::{Exit, Failure, named_or_all, unless_interrupted};
use crate::cli::Verify;
use crate::course::{Course, CourseError, Lesson};
use crate::progress::Failed;
use crate::report::json::verification::schema;
use crate::report::verified::{Place, Stopped, Verification};
use crate::terminal::Terminal;

use follow::Follow;
use reports::Reports;
use rounds::Rounds;

/// Verifies the named lessons, or all.
pub async fn verify(
    arguments: &Verify,
    course: &Course,
    terminal: Terminal,
) -> Result<Exit, Failure> {
    if arguments.schema {
        terminal.out(&schema())?;
        return Ok(Exit::Good);
    }
    let reports = Reports::wanted(arguments)?;
    let servers = Servers::of(&arguments.target)?;
    let started = Instant::now();
    let mut found = Verification {
        seed: arguments.shuffle.then(|| arguments.seed.unwrap_or_else(rounds::any_seed)),
        target: servers.target().map(str::to_owned),
        shard: arguments.shard.map(|shard| shard.to_string()),
        ..Verification::default()
    };
    let ended = match chosen(arguments, course) {
        Ok(lessons) => {
            let follow = Follow::new(arguments, reports.people, terminal);
            let how = Check { arguments, servers: &servers, follow: &follow, terminal };
            how.check(lessons, &mut found).await
        }
        Err(error @ (CourseError::Invalid(_) | CourseError::Unreadable { .. })) => {
            Err(error.into())
        }
        Err(error) => return Err(error.into()),
    };
    found.took = started.elapsed();
    found.stopped = ended.as_ref().err().map(|failure| stopped(failure, course));
    // What another server answers says nothing about the lessons' own.
    if servers.target().is_none()
        && let Err(error) = Failed::note(course.root(), verdicts(&found))
    {
        terminal.note(&format!("what failed could not be kept for `--rerun`: {error}"));
    }
    if arguments.rerun.is_some() && found.lessons.is_empty() && ended.is_ok() {
        terminal.note("no lesson of these failed the last time; leave `--rerun` out to check all");
    }
    let written = reports.write(&found, course, terminal);
    ended.and(written)?;
    if found.is_good() {
        return Ok(Exit::Good);
    }
    servers.advise(terminal);
    Ok(Exit::Differs)
}

/// The lessons to check: of the named ones a part, and of that those that failed.
fn chosen(arguments: &Verify, course: &Course) -> Result<Vec<Lesson>, CourseError> {
    let mut lessons = named_or_all(course, &arguments.lessons)?;
    if let Some(shard) = arguments.shard {
        lessons = lessons.into_iter().skip(shard.number - 1).step_by(shard.of).collect();
    }
    if arguments.rerun.is_some() {
        let failed = Failed::load(course.root());
        lessons.retain(|lesson| failed.has(&lesson.folder_name()));
    }
    Ok(lessons)
}

/// How lessons are checked.
struct Check<'a> {
    arguments: &'a Verify,
    servers: &'a Servers,
    follow: &'a Follow,
    terminal: Terminal,
}

impl Check<'_> {
    /// Checks the lessons until all is found out, something is in the way, or Ctrl-C comes.
    async fn check(&self, lessons: Vec<Lesson>, found: &mut Verification) -> Result<(), Failure> {
        let mut rounds = Rounds::new(found.seed);
        let all = lessons.len() * self.arguments.repeat.get();
        let ended = tokio::select! {
            ended = unless_interrupted(self.run(&lessons, &mut rounds)) => ended,
            never = self.follow.draw(all) => match never {},
        };
        self.follow.clear();
        found.rounds = rounds.number;
        for lesson in lessons {
            match rounds.ran.remove(&lesson.number) {
                Some(verified) => found.lessons.push(verified),
                None => found.not_run.push(lesson),
            }
        }
        ended
    }

    async fn run(&self, lessons: &[Lesson], rounds: &mut Rounds) -> Result<(), Failure> {
        self.servers.reach(self.terminal).await?;
        rounds.run(lessons, self.arguments, self.servers, self.follow).await
    }
}

fn stopped(failure: &Failure, course: &Course) -> Stopped {
    let place = match failure {
        Failure::Course(CourseError::Invalid(found)) => Some((&found.path, found.line)),
        Failure::Course(CourseError::Unreadable { path, .. }) => Some((path, 1)),
        _ => None,
    };
    let place =
        place.map(|(path, line)| Place { file: course.relative(path).display().to_string(), line });
    Stopped { message: failure.to_string(), place }
}

/// How the lessons came out, by folder name. One that could not be run for its files is not good.
fn verdicts(found: &Verification) -> Vec<(String, bool)> {
    let ran = found.lessons.iter();
    let ran = ran.map(|verified| (verified.lesson.folder_name(), verified.is_good()));
    let place = found.stopped.as_ref().and_then(|stopped| stopped.place.as_ref());
    let shown = |folder: &String| {
        place.is_some_and(|place| place.file.split('/').any(|part| part == folder))
    };
    let broken = found.not_run.iter().map(Lesson::folder_name).filter(shown);
    ran.chain(broken.map(|folder| (folder, false))).collect()
}

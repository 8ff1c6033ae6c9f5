//! How long things take, and whether memory stays flat as lessons grow: `cargo bench`.
//!
//! A table is all that comes of it; nothing is asserted on a clock. The memory is the process's
//! peak (`VmHWM`), so it is read before anything else could have raised it.

#![allow(clippy::print_stdout, reason = "the table is what this program is for")]
#![allow(clippy::unwrap_used, reason = "a figure that cannot be had ends the program")]

use std::fs;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use futures_util::StreamExt;
use workbook::course::{Call, Course, Lesson};
use workbook::engine::{self, Client, EngineError, Recorded, Session};
use workbook::snapshot::Snapshots;

/// How many calls a generated lesson makes.
const CALLS: usize = 10;

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let lessons = Course::new(env!("CARGO_MANIFEST_DIR")).lessons().unwrap();
    let client = Client::new().unwrap();
    generated_lessons(&lessons, &client).await;
    whole_course(&lessons, &client).await;
    calls_per_second(&lessons[0], &client).await;
    first_reply(&lessons[0], &client).await;
    program();
}

/// Generated lessons side by side, as `verify` runs them, and the memory they need at the peak.
async fn generated_lessons(lessons: &[Lesson], client: &Client) {
    row("peak memory before the first lesson", &peak_memory());
    for count in [50, 200, 1000] {
        let prepared = generated(lessons, count).map(Ok::<_, EngineError>);
        let started = Instant::now();
        let start = |lesson: &Lesson| Session::start(lesson, client.clone());
        let runs = engine::run_all(prepared, engine::AT_ONCE, &start, &|_| ());
        let good = runs.filter(|run| std::future::ready(run.as_ref().unwrap().1.is_good()));
        assert_eq!(good.count().await, count, "a generated lesson differs");
        let took = started.elapsed();
        let each = took / u32::try_from(count * CALLS).unwrap();
        row(&format!("{count} lessons of {CALLS} calls"), &millis(took));
        row("  a call", &millis(each));
        row("  peak memory after them", &peak_memory());
    }
}

/// Lessons that make the first calls of the course's own, as far as these do not wait.
fn generated(lessons: &[Lesson], count: usize) -> impl Iterator<Item = (Lesson, Recorded)> {
    let waits = |call: &Call| call.at_least.is_some();
    let brisk = |lesson: &&Lesson| {
        lesson.script.calls.len() >= CALLS && !lesson.script.calls[..CALLS].iter().any(waits)
    };
    let models: Vec<_> = lessons.iter().filter(brisk).map(first_calls).collect();
    let numbers = 1..=u32::try_from(count).unwrap();
    numbers.zip(models.into_iter().cycle().take(count)).map(|(number, (lesson, recorded))| {
        (Lesson { number, slug: "generated".to_owned(), ..lesson }, recorded)
    })
}

fn first_calls(lesson: &Lesson) -> (Lesson, Recorded) {
    let mut lesson = lesson.clone();
    lesson.script.calls.truncate(CALLS);
    let recorded = Snapshots::read(&lesson).unwrap().messages();
    (lesson, recorded)
}

/// All lessons of the course, snapshots read from disk, and the lesson that takes longest.
async fn whole_course(lessons: &[Lesson], client: &Client) {
    let (mut times, mut longest) = (Vec::new(), Duration::ZERO);
    for _ in 0..5 {
        let prepared = lessons.iter().map(|lesson| {
            let recorded = Snapshots::read(lesson).unwrap().messages();
            Ok::<_, EngineError>((lesson.clone(), recorded))
        });
        let start = |lesson: &Lesson| Session::start(lesson, client.clone());
        let started = Instant::now();
        let runs: Vec<_> = engine::run_all(prepared, engine::AT_ONCE, &start, &|_| ())
            .map(Result::unwrap)
            .collect()
            .await;
        times.push(started.elapsed());
        longest = runs.iter().map(|(_, run)| run.took).max().unwrap();
    }
    let calls: usize = lessons.iter().map(|lesson| lesson.script.calls.len()).sum();
    row(&format!("verify {} lessons, {calls} calls", lessons.len()), &min_and_median(times));
    row("  of which the longest lesson", &millis(longest));
}

/// One call over and over, alone and sixteen at a time.
async fn calls_per_second(lesson: &Lesson, client: &Client) {
    for copies in [1_u32, 16] {
        let mut call = lesson.script.calls[0].clone();
        call.copies = copies as usize;
        let mut session = Session::start(lesson, client.clone()).unwrap();
        session.fire(std::slice::from_ref(&call)).await;
        let rounds = 4_000 / copies;
        let started = Instant::now();
        for _ in 0..rounds {
            session.fire(std::slice::from_ref(&call)).await;
        }
        let rate = f64::from(rounds * copies) / started.elapsed().as_secs_f64();
        session.stop().await;
        row(&format!("calls a second, {copies} at a time"), &format!("{rate:.0}"));
    }
}

/// From nothing to the first reply, without the program around it.
async fn first_reply(lesson: &Lesson, client: &Client) {
    let mut times = Vec::new();
    for _ in 0..20 {
        let started = Instant::now();
        let mut session = Session::start(lesson, client.clone()).unwrap();
        session.fire(&lesson.script.calls[..1]).await;
        times.push(started.elapsed());
        session.stop().await;
    }
    row("server start to first reply", &min_and_median(times));
}

/// The built program, from its start to its end.
fn program() {
    let home = tempfile::tempdir().unwrap();
    let mut times = Vec::new();
    for _ in 0..20 {
        let mut command = Command::new(env!("CARGO_BIN_EXE_workbook"));
        command.args(["run", "1"]).current_dir(env!("CARGO_MANIFEST_DIR"));
        command.env("XDG_DATA_HOME", home.path()).stdout(Stdio::null());
        let started = Instant::now();
        assert!(command.status().unwrap().success(), "lesson 1 differs");
        times.push(started.elapsed());
    }
    row("workbook run 1", &min_and_median(times));
}

fn row(what: &str, figure: &str) {
    println!("{what:<40} {figure}");
}

fn min_and_median(mut times: Vec<Duration>) -> String {
    times.sort();
    format!("{} (median {})", millis(times[0]), millis(times[times.len() / 2]))
}

fn millis(time: Duration) -> String {
    format!("{:.2} ms", time.as_secs_f64() * 1e3)
}

/// The most memory that this process has had so far; only Linux tells.
fn peak_memory() -> String {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    line.map_or_else(|| "unknown here".to_owned(), |value| value.trim().to_owned())
}

//! How long things take, and whether memory stays flat as lessons grow: `cargo bench`.
//!
//! A table is all that comes of it; nothing is asserted on a clock. The memory is the process's
//! peak (`VmHWM`), so it is read before anything else could have raised it.

#![allow(clippy::print_stdout, reason = "the table is what this program is for")]
#![allow(clippy::unwrap_used, reason = "a figure that cannot be had ends the program")]

#[allow(dead_code, reason = "the servers run in this process")]
mod served;

use std::fs;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::{Arc, mpsc};
use std::thread;
use std::time::{Duration, Instant};

use actix_web::{App, HttpResponse, HttpServer, web};
use futures_util::StreamExt;
use futures_util::future::join_all;
use served::{memory, row};
use workbook::course::{Call, Course, Lesson, script, side_by_side};
use workbook::engine::{self, Client, Recorded, Session};
use workbook::fastapi::Api;
use workbook::report::verification;
use workbook::report::verified::{PLAIN, Verified};
use workbook::snapshot::Snapshots;

/// How many calls a generated lesson makes.
const CALLS: usize = 10;

/// How many lessons are generated, each time.
const COUNTS: [usize; 3] = [250, 500, 1000];

/// How many times that is measured. Not more often: each lesson leaves ports that wait for a minute
/// (`TIME_WAIT`), and where few are left the system takes long to find one.
const ROUNDS: usize = 3;

/// How many calls are made without anything of ours.
const BARE: usize = 20_000;

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let lessons = Course::new(env!("CARGO_MANIFEST_DIR")).lessons().unwrap();
    let client = Client::new().unwrap();
    generated_lessons(&lessons, &client).await;
    bare_calls_per_second().await;
    whole_course(&lessons, &client).await;
    calls_per_second(&lessons[0], &client).await;
    first_reply(&lessons[0], &client).await;
    program();
}

/// Generated lessons side by side, from their files to the report's lines, as `verify` has them,
/// and the memory they need at the peak.
async fn generated_lessons(lessons: &[Lesson], client: &Client) {
    let folder = tempfile::tempdir().unwrap();
    let models = models(lessons, folder.path());
    generate(&models, folder.path());
    row("peak memory before the first lesson", &memory("self", "VmHWM"));
    let mut measured: [Vec<(Duration, f64)>; COUNTS.len()] = Default::default();
    for round in 0..ROUNDS {
        for (count, measured) in COUNTS.into_iter().zip(&mut measured) {
            let (started, used) = (Instant::now(), processor_time());
            let generated = read(&models, folder.path(), count);
            verify(&generated, client).await;
            measured.push((started.elapsed(), processor_time() - used));
            // As one `verify` needs it; the allocator keeps some of it for the rounds that follow.
            if round == 0 {
                row(&format!("peak memory after {count} lessons"), &memory("self", "VmHWM"));
            }
        }
    }
    for (count, measured) in COUNTS.into_iter().zip(measured) {
        let calls = (count * CALLS) as f64;
        let (mut times, used): (Vec<_>, Vec<_>) = measured.into_iter().unzip();
        times.sort();
        let rate = |time: Duration| format!("{:.0}", calls / time.as_secs_f64());
        let rates = format!("{} (median {})", rate(times[0]), rate(times[ROUNDS / 2]));
        let used = used.iter().sum::<f64>() / (ROUNDS as f64 * calls);
        row(&format!("{count} lessons of {CALLS} calls"), &min_and_median(times));
        row("  calls a second", &rates);
        row("  processor time a call", &micros(used));
    }
}

/// Verifies lessons and makes the report's lines, all of which are kept to the end.
async fn verify(lessons: &[Lesson], client: &Client) {
    let recorded = recorded(lessons);
    let start = async |lesson: &Lesson| Session::start(lesson, client.clone()).await;
    let all = lessons.iter().zip(&recorded);
    let verified = engine::run_all(all, engine::AT_ONCE, &start, &|_| ()).map(|run| {
        let (lesson, run) = run.unwrap();
        let verified = Verified::new(lesson.clone(), run);
        let line = verification::lesson(&verified, PLAIN);
        assert!(verified.is_good(), "{line}");
        (verified, line)
    });
    let verified: Vec<_> = verified.collect().await;
    assert_eq!(verified.len(), lessons.len());
}

fn recorded(lessons: &[Lesson]) -> Vec<Recorded> {
    side_by_side(lessons, |lesson| Snapshots::read(lesson).unwrap().into_messages())
}

/// The first calls of the course's lessons, as far as these do not wait and what is said about
/// them is all in their calls: a folder for each, and what serves it.
fn models(lessons: &[Lesson], folder: &Path) -> Vec<Model> {
    // What goes on after a reply is waited for as well, and no call says for how long; and a server
    // that makes a database when it starts waits for the disk.
    let waits_elsewhere =
        |lesson: &&Lesson| ["background-tasks", "database"].contains(&lesson.slug.as_str());
    let waits = |call: &Call| call.at_least.is_some();
    let has_enough =
        |lesson: &&Lesson| lesson.script.calls.len() >= CALLS && lesson.script.errata.is_empty();
    let brisk = |lesson: &&Lesson| !lesson.script.calls[..CALLS].iter().any(waits);
    let model = |lesson: &Lesson| {
        let model = folder.join("models").join(&lesson.slug);
        fs::create_dir_all(&model).unwrap();
        for entry in lesson.folder().read_dir().unwrap().map(Result::unwrap) {
            symlink(entry.path(), model.join(entry.file_name())).unwrap();
        }
        let script = fs::read_to_string(lesson.folder().join("lesson.toml")).unwrap();
        let calls: Vec<&str> = script.split("[[call]]").take(CALLS + 1).collect();
        fs::remove_file(model.join("lesson.toml")).unwrap();
        fs::write(model.join("lesson.toml"), calls.join("[[call]]")).unwrap();
        Model { folder: model, snapshots: lesson.snapshots(), app: lesson.app }
    };
    let lessons = lessons.iter().filter(has_enough).filter(brisk);
    lessons.filter(|lesson| !waits_elsewhere(lesson)).map(model).collect()
}

struct Model {
    folder: PathBuf,
    snapshots: PathBuf,
    app: fn() -> Api,
}

/// Puts the models in turn where the files of lessons are.
fn generate(models: &[Model], root: &Path) {
    fs::create_dir(root.join("lessons")).unwrap();
    fs::create_dir(root.join("snapshots")).unwrap();
    for (lesson, model) in read(models, root, COUNTS[2]).iter().zip(models.iter().cycle()) {
        symlink(&model.folder, lesson.folder()).unwrap();
        symlink(&model.snapshots, lesson.snapshots()).unwrap();
    }
}

/// The first of the generated lessons, each from its script.
fn read(models: &[Model], root: &Path, count: usize) -> Vec<Lesson> {
    let numbers = 1..=u32::try_from(count).unwrap();
    let wanted: Vec<_> = numbers.zip(models.iter().cycle()).collect();
    let lesson = |(number, model): &(u32, &Model)| {
        let script = script::read(&model.folder.join("lesson.toml")).unwrap();
        let slug = "generated".to_owned();
        Lesson {
            number: *number,
            slug,
            script: Arc::new(script),
            root: root.to_owned(),
            app: model.app,
        }
    };
    side_by_side(&wanted, lesson)
}

/// What the machine can do: reqwest and actix-web without anything of ours, on as many threads.
async fn bare_calls_per_second() {
    let (sender, address) = mpsc::channel();
    let server = thread::spawn(move || {
        actix_web::rt::System::new().block_on(async move {
            let hello = || async { HttpResponse::Ok().body("{\"message\":\"Hello World\"}") };
            let app = move || App::new().route("/hello", web::get().to(hello));
            let server = HttpServer::new(app).workers(1).disable_signals();
            let server = server.bind(("127.0.0.1", 0)).unwrap();
            let address = server.addrs()[0];
            let server = server.run();
            sender.send((address, server.handle())).unwrap();
            server.await.unwrap();
        });
    });
    let (address, handle) = address.recv().unwrap();
    let client = reqwest::Client::builder().no_proxy().build().unwrap();
    let url = format!("http://{address}/hello");
    for together in [1, engine::AT_ONCE] {
        let one = async || {
            for _ in 0..BARE / together {
                client.get(&url).send().await.unwrap().bytes().await.unwrap();
            }
        };
        let (started, used) = (Instant::now(), processor_time());
        join_all((0..together).map(|_| one())).await;
        let rate = BARE as f64 / started.elapsed().as_secs_f64();
        row(&format!("bare calls a second, {together} at a time"), &format!("{rate:.0}"));
        row("  processor time a call", &micros((processor_time() - used) / BARE as f64));
    }
    handle.stop(false).await;
    server.join().unwrap();
}

/// All lessons of the course, snapshots read from disk, and the lesson that takes longest.
async fn whole_course(lessons: &[Lesson], client: &Client) {
    let (mut times, mut longest) = (Vec::new(), Duration::ZERO);
    for _ in 0..5 {
        let start = async |lesson: &Lesson| Session::start(lesson, client.clone()).await;
        let started = Instant::now();
        let recorded = recorded(lessons);
        let runs: Vec<_> =
            engine::run_all(lessons.iter().zip(&recorded), engine::AT_ONCE, &start, &|_| ())
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
        let mut session = Session::start(lesson, client.clone()).await.unwrap();
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
        let mut session = Session::start(lesson, client.clone()).await.unwrap();
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

fn min_and_median(mut times: Vec<Duration>) -> String {
    times.sort();
    format!("{} (median {})", millis(times[0]), millis(times[times.len() / 2]))
}

fn millis(time: Duration) -> String {
    format!("{:.2} ms", time.as_secs_f64() * 1e3)
}

fn micros(seconds: f64) -> String {
    format!("{:.0} µs", seconds * 1e6)
}

/// The seconds that all threads of this process have been at work, in steps of 10 ms. What else the
/// machine does changes it less than the time that passes. Only Linux tells.
fn processor_time() -> f64 {
    let stat = fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let (_, fields) = stat.rsplit_once(") ").unwrap_or_default();
    let ticks = fields.split(' ').skip(11).take(2).filter_map(|field| field.parse::<f64>().ok());
    ticks.sum::<f64>() / 100.0
}

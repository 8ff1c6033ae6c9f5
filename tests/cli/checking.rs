//! `run` and `verify` of a few lessons: what is shown, what is told about mistakes, which code.

use std::io::{BufRead, BufReader};
use std::process::{Command, Stdio};

use serde_json::Value;

use super::golden;
use super::program::{Place, end_of, has};

const SCRIPT: &str = "lessons/01-minimal-application/lesson.toml";
const SNAPSHOT: &str = "snapshots/01-minimal-application/hello.snap";

// ANCHOR: golden
#[test]
fn a_lesson_is_run_with_every_exchange_shown() {
    let place = Place::with_small_lesson();
    golden::check("run", &place.run(&["run", "1"]).good());
    golden::check("run-verbose", &place.run(&["run", "1", "--verbose"]).good());
    golden::check("run-call", &place.run(&["run", "1", "--call", "wrong-method"]).good());
}
// ANCHOR_END: golden

#[test]
fn a_deliberate_difference_is_told_and_not_counted_as_recorded() {
    let shown = Place::empty().run(&["run", "4", "--call", "beyond-64-bits"]).good();
    let parts =
        ["≠ diverges as listed", "FastAPI answers otherwise", "the call diverges as listed"];
    has(&shown, &parts);
    assert!(!shown.contains("as recorded"), "{shown}");
}

#[test]
fn a_lesson_of_which_only_a_part_was_run_is_not_done() {
    let place = Place::with_small_lesson();
    place.run(&["run", "1", "--call", "hello"]).good();
    assert!(!place.run(&["list"]).good().contains('✓'));
    place.replace(SNAPSHOT, "World", "Word");
    assert_eq!(place.run(&["run", "1", "--call", "hello"]).code, Some(1));
    has(&place.run(&["list"]).good(), &["✗ differed"]);
}

#[test]
fn several_lessons_are_run_in_the_order_named() {
    let shown = Place::empty().run(&["run", "path-parameters", "1-2", "04"]).good();
    let headings: Vec<&str> =
        shown.lines().filter(|line| line.contains(" · ") && !line.contains(" ms")).collect();
    let numbers: Vec<&str> = headings.iter().filter_map(|line| line.split(' ').next()).collect();
    assert_eq!(numbers, ["4", "1", "2"]);
}

#[test]
fn verify_is_content_and_writes_nothing() {
    let place = Place::with_small_lesson();
    place.run(&["list"]).good();
    let before = place.files();
    golden::check("verify", &place.run(&["verify", "1"]).good());
    // All but lesson 3, whose upper bounds on time a busy machine can miss.
    let lessons = ["verify", "1", "2", "4-23", "25-27"];
    has(&place.run(&lessons).good(), &[" as recorded, ", " as listed · "]);
    assert_eq!(place.files(), before);
}

#[test]
fn verify_for_machines_has_a_version_and_every_call() {
    let place = Place::with_small_lesson();
    let report = place.run(&["verify", "1", "--format", "json"]).good();
    let report: Value = serde_json::from_str(&report).unwrap();
    assert_eq!((&report["version"], &report["good"]), (&1.into(), &true.into()));
    assert_eq!(report["lessons"][0]["calls"][1]["name"], "wrong-method");
    assert_eq!(report["summary"]["calls"], 2);

    place.replace(SNAPSHOT, "Hello World", "Hello world");
    let ended = place.run(&["verify", "1", "--format", "json"]);
    let report: Value = serde_json::from_str(&ended.stdout).unwrap();
    assert_eq!((ended.code, &report["good"]), (Some(1), &false.into()));
    assert_eq!(report["summary"]["differing"], 1);
    let findings = report["lessons"][0]["calls"][0]["findings"].to_string();
    has(&findings, &["Hello world", "Hello World"]);
}

#[test]
fn one_changed_character_is_a_difference_with_its_place() {
    let place = Place::with_small_lesson();
    place.replace(
        "snapshots/01-minimal-application/wrong-method.snap",
        "Not Allowed\"",
        "Not allowed\"",
    );
    for (command, shown) in [("run", "run-differs"), ("verify", "verify-differs")] {
        let ended = place.run(&[command, "1"]);
        assert_eq!((ended.code, ended.stderr.as_str()), (Some(1), ""));
        golden::check(shown, &ended.stdout);
    }
    let other = place.run(&["run", "1", "--call", "hello"]);
    assert_eq!(other.code, Some(0), "only the named call counts\n{}", other.stdout);
}

#[test]
fn below_a_difference_stands_what_it_usually_means() {
    let mask = "request = \"GET /hello\"\nmask = [{ at = \"$.message\", pattern = \"^\\\\d+$\", as = \"n\" }]";
    for (script, (before, after), expected) in [
        ("", ("200 OK", "404 Not Found"), "= One side finds nothing there"),
        ("", ("content-length: 25\n", ""), "= Only one side knows the body's length"),
        ("", ("content-type", "x-a: b\ncontent-type"), "= Only one side sends this header"),
        ("", ("\"Hello World\"", "null"), "= null on one side"),
        ("", ("\"Hello World\"", "\"Hello  World\""), "= The same but for white space"),
        ("", ("World\"", "World\",\n  \"b\": 1"), "= Only one side has this"),
        (mask, ("Hello World", "{n}"), "= The value varies, so a mask covers it"),
    ] {
        let place = Place::with_small_lesson();
        place.replace(SNAPSHOT, before, after);
        if !script.is_empty() {
            place.replace(SCRIPT, "request = \"GET /hello\"", script);
        }
        for command in ["run", "verify"] {
            let ended = place.run(&[command, "1"]);
            assert_eq!(ended.code, Some(1), "{}", ended.stderr);
            has(&ended.stdout, &[expected]);
        }
    }
}

#[test]
fn what_the_tutorial_documents_is_held_against_what_is_recorded() {
    let place = Place::with_small_lesson();
    place.replace(SCRIPT, "\"Hello World\"", "\"Hello Rust\"");
    let ended = place.run(&["verify", "1"]);
    assert_eq!(ended.code, Some(1));
    has(&ended.stdout, &["documented  {\"message\":\"Hello Rust\"}", "recorded    {\"message\":"]);
}

#[test]
fn a_call_without_a_snapshot_says_how_to_record_it() {
    let place = Place::with_small_lesson();
    std::fs::remove_file(place.path("work").join(SNAPSHOT)).unwrap();
    let ended = place.run(&["verify", "1"]);
    assert_eq!(ended.code, Some(1));
    has(&ended.stdout, &["nothing is recorded", "workbook record"]);
}

#[test]
fn an_invalid_file_is_shown_with_line_column_and_caret() {
    for (file, before, after, place, mistake) in [
        (SCRIPT, "name = \"hello\"", "name = hello", "lesson.toml:6:8", "string values"),
        (SCRIPT, "says =", "sais =", "lesson.toml:8:1", "unknown field `sais`"),
        (SCRIPT, "GET /hello", "GET hello", "lesson.toml:7:11", "starts with a slash"),
        (SCRIPT, "says = ", "# ", "lesson.toml:5:1", "lacks `says`"),
        (SNAPSHOT, "HTTP/1.1", "<<<<<<< HEAD\nHTTP/1.1", "hello.snap:8:1", "merge conflict"),
        (SNAPSHOT, "}\n", "=======\n}\n", "hello.snap:14:1", "merge conflict"),
        (SNAPSHOT, "---\n", "", "hello.snap:1:1", "starts with a line `---`"),
        (SNAPSHOT, "---\nHTTP", "HTTP", "hello.snap:1:1", "not closed by a line `---`"),
        (SNAPSHOT, "HTTP/1.1 200 OK", "200 OK", "hello.snap:8:1", "status line"),
        (SNAPSHOT, "content-length: ", "content-length ", "hello.snap:9:1", "header such as"),
    ] {
        let course = Place::with_small_lesson();
        course.replace(file, before, after);
        for command in ["run", "verify"] {
            let message = course.run(&[command, "1"]).failed(3);
            let (folder, name) = file.rsplit_once('/').unwrap();
            has(&message, &["error: ", folder, place, mistake, " | ", "^\n", " = "]);
            assert_eq!(message.matches(name).count(), 1, "{message}");
        }
    }
}

#[test]
fn a_file_that_is_missing_or_no_text_is_named() {
    let place = Place::with_course();
    std::fs::write(place.path("work").join(SNAPSHOT), b"---\n\xff\n").unwrap();
    has(&place.run(&["verify", "1"]).failed(3), &[SNAPSHOT, "UTF-8"]);
    std::fs::remove_file(place.path("work").join(SCRIPT)).unwrap();
    has(&place.run(&["run", "1"]).failed(3), &[SCRIPT, "No such file", "cargo build"]);
}

#[test]
fn what_makes_no_sense_is_refused_with_what_would() {
    let place = Place::empty();
    for (arguments, parts) in [
        (["run", "99"].as_slice(), ["`99`", "did you mean", "workbook list"]),
        (&["run", "path-parametres"], ["path-parametres", "4 (path-parameters)", "workbook list"]),
        (&["verify", "1", "xyzzy"], ["`xyzzy`", "no lesson", "workbook list"]),
        (&["show", "1-3"], ["`1-3`", "several lessons", "one"]),
        (&["run", "1", "--call", "helo"], ["`helo`", "hello", "workbook show 1 --calls"]),
        (&["run", "1", "--step"], ["--step", "terminal", "leave it out"]),
        (&["run", "1", "--step", "--call", "hello"], ["--step", "--call", "cannot be used"]),
        (&["run"], ["<LESSON>", "required", "--help"]),
        (&["frob"], ["frob", "unrecognized", "--help"]),
        (&["serve", "1", "--host", "0.0.0.0"], ["0.0.0.0", "127.0.0.1 only", "leave `--host` out"]),
        (&["serve", "1", "--host", "::1"], ["::1", "127.0.0.1 only", "leave `--host` out"]),
        (&["serve", "1", "--port", "70000"], ["70000", "--port", "--help"]),
    ] {
        has(&place.run(arguments).failed(2), &parts);
    }
}

#[test]
fn what_a_learner_has_done_is_kept_in_the_data_folder_only() {
    let place = Place::with_small_lesson();
    let before = place.files();
    place.run(&["run", "1"]).good();
    has(&place.run(&["list"]).good(), &["A minimal application", "✓ matched"]);
    let data = place.path("data").display().to_string();
    let new: Vec<String> = place
        .files()
        .into_iter()
        .filter(|file| !before.contains(file) && !file.contains(&data))
        .collect();
    let course = place.path("work/").display().to_string();
    assert!(!new.iter().any(|file| file.starts_with(&course)), "{new:?}");
    place.replace(SNAPSHOT, "World", "Word");
    place.run(&["run", "1"]);
    has(&place.run(&["list"]).good(), &["✗ differed"]);
}

#[test]
fn progress_that_cannot_be_kept_is_told_and_stops_nothing() {
    let place = Place::empty();
    std::fs::write(place.path("data"), "a file where a folder is needed").unwrap();
    let ended = place.run(&["run", "1"]);
    assert_eq!(ended.code, Some(0));
    has(&ended.stderr, &["progress could not be kept"]);
}

#[test]
fn a_home_is_not_needed() {
    let place = Place::empty();
    for arguments in [["list"].as_slice(), &["verify", "1"]] {
        let mut command = place.command(arguments);
        end_of(command.env_remove("HOME").env_remove("XDG_DATA_HOME")).good();
    }
}

#[test]
fn ctrl_c_ends_a_run() {
    // Long enough that the signal comes in the middle, however busy the machine is.
    let call =
        |number| format!("[[call]]\nname = 'c{number}'\nrequest = 'GET /sync'\nextra = ''\n");
    let calls: String = (0..600).map(call).collect();
    let place = Place::with_course();
    let head = "title = 'A minute'\ngroup = 'B'\ntutorial = 'C'\n";
    place.write("lessons/03-async-and-blocking/lesson.toml", &format!("{head}{calls}"));
    let mut command = place.command(&["run", "3"]);
    let mut running = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let mut lines = BufReader::new(running.stdout.take().unwrap()).lines();
    has(&lines.next().unwrap().unwrap(), &["3 · A minute"]);
    let pid = running.id().to_string();
    assert!(Command::new("kill").args(["-INT", &pid]).status().unwrap().success());
    let status = running.wait().unwrap();
    assert_eq!(status.code(), Some(130), "{status}");
    assert!(lines.count() < 2000, "it went on to the end");
}

//! `review`: at a terminal, key by key; on none; and what `accept --because` keeps.

use serde_json::Value;

use super::golden;
use super::program::{Place, end_of, has};
use super::pseudo_terminal::Sitting;

const FOLDER: &str = "snapshots/01-minimal-application";
const HELLO: &str = "snapshots/01-minimal-application/hello.snap";
const OTHER: &str = "snapshots/01-minimal-application/wrong-method.snap";
const RENAMED: &str = "snapshots/01-minimal-application/renamed.snap";
const SCRIPT: &str = "lessons/01-minimal-application/lesson.toml";
const KEYS: &str = "q quit\n";

/// A course with three pending snapshots of its first lesson: one that is not as documented, one
/// that no call has, and one with another status.
fn with_pending() -> Place {
    let place = Place::with_small_lesson();
    place.write(&new(HELLO), &place.read(HELLO).replace("\"Hello World\"", "7"));
    place.write(&new(RENAMED), &place.read(HELLO));
    place.write(&new(OTHER), &place.read(OTHER).replace("405 Method Not Allowed", "200 OK"));
    place
}

fn new(snapshot: &str) -> String {
    format!("{snapshot}.new")
}

fn exists(place: &Place, file: &str) -> bool {
    place.path("work").join(file).exists()
}

fn sit(place: &Place, arguments: &[&str]) -> Sitting {
    Sitting::start(place.command(arguments).env("NO_COLOR", "1"))
}

#[test]
fn what_a_decision_needs_is_shown_at_once() {
    let place = with_pending();
    let mut sitting = sit(&place, &["review"]);
    for key in ["d", "d", "s", "s", "s"] {
        sitting.see(KEYS);
        sitting.press(key);
    }
    let (code, shown) = sitting.end();
    assert_eq!(code, Some(0));
    golden::check("review", &shown);
    // The lines of a file are not broken.
    let files = [HELLO, RENAMED, OTHER].map(|file| place.read(&new(file))).concat();
    let of_file = |line: &&str| files.contains(line.get(4..).unwrap_or("none"));
    let long = |line: &&str| line.chars().count() > 80;
    assert_eq!(shown.lines().filter(|line| !of_file(line)).find(long), None);
}

#[test]
fn each_key_decides_what_it_says_and_no_other_key_anything() {
    for (keys, code, decided, summary) in [
        (["a", "r", "s"].as_slice(), 0, "accepted rejected pending", "1 accepted, 1 rejected, 1 p"),
        (&["A"], 0, "accepted accepted accepted", "3 accepted, 0 rejected, 0 pending"),
        (&["s", "R"], 0, "pending rejected rejected", "0 accepted, 2 rejected, 1 pending"),
        (&["a", "S"], 0, "accepted pending pending", "1 accepted, 0 rejected, 2 pending"),
        (&["r", "q"], 0, "rejected pending pending", "0 accepted, 1 rejected, 2 pending"),
        (&["a", "\u{4}"], 0, "accepted pending pending", "1 accepted, 0 rejected, 2 pending"),
        (&["x\n \x1b[A\x1b[DérQ\x1bOAq"], 0, "rejected pending pending", "0 accepted, 1 rejected"),
        (&["rrr"], 0, "rejected rejected rejected", "0 accepted, 3 rejected, 0 pending"),
    ] {
        let place = with_pending();
        let files = [HELLO, RENAMED, OTHER];
        let pending = files.map(|file| place.read(&new(file)));
        let mut sitting = sit(&place, &["review", "1"]);
        for key in keys {
            sitting.see(KEYS);
            assert!(!sitting.echoes());
            sitting.press(key);
        }
        let (ended, shown) = sitting.end();
        assert_eq!(ended, Some(code), "{keys:?}\n{shown}");
        has(&shown, &[summary]);
        for ((file, pending), expected) in files.iter().zip(pending).zip(decided.split(' ')) {
            let text = exists(&place, file).then(|| place.read(file));
            let found = match (exists(&place, &new(file)), text == Some(pending)) {
                (true, false) => "pending",
                (false, true) => "accepted",
                (false, false) => "rejected",
                (true, true) => "both",
            };
            assert_eq!(found, expected, "{keys:?}: {file}\n{shown}");
        }
        assert!(!shown.contains('\x1b'), "{shown:?}");
    }
}

#[test]
fn an_interruption_keeps_what_was_decided_and_the_terminal_as_it_was() {
    let place = with_pending();
    let mut sitting = sit(&place, &["review"]);
    sitting.see(KEYS);
    sitting.press("a");
    sitting.see(KEYS);
    assert!(!sitting.echoes());
    sitting.signal("-INT");
    let (code, shown) = sitting.end();
    assert_eq!(code, Some(130), "{shown}");
    has(&shown, &["error: interrupted"]);
    assert!(!exists(&place, &new(HELLO)) && exists(&place, &new(OTHER)));
    for file in place.path("work").join(FOLDER).read_dir().unwrap() {
        let name = file.unwrap().file_name().into_string().unwrap();
        assert!(name.contains(".snap") && !name.starts_with('.'), "{name} is left over");
    }
}

#[test]
fn what_changes_after_it_was_shown_is_not_accepted_unseen() {
    let place = with_pending();
    let mut sitting = sit(&place, &["review", "1", "--call", "hello"]);
    sitting.see(KEYS);
    place.replace(&new(HELLO), "7", "8");
    sitting.press("a");
    let (code, shown) = sitting.end();
    assert_eq!(code, Some(4), "{shown}");
    has(&shown, &["hello.snap.new: has changed", "workbook review"]);
    has(&place.read(HELLO), &["Hello World"]);
}

#[test]
fn on_no_terminal_it_prints_what_is_pending_and_how_to_decide() {
    let place = with_pending();
    let before = place.files();
    let ended = place.run(&["review"]);
    assert_eq!((ended.code, ended.stderr.as_str()), (Some(1), ""));
    golden::check("review-pipe", &ended.stdout);
    assert_eq!(place.files(), before);
    let command = "workbook reject 1 --call renamed";
    has(&ended.stdout, &[command]);
    place.run(&command.split(' ').skip(1).collect::<Vec<_>>()).good();
    assert!(!exists(&place, &new(RENAMED)));
    assert_eq!(Place::with_course().run(&["review"]).good(), "nothing is pending\n");
    has(&place.run(&["review", "99"]).failed(2), &["`99`", "workbook list"]);
}

#[test]
fn the_reason_for_an_acceptance_is_kept_in_the_snapshot() {
    let place = with_pending();
    let pending = place.read(&new(HELLO));
    let accept = |because: &str| {
        let ended = place.run(&["accept", "1", "--call", "hello", "--because", because]);
        assert_eq!((ended.code, ended.stdout), (Some(0), format!("accepted {HELLO}\n")));
    };
    accept("it: is \"so\" #1");
    let accepted = place.read(HELLO);
    let reason = "  because: \"it: is \\\"so\\\" #1\"\n---\n";
    assert_eq!(accepted, pending.replacen("---\nHTTP", &format!("{reason}HTTP"), 1));
    assert!(!exists(&place, &new(HELLO)));
    has(&place.run(&["verify", "1"]).stdout, &["recorded  7\n"]);
    place.write(&new(HELLO), &accepted);
    accept("second thoughts");
    let again = place.read(HELLO);
    has(&again, &["\n  because: second thoughts\n"]);
    assert_eq!(again.matches("because").count(), 1);
    has(&place.run(&["accept", "--because", ""]).failed(2), &["--because", "value is required"]);
}

#[test]
fn a_page_whose_lines_a_reason_moves_is_named() {
    let place = with_pending();
    let page = format!("{{{{#include ../../{HELLO}:8:}}}}\n");
    place.write("lessons/01-minimal-application/README.md", &page);
    let ended = place.run(&["accept", "1", "--call", "hello", "--because", "so"]);
    assert_eq!(ended.code, Some(0));
    has(&ended.stderr, &["lessons/01-minimal-application/README.md", "line 9", "not 8"]);
}

#[test]
fn what_cannot_be_read_is_shown_and_cannot_be_accepted() {
    let place = with_pending();
    place.replace(&new(HELLO), "HTTP/1.1", "<<<<<<< HEAD\nHTTP/1.1");
    let before = place.files();
    has(&place.run(&["accept"]).failed(3), &["hello.snap.new:8:1", "merge conflict"]);
    assert_eq!(place.files(), before, "all or none");
    has(&place.run(&["pending"]).good(), &["this is no snapshot", "hello.snap.new:8:1"]);
    let mut sitting = sit(&place, &["review"]);
    sitting.see(KEYS);
    sitting.press("a");
    sitting.see("cannot be accepted");
    sitting.press("A");
    has(
        &sitting.end().1,
        &["skipped  snapshots/01-minimal-application/hello.snap\n", "2 accepted"],
    );
    place.run(&["reject"]).good();
    assert!(!exists(&place, &new(HELLO)));
}

#[test]
fn a_recorded_reply_that_cannot_be_read_can_be_replaced() {
    let place = with_pending();
    place.replace(HELLO, "HTTP/1.1", "<<<<<<< HEAD\nHTTP/1.1");
    let pending = place.read(&new(HELLO));
    assert_eq!(place.run(&["accept", "1", "--call", "hello"]).code, Some(0));
    assert_eq!(place.read(HELLO), pending);
}

#[test]
fn what_is_pending_is_there_for_machines() {
    let place = with_pending();
    let report = place.run(&["pending", "--format", "json"]).good();
    golden::check("pending-json", &report);
    let report: Value = serde_json::from_str(&report).unwrap();
    let all = report["pending"].as_array().unwrap();
    assert_eq!((&report["version"], all.len()), (&1.into(), 3));
    let accept = all[0]["accept"].as_str().unwrap().strip_prefix("workbook ").unwrap();
    place.run(&accept.split(' ').collect::<Vec<_>>()).good();
    assert!(!exists(&place, &new(HELLO)));
    let none = Place::with_course().run(&["pending", "--format", "json"]).good();
    assert_eq!(serde_json::from_str::<Value>(&none).unwrap()["pending"], Value::Array(vec![]));
}

#[test]
fn a_pending_snapshot_that_changes_nothing_is_told_from_one_that_does() {
    let place = Place::with_small_lesson();
    place.write(&new(HELLO), &place.read(HELLO));
    let shown = place.run(&["pending"]).good();
    has(&shown, &[&format!("same     {HELLO}\n  nothing would change\n")]);
}

#[test]
fn an_erratum_and_a_documented_value_are_held_against_what_is_pending() {
    let place = with_pending();
    let erratum = "\n[[erratum]]\ncall = 'hello'\nsays = 'a greeting'\nfastapi = 'a number'\n\
                   seen_on = 'FastAPI 0.165.0'\n";
    place.write(SCRIPT, &format!("{}{erratum}", place.read(SCRIPT)));
    let shown = place.run(&["review", "1", "--call", "hello"]).stdout;
    let parts = ["see the erratum", "documented  {\"message\":", "pending     {\"message\":7}"];
    has(&shown, &parts);
    has(&shown, &["the tutorial says: a greeting", "a number (seen on FastAPI 0.165.0)"]);
    place.write(&new(HELLO), &place.read(HELLO).replace("200 OK", "200 Fine"));
    let shown = place.run(&["review", "1", "--call", "hello"]).stdout;
    has(&shown, &["✗ as documented: its erratum is obsolete"]);
}

#[test]
fn colours_are_for_the_terminal_of_a_review() {
    let place = with_pending();
    let mut sitting = Sitting::start(&mut place.command(&["review"]));
    sitting.see("quit");
    sitting.press("q");
    let (code, shown) = sitting.end();
    assert_eq!(code, Some(0));
    assert!(shown.contains("\x1b["), "{shown}");
    let plain = end_of(&mut place.command(&["review"])).stdout;
    assert!(!plain.contains('\x1b'), "{plain}");
}

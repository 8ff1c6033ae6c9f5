//! `verify` in other ways than once and whole: parts, order, repetition, what failed the last time.

use std::fs;

use serde_json::Value;

use super::program::{Place, has};

const SNAPSHOT: &str = "snapshots/01-minimal-application/hello.snap";
const TIMING: &str = "lessons/18-timing-middleware/lesson.toml";

/// The numbers of the lessons that a check of these arguments runs, in the order of the report.
#[track_caller]
fn ran(place: &Place, arguments: &[&str]) -> Vec<u64> {
    let arguments = [&["verify", "--report", "json"], arguments].concat();
    let report: Value = serde_json::from_str(&place.run(&arguments).stdout).unwrap();
    let lessons = report["lessons"].as_array().unwrap();
    lessons.iter().map(|lesson| lesson["number"].as_u64().unwrap()).collect()
}

/// The same in the order in which people see them.
#[track_caller]
fn seen(place: &Place, arguments: &[&str]) -> Vec<String> {
    let shown = place.run(&[&["verify"], arguments].concat()).stdout;
    let lines = shown.lines().filter(|line| line.starts_with(['✓', '✗']));
    lines.map(|line| line.split_whitespace().nth(1).unwrap().to_owned()).collect()
}

#[test]
fn the_shards_of_a_course_are_all_of_it_each_lesson_once() {
    let place = Place::empty();
    let shard = |shard| ran(&place, &["1", "2", "4-7", "--shard", shard]);
    assert_eq!(shard("1/4"), [1, 6]);
    let mut all: Vec<u64> = ["1/4", "2/4", "3/4", "4/4"].into_iter().flat_map(shard).collect();
    all.sort_unstable();
    assert_eq!(all, [1, 2, 4, 5, 6, 7]);
    assert_eq!(shard("7/9"), [0; 0]);
    let nothing = place.run(&["verify", "1", "--shard", "2/2"]).good();
    has(&nothing, &["nothing was run, shard 2/2"]);
}

#[test]
fn arguments_that_make_no_sense_are_refused_with_what_would() {
    let place = Place::empty();
    for (arguments, parts) in [
        (["--shard", "4"], ["--shard", "I/N, such as 1/4"]),
        (["--shard", "0/4"], ["no number 0", "from 1"]),
        (["--shard", "5/4"], ["of 4 shards", "no number 5"]),
        (["--shard", "a/4"], ["`a`", "is not a number"]),
        (["--jobs", "0"], ["--jobs", "zero"]),
        (["--repeat", "0"], ["--repeat", "zero"]),
        (["--rerun", "all"], ["--rerun", "[possible values: failed]"]),
    ] {
        let arguments = [&["verify", "1"], arguments.as_slice()].concat();
        has(&place.run(&arguments).failed(2), &parts);
    }
}

#[test]
fn the_help_knows_how_many_lessons_are_checked_at_once() {
    let help = Place::empty().run(&["verify", "--help"]).good();
    has(&help, &[&format!("[default: {}]", workbook::engine::AT_ONCE)]);
}

#[test]
fn after_a_failure_no_lesson_starts_if_that_is_wanted() {
    let place = Place::with_small_lesson();
    place.replace(SNAPSHOT, "World", "world");
    assert_eq!(ran(&place, &["2", "1", "4", "5", "-j1", "--fail-fast"]), [2, 1]);
    assert_eq!(ran(&place, &["2", "1", "4", "5", "-j1"]), [2, 1, 4, 5]);
    let ended = place.run(&["verify", "2", "1", "4", "5", "-j1", "--fail-fast"]);
    assert_eq!(ended.code, Some(1));
    has(&ended.stdout, &["not run, because another one failed before (--fail-fast): 4, 5\n"]);
}

#[test]
fn what_failed_is_run_again_until_it_is_good() {
    let place = Place::with_small_lesson();
    let again = |place: &Place| ran(place, &["--rerun", "failed"]);
    assert_eq!(again(&place), [0; 0]);
    let nothing = place.run(&["verify", "--rerun", "failed"]);
    assert_eq!((nothing.code, nothing.stdout.contains("nothing was run")), (Some(0), true));
    has(&nothing.stderr, &["no lesson", "leave `--rerun` out"]);

    let invalid = "snapshots/04-path-parameters/item.snap";
    place.replace(SNAPSHOT, "World", "world");
    place.replace(invalid, "---\n", "=======\n");
    assert_eq!(ran(&place, &["1", "2", "4"]), [1, 2]);
    let before = place.files_in("work");
    place.run(&["verify", "2"]).good();
    place.replace(invalid, "=======\n", "---\n");
    assert_eq!(again(&place), [1, 4], "one that differed, and one that could not be read");
    assert_eq!(again(&place), [1]);
    assert_eq!(ran(&place, &["2-4", "--rerun", "failed"]), [0; 0]);
    place.replace(SNAPSHOT, "world", "World");
    assert_eq!(again(&place), [1]);
    assert_eq!(again(&place), [0; 0]);
    assert_eq!(place.files_in("work").len(), before.len(), "nothing is kept in the course");
}

#[test]
fn what_failed_in_one_course_is_not_looked_for_in_another() {
    let place = Place::with_small_lesson();
    place.replace(SNAPSHOT, "World", "world");
    assert_eq!(place.run(&["verify", "1"]).code, Some(1));
    fs::rename(place.path("work"), place.path("moved")).unwrap();
    let other = Place::with_course();
    let run = |folder: &std::path::Path| {
        let mut command = place.command(&["verify", "--rerun", "failed"]);
        super::program::end_of(command.current_dir(folder))
    };
    has(&run(&other.path("work")).stdout, &["nothing was run"]);
    fs::remove_dir_all(place.path("work")).unwrap();
    fs::rename(place.path("moved"), place.path("work")).unwrap();
    assert_eq!(run(&place.path("work")).code, Some(1));
}

#[test]
fn a_broken_memory_of_what_failed_is_no_memory() {
    let place = Place::with_small_lesson();
    fs::create_dir_all(place.path("data/workbook")).unwrap();
    fs::write(place.path("data/workbook/failed.json"), "{\"version\": 1, ").unwrap();
    assert_eq!(ran(&place, &["--rerun", "failed"]), [0; 0]);
    fs::remove_dir_all(place.path("data")).unwrap();
    fs::write(place.path("data"), "a file where a folder is needed").unwrap();
    place.replace(SNAPSHOT, "World", "world");
    let ended = place.run(&["verify", "1"]);
    assert_eq!(ended.code, Some(1));
    has(&ended.stderr, &["what failed could not be kept"]);
}

#[test]
fn a_seed_has_an_order_of_its_own() {
    let place = Place::empty();
    let order = |seed| seen(&place, &["1", "2", "4-8", "--shuffle", "--seed", seed]);
    let in_course_order = ["1", "2", "4", "5", "6", "7", "8"];
    assert_eq!(order("7"), order("7"));
    assert_ne!(order("7"), in_course_order);
    assert_ne!(order("7"), order("8"));
    let reported = ran(&place, &["1", "2", "4-8", "--shuffle", "--seed", "7"]);
    assert_eq!(reported.iter().map(u64::to_string).collect::<Vec<_>>(), in_course_order);
    let shown = place.run(&["verify", "1", "2", "--shuffle"]).good();
    has(&shown, &["in a random order (--shuffle --seed "]);
}

#[test]
fn a_course_that_answers_alike_every_time_is_good() {
    let place = Place::empty();
    let shown = place.run(&["verify", "1", "2", "4", "--repeat", "4", "--shuffle"]).good();
    has(&shown, &["✓   1 ·", "3 lessons, ", ", 4 times, in a random order"]);
    assert_eq!(shown.matches('✓').count(), 3, "{shown}");
}

#[test]
fn what_varies_is_told_with_a_mask_that_covers_it() {
    let place = Place::with_course();
    let script = place.read(TIMING);
    let masks = script.find("[[mask]]").unwrap()..script.find("[[call]]").unwrap();
    let script = script.replace(&script[masks], "");
    let start = script.find("mask = [").unwrap();
    // The first call alone; others wait.
    let with = |mask: &str| place.write(TIMING, &[&script[..start], mask].concat());
    with("");
    let arguments = ["verify", "18", "--repeat", "3", "--report", "json"];
    let calls = || -> Value {
        let ended = place.run(&arguments);
        assert_eq!(ended.code, Some(1), "{}", ended.stderr);
        serde_json::from_str::<Value>(&ended.stdout).unwrap()["lessons"][0]["calls"].take()
    };
    let first = calls()[0].take();
    let kinds = |call: &Value| -> Vec<String> {
        let findings = call["findings"].as_array().unwrap();
        findings.iter().map(|finding| finding["kind"].as_str().unwrap().to_owned()).collect()
    };
    assert_eq!(kinds(&first), ["differs", "varies", "varies", "varies"]);
    let mask = first["mask"].as_str().unwrap();
    has(mask, &["header x-request-id", "as = \"uuid\"", "header x-process-time", "printed"]);
    let shown = place.run(&["verify", "18", "--repeat", "3", "--shuffle"]).stdout;
    has(&shown, &["printed varies from run to run\n", "mask it in the call:\n", "mask = [\n"]);

    with(&format!("{mask}\n"));
    let first = calls()[0].take();
    assert_eq!(kinds(&first), ["differs"], "the recorded reply has the names of the old masks");
}

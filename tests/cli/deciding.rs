//! `pending`, `accept`, `reject`, and `record` where it cannot work.

use super::golden;
use super::program::{Place, end_of, has};

const HELLO: &str = "snapshots/01-minimal-application/hello.snap";
const HELLO_NEW: &str = "snapshots/01-minimal-application/hello.snap.new";
const HEAD_NEW: &str = "snapshots/01-minimal-application/head.snap.new";
const ITEM_NEW: &str = "snapshots/04-path-parameters/new-one.snap.new";

/// A course with three pending snapshots: two that differ and one that is new.
fn with_pending() -> Place {
    let place = Place::with_course();
    place.write(HELLO_NEW, &place.read(HELLO).replace("Hello World", "Hello There"));
    place.write(HEAD_NEW, &place.read(HELLO));
    place.write(ITEM_NEW, &place.read(HELLO));
    place
}

#[test]
fn nothing_is_pending_in_a_fresh_course() {
    let place = Place::with_course();
    for command in ["pending", "accept", "reject"] {
        assert_eq!(place.run(&[command]).good(), "nothing is pending\n");
    }
}

#[test]
fn what_is_pending_is_shown_with_what_it_would_change() {
    let place = with_pending();
    let before = place.files();
    golden::check("pending", &place.run(&["pending", "1", "--call", "hello"]).good());
    has(&place.run(&["pending"]).good(), &["new      snapshots/04-", "\n3 pending"]);
    has(&place.run(&["pending", "2"]).good(), &["nothing is pending"]);
    assert_eq!(place.files(), before);
}

#[test]
fn what_is_accepted_takes_the_place_of_what_was_recorded() {
    let place = with_pending();
    let new = place.read(HELLO_NEW);
    let said = place.run(&["accept", "1", "--call", "hello"]).good();
    assert_eq!(said, format!("accepted {HELLO}\n"));
    assert_eq!(place.read(HELLO), new);
    assert!(!place.path("work").join(HELLO_NEW).exists());
    assert!(place.path("work").join(HEAD_NEW).exists(), "only the named call is decided on");
    assert_eq!(place.run(&["accept"]).good().lines().count(), 2);
    assert_eq!(place.run(&["pending"]).good(), "nothing is pending\n");
}

#[test]
fn what_is_rejected_leaves_what_was_recorded() {
    let place = with_pending();
    let old = place.read(HELLO);
    assert_eq!(place.run(&["reject"]).good().lines().count(), 3);
    assert_eq!(place.read(HELLO), old);
    assert!(!place.path("work").join(HELLO_NEW).exists());
    assert!(!place.path("work/snapshots/04-path-parameters/new-one.snap").exists());
}

#[test]
fn a_lesson_or_call_that_does_not_exist_is_not_silently_nothing() {
    let place = with_pending();
    let before = place.files();
    for command in ["pending", "accept", "reject"] {
        has(&place.run(&[command, "99"]).failed(2), &["`99`", "workbook list"]);
        has(&place.run(&[command, "1", "--call", "helo"]).failed(2), &["`helo`", "hello"]);
    }
    assert_eq!(place.files(), before);
}

#[test]
fn recording_without_python_says_what_is_needed() {
    let place = Place::with_course();
    let mut record = place.command(&["record", "1"]);
    let message = end_of(record.env("WORKBOOK_PYTHON", "/no/such/python3")).failed(4);
    has(&message, &["/no/such/python3", "3.11", "WORKBOOK_PYTHON"]);
    has(&place.run(&["record"]).failed(2), &["<LESSON>", "required"]);
    has(&place.run(&["record", "1", "--all"]).failed(2), &["--all", "cannot be used"]);
}

//! `try`: requests of the learner's own as arguments, on stdin and at a prompt. `.ci/targets` asks
//! the real FastAPI as well.

use std::fs;
use std::io::Write;
use std::process::Stdio;

use super::golden;
use super::program::{Ended, Place, end_of, has};
use super::pseudo_terminal::Sitting;

/// What is sent to the terminal when the prompt begins to wait: from now on what is pasted is told
/// from what is typed. The prompt itself is drawn again and again.
const READY: &str = "\x1b[?2004h";

/// Runs `try` with these lines on stdin.
fn piped(place: &Place, arguments: &[&str], lines: &[u8]) -> Ended {
    fs::write(place.path("stdin"), lines).unwrap();
    let stdin = fs::File::open(place.path("stdin")).unwrap();
    end_of(place.command(&[&["try"], arguments].concat()).stdin(Stdio::from(stdin)))
}

fn sit(place: &Place, arguments: &[&str]) -> Sitting {
    let mut command = place.command(&[&["try"], arguments].concat());
    Sitting::start(command.env("NO_COLOR", "1").env("TERM", "xterm"))
}

#[test]
fn a_request_is_shown_with_its_reply_and_the_nearest_call() {
    let place = Place::empty();
    golden::check("try", &place.run(&["try", "4", "/items/4.2"]).good());
    let body = r#"{"name": "Gizmo", "price": 3}"#;
    let arguments = ["try", "14", "put", "/items/1", "--json", body, "-H", "X-Me: 1", "--verbose"];
    golden::check("try-verbose", &place.run(&arguments).good());
}

#[test]
fn the_same_call_and_the_same_reply_are_told_as_such() {
    let place = Place::empty();
    let same = place.run(&["try", "14", "GET", "/items/99"]).good();
    has(&same, &["the script has the same call: missing", "its recorded reply is the same\n"]);
    // What varies is masked as in the nearest call: an id, a time, and both where they are printed.
    let varying = place.run(&["try", "18", "/slow"]).good();
    has(&varying, &["x-request-id: ", "GET /slow - ", "its recorded reply is the same\n"]);
    assert!(!varying.contains("{id}"), "{varying}");
    let elsewhere = place.run(&["try", "4", "/items/9223372036854775808"]).good();
    has(&elsewhere, &["FastAPI answers otherwise, as listed: an integer is an i64 here"]);
}

#[test]
fn bodies_are_sent_as_curl_sends_them() {
    let place = Place::empty();
    place.run(&["list"]).good();
    fs::write(place.path("work/form"), "username=me&password=\r\nsecret\n").unwrap();
    fs::write(place.path("work/item.json"), "{\"name\": \"From a file\",\n \"price\": 3}\n")
        .unwrap();
    fs::write(place.path("work/a.txt"), "twelve bytes").unwrap();
    for (arguments, parts) in [
        (
            ["16", "/login", "-d", "username=me", "-d", "password=secret"].as_slice(),
            ["POST /login\n", "username=me&password=secret\n"],
        ),
        (&["16", "/login", "-d", "@form"], ["POST /login\n", "username=me&password=secret\n"]),
        (
            &["14", "PUT /items/1", "--json", "@item.json"],
            ["PUT /items/1\n", "\"name\": \"From a file\""],
        ),
        (&["14", "PUT /items/1 {\"name\": \"x y\", \"price\": 3}"], ["‹ 200", "\"name\": \"x y\""]),
        (&["14", "DELETE", "/items/1", "-d", ""], ["DELETE /items/1\n", "‹ 405"]),
        (&["23", "/headers", "-H", "user-agent: me"], ["GET /headers\n", "user-agent: me"]),
        (
            &["17", "/upload", "-F", "file=@a.txt;type=text/plain"],
            ["POST /upload\n", "filename=\"a.txt\""],
        ),
    ] {
        has(&place.run(&[&["try"], arguments].concat()).good(), &parts);
    }
    let secret = piped(&place, &["16", "/login", "-d", "@-"], b"username=me&password=secret");
    has(&secret.good(), &["username=me&password=secret\n"]);
}

#[test]
fn what_one_line_of_stdin_changes_the_next_one_finds() {
    let lines = b"# first\nPUT /items/1 {\"name\": \"it's\", \"price\": 3}\n\n/items/1\n";
    let shown = piped(&Place::empty(), &["14"], lines).good();
    golden::check("try-stdin", &shown);
}

#[test]
fn a_line_that_makes_no_sense_ends_it_with_its_number() {
    let ended = piped(&Place::empty(), &["14"], b"/items/1\n\n/items/\xc3\xa9\n/items/2\n");
    assert_eq!(ended.code, Some(2));
    has(&ended.stdout, &["1 › GET /items/1\n"]);
    assert!(!ended.stdout.contains("/items/2"), "{}", ended.stdout);
    golden::check("try-wrong-line", &ended.stderr);
    let bytes = piped(&Place::empty(), &["14"], b"\xff\n").failed(2);
    has(&bytes, &["stdin, line 1: ", "no UTF-8", "@FILE"]);
}

#[test]
fn a_request_that_makes_no_sense_is_refused_with_what_would() {
    let place = Place::empty();
    for (arguments, parts) in [
        (["try", "4"].as_slice(), ["no request", "workbook try 4 'GET /items/42'"]),
        (
            &["try", "4", "--json", "{}"],
            ["no request that this could go with", "workbook try 4 'GET"],
        ),
        (&["try", "4", "items"], ["request:1:", "starts with a slash"]),
        (&["try", "4", "/items/é"], ["request:1:12", "`%C3%A9`"]),
        (&["try", "4", "/items/1", "-H", "accept"], ["`-H accept`", "-H 'accept: */*'"]),
        (&["try", "4", "/items/1", "-d", "@nowhere"], ["nowhere: cannot be read", "name a file"]),
        (&["try", "4", "/items/1", "-d", "a", "--json", "{}"], ["--data", "cannot be used with"]),
        (&["try", "4-6", "/items/1"], ["several lessons", "one"]),
        (&["try"], ["<LESSON>", "required"]),
    ] {
        has(&place.run(arguments).failed(2), &parts);
    }
}

#[test]
fn a_closed_pipe_is_no_failure() {
    let place = Place::empty();
    let mut command = place.command(&["try", "4", "/items/1"]);
    let mut running = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    drop(running.stdout.take());
    assert!(running.wait_with_output().unwrap().stderr.is_empty());
}

#[test]
fn at_the_prompt_the_state_lives_on_until_the_end() {
    let place = Place::empty();
    let mut sitting = sit(&place, &["14"]);
    for line in [
        "help",
        "PUT /items/1 {\"name\": \"Gizmo\", \"price\": 3}",
        "/items/1 -H 'x-me: 1'",
        "",
        "items",
        "/items/1 --frob",
        "/items/1 'open",
    ] {
        sitting.see(READY);
        sitting.press(&format!("{line}\r"));
    }
    sitting.see(READY);
    sitting.press("half a line\u{3}");
    sitting.see(READY);
    sitting.press("\u{4}");
    let (code, shown) = sitting.end();
    assert_eq!(code, Some(0), "{shown}");
    has(
        &shown,
        &[
            "Type a request, such as GET /items/1; `help` says more, Ctrl-D ends it.",
            "/items --json @FILE ",
            "1 › PUT /items/1\n",
            "2 › GET /items/1\n     x-me: 1\n",
            "{\"name\": \"Gizmo\", \"price\": 3.0}",
            "request:1:5: a request's target starts with a slash",
            "unexpected argument '--frob'",
            "a quote is opened and not closed",
            "`help` shows what can be typed",
        ],
    );
    assert!(!shown.contains("3 › "), "{shown}");
}

#[test]
fn ctrl_c_during_a_request_ends_the_program_and_leaves_the_terminal_as_it_was() {
    let place = Place::empty();
    let mut sitting = sit(&place, &["24"]);
    sitting.see(READY);
    assert!(!sitting.echoes());
    // Its background task takes two seconds.
    sitting.press("/register {\"username\": \"me\", \"email\": \"me@example.org\"}\r");
    sitting.see("1 › POST /register");
    sitting.signal("-INT");
    let (code, shown) = sitting.end();
    assert_eq!(code, None, "{shown}");
    assert!(!shown.contains("‹ 2"), "{shown}");
}

#[test]
fn what_was_typed_is_found_again_the_next_time() {
    let place = Place::empty();
    for (keys, request) in [
        (["/items/77\r", "quit\r"].as_slice(), "1 › GET /items/77\n"),
        (&["\u{10}\u{10}\u{7f}8\r", "\u{4}"], "1 › GET /items/78\n"),
    ] {
        let mut sitting = sit(&place, &["14"]);
        for keys in keys {
            sitting.see(READY);
            sitting.press(keys);
        }
        let (code, shown) = sitting.end();
        assert_eq!(code, Some(0), "{shown}");
        has(&shown, &[request]);
    }
    assert!(place.files_in("work").is_empty(), "nothing is kept in the course");
    fs::remove_dir_all(place.path("data")).unwrap();
    fs::File::create(place.path("data")).unwrap().write_all(b"no folder").unwrap();
    let mut sitting = sit(&place, &["14"]);
    sitting.see(READY);
    sitting.press("q\r");
    let (code, shown) = sitting.end();
    assert_eq!(code, Some(0));
    has(&shown, &["could not be kept"]);
}

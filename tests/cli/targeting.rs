//! `--target`: the calls of a lesson at a server that is not its own. `.ci/targets` does the same
//! with the real FastAPI.

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::thread;

use serde_json::Value;

use super::golden;
use super::program::{Ended, Place, has};
use super::serving::Served;

const HELLO: &str = "HTTP/1.1 200 OK\r\nserver: made by hand\r\ncontent-type: application/json\r\n\
                     content-length: 25\r\n\r\n{\"message\":\"Hello World\"}";
const REFUSAL: &str = "HTTP/1.1 405 No\r\nallow: GET\r\ncontent-type: application/json\r\n\
                       content-length: 31\r\n\r\n{\"detail\":\"Method Not Allowed\"}";

/// A server that somebody wrote in an afternoon: it answers each request with the next reply.
fn server(replies: &'static [&'static str]) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    thread::spawn(move || {
        let mut replies = replies.iter();
        // The first connection only finds out whether anything listens.
        for stream in listener.incoming().skip(1) {
            let mut stream = stream.unwrap();
            let Some(reply) = replies.next() else { return };
            read_request(&mut stream);
            stream.write_all(reply.as_bytes()).unwrap();
        }
    });
    format!("http://{address}")
}

fn read_request(stream: &mut TcpStream) {
    let mut request = Vec::new();
    while !request.ends_with(b"\r\n\r\n") && !request.ends_with(b"\"}") {
        let mut byte = [0];
        stream.read_exact(&mut byte).unwrap();
        request.push(byte[0]);
    }
}

/// Runs the program at a target.
fn at(place: &Place, target: &str, arguments: &[&str]) -> Ended {
    place.run(&[arguments, &["--target", target]].concat())
}

#[test]
fn a_server_of_ones_own_is_held_against_what_is_recorded() {
    let place = Place::with_small_lesson();
    let run = at(&place, &server(&[HELLO, REFUSAL]), &["run", "1"]);
    assert_eq!(run.code, Some(0), "{}", run.stdout);
    golden::check("target-run", &run.stdout);
    golden::check("target-note", &run.stderr);
    let verify = at(&place, &server(&[HELLO, REFUSAL]), &["verify", "1"]);
    assert_eq!(verify.code, Some(0), "{}", verify.stdout);
    golden::check("target-verify", &verify.stdout);
}

#[test]
fn a_server_that_answers_otherwise_is_told_where() {
    let place = Place::with_small_lesson();
    let verify = at(&place, &server(&[REFUSAL, REFUSAL]), &["verify", "1"]);
    assert_eq!(verify.code, Some(1));
    golden::check("target-differs", &verify.stdout);
    has(&verify.stderr, &["freshly started server: restart yours"]);
    // It goes away in the middle.
    let run = at(&place, &server(&[HELLO]), &["run", "1"]);
    assert_eq!(run.code, Some(1));
    has(&run.stdout, &["✓ as recorded", "✗ connection broke", "1 of 2 calls differ"]);
}

#[test]
fn what_a_server_prints_is_not_judged_and_a_divergence_is_no_duty() {
    let place = Place::empty();
    for (lesson, summary) in [
        ("4", "25 calls: 24 as recorded, 1 diverges as listed, at http"),
        ("24", "18 calls: all as recorded, at http"),
        ("27", "all as recorded, at http"),
        ("35", "30 calls: 29 as recorded, 1 diverges as listed, at http"),
    ] {
        let served = Served::start(&place, &["serve", lesson]);
        let target = format!("http://{}", served.address);
        let verify = at(&place, &target, &["verify", lesson]);
        assert_eq!(verify.code, Some(0), "{}", verify.stdout);
        has(&verify.stdout, &[summary]);
        has(&verify.stderr, &["prints cannot be seen, so it is not judged"]);
        served.end("-TERM");
    }
}

#[test]
fn a_server_that_does_as_fastapi_where_ours_does_not_is_good() {
    const PYTHON: &str = "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n\
        content-length: 54\r\n\r\n{\"item_id\":9223372036854775808,\"type\":\"<class 'int'>\"}";
    let place = Place::with_course();
    let script = "lessons/04-path-parameters/lesson.toml";
    let text = place.read(script);
    let call = text.split("[[call]]").find(|call| call.contains("\"beyond-64-bits\"")).unwrap();
    let head = text.split("[[call]]").next().unwrap();
    place.write(script, &format!("{head}[[call]]{call}"));
    let verify = at(&place, &server(&[PYTHON]), &["verify", "4"]);
    assert_eq!(verify.code, Some(0), "{}", verify.stdout);
    has(&verify.stdout, &["1 call: all as recorded"]);
    let verify = at(&place, &server(&[HELLO]), &["verify", "4"]);
    assert_eq!(verify.code, Some(1));
    has(&verify.stdout, &["$.item_id\n", "recorded  9223372036854775808", "actual    (absent)"]);
}

#[test]
fn nothing_is_kept_of_what_another_server_answers() {
    let place = Place::with_small_lesson();
    for command in ["run", "verify"] {
        at(&place, &server(&[HELLO, REFUSAL]), &[command, "1"]);
        assert_eq!(at(&place, &server(&[REFUSAL, HELLO]), &[command, "1"]).code, Some(1));
    }
    assert!(!place.path("data").exists());
}

#[test]
fn reports_name_the_server() {
    let place = Place::with_small_lesson();
    let target = server(&[HELLO, REFUSAL]);
    let ended = at(&place, &target, &["verify", "1", "--report", "json"]);
    let report: Value = serde_json::from_str(&ended.stdout).unwrap();
    assert_eq!(report["target"], target.as_str());
    let ended = at(&place, &server(&[HELLO, REFUSAL]), &["verify", "1", "--report", "junit"]);
    has(&ended.stdout, &["name=\"target\" value=\"http://127.0.0.1:"]);
}

#[test]
fn a_server_that_is_not_there_is_an_error_with_a_way_out() {
    let place = Place::empty();
    let free = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let target = format!("http://{free}");
    let parts = [&target, "nothing answers there", "start your server"];
    has(&at(&place, &target, &["run", "1"]).failed(4), &parts);
    let verify = at(&place, &target, &["verify", "1"]);
    assert_eq!((verify.code, verify.stdout.as_str()), (Some(4), ""));
    has(&verify.stderr, &parts);
    let report = at(&place, &target, &["verify", "1", "--report", "json"]);
    let report: Value = serde_json::from_str(&report.stdout).unwrap();
    has(report["stopped"]["message"].as_str().unwrap(), &parts);
}

#[test]
fn a_target_that_makes_no_sense_is_refused_with_what_would() {
    let place = Place::empty();
    for (arguments, parts) in [
        (
            ["verify", "1", "--target", "http://192.0.2.1:8000"].as_slice(),
            ["another machine", "--allow-remote"],
        ),
        (&["run", "1", "--target", "http://example.org"], ["another machine", "--allow-remote"]),
        (
            &["run", "1", "--target", "https://127.0.0.1:8000"],
            ["https is not spoken", "without it"],
        ),
        (
            &["run", "1", "--target", "http://127.0.0.1:8000/v1"],
            ["/v1`", "leave all but http://127.0.0.1:8000 out"],
        ),
        (&["verify", "1", "--target", "nowhere at all"], ["no URL", "http://127.0.0.1:8000"]),
        (&["verify", "--target", "http://127.0.0.1:8000"], ["not provided", "<LESSON>"]),
        (&["verify", "1", "--allow-remote"], ["not provided", "--target <URL>"]),
        (
            &["verify", "1", "--target", "localhost", "--rerun", "failed"],
            ["--rerun", "cannot be used with"],
        ),
    ] {
        has(&place.run(arguments).failed(2), &parts);
    }
}

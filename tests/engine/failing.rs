//! Handlers that panic, replies that never come, connections that break.

use std::convert::Infallible;
use std::future::pending;
use std::time::Duration;

use workbook::course::call::batches;
use workbook::engine::{Caller, Client, Finding, Recorded, verdict};
use workbook::fastapi::{Api, Console, Json, blocking, get};

use super::lesson::{answer, lesson, run, run_twice};
use super::raw::Raw;

fn app() -> Api {
    Api::new()
        .route("/fine", get(fine))
        .route("/panic", get(panics))
        .route("/panic-formatted", get(panics_formatted))
        .route("/blocking-panic", get(blocking(blocking_panics)))
        .route("/never", get(never))
        .route("/blocking-never", get(blocking(blocking_never)))
        .route("/not-json", get(not_json))
}

async fn fine() -> Json<&'static str> {
    Json("fine")
}

async fn panics() -> Json<()> {
    panic!("the sky fell")
}

async fn panics_formatted() -> Json<()> {
    panic!("{} skies fell", 2)
}

fn blocking_panics() -> Json<()> {
    panic!("the cellar flooded")
}

async fn never(console: Console) -> Json<()> {
    console.print("waiting");
    pending::<Infallible>().await;
    Json(())
}

fn blocking_never(console: Console) -> Json<()> {
    console.print("waiting");
    loop {
        std::thread::park();
    }
}

async fn not_json() -> Json<f64> {
    Json(f64::NAN)
}

#[tokio::test]
async fn a_handler_that_fails_fails_its_call_and_the_run_goes_on() {
    for (path, message) in [
        ("/panic", "the sky fell"),
        ("/panic-formatted", "2 skies fell"),
        ("/blocking-panic", "the cellar flooded"),
    ] {
        let bad = format!("GET {path}");
        let lesson = lesson(app, &[("bad", &bad, ""), ("good", "GET /fine", "")]);
        let run = run_twice(&lesson).await;
        let [Finding::Panicked(fault)] = &run.results[0].findings[..] else {
            panic!("{path}: {:?}", run.results[0].findings)
        };
        assert!(fault.contains(message), "{path}: {fault}");
        assert_eq!(answer(&run.results[0]), (500, "Internal Server Error"));
        assert_eq!(run.results[1].findings, []);
        assert!(!run.is_good());
    }
}

#[tokio::test]
async fn a_reply_that_json_cannot_carry_is_a_500_as_in_fastapi() {
    let run = run_twice(&lesson(app, &[("nan", "GET /not-json", "")])).await;
    assert_eq!(answer(&run.results[0]), (500, "Internal Server Error"));
    assert!(run.is_good(), "it is recorded like any other reply");
}

#[tokio::test]
async fn a_panic_among_concurrent_calls_is_told() {
    let lesson = lesson(
        app,
        &[
            ("good", "GET /fine", "concurrent = 'x'\ncopies = 3"),
            ("bad", "GET /panic", "concurrent = 'x'"),
            ("after", "GET /fine", ""),
        ],
    );
    let run = run_twice(&lesson).await;
    let faults = |index: usize| run.results[index].exchange.panics.len();
    assert_eq!((faults(1), faults(2)), (1, 0));
    assert!(!run.results[1].is_good() && run.results[2].is_good(), "{:?}", run.results);
}

#[tokio::test]
async fn a_reply_that_never_comes_is_timed_out_and_the_run_goes_on() {
    for path in ["/never", "/blocking-never"] {
        let bad = format!("GET {path}");
        let calls = [("bad", bad.as_str(), "timeout_ms = 50"), ("good", "GET /fine", "")];
        let run = run(&lesson(app, &calls)).await;
        let limit = Duration::from_millis(50);
        assert_eq!(run.results[0].findings, [Finding::NotRecorded, Finding::TimedOut(limit)]);
        assert_eq!(run.results[0].actual, None);
        assert_eq!(answer(&run.results[1]), (200, "\"fine\""));
        assert_eq!(run.results[0].prints().before, ["waiting"], "what was printed before is kept");
    }
}

#[tokio::test]
async fn a_connection_that_breaks_is_told() {
    let too_short = b"HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\nhalf".as_slice();
    for target in ["/a", "/../a"] {
        for answer in [b"".as_slice(), b"HTTP/1.1 200", b"SSH-2.0-OpenSSH\r\n\r\n", too_short] {
            let lesson = lesson(app, &[("a", &format!("GET {target}"), "timeout_ms = 60000")]);
            let server = Raw::start(1, answer);
            let findings = findings(&lesson, &server.base_url).await;
            let [Finding::NotRecorded, Finding::Broken(cause)] = &findings[..] else {
                panic!("{target} {answer:?}: {findings:?}")
            };
            assert!(!cause.is_empty());
        }
    }
}

#[tokio::test]
async fn a_server_that_is_not_there_is_a_broken_connection() {
    let gone = {
        let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        format!("http://{}", listener.local_addr().unwrap())
    };
    for target in ["/a", "/../a"] {
        let lesson = lesson(app, &[("a", &format!("GET {target}"), "timeout_ms = 60000")]);
        let findings = findings(&lesson, &gone).await;
        let [_, Finding::Broken(cause)] = &findings[..] else { panic!("{findings:?}") };
        assert!(cause.contains("refused"), "{cause}");
    }
}

/// What is found of a lesson's only call when another server answers it.
async fn findings(lesson: &workbook::course::Lesson, base_url: &str) -> Vec<Finding> {
    let mut caller = Caller::new(base_url, Client::new().unwrap());
    let batch = batches(&lesson.script.calls).next().unwrap();
    let exchange = caller.fire(batch).await.remove(0);
    verdict::judge(lesson, exchange, &Recorded::new()).findings
}

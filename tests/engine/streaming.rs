//! Streamed replies and requests: when chunks come, when the client leaves, how it sends.

use std::time::Duration;

use futures_util::stream::{self, StreamExt};
use workbook::engine::arrival::Unpaced;
use workbook::engine::{Client, Finding, Outcome, Session};
use workbook::fastapi::{
    Api, ClientDisconnect, Console, Json, RequestStream, StreamingResponse, get, post,
};
use workbook::report::Look;
use workbook::report::exchange::{self, Detail};

use super::lesson::{answer, lesson, run};

fn app() -> Api {
    Api::new()
        .route("/two", get(two))
        .route("/endless", get(endless))
        .route("/silent", get(silent))
        .route("/flood", get(flood))
        .route("/whole", get(whole))
        .route("/echo", post(echo))
}

async fn two() -> StreamingResponse {
    StreamingResponse::blocking(["a\n", "b\n"])
}

/// Prints when it is dropped.
struct Last(Console);

impl Drop for Last {
    fn drop(&mut self) {
        self.0.print("dropped");
    }
}

async fn endless(console: Console) -> StreamingResponse {
    console.print("begun");
    let last = Last(console);
    let three = stream::iter(["a\n", "b\n", "c\n"]);
    StreamingResponse::new(three.chain(stream::pending()).map(move |letter| {
        let _kept = &last;
        letter
    }))
}

async fn silent() -> StreamingResponse {
    StreamingResponse::new(stream::pending::<&str>())
}

async fn flood() -> StreamingResponse {
    StreamingResponse::new(stream::repeat(vec![b'x'; 1024 * 1024]))
}

async fn whole() -> Json<&'static str> {
    Json("whole")
}

async fn echo(mut body: RequestStream) -> Result<Json<Vec<String>>, ClientDisconnect> {
    let mut chunks = Vec::new();
    while let Some(chunk) = body.chunk().await? {
        chunks.push(String::from_utf8_lossy(&chunk).into_owned());
    }
    Ok(Json(chunks))
}

#[tokio::test]
async fn a_client_that_leaves_keeps_what_it_has() {
    let left = "leave_after = 2\nchunks = { at_least = 2 }";
    for (request, body, later) in [
        ("GET /endless", "a\nb\n␊", &["dropped"][..]),
        // The same client, one level further down.
        ("GET /endless?'", "a\nb\n␊", &["dropped"]),
        ("GET /two", "a\nb\n␊", &[]),
        ("GET /whole", "\"whole\"", &[]),
    ] {
        let run = run(&lesson(app, &[("a", request, left)])).await;
        let result = &run.results[0];
        assert_eq!(answer(result), (200, body), "{request}");
        assert_eq!(result.prints().later, later, "{request}");
    }
}

#[tokio::test]
async fn chunks_are_judged() {
    let hour = 3_600_000;
    for (request, keys, expected) in [
        ("GET /two", "chunks = { at_least = 2 }".to_owned(), None),
        (
            "GET /two",
            "chunks = { at_least = 3 }".to_owned(),
            Some(Unpaced::TooFew { bound: 3, came: 2 }),
        ),
        ("GET /two", "leave_after = 3".to_owned(), Some(Unpaced::TooFew { bound: 3, came: 2 })),
        ("GET /two", format!("chunks = {{ at_least = 2, apart_at_most_ms = {hour} }}"), None),
    ] {
        let run = run(&lesson(app, &[("a", request, &keys)])).await;
        let unpaced = run.results[0].findings.iter().find_map(|finding| match finding {
            Finding::Chunks(unpaced) => Some(unpaced.clone()),
            _ => None,
        });
        assert_eq!(unpaced, expected, "{request} {keys}");
    }
    let keys = format!("chunks = {{ at_least = 2, apart_at_least_ms = {hour} }}");
    let run = run(&lesson(app, &[("a", "GET /two", &keys)])).await;
    let early = |finding: &Finding| match finding {
        Finding::Chunks(Unpaced::TooEarly { chunk, bound, .. }) => Some((*chunk, *bound)),
        _ => None,
    };
    let found = run.results[0].findings.iter().find_map(early);
    assert_eq!(found, Some((2, Duration::from_hours(1))));
}

#[tokio::test]
async fn an_endless_stream_ends_its_call_and_not_the_run() {
    let soon = "timeout_ms = 50";
    let calls = [("a", "GET /silent", soon), ("b", "GET /endless", soon), ("c", "GET /whole", "")];
    let run = run(&lesson(app, &calls)).await;
    let timed_out = Finding::TimedOut(Duration::from_millis(50));
    assert!(run.results[0].findings.contains(&timed_out), "{:?}", run.results[0].findings);
    assert!(run.results[1].findings.contains(&timed_out), "{:?}", run.results[1].findings);
    assert_eq!(answer(&run.results[2]), (200, "\"whole\""));
}

#[tokio::test]
async fn a_reply_that_does_not_end_is_not_kept_for_ever() {
    let lesson = lesson(app, &[("a", "GET /flood", "timeout_ms = 60000")]);
    let mut session = Session::start(&lesson, Client::new().unwrap()).await.unwrap();
    let exchanges = session.fire(&lesson.script.calls).await;
    let broken = "the reply is longer than 67108864 bytes".to_owned();
    assert_eq!(exchanges[0].outcomes, [Outcome::Broken(broken)]);
    session.abandon().await;
}

#[tokio::test]
async fn a_body_in_pieces_arrives_as_such() {
    let pieces = "body_pieces = ['one', 'two']\npause_ms = 20\nat_least_ms = 20";
    let run = run(&lesson(app, &[("a", "POST /echo", pieces)])).await;
    let (status, body) = answer(&run.results[0]);
    assert_eq!((status, body.replace(['\n', ' '], "")), (200, "[\"one\",\"two\"]".to_owned()));
    let early = |finding: &Finding| matches!(finding, Finding::TooEarly { .. });
    assert!(!run.results[0].findings.iter().any(early), "{:?}", run.results[0].findings);
}

#[tokio::test]
async fn times_of_chunks_are_shown_where_everything_is() {
    let left = "leave_after = 1";
    let lesson = lesson(app, &[("a", "GET /endless", left), ("b", "GET /whole", "")]);
    let run = run(&lesson).await;
    let look = Look { width: 80, colour: false };
    for (index, detail, expected) in [
        (0, Detail::Full, Some(("     1 chunk at +", ", then the client left"))),
        (0, Detail::Brief, None),
        (1, Detail::Full, None),
    ] {
        let shown = exchange::reply(&lesson, &run.results[index], look, detail);
        let line = shown.lines().find(|line| line.contains(" chunk"));
        let line = line.map(|line| line.split_once('+').unwrap());
        let ends = |(start, end): (&str, &str)| {
            let (given, told) = expected.unwrap();
            assert_eq!(format!("{start}+"), given);
            assert!(end.ends_with(told), "{end}");
        };
        assert_eq!(line.is_some(), expected.is_some(), "{shown}");
        line.into_iter().for_each(ends);
    }
}

//! What a server prints: to which call it belongs, how it is judged and shown.

use std::future::pending;
use std::time::Duration;

use workbook::engine::compare::Difference;
use workbook::engine::{CallResult, Client, Finding, LessonRun, Recorded, Session, verdict};
use workbook::fastapi::{Api, BackgroundTasks, Console, Json, Path, get};
use workbook::report::Look;
use workbook::report::exchange::{self, Detail};
use workbook::report::json::verification as json;
use workbook::report::verified::{Verification, Verified};

use super::lesson::{answer, lesson, recorded, run, run_against, run_twice};

fn app() -> Api {
    Api::new()
        .route("/say/{text}", get(say))
        .route("/later/{text}", get(later))
        .route("/silent", get(silent))
        .route("/endless", get(endless))
}

async fn say(console: Console, Path(text): Path<String>) -> Json<()> {
    console.print(format!("got {text}"));
    console.print(format!("done with {text}"));
    Json(())
}

async fn later(tasks: BackgroundTasks, console: Console, Path(text): Path<String>) -> Json<()> {
    console.print(format!("got {text}"));
    tasks.add_task({
        let (console, text) = (console.clone(), text.clone());
        async move {
            tokio::task::yield_now().await;
            console.print(format!("working on {text}"));
        }
    });
    tasks.add_blocking_task(move || console.print(format!("done with\n{text}")));
    Json(())
}

async fn silent() -> Json<()> {
    Json(())
}

async fn endless(tasks: BackgroundTasks, console: Console) -> Json<()> {
    tasks.add_task(async move {
        console.print("for ever");
        pending::<()>().await;
    });
    Json(())
}

/// What was printed for a call before its reply and after it.
fn prints(result: &CallResult) -> (Vec<&str>, Vec<&str>) {
    let [before, later] = result.prints().lists().map(|(_, lines)| lines);
    (before.iter().map(String::as_str).collect(), later.iter().map(String::as_str).collect())
}

/// The places on which the only call differs.
fn differing(run: &LessonRun) -> Vec<&str> {
    let [Finding::Differs(differences)] = &run.results[0].findings[..] else {
        panic!("{:?}", run.results[0].findings)
    };
    differences.iter().map(Difference::place).collect()
}

#[tokio::test]
async fn lines_belong_to_the_call_for_which_they_were_printed() {
    let calls = [
        ("a", "GET /say/one", ""),
        ("b", "GET /later/two", ""),
        ("c", "GET /silent", ""),
        ("d", "GET /none", ""),
        ("e", "GET /later/three", ""),
    ];
    let run = run_twice(&lesson(app, &calls)).await;
    assert!(run.is_good(), "{:?}", run.results);
    let found: Vec<_> = run.results.iter().map(prints).collect();
    let expected = [
        (vec!["got one", "done with one"], vec![]),
        (vec!["got two"], vec!["working on two", "done with", "two"]),
        (vec![], vec![]),
        (vec![], vec![]),
        (vec!["got three"], vec!["working on three", "done with", "three"]),
    ];
    assert_eq!(found, expected);
    assert!(run.output.is_empty());
}

#[tokio::test]
async fn lines_of_requests_that_run_at_once_belong_to_none() {
    let calls = [
        ("a", "GET /later/a", "concurrent = 'x'"),
        ("b", "GET /later/b", "concurrent = 'x'"),
        ("c", "GET /later/c", "copies = 2"),
        ("d", "GET /say/d", "concurrent = 'alone'"),
    ];
    let run = run_twice(&lesson(app, &calls)).await;
    assert!(run.is_good(), "{:?}", run.results);
    let found: Vec<usize> = run.results.iter().map(|result| prints(result).0.len()).collect();
    assert_eq!(found, [0, 0, 0, 2]);
    let mut output = run.output.clone();
    output.sort();
    let expected = ["a", "b", "c", "c", "done with", "done with", "done with", "done with"];
    assert_eq!(output[..8], expected);
    assert_eq!(output.len(), 16);
    let shown = exchange::output(&run.output, Look { width: 80, colour: false }, Detail::Brief);
    assert!(shown.starts_with("     the server also printed\n   │ got "), "{shown}");
}

#[tokio::test]
async fn what_is_printed_is_held_against_what_is_recorded() {
    let made = |text: &str| lesson(app, &[("a", &format!("GET /later/{text}"), "")]);
    let one = recorded(&run(&made("one")).await);
    assert!(run_against(&made("one"), &one).await.is_good());
    let other = run_against(&made("two"), &one).await;
    assert_eq!(differing(&other), ["printed", "printed later"]);

    let silence = recorded(&run(&lesson(app, &[("a", "GET /silent", "")])).await);
    let unexpected = run_against(&lesson(app, &[("a", "GET /say/x", "")]), &silence).await;
    assert_eq!(differing(&unexpected), ["printed"]);
}

#[tokio::test]
async fn printed_lines_can_be_documented_masked_and_diverging() {
    let mask = "mask = [{ at = 'printed', pattern = 'two$', as = 'n' }]";
    let expect =
        "expect = { prints = ['got {n}'], prints_later = ['working on {n}', 'done with', '{n}'] }";
    let masked = lesson(app, &[("a", "GET /later/two", &format!("{mask}\n{expect}"))]);
    let good = run_twice(&masked).await;
    assert!(good.is_good(), "{:?}", good.results);

    let missing = lesson(app, &[("a", "GET /say/one", mask)]);
    let missed = run_twice(&missing).await;
    assert_eq!(missed.results[0].findings, [Finding::MaskMissed("n".to_owned())]);

    let on_record = recorded(&run(&lesson(app, &[("a", "GET /silent", "")])).await);
    for (prints, expected) in [("'got x', 'done with x'", true), ("'got x'", false)] {
        let claim = format!("[call.diverges]\nbecause = '64-bit-integers'\nprints = [{prints}]");
        let run = run_against(&lesson(app, &[("a", "GET /say/x", &claim)]), &on_record).await;
        assert_eq!(run.is_good(), expected, "{:?}", run.results);
    }
}

#[tokio::test]
async fn a_server_that_stays_busy_is_told_and_not_waited_for_again() {
    let lesson = lesson(app, &[("a", "GET /endless", ""), ("b", "GET /silent", "")]);
    let session = Session::start(&lesson, Client::new().unwrap()).await.unwrap();
    let mut session = session.patience(Duration::ZERO);
    let first = session.fire(&lesson.script.calls[..1]).await.remove(0);
    assert_eq!(first.still_busy, Some(Duration::ZERO));
    let mut session = session.patience(Duration::MAX);
    let second = session.fire(&lesson.script.calls[1..]).await.remove(0);
    assert_eq!(second.still_busy, None);
    let findings = verdict::judge(&lesson, first, &Recorded::new()).findings;
    assert_eq!(findings, [Finding::NotRecorded, Finding::StillBusy(Duration::ZERO)]);
    session.abandon().await;
}

#[tokio::test]
async fn lines_are_shown_where_they_happened() {
    let lesson = lesson(app, &[("a", "GET /later/two", "")]);
    let run = run_twice(&lesson).await;
    assert_eq!(answer(&run.results[0]), (200, "null"));
    let look = Look { width: 80, colour: false };
    for (detail, expected) in [
        (
            Detail::Brief,
            "   │ got two\n   ‹ 200 application/json  null                                    \
             ✓ as recorded\n     after the reply\n   │ working on two\n   │ done with\n   │ two\n",
        ),
        (Detail::Full, "\n     null\n     after the reply\n   │ working on two\n"),
    ] {
        let shown = exchange::reply(&lesson, &run.results[0], look, detail);
        assert!(shown.contains(expected), "{shown}");
    }
    let lessons = vec![Verified::new(lesson, run)];
    let report = json::render(&Verification { lessons, ..Verification::default() });
    for part in [r#""printed": ["#, r#""got two""#, r#""printed_later": ["#, r#""done with""#] {
        assert!(report.contains(part), "{part} is not in {report}");
    }
}

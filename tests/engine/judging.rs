//! Verdicts: recorded, documented, errata, divergences, masks, bounds of time.

use std::sync::Arc;
use std::time::Duration;

use workbook::course::script::Erratum;
use workbook::course::{Call, Message, Prints};
use workbook::engine::arrival::Unpaced;
use workbook::engine::{Exchange, Finding, Recorded, Reply, masked};
use workbook::fastapi::{Api, Json, get};

use super::lesson::{answer, lesson, recorded, run, run_against, run_twice};

fn app() -> Api {
    Api::new().route("/word", get(word)).route("/other", get(other)).route("/id", get(id))
}

async fn word() -> Json<&'static str> {
    Json("word")
}

async fn other() -> Json<&'static str> {
    Json("other")
}

async fn id() -> Json<[u32; 2]> {
    Json([std::process::id(), 7])
}

fn reply(body: &str) -> Message {
    let headers =
        [("content-type", "application/json"), ("content-length", &body.len().to_string())];
    let headers = headers.map(|(name, value)| (name.to_owned(), value.to_owned()));
    Message::new((200, "OK"), headers.into(), body.as_bytes())
}

fn name(finding: &Finding) -> &'static str {
    match finding {
        Finding::Differs(_) => "differs",
        Finding::NotRecorded => "not recorded",
        Finding::NotAsDocumented(_) => "not as documented",
        Finding::ErratumNoLongerHolds => "erratum no longer holds",
        Finding::DivergenceNoLongerHolds => "divergence no longer holds",
        Finding::NotAsDiverging(_) => "not as diverging",
        Finding::MaskMissed(_) => "mask missed",
        Finding::Panicked(_) => "fault",
        Finding::StillBusy(_) => "still busy",
        Finding::TimedOut(_) => "timed out",
        Finding::Broken(_) => "broken",
        Finding::Chunks(Unpaced::TooFew { .. }) => "too few chunks",
        Finding::Chunks(Unpaced::TooEarly { .. }) => "chunk too early",
        Finding::Chunks(Unpaced::TooLate { .. }) => "chunk too late",
        Finding::TooEarly { .. } => "too early",
        Finding::TooLate { .. } => "too late",
    }
}

/// Runs `GET /word`, which answers `"word"`, against a recorded body.
async fn check(more: &str, erratum: bool, on_record: Option<&str>, expected: &[&str]) {
    let mut lesson = lesson(app, &[("a", "GET /word", more)]);
    let text = String::new;
    let row = Erratum { call: "a".to_owned(), says: text(), fastapi: text(), seen_on: text() };
    Arc::make_mut(&mut lesson.script).errata.extend(erratum.then_some(row));
    let on_record: Recorded =
        on_record.map(|body| ("a".to_owned(), reply(body))).into_iter().collect();
    let run = run_against(&lesson, &on_record).await;
    let found: Vec<&str> = run.results[0].findings.iter().map(name).collect();
    assert_eq!(found, expected, "{more} {erratum} {on_record:?}");
    assert_eq!(run.is_good(), expected.is_empty());
}

#[tokio::test]
async fn a_reply_is_held_against_what_is_recorded() {
    check("", false, Some("\"word\""), &[]).await;
    check("", false, Some("\"Word\""), &["differs"]).await;
    check("", false, None, &["not recorded"]).await;
}

#[tokio::test]
async fn what_is_documented_is_held_against_what_is_recorded() {
    let word = "expect = { json = '\"word\"' }";
    let other = "expect = { status = 201 }";
    check(word, false, Some("\"word\""), &[]).await;
    check(other, false, Some("\"word\""), &["not as documented"]).await;
    check(word, false, Some("\"Word\""), &["not as documented", "differs"]).await;
}

#[tokio::test]
async fn an_erratum_excuses_what_is_documented_as_long_as_it_holds() {
    let word = "expect = { json = '\"word\"' }";
    let other = "expect = { json = '\"other\"' }";
    check(other, true, Some("\"word\""), &[]).await;
    check(word, true, Some("\"word\""), &["erratum no longer holds"]).await;
    check(other, true, Some("\"Word\""), &["differs"]).await;
}

#[tokio::test]
async fn a_divergence_is_neither_the_recorded_reply_nor_just_any_other() {
    let declares = |value: &str| {
        format!("[call.diverges]\nbecause = '64-bit-integers'\nstatus = 200\njson = '\"{value}\"'")
    };
    check(&declares("word"), false, Some("\"Word\""), &[]).await;
    check(&declares("word"), false, Some("\"word\""), &["divergence no longer holds"]).await;
    check(&declares("wort"), false, Some("\"Word\""), &["not as diverging"]).await;
}

#[tokio::test]
async fn a_mask_hides_what_it_covers_and_misses_what_it_does_not() {
    let mask = |at: &str, pattern: &str| {
        format!("[[call.mask]]\nat = '{at}'\npattern = '{pattern}'\nas = 'pid'")
    };
    let masked = lesson(app, &[("a", "GET /id", &mask("$[0]", "^[0-9]+$"))]);
    let first = run(&masked).await;
    assert_eq!(answer(&first.results[0]).1, "[\n  \"{pid}\",\n  7\n]");
    let mut on_record = recorded(&first);
    assert!(run_against(&masked, &on_record).await.is_good());

    on_record.insert("a".to_owned(), reply("[\"{pid}\",8]"));
    let run = run_against(&masked, &on_record).await;
    assert_eq!(run.results[0].findings.iter().map(name).collect::<Vec<_>>(), ["differs"]);

    for (at, pattern) in [("$[0]", "^[a-z]+$"), ("$[5]", "."), ("header x-none", ".")] {
        let missing = lesson(app, &[("a", "GET /id", &mask(at, pattern))]);
        let run = run_twice(&missing).await;
        assert_eq!(run.results[0].findings, [Finding::MaskMissed("pid".to_owned())], "{at}");
    }
}

#[test]
fn the_servers_own_address_is_not_part_of_a_reply() {
    let exchange = Exchange {
        call: Call::sketch("GET", "/word"),
        base_url: "http://127.0.0.1:4711".to_owned(),
        outcomes: Vec::new(),
        took: Duration::ZERO,
        panics: Vec::new(),
        prints: Prints::new(&["at http://127.0.0.1:4711/c".to_owned()], &[]),
        still_busy: None,
        is_elsewhere: false,
    };
    let header = ("location".to_owned(), "http://127.0.0.1:4711/a".to_owned());
    let reply = Reply {
        interim: Vec::new(),
        lines: Vec::new(),
        status: 200,
        reason: "OK".to_owned(),
        headers: vec![header],
        body: b"see http://127.0.0.1:4711/b and http://127.0.0.1:99/c".to_vec(),
        arrivals: Vec::new(),
    };
    let (message, missed) = masked(&exchange, &reply);
    assert_eq!(message.header("location"), Some("{server}/a"));
    assert_eq!(message.body, "see {server}/b and http://127.0.0.1:99/c");
    assert_eq!(message.prints.before, ["at {server}/c"]);
    assert_eq!(missed, []);
}

#[tokio::test]
async fn bounds_of_time_are_kept() {
    let day = 86_400_000;
    for (bounds, expected) in [
        (format!("at_least_ms = 0\nat_most_ms = {day}"), &[][..]),
        (format!("at_least_ms = {day}"), &["too early"][..]),
        ("at_most_ms = 0".to_owned(), &["too late"][..]),
    ] {
        check(&bounds, false, Some("\"word\""), expected).await;
    }
    let run = run_twice(&lesson(app, &[("a", "GET /word", &format!("at_least_ms = {day}"))])).await;
    let [Finding::TooEarly { bound, took }] = run.results[0].findings[..] else { panic!() };
    assert!(took > Duration::ZERO && bound == Duration::from_millis(day));
}

#[tokio::test]
async fn one_copy_that_differs_is_enough() {
    use std::sync::atomic::{AtomicU32, Ordering};
    use workbook::fastapi::State;

    async fn third_differs(counter: State<AtomicU32>) -> Json<bool> {
        Json(counter.fetch_add(1, Ordering::Relaxed) == 2)
    }
    let app = || Api::new().state(AtomicU32::new(0)).route("/", get(third_differs));
    let on_record = [("a".to_owned(), reply("false"))].into();
    let twice = run_against(&lesson(app, &[("a", "GET /", "copies = 2")]), &on_record).await;
    assert!(twice.is_good(), "{:?}", twice.results);
    let thrice = run_against(&lesson(app, &[("a", "GET /", "copies = 3")]), &on_record).await;
    assert_eq!(thrice.results[0].findings.iter().map(name).collect::<Vec<_>>(), ["differs"]);
}

//! What varies from run to run is found, place by place.

use std::time::Duration;

use workbook::course::{Call, Message, Prints};
use workbook::engine::variation::{Variations, Varying};
use workbook::engine::{CallResult, Exchange, LessonRun};

/// A run of one call with this reply.
fn run(reply: Option<Message>) -> LessonRun {
    let exchange = Exchange {
        call: Call::sketch("GET", "/"),
        base_url: String::new(),
        outcomes: Vec::new(),
        took: Duration::ZERO,
        panics: Vec::new(),
        prints: Prints::default(),
        still_busy: None,
        is_elsewhere: false,
    };
    let result = CallResult { exchange, actual: reply, findings: Vec::new() };
    let (base_url, took) = (String::new(), Duration::ZERO);
    LessonRun { base_url, results: vec![result], output: Vec::new(), took }
}

fn reply(status: u16, kind: &str, body: &str) -> Message {
    let headers = vec![("content-type".to_owned(), kind.to_owned())];
    Message::new((status, ""), headers, body.as_bytes())
}

#[track_caller]
fn check(replies: &[Option<Message>], expected: &[(&str, &[Option<&str>])]) {
    let mut variations = Variations::default();
    let runs: Vec<LessonRun> = replies.iter().cloned().map(run).collect();
    for later in &runs[1..] {
        variations.note(&runs[0], later);
    }
    let expected = expected.iter().map(|(place, values)| Varying {
        call: "sketch".to_owned(),
        place: (*place).to_owned(),
        values: values.iter().map(|value| value.map(str::to_owned)).collect(),
    });
    assert_eq!(variations.found(), expected.collect::<Vec<_>>());
}

#[test]
fn replies_that_are_the_same_vary_nowhere() {
    let json = |body| Some(reply(200, "application/json", body));
    check(&[json("{\"a\":1}"), json("{\"a\":1}"), json("{\"a\":1}")], &[]);
    check(&[None, None], &[]);
}

#[test]
fn each_place_that_varies_is_told_with_each_value_once() {
    let json = |body| Some(reply(200, "application/json", body));
    check(
        &[json("{\"a\":1,\"b\":2}"), json("{\"a\":7,\"b\":2}"), json("{\"a\":7}")],
        &[("$.a", &[Some("1"), Some("7")]), ("$.b", &[Some("2"), None])],
    );
    let text = |body| Some(reply(200, "text/plain", body));
    check(&[text("a"), text("b")], &[("body", &[Some("a"), Some("b")])]);
    check(
        &[Some(reply(200, "text/plain", "")), Some(reply(404, "text/html", ""))],
        &[
            ("status", &[Some("200"), Some("404")]),
            ("header content-type", &[Some("text/plain"), Some("text/html")]),
        ],
    );
    check(&[Some(reply(200, "a/b", "")), None], &[("reply", &[Some("200"), None])]);
}

//! What is sent, what comes back, and what lasts how long.

use std::net::TcpListener;
use std::sync::atomic::{AtomicU32, Ordering};

use serde::Serialize;
use tokio::sync::Barrier;
use workbook::course::call::batches;
use workbook::engine::{Caller, Client, Exchange, Outcome, Session};
use workbook::fastapi::{Api, Json, Path, State, get, post};

use super::lesson::{answer, bodies, lesson, run, run_twice};
use super::raw::Raw;

const EMPTY: &[u8] = b"HTTP/1.1 204 No Content\r\nconnection: close\r\n\r\n";

/// Sends a script's calls to a server that is not ours.
async fn fire(base_url: &str, calls: &[(&str, &str, &str)]) -> Vec<Exchange> {
    let script = lesson(Api::new, calls).script;
    let mut caller = Caller::new(base_url, Client::new().unwrap());
    let mut exchanges = Vec::new();
    for batch in batches(&script.calls) {
        exchanges.extend(caller.fire(batch).await);
    }
    exchanges
}

#[tokio::test]
async fn a_target_arrives_as_it_is_written() {
    for target in [
        "/",
        "/files/../secret",
        "/files/./a//b/",
        "/files/%2e%2E/secret",
        "/a%2Fb%2fc",
        "/%zz%",
        "/%ff",
        "/a?",
        "/a?q=%20+%2B&q=&&=",
        "/a?b=[1]&c={x}|y",
        "/a;b=c@d:e!$'()*,~",
        "/?a=1?b=/../",
        "//double",
    ] {
        let server = Raw::start(1, EMPTY);
        let exchanges = fire(&server.base_url, &[("a", &format!("GET {target}"), "")]).await;
        assert!(
            matches!(exchanges[0].outcomes[..], [Outcome::Reply(_)]),
            "{target}: {exchanges:?}"
        );
        let requests = server.requests();
        let line = requests[0].lines().next().unwrap();
        assert_eq!(line, format!("GET {target} HTTP/1.1"));
    }
}

#[tokio::test]
async fn headers_and_body_arrive_as_they_are_written() {
    let plain = "body = '{\"a\": nul'\nheaders = { X-Token = 'a  b', cookie = 'c=d; e=f' }";
    let json = "json = ' {} '\nheaders = { Content-Type = 'text/x' }";
    for (target, more, parts) in [
        ("/a", plain, ["x-token: a  b\r\n", "cookie: c=d; e=f\r\n", "\r\n\r\n{\"a\": nul"]),
        ("/../a", plain, ["x-token: a  b\r\n", "cookie: c=d; e=f\r\n", "\r\n\r\n{\"a\": nul"]),
        ("/a", json, ["content-type: text/x\r\n", "content-length: 4\r\n", "\r\n\r\n {} "]),
    ] {
        let server = Raw::start(1, EMPTY);
        fire(&server.base_url, &[("a", &format!("POST {target}"), more)]).await;
        let request = &server.requests()[0];
        for part in parts {
            assert!(request.contains(part), "{part:?} is not in {request:?}");
        }
        assert_eq!(request.matches("content-type").count(), more.matches("Content-Type").count());
    }
}

#[tokio::test]
async fn a_request_has_no_header_that_the_script_and_http_do_not_ask_for() {
    for target in ["/a", "/../a"] {
        let server = Raw::start(1, EMPTY);
        fire(&server.base_url, &[("a", &format!("GET {target}"), "")]).await;
        let requests = server.requests();
        let mut names: Vec<&str> =
            requests[0].lines().skip(1).filter_map(|line| Some(line.split_once(':')?.0)).collect();
        names.retain(|name| *name != "accept");
        assert_eq!(names, ["host"], "{target}");
    }
}

#[tokio::test]
async fn a_redirect_is_a_reply_and_not_followed() {
    let app = || Api::new().route("/here", get(here));
    let run = run(&lesson(app, &[("a", "GET /here/", "")])).await;
    let reply = run.results[0].actual.as_ref().unwrap();
    assert_eq!((reply.status, reply.header("location")), (307, Some("{server}/here")));
}

async fn here() -> Json<&'static str> {
    Json("here")
}

#[tokio::test]
async fn state_lasts_as_long_as_its_server() {
    let lesson = lesson(
        counting,
        &[("a", "POST /count", ""), ("b", "POST /count", ""), ("c", "POST /count", "")],
    );
    for _ in 0..2 {
        assert_eq!(bodies(&run(&lesson).await), ["1", "2", "3"]);
    }
}

#[tokio::test]
async fn lessons_that_run_side_by_side_share_nothing() {
    let lesson = lesson(counting, &[("a", "POST /count", ""), ("b", "POST /count", "")]);
    let (one, other) = tokio::join!(run(&lesson), run(&lesson));
    assert_ne!(one.base_url, other.base_url);
    assert_eq!((bodies(&one), bodies(&other)), (vec!["1", "2"], vec!["1", "2"]));
}

fn counting() -> Api {
    Api::new().state(AtomicU32::new(0)).route("/count", post(count))
}

async fn count(counter: State<AtomicU32>) -> Json<u32> {
    Json(counter.fetch_add(1, Ordering::Relaxed) + 1)
}

#[tokio::test]
async fn what_is_captured_fills_later_targets_headers_and_bodies() {
    let app = || Api::new().route("/token", get(token)).route("/echo/{text}", get(echo));
    let run = run(&lesson(
        app,
        &[
            ("take", "GET /token", "capture = { id = '$.id', word = '$.words[1]' }"),
            ("use-both", "GET /echo/${id}-${word}", ""),
            ("unknown", "GET /echo/${other}", ""),
        ],
    ))
    .await;
    assert_eq!(answer(&run.results[1]), (200, "\"7-b\""));
    assert_eq!(
        run.results[1].exchange.call.target, "/echo/7-b",
        "the exchange tells what was sent"
    );
    assert_eq!(answer(&run.results[2]), (200, "\"${other}\""));

    let server = Raw::start(
        3,
        b"HTTP/1.1 200 OK\r\netag: \"e 1\"\r\nconnection: close\r\n\r\n{\"id\": \"x1\"}",
    );
    let uses = "headers = { authorization = 'Bearer ${id}', if-match = '${tag}' }\nbody = '<${id}${part}${no}>'";
    let form = "form = { a = '${tag}', b = '${none}' }";
    let captures = "capture = { id = '$.id', tag = 'header ETag', none = 'header x-none', \
        part = { at = 'header etag', pattern = '[0-9]' }, no = { at = '$.id', pattern = 'y' } }";
    let calls = [("take", "GET /", captures), ("send", "POST /", uses), ("form", "POST /", form)];
    fire(&server.base_url, &calls).await;
    let sent = server.requests();
    for part in ["authorization: Bearer x1\r\n", "if-match: \"e 1\"\r\n", "\r\n\r\n<x11${no}>"] {
        assert!(sent[1].contains(part), "{part:?} is not in {:?}", sent[1]);
    }
    assert!(sent[2].ends_with("\r\n\r\na=%22e+1%22&b=%24%7Bnone%7D"), "{:?}", sent[2]);
}

#[derive(Serialize)]
struct Token {
    id: u32,
    words: [&'static str; 2],
}

async fn token() -> Json<Token> {
    Json(Token { id: 7, words: ["a", "b"] })
}

async fn echo(Path(text): Path<String>) -> Json<String> {
    Json(text)
}

#[tokio::test]
async fn concurrent_calls_and_copies_are_sent_at_the_same_moment() {
    let together = "concurrent = 'crowd'\ntimeout_ms = 60000";
    let copied = "concurrent = 'crowd'\ncopies = 2\ntimeout_ms = 60000";
    // Each handler answers when four requests wait together: one after the other none would.
    let lesson = lesson(
        || Api::new().state(Barrier::new(4)).route("/wait", get(wait)),
        &[("a", "GET /wait", together), ("b", "GET /wait", copied), ("c", "GET /wait", together)],
    );
    let run = run_twice(&lesson).await;
    assert!(run.is_good(), "{:?}", run.results);
    let sent: Vec<usize> = run.results.iter().map(|r| r.exchange.outcomes.len()).collect();
    assert_eq!(sent, [1, 2, 1]);
}

async fn wait(barrier: State<Barrier>) -> Json<&'static str> {
    barrier.wait().await;
    Json("together")
}

#[tokio::test]
async fn a_stopped_server_leaves_its_port() {
    let lesson = lesson(counting, &[("a", "POST /count", "")]);
    let mut session = Session::start(&lesson, Client::new().unwrap()).await.unwrap();
    let address = session.base_url().trim_start_matches("http://").to_owned();
    assert!(address.starts_with("127.0.0.1:"), "{address}");
    session.fire(&lesson.script.calls).await;
    assert!(TcpListener::bind(&address).is_err(), "the port is taken while the server is up");
    session.stop().await;
    TcpListener::bind(&address).unwrap();
}

//! Calls over a WebSocket: what is said, what is kept of it, and what becomes of silence.

use workbook::course::call::batches;
use workbook::engine::{Caller, Client, Finding, LessonRun};
use workbook::fastapi::{
    Api, Console, Json, Path, WebSocket, WebSocketError, WebSocketException, get, websocket,
};

use super::lesson::{answer, bodies, lesson, recorded, run, run_against, run_twice};
use super::raw::Raw;

fn app() -> Api {
    Api::new()
        .route("/echo", websocket(echo))
        .route("/say/{text}", websocket(say))
        .route("/silent", websocket(silent))
        .route("/closed", websocket(closed))
        .route("/token", get(token))
}

async fn echo(websocket: WebSocket, console: Console) -> Result<(), WebSocketError> {
    websocket.accept().await?;
    loop {
        match websocket.receive().await {
            Ok(message) => websocket.send(message).await?,
            Err(WebSocketError::Disconnect(left)) => {
                console.print(format!("left with {}", left.code));
                return Ok(());
            }
            Err(other) => return Err(other),
        }
    }
}

async fn say(websocket: WebSocket, Path(text): Path<String>) -> Result<(), WebSocketError> {
    websocket.accept().await?;
    websocket.send_text(text).await
}

async fn silent(websocket: WebSocket) -> Result<(), WebSocketError> {
    websocket.accept().await?;
    loop {
        websocket.receive().await?;
    }
}

async fn closed(websocket: WebSocket) -> Result<(), WebSocketError> {
    websocket.accept().await?;
    websocket.send_text("before").await?;
    Err(WebSocketException::new(4000, "that was all").into())
}

async fn token() -> Json<&'static str> {
    Json("t1")
}

async fn said(target: &str, steps: &str) -> String {
    let socket = format!("socket = [{steps}]");
    let run = run(&lesson(app, &[("a", &format!("GET {target}"), &socket)])).await;
    let (status, body) = answer(&run.results[0]);
    assert_eq!(status, 101);
    body.to_owned()
}

#[tokio::test]
async fn what_both_sides_say_is_kept_in_order() {
    for (target, steps, expected) in [
        (
            "/echo",
            "{ send = 'a' }, { expect = 'a' }, { send_bytes = '00 ff' }, { receive = 1 }",
            "> a\n< a\n> (2 bytes 00ff)\n< (2 bytes 00ff)\n> (close 1000)\n< (close 1000)",
        ),
        (
            "/echo",
            "{ send = 'a' }, { send = 'b' }, { receive = 2 }, { close = 4000, reason = 'x y' }",
            "> a\n> b\n< a\n< b\n> (close 4000 x y)\n< (close 4000 x y)",
        ),
        ("/echo", "{ ping = '?' }, { receive = 1 }, { hang_up = true }", {
            "> (ping ?)\n< (pong ?)\n> (gone without a close frame)"
        }),
        ("/echo", "{ close = 1005 }", "> (close)\n< (close)"),
        ("/echo", "{ raw = '8300' }, { receive = 1 }", {
            "> (raw 8300)\n< (close 1002 invalid opcode)"
        }),
        // What comes before the answer to a close frame is kept, too.
        ("/say/hello", "{ close = 1000 }", {
            "> (close 1000)\n< hello\n< (gone without a close frame)"
        }),
        ("/say/hello", "{ receive = 2 }", "< hello\n< (gone without a close frame)"),
        ("/closed", "{ receive = 2 }", "< before\n< (close 4000 that was all)"),
        // Who waits for a connection that is gone is told so, and not kept waiting.
        ("/closed", "{ receive = 3 }, { send = 'x' }", {
            "< before\n< (close 4000 that was all)\n< (gone without a close frame)\n> x"
        }),
    ] {
        assert_eq!(said(target, steps).await, expected, "{target} {steps}");
    }
}

#[tokio::test]
async fn every_client_has_its_own_connection_and_a_refused_one_is_told() {
    let steps = "{ client = 'ben', open = '/echo' }, { client = 'ben', send = 'b' }, \
        { send = 'a' }, { receive = 1 }, { client = 'ben', receive = 1 }, \
        { client = 'cleo', open = '/nowhere' }, { client = 'cleo', receive = 1 }";
    let expected = "ben > (open /echo)\nben < (101 Switching Protocols)\nben > b\n> a\n< a\n\
        ben < b\ncleo > (open /nowhere)\ncleo < (403 Forbidden)\n\
        cleo < (gone without a close frame)\n> (close 1000)\n< (close 1000)\n\
        ben > (close 1000)\nben < (close 1000)";
    assert_eq!(said("/echo", steps).await, expected);
}

#[tokio::test]
async fn a_refused_socket_is_a_plain_reply_and_its_steps_are_not_taken() {
    let calls = [("a", "GET /nowhere", "socket = [{ send = 'a' }, { expect = 'a' }]")];
    let run = run_twice(&lesson(app, &calls)).await;
    assert_eq!(answer(&run.results[0]), (403, ""));
    let [Finding::NotAsDocumented(unmet)] = run.results[0].findings.as_slice() else {
        panic!("{:?}", run.results[0].findings)
    };
    assert_eq!((unmet[0].place.as_str(), unmet[0].found.as_deref()), ("message 1", None));
}

#[tokio::test]
async fn the_server_prints_for_a_socket_until_its_handler_has_ended() {
    let steps = "socket = [{ client = 'ben', open = '/echo' }, { close = 1001 }]";
    let calls = [("a", "GET /echo", steps), ("b", "GET /silent", "socket = []")];
    let run = run_twice(&lesson(app, &calls)).await;
    assert!(run.is_good(), "{:?}", run.results);
    let prints = run.results.iter().map(|result| result.prints().before.clone());
    assert_eq!(
        prints.collect::<Vec<_>>(),
        [
            vec!["left with 1001".to_owned(), "left with 1000".to_owned()],
            vec!["the handler failed: WebSocketDisconnect(1000)".to_owned()],
        ]
    );
}

#[tokio::test]
async fn captured_values_are_said_and_expected() {
    let run = run(&lesson(
        app,
        &[
            ("take", "GET /token", "capture = { token = '$' }"),
            (
                "use",
                "GET /say/${token}",
                "socket = [{ expect = '${token}' }, { send = '${token}!' }]",
            ),
        ],
    ))
    .await;
    let said = bodies(&run)[1];
    assert!(said.starts_with("< t1\n> t1!\n"), "{said}");
}

/// What was found out about the only call.
fn findings(run: &LessonRun) -> &[Finding] {
    &run.results[0].findings
}

#[tokio::test]
async fn another_frame_is_a_difference_and_another_text_is_not_as_documented() {
    let lesson = |text: &str| {
        let steps = format!("socket = [{{ expect = '{text}' }}, {{ receive = 1 }}]");
        lesson(app, &[("a", "GET /say/hello", &steps)])
    };
    let first = run_twice(&lesson("hello")).await;
    assert!(first.is_good(), "{:?}", findings(&first));
    let mut other = recorded(&first);
    other.get_mut("a").unwrap().body = "< bye".to_owned();
    let run = run_against(&lesson("bye"), &other).await;
    assert!(matches!(findings(&run), [Finding::Differs(_)]), "{:?}", findings(&run));
    let run = run_against(&lesson("bye"), &recorded(&first)).await;
    assert!(matches!(findings(&run), [Finding::NotAsDocumented(_)]), "{:?}", findings(&run));
}

#[tokio::test]
async fn a_frame_that_does_not_come_is_a_finding_and_the_last() {
    let keys = "timeout_ms = 100\nsocket = [{ send = 'a' }, { receive = 1 }, { send = 'b' }]";
    let run = run(&lesson(app, &[("a", "GET /silent", keys), ("b", "GET /token", "")])).await;
    assert_eq!(answer(&run.results[0]).1, "> a\n< (nothing came)");
    assert!(
        matches!(findings(&run), [Finding::NotRecorded, Finding::TimedOut(_)]),
        "{:?}",
        findings(&run)
    );
    assert_eq!(answer(&run.results[1]), (200, "\"t1\""));
}

const OPEN: &str = "HTTP/1.1 101 Switching Protocols\r\n\
    connection: Upgrade\r\nupgrade: websocket\r\n\r\n";

/// What is said with a server that answers the handshake with these bytes.
async fn said_with(answer: &'static [u8]) -> String {
    let server = Raw::start(1, answer);
    let script = lesson(Api::new, &[("a", "GET /", "socket = [{ receive = 1 }]")]).script;
    let mut caller = Caller::new(&server.base_url, Client::new().unwrap());
    let batch = batches(&script.calls).next().unwrap();
    let exchanges = caller.fire(batch).await;
    match exchanges[0].outcomes.as_slice() {
        [workbook::engine::Outcome::Reply(reply)] => {
            workbook::course::socket::to_text(&reply.lines)
        }
        other => format!("{other:?}"),
    }
}

#[tokio::test]
async fn a_server_that_breaks_the_protocol_is_told_and_survived() {
    let with = |frame: &[u8]| -> &'static [u8] { [OPEN.as_bytes(), frame].concat().leak() };
    assert_eq!(said_with(with(b"\x81\x02hi")).await.lines().next(), Some("< hi"));
    assert_eq!(said_with(with(b"")).await, "< (gone without a close frame)");
    assert_eq!(said_with(with(b"\x81\x05hi")).await, "< (gone without a close frame)");
    for broken in [b"\x83\x00".as_slice(), b"\x81\x81aaaaa", b"\x81\x01\xff"] {
        let said = said_with(with(broken)).await;
        assert!(said.starts_with("< (broken: "), "{said}");
    }
    assert!(said_with(b"no http\r\n\r\n").await.contains("Broken"));
}

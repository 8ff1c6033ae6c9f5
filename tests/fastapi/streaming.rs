//! Streams out and in, byte by byte on the wire.

use std::io::{Read, Write};
use std::net::{Shutdown, TcpStream};
use std::sync::Arc;
use std::thread;
use std::time::Duration;

use futures_util::stream::{self, StreamExt};
use tokio::sync::Semaphore;
use workbook::fastapi::{
    Api, BackgroundTasks, ClientDisconnect, Console, EventSourceResponse, HttpException, Json,
    RequestStream, ResponseHeaders, ServerSentEvent, State, StatusCode, StreamingResponse, get,
    post,
};

use super::served::Served;

type Gate = Arc<Semaphore>;

fn app() -> Api {
    Api::new()
        .route("/letters", get(letters))
        .route("/declared", get(declared))
        .route("/no-content", get(no_content))
        .route("/fails", get(fails))
        .route("/panics", get(panics))
        .route("/blocking-panics", get(blocking_panics))
        .route("/endless", get(endless))
        .route("/endless-blocking", get(endless_blocking))
        .route("/empty-for-ever", get(empty_for_ever))
        .route("/events", get(events).status(StatusCode::CREATED))
        .route("/quick", get(quick))
        .route("/count", post(count))
        .route("/refuse", post(refuse))
        .route("/twice", post(twice))
        .route("/unread", post(quick))
}

async fn letters() -> StreamingResponse {
    StreamingResponse::new(stream::iter(["a", "", "b"]))
        .status(StatusCode::ACCEPTED)
        .header("X-A", "b")
}

async fn declared() -> StreamingResponse {
    StreamingResponse::blocking(["a", "b"]).header("Content-Length", "2").media_type("text/css")
}

async fn no_content() -> StreamingResponse {
    StreamingResponse::blocking(["a"]).status(StatusCode::NO_CONTENT)
}

async fn fails() -> StreamingResponse {
    StreamingResponse::new(stream::iter([Ok("a"), Err("the disk is gone"), Ok("b")]))
}

async fn panics() -> StreamingResponse {
    let letter = |letter| if letter == "b" { panic!("no b") } else { letter };
    StreamingResponse::new(stream::iter(["a", "b"]).map(letter))
}

async fn blocking_panics() -> StreamingResponse {
    let letter = |letter| if letter == "b" { panic!("no b") } else { letter };
    StreamingResponse::blocking(["a", "b"].into_iter().map(letter))
}

/// Prints when it is dropped.
struct Last(Console);

impl Drop for Last {
    fn drop(&mut self) {
        self.0.print("dropped");
    }
}

async fn endless(console: Console, tasks: BackgroundTasks) -> StreamingResponse {
    let last = Last(console.clone());
    tasks.add_task(async move { console.print("task") });
    let letters = stream::iter(["a"]).chain(stream::pending());
    StreamingResponse::new(letters.map(move |letter| {
        let _kept = &last;
        letter
    }))
}

async fn endless_blocking(console: Console) -> StreamingResponse {
    let last = Last(console);
    StreamingResponse::blocking((0..).map(move |number| {
        thread::sleep(Duration::from_millis(1));
        let _kept = &last;
        format!("{number}\n")
    }))
}

async fn empty_for_ever() -> StreamingResponse {
    StreamingResponse::new(stream::repeat(""))
}

async fn events(headers: ResponseHeaders) -> EventSourceResponse {
    headers.set("x-a", "b");
    EventSourceResponse::new(stream::iter([ServerSentEvent::new("é"), ServerSentEvent::raw("é")]))
}

async fn quick() -> Json<&'static str> {
    Json("quick")
}

async fn count(mut body: RequestStream, console: Console) -> Result<Json<usize>, ClientDisconnect> {
    let mut count = 0;
    while let Some(chunk) = body.chunk().await? {
        console.print("chunk");
        count += chunk.len();
    }
    Ok(Json(count))
}

async fn refuse(mut body: RequestStream) -> Result<(), HttpException> {
    body.chunk().await?;
    Err(HttpException::new(StatusCode::CONFLICT, "no"))
}

async fn twice(first: RequestStream, second: RequestStream) {
    drop((first, second));
}

/// What a server sends to these bytes until it closes the connection, without its date.
fn raw(served: &Served, request: &str) -> String {
    let mut stream = TcpStream::connect(served.server.address()).unwrap();
    stream.write_all(request.as_bytes()).unwrap();
    read_all(stream)
}

fn read_all(mut stream: TcpStream) -> String {
    let mut reply = String::new();
    stream.read_to_string(&mut reply).unwrap();
    let lines = reply.split_inclusive("\r\n").filter(|line| !line.starts_with("date:"));
    lines.collect()
}

/// Reads until a text has come.
fn read_until(stream: &mut TcpStream, text: &str) {
    let mut read = Vec::new();
    let mut part = [0; 512];
    while !String::from_utf8_lossy(&read).contains(text) {
        let length = stream.read(&mut part).unwrap();
        assert_ne!(length, 0, "{}", String::from_utf8_lossy(&read));
        read.extend_from_slice(&part[..length]);
    }
}

#[tokio::test]
async fn a_stream_goes_out_in_chunks_or_where_there_are_none_until_the_end() {
    let served = Served::start(app());
    let one = "connection: close\r\n";
    for (request, expected) in [
        (
            format!("GET /letters HTTP/1.1\r\nhost: a\r\n{one}\r\n"),
            "HTTP/1.1 202 Accepted\r\ntransfer-encoding: chunked\r\nconnection: close\r\nx-a: b\r\n\r\n1\r\na\r\n1\r\nb\r\n0\r\n\r\n",
        ),
        ("GET /letters HTTP/1.0\r\n\r\n".to_owned(), "HTTP/1.0 202 Accepted\r\nx-a: b\r\n\r\nab"),
        (
            format!("GET /declared HTTP/1.1\r\nhost: a\r\n{one}\r\n"),
            "HTTP/1.1 200 OK\r\ncontent-length: 2\r\nconnection: close\r\ncontent-type: text/css; charset=utf-8\r\n\r\nab",
        ),
        (
            format!("GET /no-content HTTP/1.1\r\nhost: a\r\n{one}\r\n"),
            "HTTP/1.1 204 No Content\r\nconnection: close\r\n\r\n",
        ),
    ] {
        assert_eq!(raw(&served, &request), expected, "{request}");
    }
}

#[tokio::test]
async fn what_goes_wrong_in_a_stream_cuts_the_reply_off_and_is_told() {
    for (path, told) in [
        ("/fails", "fault: the disk is gone"),
        ("/panics", "panic: no b"),
        ("/blocking-panics", "panic: no b"),
    ] {
        let served = Served::start(app());
        let reply = raw(&served, &format!("GET {path} HTTP/1.1\r\nhost: a\r\n\r\n"));
        assert!(reply.ends_with("\r\n\r\n1\r\na\r\n"), "{path}: {reply}");
        assert_eq!(served.printed().await, [told, "replied"], "{path}");
        assert_eq!(served.body("/quick").await.0, 200, "{path}");
    }
}

#[tokio::test]
async fn a_client_that_leaves_stops_its_stream_and_no_task() {
    for (path, expected) in [
        ("/endless", &["replied", "dropped", "task"][..]),
        ("/endless-blocking", &["replied", "dropped"]),
    ] {
        let served = Served::start(app());
        let mut stream = TcpStream::connect(served.server.address()).unwrap();
        write!(stream, "GET {path} HTTP/1.1\r\nhost: a\r\n\r\n").unwrap();
        read_until(&mut stream, "\r\n\r\n");
        drop(stream);
        assert_eq!(served.printed().await, expected, "{path}");
    }
}

#[tokio::test]
async fn a_stream_of_nothing_leaves_the_loop_to_others() {
    let served = Served::start(app());
    let mut stream = TcpStream::connect(served.server.address()).unwrap();
    write!(stream, "GET /empty-for-ever HTTP/1.1\r\nhost: a\r\n\r\n").unwrap();
    read_until(&mut stream, "\r\n\r\n");
    assert_eq!(served.body("/quick").await.0, 200);
}

#[tokio::test]
async fn a_client_that_leaves_ends_no_handler() {
    async fn waits(gate: State<Gate>, console: Console) {
        console.print("begun");
        let _ = gate.acquire().await;
        console.print("done");
    }
    let gate = Gate::new(Semaphore::new(0));
    let served = Served::start(app().state(gate.clone()).route("/waits", get(waits)));
    let mut stream = TcpStream::connect(served.server.address()).unwrap();
    stream.write_all(b"GET /waits HTTP/1.1\r\nhost: a\r\n\r\n").unwrap();
    while served.so_far().is_empty() {
        tokio::task::yield_now().await;
    }
    drop(stream);
    assert_eq!(served.body("/quick").await.0, 200);
    gate.add_permits(1);
    assert_eq!(served.printed().await, ["begun", "replied", "done", "replied"]);
}

#[tokio::test]
async fn who_closes_half_a_connection_gets_what_is_ready_and_no_stream() {
    let served = Served::start(app());
    for (request, answered) in [
        ("GET /quick HTTP/1.1\r\nhost: a\r\n\r\n", true),
        ("POST /unread HTTP/1.1\r\nhost: a\r\ncontent-length: 2\r\n\r\nab", true),
        ("GET /endless HTTP/1.1\r\nhost: a\r\n\r\n", false),
    ] {
        let mut stream = TcpStream::connect(served.server.address()).unwrap();
        stream.write_all(request.as_bytes()).unwrap();
        stream.shutdown(Shutdown::Write).unwrap();
        let reply = read_all(stream);
        assert_eq!(reply.ends_with("\"quick\""), answered, "{request}{reply}");
    }
}

#[tokio::test]
async fn events_have_the_status_and_the_headers_of_their_handler() {
    let served = Served::start(app());
    let reply = served.get("/events").await;
    assert_eq!(reply.status(), 201);
    let header = |name: &str| reply.headers()[name].to_str().unwrap();
    let found = ["content-type", "cache-control", "x-accel-buffering", "x-a"].map(header);
    assert_eq!(found, ["text/event-stream; charset=utf-8", "no-cache", "no", "b"]);
    assert_eq!(reply.text().await.unwrap(), "data: \"\\u00e9\"\n\ndata: é\n\n");
}

#[tokio::test]
async fn a_body_is_read_to_its_end_or_to_the_end_of_its_client() {
    let served = Served::start(app());
    let chunked = "POST /count HTTP/1.1\r\nhost: a\r\nconnection: close\r\ntransfer-encoding: chunked\r\n\r\n2\r\nab\r\n";
    let reply = raw(&served, &format!("{chunked}1\r\nc\r\n0\r\n\r\n"));
    assert!(reply.ends_with("\r\n\r\n3"), "{reply}");
    // uvicorn's own words, with which it answers what is no HTTP.
    let reply = raw(&served, &format!("{chunked}zz\r\n"));
    assert!(reply.starts_with("HTTP/1.1 400 Bad Request\r\n"), "{reply}");
    assert!(reply.contains("\r\n\r\nInvalid HTTP request received."), "{reply}");

    let served = Served::start(app());
    let mut stream = TcpStream::connect(served.server.address()).unwrap();
    stream.write_all(b"POST /count HTTP/1.1\r\nhost: a\r\ncontent-length: 9\r\n\r\nabc").unwrap();
    while served.so_far().is_empty() {
        tokio::task::yield_now().await;
    }
    drop(stream);
    assert_eq!(served.printed().await, ["chunk", "replied"]);
}

#[tokio::test]
async fn only_one_argument_gets_the_body() {
    let served = Served::start(app());
    let reply = served.request(reqwest::Method::POST, "/twice").send().await.unwrap();
    assert_eq!(reply.status(), 500);
    assert_eq!(served.printed().await, ["fault: another argument has read the request's body"]);
}

#[tokio::test]
async fn a_body_that_nobody_reads_does_not_end_the_connection() {
    let served = Served::start(app());
    let reply = raw(
        &served,
        "POST /unread HTTP/1.1\r\nhost: a\r\ncontent-length: 5\r\n\r\nhello\
         GET /quick HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n",
    );
    assert_eq!(reply.matches("HTTP/1.1 200 OK").count(), 2, "{reply}");
}

#[tokio::test]
async fn who_sends_a_refused_body_to_its_end_still_gets_the_refusal() {
    let served = Served::start(app());
    let mut stream = TcpStream::connect(served.server.address()).unwrap();
    let body = vec![b'x'; 8 * 1024 * 1024];
    write!(stream, "POST /refuse HTTP/1.1\r\nhost: a\r\ncontent-length: {}\r\n\r\n", body.len())
        .unwrap();
    stream.write_all(&body).unwrap();
    read_until(&mut stream, "HTTP/1.1 409 Conflict\r\n");
}

//! How the connections of sockets end, as bytes, and what that leaves to the plain requests of the
//! same server.

use std::io::{Read, Write};
use std::net::{Shutdown, TcpStream};
use std::sync::Arc;
use std::time::Duration;

use futures_util::StreamExt;
use tokio::sync::Semaphore;
use workbook::fastapi::websocket::Message;
use workbook::fastapi::{
    Api, Console, HttpException, RequestStream, State, StatusCode, WebSocket, WebSocketError, post,
    websocket,
};

use super::served::Served;

/// Less than a server waits for the rest of a body, and far more than closing takes.
const AT_ONCE: Duration = Duration::from_secs(3);

/// What a handler waits for before it receives.
type Gate = Arc<Semaphore>;

fn closed() -> Gate {
    Arc::new(Semaphore::new(0))
}

async fn close(websocket: WebSocket) -> Result<(), WebSocketError> {
    websocket.accept().await?;
    websocket.close(4000, "").await
}

async fn leave(websocket: WebSocket) -> Result<(), WebSocketError> {
    websocket.accept().await
}

async fn refuse(websocket: WebSocket) -> Result<(), WebSocketError> {
    websocket.close(1000, "").await
}

async fn slow(
    websocket: WebSocket,
    gate: State<Gate>,
    console: Console,
) -> Result<(), WebSocketError> {
    websocket.accept().await?;
    gate.acquire().await.unwrap().forget();
    loop {
        match websocket.receive().await {
            Ok(Message::Text(text)) => console.print(text),
            Ok(Message::Bytes(_)) => {}
            Err(error) => {
                console.print(error.to_string());
                return Ok(());
            }
        }
    }
}

async fn refuse_body(mut body: RequestStream) -> Result<(), HttpException> {
    let _ = body.next().await;
    Err(HttpException::of(StatusCode::CONFLICT))
}

fn app(gate: Gate) -> Api {
    Api::new()
        .state(gate)
        .route("/close", websocket(close))
        .route("/leave", websocket(leave))
        .route("/refuse", websocket(refuse))
        .route("/slow", websocket(slow))
        .route("/body", post(refuse_body))
}

fn connect(served: &Served) -> TcpStream {
    let stream = TcpStream::connect(served.server.address()).unwrap();
    stream.set_nodelay(true).unwrap();
    stream.set_read_timeout(Some(AT_ONCE)).unwrap();
    stream
}

/// Asks for a socket and gives back the first line of the reply.
fn open(stream: &mut TcpStream, path: &str) -> String {
    write!(
        stream,
        "GET {path} HTTP/1.1\r\nhost: a\r\nconnection: upgrade\r\nupgrade: websocket\r\n\
         sec-websocket-version: 13\r\nsec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"
    )
    .unwrap();
    read_head(stream)
}

fn read_head(stream: &mut TcpStream) -> String {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        let mut byte = [0];
        stream.read_exact(&mut byte).unwrap();
        head.extend(byte);
    }
    String::from_utf8(head).unwrap().lines().next().unwrap().to_owned()
}

fn rest(stream: &mut TcpStream) -> Vec<u8> {
    let mut rest = Vec::new();
    stream.read_to_end(&mut rest).unwrap();
    rest
}

/// A frame of a client; its mask changes nothing.
fn masked(opcode: u8, payload: &[u8]) -> Vec<u8> {
    let length = u8::try_from(payload.len()).unwrap();
    [&[0x80 | opcode, 0x80 | length, 0, 0, 0, 0], payload].concat()
}

const TEXT: u8 = 1;
const CLOSE: u8 = 8;
const PING: u8 = 9;

#[tokio::test]
async fn a_server_hangs_up_a_socket_at_once_and_reads_a_refused_body_to_its_end() {
    let served = Served::start(app(closed()));
    for (path, answer, client_closes, expected) in [
        ("/close", "HTTP/1.1 101 Switching Protocols", true, &b"\x88\x02\x0f\xa0"[..]),
        ("/leave", "HTTP/1.1 101 Switching Protocols", false, b""),
        ("/refuse", "HTTP/1.1 403 Forbidden", false, b""),
        ("/nowhere", "HTTP/1.1 403 Forbidden", false, b""),
    ] {
        let mut stream = connect(&served);
        assert_eq!(open(&mut stream, path), answer, "{path}");
        if client_closes {
            stream.write_all(&masked(CLOSE, &4000_u16.to_be_bytes())).unwrap();
        }
        assert_eq!(rest(&mut stream), expected, "{path}");
    }
    let mut stream = connect(&served);
    let body = vec![b'x'; 8 * 1024 * 1024];
    let length = body.len();
    write!(stream, "POST /body HTTP/1.1\r\nhost: a\r\ncontent-length: {length}\r\n\r\n").unwrap();
    stream.write_all(&body).unwrap();
    assert_eq!(read_head(&mut stream), "HTTP/1.1 409 Conflict");
}

#[tokio::test]
async fn a_handler_receives_all_that_its_client_has_sent_before_it_left() {
    for (last, left) in [
        (masked(CLOSE, &1000_u16.to_be_bytes()), "WebSocketDisconnect: (1000, \"\")"),
        (masked(TEXT, b"d"), "WebSocketDisconnect: (1005, \"\")"),
    ] {
        let gate = closed();
        let served = Served::start(app(gate.clone()));
        let mut stream = connect(&served);
        open(&mut stream, "/slow");
        let pinged = [masked(TEXT, b"b"), masked(PING, b"p")].concat();
        for piece in [masked(TEXT, b"a"), pinged, masked(TEXT, b"c"), last] {
            stream.write_all(&piece).unwrap();
        }
        stream.shutdown(Shutdown::Write).unwrap();
        // The server has noticed.
        rest(&mut stream);
        gate.add_permits(1);
        let printed = served.printed().await;
        let (heard, end) = printed.split_at(3);
        assert_eq!(heard, ["a", "b", "c"]);
        assert_eq!(end.last().unwrap(), left);
    }
}

#[tokio::test]
async fn a_close_frame_is_answered_to_a_client_that_will_say_nothing_more() {
    let gate = closed();
    let served = Served::start(app(gate.clone()));
    let mut stream = connect(&served);
    open(&mut stream, "/slow");
    stream.write_all(&masked(CLOSE, &1000_u16.to_be_bytes())).unwrap();
    stream.shutdown(Shutdown::Write).unwrap();
    assert_eq!(rest(&mut stream), b"\x88\x02\x03\xe8");
    gate.add_permits(1);
    assert_eq!(served.printed().await, ["WebSocketDisconnect: (1000, \"\")"]);
}

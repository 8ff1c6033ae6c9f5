//! What a gigabyte does to a server that streams it: time and memory, each way.
//!
//! An application of its own runs in this process, with a client that holds no more than one piece
//! of what it sends or reads; so the peak of the process (`VmHWM`) bounds what the server held.
//! Lesson 40 is what the routes are taken from.

#![allow(clippy::print_stdout, reason = "the table is what this program is for")]
#![allow(clippy::unwrap_used, reason = "a figure that cannot be had ends the program")]

#[allow(dead_code, reason = "the server runs in this process")]
mod served;

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use futures_util::StreamExt;
use futures_util::stream::{iter, repeat};
use served::{memory, row};
use workbook::fastapi::{
    Api, ClientDisconnect, Console, Json, RequestStream, Server, State, StreamingResponse, get,
    post,
};

/// The size of each stream, in bytes.
const HUGE: u64 = 1024 * 1024 * 1024;

/// The size of a piece of it.
const PIECE: usize = 64 * 1024;

/// How many pieces a stream has.
const PIECES: usize = 16 * 1024;

/// How long the client that does not read is there.
const IDLE: Duration = Duration::from_secs(2);

/// How many bytes have been made for clients.
type Made = AtomicU64;

fn main() {
    let made = Arc::new(Made::default());
    let app = Api::new()
        .state(made.clone())
        .route("/stream/", get(stream))
        .route("/blocking/", get(blocking))
        .route("/endless/", get(endless))
        .route("/upload/", post(upload));
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let server = Server::start(app, Path::new("."), listener, Console::new(drop)).unwrap();
    let address = server.address();
    let connect = || TcpStream::connect(address).unwrap();
    row("memory before", &memory("self", "VmRSS"));
    timed("a stream of 1 GB", || download(connect(), "/stream/"));
    timed("the same from an iterator on threads", || download(connect(), "/blocking/"));
    timed("an upload of 1 GB, counted", || upload_huge(connect()));
    let mut idle = connect();
    write!(idle, "GET /endless/ HTTP/1.1\r\nhost: a\r\n\r\n").unwrap();
    thread::sleep(IDLE);
    let bytes = made.load(Ordering::Relaxed);
    row("made for a client that reads nothing", &format!("{} kB in 2 s", bytes / 1024));
    drop(idle);
    row("peak memory", &memory("self", "VmHWM"));
}

async fn stream() -> StreamingResponse {
    StreamingResponse::new(iter(0..PIECES).map(|_| vec![b'x'; PIECE]))
}

async fn blocking() -> StreamingResponse {
    StreamingResponse::blocking((0..PIECES).map(|_| vec![b'x'; PIECE]))
}

async fn endless(made: State<Arc<Made>>) -> StreamingResponse {
    StreamingResponse::new(repeat(()).map(move |()| {
        made.fetch_add(PIECE as u64, Ordering::Relaxed);
        vec![b'x'; PIECE]
    }))
}

async fn upload(mut body: RequestStream) -> Result<Json<u64>, ClientDisconnect> {
    let mut size = 0;
    while let Some(chunk) = body.chunk().await? {
        size += chunk.len() as u64;
    }
    Ok(Json(size))
}

/// Reads a chunked reply to its end.
fn download(mut stream: TcpStream, path: &str) {
    write!(stream, "GET {path} HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n").unwrap();
    let (mut piece, mut read) = (vec![0; PIECE], 0);
    loop {
        match stream.read(&mut piece).unwrap() {
            0 => break,
            length => read += length as u64,
        }
    }
    // The sizes of the chunks and the head come to less than a hundredth.
    assert!((HUGE..HUGE + HUGE / 100).contains(&read), "{read}");
}

fn upload_huge(mut stream: TcpStream) {
    write!(stream, "POST /upload/ HTTP/1.1\r\nhost: a\r\ntransfer-encoding: chunked\r\n\r\n")
        .unwrap();
    let chunk = [format!("{PIECE:x}\r\n").into_bytes(), vec![b'x'; PIECE], b"\r\n".to_vec()];
    let chunk = chunk.concat();
    for _ in 0..PIECES {
        stream.write_all(&chunk).unwrap();
    }
    stream.write_all(b"0\r\n\r\n").unwrap();
    let mut reply = vec![0; 1024];
    let length = stream.read(&mut reply).unwrap();
    let reply = String::from_utf8_lossy(&reply[..length]).into_owned();
    assert!(reply.ends_with(&format!("\r\n\r\n{HUGE}")), "{reply}");
}

fn timed(what: &str, work: impl FnOnce()) {
    let started = Instant::now();
    work();
    row(what, &format!("{:.1} s", started.elapsed().as_secs_f64()));
    row("  peak memory after it", &memory("self", "VmHWM"));
}

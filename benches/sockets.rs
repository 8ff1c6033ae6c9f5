//! What WebSockets do to a server: the time of messages, and memory under many of them and under
//! many clients.
//!
//! Lesson 39, whose route echoes, is served by the program itself, in a process of its own, whose
//! peak memory (`VmHWM`) the system tells. Its clients are plain connections, so that the time is
//! the server's. Loads are bounded: 10,000 messages at a time, 1,000 clients.

#![allow(clippy::print_stdout, reason = "the table is what this program is for")]
#![allow(clippy::unwrap_used, reason = "a figure that cannot be had ends the program")]

mod served;

use std::io::{Read, Write};
use std::net::TcpStream;
use std::thread;
use std::time::{Duration, Instant};

use served::{Served, row};

/// How many messages are sent.
const MESSAGES: usize = 10_000;

/// How many clients are there at the same time.
const CLIENTS: usize = 1000;

/// A text as its client sends it, with a mask that changes nothing.
const SENT: &[u8] = b"\x81\x85\0\0\0\0hello";

/// What comes back.
const ECHO: &[u8] = b"\x81\x17Message text was: hello";

fn main() {
    let served = Served::start("39");
    row("memory before", &served.memory("VmRSS"));
    one_by_one(&served);
    all_at_once(&served);
    large(&served);
    row("  peak memory", &served.memory("VmHWM"));
    many_clients(&served);
}

/// Each message is sent when the echo of the one before has come.
fn one_by_one(served: &Served) {
    let mut socket = open(served);
    let mut times: Vec<Duration> = (0..MESSAGES)
        .map(|_| {
            let started = Instant::now();
            echoed(&mut socket, SENT, ECHO);
            started.elapsed()
        })
        .collect();
    let all: Duration = times.iter().sum();
    times.sort_unstable();
    let micros = |time: Duration| time.as_secs_f64() * 1e6;
    let (middle, slowest) = (micros(times[MESSAGES / 2]), micros(times[MESSAGES - 1]));
    let each = format!("{middle:.0} µs each, slowest {slowest:.0} µs");
    row("10,000 messages one by one", &format!("{:.2} s, {each}", all.as_secs_f64()));
    row("  peak memory", &served.memory("VmHWM"));
}

/// Messages are sent as fast as they are taken, while their echoes are read.
fn all_at_once(served: &Served) {
    let (mut socket, started) = (open(served), Instant::now());
    let mut sending = socket.try_clone().unwrap();
    let sender = thread::spawn(move || {
        for _ in 0..MESSAGES {
            sending.write_all(SENT).unwrap();
        }
    });
    let mut echoes = vec![0; MESSAGES * ECHO.len()];
    socket.read_exact(&mut echoes).unwrap();
    sender.join().unwrap();
    assert!(echoes.chunks(ECHO.len()).all(|echo| echo == ECHO));
    row("10,000 messages as fast as they are taken", &seconds(started));
    row("  peak memory", &served.memory("VmHWM"));
}

/// The largest messages that are taken, one after the other.
fn large(served: &Served) {
    const LENGTH: usize = 16 * 1024 * 1024;
    const PREFIX: &[u8] = b"Message text was: ";
    let (mut socket, started) = (open(served), Instant::now());
    let head = |bit: u8, length: usize| [&[0x81, bit | 127], &length.to_be_bytes()[..]].concat();
    let text = vec![b'x'; LENGTH];
    let sent = [&head(0x80, LENGTH), &[0; 4][..], &text].concat();
    let echo = [&head(0, PREFIX.len() + LENGTH), PREFIX, &text].concat();
    for _ in 0..10 {
        echoed(&mut socket, &sent, &echo);
    }
    row("10 messages of 16 MiB", &seconds(started));
}

/// Many sockets, each with one message under way at a time.
fn many_clients(served: &Served) {
    let started = Instant::now();
    let mut sockets: Vec<TcpStream> = (0..CLIENTS).map(|_| open(served)).collect();
    row(&format!("{CLIENTS} clients open a socket each"), &seconds(started));
    row("  memory", &served.memory("VmRSS"));
    let started = Instant::now();
    for _ in 0..MESSAGES / CLIENTS {
        for socket in &mut sockets {
            socket.write_all(SENT).unwrap();
        }
        for socket in &mut sockets {
            read(socket, ECHO);
        }
    }
    row("10,000 messages of theirs", &seconds(started));
    row("  memory", &served.memory("VmRSS"));
    row("  peak memory of all", &served.memory("VmHWM"));
}

fn echoed(socket: &mut TcpStream, sent: &[u8], echo: &[u8]) {
    socket.write_all(sent).unwrap();
    read(socket, echo);
}

fn read(socket: &mut TcpStream, expected: &[u8]) {
    let mut came = vec![0; expected.len()];
    socket.read_exact(&mut came).unwrap();
    assert!(came == expected, "another echo");
}

fn seconds(started: Instant) -> String {
    format!("{:.2} s", started.elapsed().as_secs_f64())
}

/// An open socket.
fn open(served: &Served) -> TcpStream {
    let mut socket = served.connect();
    socket.set_nodelay(true).unwrap();
    let request = b"GET /ws/ HTTP/1.1\r\nhost: a\r\nconnection: upgrade\r\n\
        upgrade: websocket\r\nsec-websocket-version: 13\r\n\
        sec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n";
    socket.write_all(request).unwrap();
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        let mut byte = [0];
        socket.read_exact(&mut byte).unwrap();
        head.extend(byte);
    }
    assert!(head.starts_with(b"HTTP/1.1 101"), "{}", String::from_utf8_lossy(&head));
    socket
}

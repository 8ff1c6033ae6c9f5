//! What heavy uploads do to a server: memory under a huge one, other clients beside many slow ones.
//!
//! Lesson 17 is served by the program itself, in a process of its own, whose peak memory (`VmHWM`)
//! the system tells. Loads are bounded: one upload of 1 GB, 1,000 clients, 2,000 requests.

#![allow(clippy::print_stdout, reason = "the table is what this program is for")]
#![allow(clippy::unwrap_used, reason = "a figure that cannot be had ends the program")]

mod served;

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::thread;
use std::time::{Duration, Instant};

use served::{Served, row};

/// The size of the huge upload, in bytes.
const HUGE: usize = 1024 * 1024 * 1024;

/// How many clients never finish what they send.
const SLOW: usize = 1000;

/// How many requests are timed beside them.
const TIMED: usize = 2000;

const HEAD: &str = "--b\r\ncontent-disposition: form-data; name=\"file\"; filename=\"a\"\r\n\r\n";
const TAIL: &str = "\r\n--b--\r\n";

fn main() {
    let served = Served::start("17");
    row("memory before", &served.memory("VmRSS"));
    huge_upload(&served);
    slow_clients(&served);
}

/// One upload of a gigabyte, sent as fast as it is taken.
fn huge_upload(served: &Served) {
    let started = Instant::now();
    let mut stream = served.connect();
    begin_upload(&mut stream, HUGE);
    let chunk = vec![b'x'; 64 * 1024];
    for _ in 0..HUGE / chunk.len() {
        stream.write_all(&chunk).unwrap();
    }
    stream.write_all(TAIL.as_bytes()).unwrap();
    let reply = read_reply(&mut stream);
    assert!(reply.contains(&HUGE.to_string()), "{reply}");
    row("an upload of 1 GB", &format!("{:.1} s", started.elapsed().as_secs_f64()));
    row("  peak memory after it", &served.memory("VmHWM"));
}

/// Requests of one client while others hold uploads open, a byte now and then.
fn slow_clients(served: &Served) {
    row("a request alone", &timed(served));
    let mut slow: Vec<TcpStream> = (0..SLOW).map(|_| served.connect()).collect();
    for stream in &mut slow {
        begin_upload(stream, HUGE);
    }
    let dripping = thread::spawn(move || {
        for _ in 0..10 {
            for stream in &mut slow {
                stream.write_all(b"x").unwrap();
            }
            thread::sleep(Duration::from_millis(100));
        }
        slow
    });
    row(&format!("a request beside {SLOW} slow uploads"), &timed(served));
    let slow = dripping.join().unwrap();
    row("  after a second of dripping", &timed(served));
    row("  peak memory", &served.memory("VmHWM"));
    drop(slow);
    row("once they have gone", &timed(served));
}

fn begin_upload(stream: &mut TcpStream, size: usize) {
    let length = HEAD.len() + size + TAIL.len();
    let head = format!(
        "POST /upload/file HTTP/1.1\r\nhost: a\r\ncontent-length: {length}\r\n\
         content-type: multipart/form-data; boundary=b\r\n\r\n{HEAD}"
    );
    stream.write_all(head.as_bytes()).unwrap();
}

/// The status line and the body of a reply with a length.
fn read_reply(stream: &mut TcpStream) -> String {
    let mut reader = BufReader::new(stream);
    let (mut head, mut length) = (String::new(), 0);
    while reader.read_line(&mut head).unwrap() > 2 {
        let line = head.lines().last().unwrap_or_default();
        if let Some(value) = line.strip_prefix("content-length: ") {
            length = value.parse().unwrap();
        }
    }
    let mut body = vec![0; length];
    reader.read_exact(&mut body).unwrap();
    format!("{} {}", head.lines().next().unwrap(), String::from_utf8_lossy(&body))
}

/// How long requests on one connection take, the middle and the slowest of [`TIMED`].
fn timed(served: &Served) -> String {
    let mut stream = served.connect();
    let mut times: Vec<Duration> = (0..TIMED)
        .map(|_| {
            let started = Instant::now();
            stream.write_all(b"GET /openapi.json HTTP/1.1\r\nhost: a\r\n\r\n").unwrap();
            assert!(read_reply(&mut stream).starts_with("HTTP/1.1 200"));
            started.elapsed()
        })
        .collect();
    times.sort_unstable();
    let micros = |time: Duration| time.as_secs_f64() * 1e6;
    format!("{:.0} µs, slowest {:.0} µs", micros(times[TIMED / 2]), micros(times[TIMED - 1]))
}

//! Servers below HTTP: they keep what they are sent and answer with bytes, or not at all.

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::thread::{self, JoinHandle};

/// A server of so many connections, one request each.
pub struct Raw {
    /// Where it listens.
    pub base_url: String,
    thread: JoinHandle<Vec<String>>,
}

impl Raw {
    /// Answers each connection with these bytes after its request has come, then closes it.
    pub fn start(connections: usize, answer: &'static [u8]) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let base_url = format!("http://{}", listener.local_addr().unwrap());
        let thread = thread::spawn(move || {
            let accepted = listener.incoming().take(connections);
            accepted.map(|stream| serve(stream.unwrap(), answer)).collect()
        });
        Self { base_url, thread }
    }

    /// What each connection was sent; waits for the last one.
    pub fn requests(self) -> Vec<String> {
        self.thread.join().unwrap()
    }
}

/// Reads one request as far as its length says, answers and closes.
fn serve(mut stream: TcpStream, answer: &[u8]) -> String {
    let mut request = Vec::new();
    let mut part = [0; 4096];
    while !is_complete(&request) {
        match stream.read(&mut part).unwrap() {
            0 => break,
            length => request.extend(&part[..length]),
        }
    }
    stream.write_all(answer).unwrap();
    String::from_utf8(request).unwrap()
}

fn is_complete(request: &[u8]) -> bool {
    let text = String::from_utf8_lossy(request);
    let Some((head, body)) = text.split_once("\r\n\r\n") else { return false };
    let length = head.lines().find_map(|line| line.strip_prefix("content-length: "));
    length.is_none_or(|length| body.len() >= length.parse::<usize>().unwrap())
}

//! What comes before the final reply, and when a body is sent.

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::thread::{self, JoinHandle};

use workbook::engine::{Caller, Client, Outcome, Reply};
use workbook::fastapi::Api;

use super::lesson::lesson;

const BODY: &str = "{\"a\": 1}";
const ASKS: &[u8] = b"HTTP/1.1 100 Continue\r\n\r\n";
const CREATED: &[u8] = b"HTTP/1.1 201 Created\r\ncontent-length: 0\r\n\r\n";

/// A server of one request. It says `first` to the head and, if that asks for the body, reads it
/// and says the rest; it gives back what came before `first` and what came after.
fn serve(first: Vec<u8>, then: &'static [u8]) -> (String, JoinHandle<[String; 2]>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let base_url = format!("http://{}", listener.local_addr().unwrap());
    let thread = thread::spawn(move || {
        let mut stream = listener.accept().unwrap().0;
        let head = read_until(&mut stream, |text| text.contains("\r\n\r\n"));
        stream.write_all(&first).unwrap();
        let asks = first.windows(4).any(|part| part == b" 100");
        let body = if asks { read_until(&mut stream, |text| text == BODY) } else { String::new() };
        stream.write_all(then).unwrap();
        [head, body]
    });
    (base_url, thread)
}

fn read_until(stream: &mut TcpStream, is_all: impl Fn(&str) -> bool) -> String {
    let mut text = String::new();
    let mut part = [0; 4096];
    while !is_all(&text) {
        let length = stream.read(&mut part).unwrap();
        assert!(length > 0, "nothing comes after {text:?}");
        text += str::from_utf8(&part[..length]).unwrap();
    }
    text
}

async fn send(base_url: &str, expect: &str) -> Reply {
    let more = format!("json = '{BODY}'\nheaders = {{ Expect = '{expect}' }}");
    let script = lesson(Api::new, &[("a", "POST /", &more)]).script;
    let exchanges = Caller::new(base_url, Client::new().unwrap()).fire(&script.calls).await;
    match &exchanges[0].outcomes[..] {
        [Outcome::Reply(reply)] => reply.clone(),
        other => panic!("{other:?}"),
    }
}

fn shown(reply: &Reply) -> (Vec<String>, u16) {
    (reply.interim.iter().map(ToString::to_string).collect(), reply.status)
}

#[tokio::test]
async fn a_body_is_held_back_until_the_server_asks_for_it() {
    for expect in ["100-continue", "100-Continue"] {
        let (base_url, server) = serve(ASKS.to_vec(), CREATED);
        let reply = send(&base_url, expect).await;
        assert_eq!(shown(&reply), (vec!["100 Continue".to_owned()], 201));
        let [head, body] = server.join().unwrap();
        assert!(head.ends_with("\r\n\r\n") && head.contains("content-length: 8\r\n"), "{head}");
        assert_eq!(body, BODY);
    }
}

#[tokio::test]
async fn a_server_that_answers_at_once_is_not_sent_the_body() {
    let (base_url, server) = serve(CREATED.to_vec(), b"");
    assert_eq!(shown(&send(&base_url, "100-continue").await), (Vec::new(), 201));
    let [head, _] = server.join().unwrap();
    assert!(head.ends_with("\r\n\r\n"), "{head}");
}

#[tokio::test]
async fn all_interim_replies_are_kept_in_their_order() {
    let first = [b"HTTP/1.1 102 Processing\r\nx-a: b\r\n\r\n", ASKS].concat();
    let (base_url, server) =
        serve(first, b"HTTP/1.1 103 Early Hints\r\n\r\nHTTP/1.1 204 No Content\r\n\r\n");
    let reply = send(&base_url, "100-continue").await;
    let interim = ["102 Processing", "100 Continue", "103 Early Hints"].map(str::to_owned);
    assert_eq!(shown(&reply), (interim.to_vec(), 204));
    server.join().unwrap();
}

#[tokio::test]
async fn a_flood_of_interim_replies_is_cut_and_the_final_one_comes() {
    let first = b"HTTP/1.1 102 Processing\r\n\r\n".repeat(1000);
    let (base_url, server) = serve(first, CREATED);
    let reply = send(&base_url, "100-continue").await;
    assert_eq!((reply.interim.len(), reply.status), (16, 201));
    server.join().unwrap();
}

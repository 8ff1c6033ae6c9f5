//! A test of all that was observed of the reference's sockets, a row a question: which requests
//! open one, and what comes of what is sent over it, byte for byte.

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use actix_web::http::StatusCode;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::{Message, WebSocket, WebSocketError, WebSocketException};
use crate::reply::Reply;
use crate::text::{from_latin_1, to_latin_1};
use crate::{
    Api, Console, Dependency, Depends, Fault, Header, HttpException, IntoReply, Json,
    Path as PathOf, Query, Server, State, post, websocket,
};

/// In each line a kind of question, what was given and what was seen; written by `observe.py`.
const OBSERVED: &str = include_str!("observed.jsonl");

/// More than anything takes: what does not come in this time never does.
const PATIENCE: Duration = Duration::from_secs(10);

/// What the handler has received.
type Heard = Mutex<Vec<Value>>;

fn app() -> Api {
    Api::new()
        .state(Heard::default())
        .route("/log/", websocket(log))
        .route("/before/{what}", websocket(before))
        .route("/numbers/{n}", websocket(numbers))
        .route("/locked", websocket(locked))
        .route("/numbers/{n}", post(number))
        .route("/heard", post(heard))
}

async fn heard(heard: State<Heard>) -> Json<Vec<Value>> {
    Json(std::mem::take(&mut *heard.lock().unwrap_or_else(PoisonError::into_inner)))
}

enum Outcome {
    Socket(WebSocketError),
    Http(HttpException),
    Fault(Fault),
}

impl From<WebSocketError> for Outcome {
    fn from(error: WebSocketError) -> Self {
        Self::Socket(error)
    }
}

impl IntoReply for Outcome {
    fn into_reply(self) -> Result<Reply, Fault> {
        match self {
            Self::Socket(error) => error.into_reply(),
            Self::Http(exception) => exception.into_reply(),
            Self::Fault(fault) => fault.into_reply(),
        }
    }
}

fn failure() -> Outcome {
    Outcome::Fault(Fault("ValueError".to_owned()))
}

fn refusal() -> HttpException {
    HttpException::new(StatusCode::IM_A_TEAPOT, "tea").header("x-a", "b")
}

async fn log(websocket: WebSocket, heard: State<Heard>) -> Result<(), Outcome> {
    let note = |value| heard.lock().unwrap_or_else(PoisonError::into_inner).push(value);
    websocket.accept().await?;
    loop {
        let text = match websocket.receive().await {
            Ok(Message::Text(text)) => {
                note(json!(text));
                text
            }
            Ok(Message::Bytes(bytes)) => {
                note(json!(hex(&bytes)));
                continue;
            }
            Err(WebSocketError::Disconnect(disconnect)) => {
                note(json!([disconnect.code, disconnect.reason]));
                return Ok(());
            }
            Err(other) => return Err(other.into()),
        };
        match text.as_str() {
            "close" => websocket.close(4000, "why").await?,
            "close without a reason" => websocket.close(1000, "").await?,
            "close with a bad code" => websocket.close(999, "").await?,
            "close with a long reason" => websocket.close(1000, &"x".repeat(124)).await?,
            "accept" => websocket.accept().await?,
            "return" => return Ok(()),
            "fail" => return Err(failure()),
            "refuse" => return Err(Outcome::Http(refusal())),
            "leave" => return Err(Outcome::Socket(WebSocketException::new(4001, "reason").into())),
            "bytes" => websocket.send_bytes([0, 255]).await?,
            "text" => websocket.send_text("é").await?,
            "long" => websocket.send_text("x".repeat(200)).await?,
            _ => {}
        }
    }
}

async fn before(websocket: WebSocket, PathOf(what): PathOf<String>) -> Result<(), Outcome> {
    match what.as_str() {
        "close" => websocket.close(4000, "reason").await?,
        "fail" => return Err(failure()),
        "refuse" => return Err(Outcome::Http(refusal())),
        "leave" => return Err(Outcome::Socket(WebSocketException::new(4001, "reason").into())),
        "send" => websocket.send_text("x").await?,
        "receive" => drop(websocket.receive_text().await?),
        "subprotocol" => {
            let last = websocket.subprotocols().last().cloned();
            websocket.accept_with(last.as_deref(), &[]).await?;
        }
        "headers" => websocket.accept_with(None, &[("X-Own", "1"), ("x-own", "2")]).await?,
        _ => {}
    }
    Ok(())
}

#[derive(Deserialize, JsonSchema)]
struct Q {
    q: i64,
}

#[derive(Deserialize, JsonSchema)]
struct XA {
    #[serde(default = "three")]
    x_a: i64,
}

fn three() -> i64 {
    3
}

#[derive(Serialize)]
struct Numbers {
    n: i64,
    q: i64,
    a: i64,
}

async fn numbers(
    websocket: WebSocket,
    PathOf(n): PathOf<i64>,
    Query(Q { q }): Query<Q>,
    Header(XA { x_a }): Header<XA>,
) -> Result<(), WebSocketError> {
    websocket.accept().await?;
    websocket.send_json(&Numbers { n, q, a: x_a }).await
}

async fn number(PathOf(n): PathOf<i64>) -> Json<i64> {
    Json(n)
}

#[derive(Clone)]
struct Key(String);

#[derive(Deserialize, JsonSchema)]
struct XKey {
    x_key: Option<String>,
}

impl Dependency for Key {
    type Needs = Header<XKey>;

    async fn resolve(Header(XKey { x_key }): Header<XKey>) -> Result<Self, HttpException> {
        let refuse = || HttpException::new(StatusCode::UNAUTHORIZED, "no key");
        let key = x_key.filter(|key| key == "k");
        key.map(Self).ok_or_else(|| refuse().header("www-authenticate", "Key"))
    }
}

async fn locked(websocket: WebSocket, key: Depends<Key>) -> Result<(), WebSocketError> {
    websocket.accept_with(Some(&key.0.0), &[]).await
}

/// One server and what it answers.
struct Asked(Server);

impl Asked {
    fn connect(&self) -> TcpStream {
        let stream = TcpStream::connect(self.0.address()).unwrap();
        stream.set_read_timeout(Some(PATIENCE)).unwrap();
        stream
    }

    fn answer(&self, request: &str) -> Value {
        let mut stream = self.connect();
        stream.write_all(&to_latin_1(request).unwrap()).unwrap();
        let (status, headers) = read_head(&mut stream);
        let length = headers.iter().find(|(name, _)| name == "content-length");
        let length = length.map_or(0, |(_, value)| value.parse().unwrap());
        let mut body = vec![0; length];
        stream.read_exact(&mut body).unwrap();
        json!([status, headers, String::from_utf8(body).unwrap()])
    }

    /// Sends each piece when as much as was seen has come for the one before.
    async fn converse(&self, given: &Value, seen: &Value) -> Value {
        self.heard().await;
        let mut stream = self.connect();
        let request = OBSERVED.lines().next().unwrap();
        let request: Value = serde_json::from_str(request).unwrap();
        stream.write_all(request["given"].as_str().unwrap().as_bytes()).unwrap();
        read_head(&mut stream);
        let (pieces, ends) = (strings(&given[0]), given[1].as_bool().unwrap());
        let mut replies = Vec::new();
        for (at, (piece, seen)) in pieces.iter().zip(strings(&seen[0])).enumerate() {
            stream.write_all(&from_hex(piece)).unwrap();
            let mut reply = vec![0; seen.len() / 2];
            if ends && at + 1 == pieces.len() {
                reply.clear();
                stream.read_to_end(&mut reply).unwrap();
            } else {
                stream.read_exact(&mut reply).unwrap();
            }
            replies.push(hex(&reply));
        }
        drop(stream);
        let mut heard = self.heard().await;
        if !ends {
            // That is how we have left.
            assert_eq!(heard.pop(), Some(json!([1005, ""])));
        }
        json!([replies, heard])
    }
}

impl Asked {
    /// What has been received since the last time, once all handlers have ended.
    async fn heard(&self) -> Vec<Value> {
        self.0.idle().await;
        let reply = self.answer("POST /heard HTTP/1.1\r\nHost: h\r\n\r\n");
        serde_json::from_str(reply[2].as_str().unwrap()).unwrap()
    }
}

fn read_head(stream: &mut TcpStream) -> (u16, Vec<(String, String)>) {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        let mut byte = [0];
        stream.read_exact(&mut byte).unwrap();
        head.extend(byte);
    }
    let head = from_latin_1(&head);
    let mut lines = head.trim_end().lines();
    let status = lines.next().unwrap().split(' ').nth(1).unwrap().parse().unwrap();
    let headers = lines.map(|line| line.split_once(": ").unwrap());
    let headers = headers.map(|(name, value)| (name.to_ascii_lowercase(), value.to_owned()));
    let mut headers: Vec<_> = headers.collect();
    headers.retain(|(name, _)| !["connection", "date", "server"].contains(&name.as_str()));
    headers.sort();
    (status, headers)
}

fn strings(list: &Value) -> Vec<String> {
    list.as_array().unwrap().iter().map(|item| item.as_str().unwrap().to_owned()).collect()
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |text, byte| format!("{text}{byte:02x}"))
}

fn from_hex(text: &str) -> Vec<u8> {
    let pairs = text.as_bytes().chunks(2);
    pairs.map(|pair| u8::from_str_radix(str::from_utf8(pair).unwrap(), 16).unwrap()).collect()
}

/// The reference's rows about clients that stay end when the observer leaves.
fn without_leave(kind: &str, given: &Value, mut seen: Value) -> Value {
    if kind == "conversation" && given[1] == json!(false) {
        let heard = seen[1].as_array_mut().unwrap();
        assert_eq!(heard.pop(), Some(json!([1005, ""])));
    }
    seen
}

#[tokio::test]
async fn sockets_open_speak_and_end_as_the_reference_was_seen_to_have_them() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let server = Server::start(app(), Path::new(""), listener, Console::new(|_| {})).unwrap();
    let asked = Asked(server);
    for line in OBSERVED.lines() {
        let row: Value = serde_json::from_str(line).unwrap();
        let kind = row["kind"].as_str().unwrap();
        let (given, seen) = (&row["given"], &row["seen"]);
        let made = match kind {
            "request" => asked.answer(given.as_str().unwrap()),
            "conversation" => asked.converse(given, seen).await,
            _ => panic!("no question is of the kind {kind}"),
        };
        assert_eq!(made, without_leave(kind, given, seen.clone()), "{line}");
    }
    asked.0.stop().await.unwrap();
}

//! Calls over a WebSocket: hyper opens the connection, tungstenite speaks on it, and what both
//! sides say is kept line by line.
//!
//! Every wait has an end: a frame that does not come within the call's time is a line of its own,
//! and the last one.

use std::collections::HashMap;

use futures_util::{SinkExt, StreamExt};
use http_body_util::{BodyExt, Empty};
use hyper::body::Bytes;
use hyper::client::conn::http1;
use hyper::upgrade::Upgraded;
use hyper_util::rt::TokioIo;
use reqwest::StatusCode;
use tokio::io::AsyncWriteExt;
use tokio::net::TcpStream;
use tokio::time::{Instant, timeout_at};
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::error::ProtocolError;
use tokio_tungstenite::tungstenite::protocol::frame::coding::CloseCode;
use tokio_tungstenite::tungstenite::protocol::{CloseFrame, Role};
use tokio_tungstenite::tungstenite::{self, Message};

use super::client::{coming, header_map, reply};
use super::transcript::{Outcome, Reply};
use super::wire;
use crate::course::Call;
use crate::course::socket::{Action, By, Frame, Line, Step, handshake};

/// An open connection.
pub struct Socket(WebSocketStream<TokioIo<Upgraded>>);

/// What came of the wish for one: a connection with the reply that opened it, or the refusal.
pub struct Opened {
    /// The connection, unless it was refused.
    pub socket: Option<Socket>,
    /// The reply to the handshake.
    pub reply: Reply,
}

/// Does what a call says over its sockets.
pub async fn converse(call: &Call, steps: &[Step], base_url: &str) -> Outcome {
    let until = Instant::now() + call.timeout;
    let opening = Socket::open(call, &call.target, base_url);
    let Opened { socket, mut reply } = match timeout_at(until, opening).await {
        Ok(Ok(opened)) => opened,
        Ok(Err(cause)) => return Outcome::Broken(cause),
        Err(_) => return Outcome::TimedOut,
    };
    let Some(socket) = socket else { return Outcome::Reply(reply) };
    let sockets = HashMap::from([(String::new(), socket)]);
    let mut conversation = Conversation { call, base_url, until, sockets, lines: Vec::new() };
    conversation.hold(steps).await;
    reply.lines = conversation.lines;
    Outcome::Reply(reply)
}

/// Several clients and what they have said and heard.
struct Conversation<'a> {
    call: &'a Call,
    base_url: &'a str,
    until: Instant,
    sockets: HashMap<String, Socket>,
    lines: Vec<Line>,
}

/// Nothing came in time: there is no use in going on.
struct Silence;

impl Conversation<'_> {
    /// Does all steps, and then closes what is still open, in the order of opening.
    async fn hold(&mut self, steps: &[Step]) {
        for step in steps {
            if self.take(step).await.is_err() {
                return;
            }
        }
        let named = steps.iter().filter(|step| matches!(step.action, Action::Open(_)));
        let clients = [""].into_iter().chain(named.map(|step| step.client.as_str()));
        for client in clients.collect::<Vec<_>>() {
            let normally = Some((1000, String::new()));
            if self.sockets.contains_key(client) && self.close(client, normally).await.is_err() {
                return;
            }
        }
    }

    async fn take(&mut self, step: &Step) -> Result<(), Silence> {
        let client = step.client.as_str();
        match &step.action {
            Action::Open(target) => self.open(client, target).await?,
            Action::Send(text) => self.send(client, Frame::Text(text.clone())).await?,
            Action::SendBytes(bytes) => self.send(client, Frame::Bytes(bytes.clone())).await?,
            Action::Ping(data) => self.send(client, Frame::Ping(data.clone().into_bytes())).await?,
            Action::Raw(bytes) => self.send(client, Frame::Raw(bytes.clone())).await?,
            Action::Expect(_) => drop(self.receive(client).await?),
            Action::Receive(count) => {
                for _ in 0..*count {
                    self.receive(client).await?;
                }
            }
            Action::Close(close) => self.close(client, close.clone()).await?,
            Action::HangUp => {
                self.note(client, By::Client, Frame::Gone);
                self.sockets.remove(client);
            }
        }
        Ok(())
    }

    async fn open(&mut self, client: &str, target: &str) -> Result<(), Silence> {
        self.note(client, By::Client, Frame::Open(target.to_owned()));
        let opening = Socket::open(self.call, target, self.base_url);
        match timeout_at(self.until, opening).await {
            Ok(Ok(Opened { socket, reply })) => {
                self.note(client, By::Server, Frame::Answer(reply.status, reply.reason));
                self.sockets.extend(socket.map(|socket| (client.to_owned(), socket)));
            }
            Ok(Err(cause)) => self.note(client, By::Server, Frame::Broken(cause)),
            Err(_) => return self.silence(client),
        }
        Ok(())
    }

    async fn send(&mut self, client: &str, frame: Frame) -> Result<(), Silence> {
        self.note(client, By::Client, frame.clone());
        let Some(socket) = self.sockets.get_mut(client) else { return Ok(()) };
        match timeout_at(self.until, socket.send(frame)).await {
            // Whoever does not hear that the other side has gone will find no answer.
            Ok(_) => Ok(()),
            Err(_) => self.silence(client),
        }
    }

    /// The next thing that a client hears; its socket is gone after the last.
    async fn receive(&mut self, client: &str) -> Result<Frame, Silence> {
        let heard = match self.sockets.get_mut(client) {
            Some(socket) => timeout_at(self.until, socket.receive()).await,
            None => Ok(Frame::Gone),
        };
        let Ok(frame) = heard else { return self.silence(client).map(|()| Frame::Nothing) };
        self.note(client, By::Server, frame.clone());
        if frame.is_last() {
            self.sockets.remove(client);
        }
        Ok(frame)
    }

    async fn close(&mut self, client: &str, close: Option<(u16, String)>) -> Result<(), Silence> {
        self.send(client, Frame::Close(close)).await?;
        while !self.receive(client).await?.is_last() {}
        Ok(())
    }

    fn note(&mut self, client: &str, by: By, frame: Frame) {
        self.lines.push(Line { client: client.to_owned(), by, frame });
    }

    fn silence(&mut self, client: &str) -> Result<(), Silence> {
        self.note(client, By::Server, Frame::Nothing);
        Err(Silence)
    }
}

impl Frame {
    /// Whether nothing can come after it.
    fn is_last(&self) -> bool {
        matches!(self, Self::Close(_) | Self::Gone | Self::Broken(_))
    }
}

impl Socket {
    /// Asks a server for a connection with this target and the headers of a call.
    pub async fn open(call: &Call, target: &str, base_url: &str) -> Result<Opened, String> {
        let mut headers = header_map(&handshake(call).headers)?;
        let address = wire::host(base_url, &mut headers)?;
        let mut request = hyper::Request::new(Empty::<Bytes>::new());
        *request.uri_mut() = target.parse().map_err(|e| format!("{target}: {e}"))?;
        *request.headers_mut() = headers;

        let stream = TcpStream::connect(address).await.map_err(|e| e.to_string())?;
        stream.set_nodelay(true).map_err(|e| e.to_string())?;
        let (mut sender, connection) =
            http1::handshake(TokioIo::new(stream)).await.map_err(|e| e.to_string())?;
        tokio::spawn(connection.with_upgrades());
        let sent = std::time::Instant::now();
        let mut response = sender.send_request(request).await.map_err(|e| e.to_string())?;
        let (status, headers) = (response.status(), response.headers().clone());
        let mut body = coming(sent, call, &headers);
        if status == StatusCode::SWITCHING_PROTOCOLS {
            let upgraded = hyper::upgrade::on(&mut response).await.map_err(|e| e.to_string())?;
            let stream =
                WebSocketStream::from_raw_socket(TokioIo::new(upgraded), Role::Client, None);
            let socket = Some(Self(stream.await));
            return Ok(Opened { socket, reply: reply(status, &headers, body) });
        }
        while let Some(frame) = response.frame().await.transpose().map_err(|e| e.to_string())? {
            if !body.take(frame.data_ref().map_or(&[], |chunk| chunk))? {
                break;
            }
        }
        Ok(Opened { socket: None, reply: reply(status, &headers, body) })
    }

    /// Sends a frame.
    pub async fn send(&mut self, frame: Frame) -> Result<(), tungstenite::Error> {
        let message = match frame {
            Frame::Text(text) => Message::text(text),
            Frame::Bytes(bytes) => Message::binary(bytes),
            Frame::Ping(data) => Message::Ping(data.into()),
            Frame::Pong(data) => Message::Pong(data.into()),
            Frame::Close(close) => Message::Close(close.map(|(code, reason)| CloseFrame {
                code: CloseCode::from(code),
                reason: reason.into(),
            })),
            Frame::Raw(bytes) => {
                let stream = self.0.get_mut();
                stream.write_all(&bytes).await?;
                return Ok(stream.flush().await?);
            }
            Frame::Open(_)
            | Frame::Answer(..)
            | Frame::Gone
            | Frame::Broken(_)
            | Frame::Nothing => {
                return Ok(());
            }
        };
        self.0.send(message).await
    }

    /// The next thing that the server says. Pings are answered, and so is a close frame.
    pub async fn receive(&mut self) -> Frame {
        match self.0.next().await {
            Some(Ok(Message::Text(text))) => Frame::Text(text.to_string()),
            Some(Ok(Message::Binary(bytes))) => Frame::Bytes(bytes.to_vec()),
            Some(Ok(Message::Ping(data))) => Frame::Ping(data.to_vec()),
            Some(Ok(Message::Pong(data))) => Frame::Pong(data.to_vec()),
            Some(Ok(Message::Close(close))) => {
                // The answer waits to be sent; a server that has closed already needs none.
                let _ = self.0.flush().await;
                let parts = |frame: CloseFrame| (frame.code.into(), frame.reason.to_string());
                Frame::Close(close.map(parts))
            }
            None
            | Some(Err(
                tungstenite::Error::Io(_)
                | tungstenite::Error::Protocol(ProtocolError::ResetWithoutClosingHandshake),
            )) => Frame::Gone,
            Some(Err(error)) => Frame::Broken(error.to_string()),
            Some(Ok(Message::Frame(_))) => Frame::Broken("a frame that is no message".to_owned()),
        }
    }
}

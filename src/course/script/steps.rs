//! The steps of a call over a WebSocket, `socket = [{ send = "hello" }, { close = 1000 }]`.

use std::collections::BTreeSet;

use serde::Deserialize;
use toml::Spanned;

use super::source::{Checked, Source};
use crate::course::expectation::Heard;
use crate::course::socket::{Action, Step};

/// A step as it is written: one thing that one client does.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Raw {
    client: Option<String>,
    open: Option<String>,
    send: Option<String>,
    send_bytes: Option<String>,
    ping: Option<String>,
    raw: Option<String>,
    expect: Option<String>,
    receive: Option<usize>,
    close: Option<u16>,
    reason: Option<String>,
    hang_up: Option<bool>,
}

/// The code that stands for a close frame without one.
const NO_CODE: u16 = 1005;

/// Reads the steps and sees that every client is there when it does something.
pub fn check(rows: Vec<Spanned<Raw>>, source: &Source<'_>) -> Checked<Vec<Step>> {
    let mut open = BTreeSet::from([String::new()]);
    let mut steps = Vec::new();
    for row in rows {
        let span = row.span();
        let mistake = |message: &str, help: &str| source.mistake(span.clone(), message).help(help);
        let step = row.into_inner().check().map_err(|message| mistake(message, STEPS))?;
        if matches!(step.action, Action::Open(_)) {
            if step.client.is_empty() || !open.insert(step.client.clone()) {
                let help = "the call's own request opens the first one; name the others";
                return Err(mistake("this connection is open already", help));
            }
        } else if !open.contains(&step.client) {
            let help = "open it first: `{ client = \"ben\", open = \"/ws/\" }`";
            return Err(mistake("this client has no connection", help));
        }
        steps.push(step);
    }
    Ok(steps)
}

/// What the steps expect to hear, if they expect anything.
pub fn heard(steps: &[Step]) -> Vec<Heard> {
    let mut heard: Vec<Heard> = Vec::new();
    for (at, step) in steps.iter().enumerate() {
        let Action::Expect(text) = &step.action else { continue };
        let before = steps[..at].iter().filter(|other| other.client == step.client);
        let count = before.map(|other| match other.action {
            Action::Expect(_) => 1,
            Action::Receive(count) => count,
            _ => 0,
        });
        let number = count.sum::<usize>() + 1;
        heard.push(Heard { client: step.client.clone(), number, text: text.clone() });
    }
    heard
}

const STEPS: &str = "a step has one of `open`, `send`, `send_bytes`, `ping`, `raw`, `expect`, \
    `receive`, `close` and `hang_up`, and perhaps a `client`";

impl Raw {
    fn check(self) -> Result<Step, &'static str> {
        let bytes = |text: Option<String>| text.map(|text| from_hex(&text)).transpose();
        let is_client = |name: &String| name.bytes().all(|b| b.is_ascii_alphanumeric());
        let client = self.client.unwrap_or_default();
        if !is_client(&client) {
            return Err("a client's name is letters and digits");
        }
        if self.reason.is_some() && self.close.is_none_or(|code| code == NO_CODE) {
            return Err("a `reason` needs the code of its `close`");
        }
        let reason = self.reason.unwrap_or_default();
        let close = |code| Action::Close((code != NO_CODE).then_some((code, reason)));
        let actions = [
            self.open.map(Action::Open),
            self.send.map(Action::Send),
            bytes(self.send_bytes)?.map(Action::SendBytes),
            self.ping.map(Action::Ping),
            bytes(self.raw)?.map(Action::Raw),
            self.expect.map(Action::Expect),
            self.receive.map(Action::Receive),
            self.close.map(close),
            self.hang_up.map(|_| Action::HangUp),
        ];
        let mut actions = actions.into_iter().flatten();
        match (actions.next(), actions.next()) {
            (Some(Action::Open(target)), None) if !target.starts_with('/') => {
                Err("a target starts with a slash")
            }
            (Some(Action::Ping(data)), None) if data.len() > 125 => {
                Err("a ping carries 125 bytes at most")
            }
            (Some(action), None) => Ok(Step { client, action }),
            _ => Err("a step does one thing"),
        }
    }
}

/// Bytes that are written as two hexadecimal digits each, with blanks where they help.
fn from_hex(text: &str) -> Result<Vec<u8>, &'static str> {
    const WRONG: &str = "bytes are written as two hexadecimal digits each";
    let digits: Vec<u8> = text.bytes().filter(|byte| *byte != b' ').collect();
    let byte = |pair: &[u8]| match pair {
        [_, _] => u8::from_str_radix(str::from_utf8(pair).ok()?, 16).ok(),
        _ => None,
    };
    digits.chunks(2).map(|pair| byte(pair).ok_or(WRONG)).collect()
}

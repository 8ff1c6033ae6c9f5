//! What was said over a socket, below the reply that opened it.

use textwrap::core::display_width;

use super::palette::Palette;
use super::prose::Look;
use crate::course::Message;
use crate::engine::CallResult;

/// Headers that every open socket has.
const USUAL_HEADERS: [&str; 2] = ["sec-websocket-accept", "upgrade"];

/// How many lines a brief view shows.
const SHOWN_LINES: usize = 20;

/// Whether the reply to a call has opened a socket.
pub(super) fn is_open(reply: &Message, result: &CallResult) -> bool {
    reply.status == 101 && result.exchange.call.socket.is_some()
}

/// The conversation, as far as it is short.
pub(super) fn brief(reply: &Message, verdict: &str, look: Look) -> Vec<String> {
    let palette = Palette::of(look);
    let width = look.width.clamp(40, 120);
    let status = palette.good(&reply.status.to_string());
    let fixed = display_width("   ‹ 101 WebSocket") + display_width(verdict);
    let pad = " ".repeat(width.saturating_sub(fixed));
    let line = format!("   ‹ {status} {}{pad}{verdict}", palette.aside("WebSocket"));
    let mut lines = vec![line.trim_end().to_owned()];
    let telling = reply.headers.iter().filter(|(name, _)| !USUAL_HEADERS.contains(&name.as_str()));
    lines.extend(telling.map(|(name, value)| palette.aside(&format!("     {name}: {value}"))));
    let options = textwrap::Options::new(width - 5).break_words(true).subsequent_indent("  ");
    let mut said = reply.body.lines();
    for line in said.by_ref().take(SHOWN_LINES) {
        lines.extend(textwrap::wrap(line, &options).iter().map(|line| format!("     {line}")));
    }
    let hidden = said.count();
    if hidden > 0 {
        lines.push(format!("     … {hidden} lines more, `--verbose` shows all"));
    }
    lines
}

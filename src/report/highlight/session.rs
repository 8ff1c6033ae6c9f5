//! The colours of a shell session: what was typed after `$`, and what came back.

use super::{Part, syntax};

/// The session in colours. A command goes on after a backslash; replies stay as they are.
pub(super) fn highlight(session: &str) -> String {
    let lines: Vec<_> = session.split('\n').collect();
    let entries = lines.chunk_by(|line, _| line.ends_with('\\'));
    entries.map(|lines| entry(&lines.join("\n"))).collect::<Vec<_>>().join("\n")
}

fn entry(lines: &str) -> String {
    match lines.strip_prefix("$ ") {
        Some(command) => Part::Comment.paint("$") + " " + &syntax::highlight(command, "sh"),
        None => lines.to_owned(),
    }
}

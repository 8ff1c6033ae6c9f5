//! A pending snapshot as the person reads it who decides on it: what it would change, what that
//! usually means, what was asked, and what the document says.

use std::path::PathBuf;

use super::diff;
use super::exchange::{self, Detail};
use super::explanation;
use super::palette::Palette;
use super::prose::Look;
use crate::course::{Call, Lesson, Message};
use crate::engine::compare::{Difference, compare};

/// A pending snapshot and the one that it would replace.
#[derive(Clone, Debug)]
pub struct Pending {
    /// Its lesson.
    pub lesson: Lesson,
    /// The name of its call, which is the file's.
    pub name: String,
    /// The recorded snapshot's file, there or not.
    pub file: PathBuf,
    /// Its path as people write it.
    pub path: String,
    /// The recorded snapshot's file; empty where there is none.
    pub before: String,
    /// The pending snapshot's file.
    pub after: String,
    /// The recorded reply, where there is one that can be read.
    pub recorded: Option<Message>,
    /// The pending reply, or why it cannot be read.
    pub reply: Result<Message, String>,
    /// Whose reply it is: `FastAPI 0.165.0`.
    pub from: Option<String>,
}

/// What is shown of a pending reply.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum View {
    /// What it would change.
    Diff,
    /// All of it.
    Whole,
}

impl Pending {
    /// Whether it would be the first snapshot, replace another one, or change nothing.
    pub fn state(&self) -> &'static str {
        match () {
            () if self.before.is_empty() => "new",
            () if self.before == self.after => "same",
            () => "differs",
        }
    }

    /// Its call, if the script still has it.
    pub fn call(&self) -> Option<&Call> {
        self.lesson.call(&self.name).ok()
    }

    /// Where the script has the call.
    pub fn script(&self) -> Option<String> {
        self.call().map(|call| format!("{}:{}", self.lesson.script_name(), call.line))
    }

    /// How the pending reply differs from the recorded one.
    pub fn differences(&self) -> Vec<Difference> {
        let replies = self.recorded.as_ref().zip(self.reply.as_ref().ok());
        replies.map(|(recorded, reply)| compare(recorded, reply)).unwrap_or_default()
    }

    /// The command that decides so on it alone: `workbook accept 4 --call item`.
    pub fn command(&self, decision: &str) -> String {
        format!("workbook {decision} {} --call {}", self.lesson.number, self.name)
    }
}

/// Its file and what it would change there, for a list.
pub fn row(pending: &Pending, look: Look) -> String {
    let mut text = format!("{:<8} {}\n", pending.state(), pending.path);
    text += &indented(&changes(pending, look), 2);
    text
}

/// All that a decision needs.
pub fn card(pending: &Pending, position: (usize, usize), look: Look, view: View) -> String {
    let mut text = heading(pending, position, look);
    match pending.call() {
        Some(call) => {
            let number = pending.lesson.script.calls.iter().position(|one| one.name == call.name);
            text += &exchange::request(number.unwrap_or(0) + 1, call, look, Detail::Full);
            text += &exchange::said(call, look);
            text += &indented(&documented(pending, call, look), 5);
        }
        None => text += "     no call of the script has this name: reject it or restore the call\n",
    }
    let shown = match (&pending.reply, view) {
        (Ok(reply), View::Whole) => reply.to_text().lines().map(str::to_owned).collect(),
        _ => changes(pending, look),
    };
    text + "\n" + &indented(&shown, 2) + "\n"
}

/// What can be pressed.
pub fn keys(look: Look, view: View) -> String {
    let other = match view {
        View::Diff => "whole reply",
        View::Whole => "diff",
    };
    let palette = Palette::of(look);
    let keys = [("a", "accept"), ("r", "reject"), ("s", "skip"), ("A R S", "for all")];
    let keys = keys.into_iter().chain([("d", other), ("q", "quit")]);
    let keys: Vec<String> =
        keys.map(|(key, meaning)| format!("{} {meaning}", palette.name(key))).collect();
    format!("{}\n", keys.join("   "))
}

fn heading(pending: &Pending, (position, count): (usize, usize), look: Look) -> String {
    let palette = Palette::of(look);
    let (state, path) = (palette.notice(pending.state()), palette.name(&pending.path));
    let lesson = &pending.lesson;
    let about = [
        format!("lesson {} · {}", lesson.number, lesson.script.title),
        pending.script().unwrap_or_else(|| lesson.script_name()),
        format!("recorded from {}", pending.from.as_deref().unwrap_or("an unknown server")),
    ];
    let about = about.map(|line| palette.aside(&line));
    format!("{position} of {count} · {state} · {path}\n") + &indented(&about, 5)
}

/// The changed lines of the file, and what the change of the reply usually means.
fn changes(pending: &Pending, look: Look) -> Vec<String> {
    let lines = diff::text_lines(&pending.before, &pending.after, look);
    let mut lines: Vec<String> = lines.into_iter().skip_while(String::is_empty).collect();
    let differences = pending.differences();
    let kinds = explanation::of(&differences);
    for (difference, kind) in differences.iter().zip(kinds) {
        let said = kind.map(|kind| format!("{}: {}", difference.place(), kind.sentence()));
        lines.extend(said.into_iter().flat_map(|said| diff::note("", &said, look)));
    }
    if pending.before == pending.after {
        lines.push("nothing would change".to_owned());
    }
    if let Err(why) = &pending.reply {
        lines.extend(["this is no snapshot:".to_owned()]);
        lines.extend(why.lines().map(|line| format!("  {line}")));
    }
    lines
}

/// What is documented, held against the pending reply.
fn documented(pending: &Pending, call: &Call, look: Look) -> Vec<String> {
    let palette = Palette::of(look);
    let erratum = pending.lesson.erratum(&call.name);
    let mut lines = Vec::new();
    if let (Some(claim), Ok(reply)) = (&call.expect, &pending.reply) {
        let unmet = claim.unmet(reply);
        lines.push(match (unmet.is_empty(), erratum) {
            (true, None) => palette.good("✓ as documented"),
            (true, Some(_)) => palette.bad("✗ as documented: its erratum is obsolete"),
            (false, Some(_)) => palette.notice("≠ not as documented: see the erratum"),
            (false, None) => palette.bad("✗ not as documented, and no erratum says so"),
        });
        let unmet = diff::unmet(&unmet, ("documented", "pending"), look);
        lines.extend(unmet.iter().map(|line| format!("  {line}")));
    }
    let mut remark = |text: String| {
        let wrapped = exchange::wrapped(&text, look, 5);
        lines.extend(wrapped.iter().map(|line| palette.notice(line)));
    };
    if let Some(erratum) = erratum {
        let document = pending.lesson.script.document.name();
        remark(format!("the {document} says: {}", erratum.says));
        remark(format!("FastAPI does: {} (seen on {})", erratum.fastapi, erratum.seen_on));
    }
    if let Some((divergence, _)) = &call.diverges {
        remark(format!("our server answers otherwise: {}", divergence.reason));
    }
    lines
}

fn indented(lines: &[String], columns: usize) -> String {
    let margin = " ".repeat(columns);
    lines.iter().map(|line| format!("{margin}{line}").trim_end().to_owned() + "\n").collect()
}

//! `workbook review`: one pending snapshot after the other, each decided on by a key.
//!
//! A decision is one rename or one removal, made when its key is pressed. Between two keys there is
//! nothing that an interruption could leave half done.

use std::fs;

use super::decide::{NOTHING, accept_one, chosen, reject_one};
use super::{Exit, Failure};
use crate::cli::Decide;
use crate::course::Course;
use crate::report::pending::{self, Pending, View};
use crate::snapshot;
use crate::terminal::Terminal;
use crate::terminal::keys::Keys;

/// What becomes of a pending snapshot.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Decision {
    Accept,
    Reject,
    Skip,
}

/// What a key asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Wish {
    One(Decision),
    AllThatAreLeft(Decision),
    OtherView,
    Quit,
}

/// Reviews what the arguments name.
pub async fn review(
    arguments: &Decide,
    course: &Course,
    terminal: Terminal,
) -> Result<Exit, Failure> {
    let all = chosen(arguments, course)?;
    if all.is_empty() {
        terminal.out(NOTHING)?;
        return Ok(Exit::Good);
    }
    if !terminal.interactive {
        return list(&all, terminal);
    }
    let mut desk = Desk { terminal, keys: terminal.keys()?, view: View::Diff };
    let (mut decisions, mut for_all) = (Vec::new(), None);
    for (index, one) in all.iter().enumerate() {
        let decision = match for_all {
            Some(decision) => decision,
            None => match desk.ask(one, (index + 1, all.len())).await? {
                Wish::One(decision) => decision,
                Wish::AllThatAreLeft(decision) => *for_all.insert(decision),
                Wish::OtherView | Wish::Quit => break,
            },
        };
        // A key that is meant for all cannot mean what it could not for one.
        let unreadable = decision == Decision::Accept && one.reply.is_err();
        let decision = if unreadable { Decision::Skip } else { decision };
        carry_out(decision, one, terminal)?;
        decisions.push(decision);
    }
    terminal.tell(&summary(&decisions, all.len()))?;
    Ok(Exit::Good)
}

/// What is pending, with the commands that decide on it where no key can.
fn list(all: &[Pending], terminal: Terminal) -> Result<Exit, Failure> {
    for (index, one) in all.iter().enumerate() {
        let card = pending::card(one, (index + 1, all.len()), terminal.look, View::Diff);
        let commands = ["accept", "reject"].map(|decision| one.command(decision));
        terminal.tell(&format!("{card}  {}\n  {}\n\n", commands[0], commands[1]))?;
    }
    let count = all.len();
    terminal.tell(&format!(
        "{count} pending, and no terminal to decide at: use the commands above, or for all of them\n\
         `workbook accept` and `workbook reject`\n"
    ))?;
    Ok(Exit::Differs)
}

/// Where a person reviews.
struct Desk {
    terminal: Terminal,
    keys: Keys,
    view: View,
}

impl Desk {
    /// Shows a pending snapshot until a key decides on it or ends the review.
    async fn ask(&mut self, one: &Pending, position: (usize, usize)) -> Result<Wish, Failure> {
        loop {
            let look = self.terminal.look;
            let card = pending::card(one, position, look, self.view);
            self.terminal.out(&format!("{card}{}", pending::keys(look, self.view)))?;
            let wish = loop {
                match self.keys.next().await?.map(wish) {
                    None => break Wish::Quit,
                    Some(Some(wish)) => break wish,
                    Some(None) => {}
                }
            };
            self.terminal.out("\n")?;
            match wish {
                Wish::OtherView => self.view = other(self.view),
                Wish::One(Decision::Accept) if one.reply.is_err() => {
                    self.terminal.out("what cannot be read cannot be accepted\n\n")?;
                }
                wish => return Ok(wish),
            }
        }
    }
}

/// cargo-insta's keys, and one to leave.
fn wish(key: char) -> Option<Wish> {
    Some(match key {
        'a' => Wish::One(Decision::Accept),
        'r' => Wish::One(Decision::Reject),
        's' => Wish::One(Decision::Skip),
        'A' => Wish::AllThatAreLeft(Decision::Accept),
        'R' => Wish::AllThatAreLeft(Decision::Reject),
        'S' => Wish::AllThatAreLeft(Decision::Skip),
        'd' => Wish::OtherView,
        'q' => Wish::Quit,
        _ => return None,
    })
}

fn other(view: View) -> View {
    match view {
        View::Diff => View::Whole,
        View::Whole => View::Diff,
    }
}

fn carry_out(decision: Decision, one: &Pending, terminal: Terminal) -> Result<(), Failure> {
    match decision {
        Decision::Accept => {
            let path = snapshot::pending_path(&one.file);
            // What is accepted is what was shown, and can be read.
            if fs::read(&path).ok().as_deref() != Some(one.after.as_bytes()) {
                return Err(Failure::CouldNotRun(format!(
                    "{}.new: has changed since it was read\nlook again with `workbook review`",
                    one.path
                )));
            }
            snapshot::read(&path)?;
            accept_one(one, None, terminal)
        }
        Decision::Reject => reject_one(one, terminal),
        Decision::Skip => Ok(terminal.out(&format!("skipped  {}\n", one.path))?),
    }
}

fn summary(decisions: &[Decision], all: usize) -> String {
    let count = |wanted| decisions.iter().filter(|decision| **decision == wanted).count();
    let (accepted, rejected) = (count(Decision::Accept), count(Decision::Reject));
    let left = all - accepted - rejected;
    format!("\n{accepted} accepted, {rejected} rejected, {left} pending\n")
}

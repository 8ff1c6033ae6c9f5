//! What is pending, for machines.

use serde_json::{Value, json};

use super::{VERSION, pretty};
use crate::course::{Call, Says};
use crate::engine::compare::{Difference, Line, Side};
use crate::report::pending::Pending;
use crate::report::{Look, diff, explanation};

/// All pending snapshots, each with its call, its differences and the commands that decide.
pub fn document(all: &[Pending]) -> String {
    pretty(&json!({"version": VERSION, "pending": all.iter().map(row).collect::<Vec<_>>()}))
}

fn row(pending: &Pending) -> Value {
    let plain = Look { width: 80, colour: false };
    let call = pending.call();
    let differences = pending.differences();
    let kinds = explanation::of(&differences);
    let differences: Vec<Value> =
        differences.iter().zip(kinds).map(|(one, kind)| difference(one, kind)).collect();
    let claim = call.and_then(|call| call.expect.as_ref()).zip(pending.reply.as_ref().ok());
    json!({
        "number": pending.lesson.number,
        "slug": pending.lesson.slug,
        "call": pending.name,
        "request": call.map(Call::request),
        "source": call.map(|call| match call.says {
            Says::Document(_) => "document",
            Says::Extra(_) => "extra",
        }),
        "says": call.map(|call| call.says.text()),
        "state": pending.state(),
        "recorded_from": pending.from,
        "as_documented": claim.map(|(claim, reply)| claim.unmet(reply).is_empty()),
        "differences": differences,
        "diff": diff::text_lines(&pending.before, &pending.after, plain),
        "invalid": pending.reply.as_ref().err(),
        "snapshot": pending.path,
        "pending": format!("{}.new", pending.path),
        "script": pending.script(),
        "accept": pending.command("accept"),
        "reject": pending.command("reject"),
    })
}

fn difference(difference: &Difference, kind: Option<explanation::Kind>) -> Value {
    let means = kind.map(explanation::Kind::sentence);
    match difference {
        Difference::Value { place, recorded, actual } => {
            json!({"place": place, "recorded": recorded, "pending": actual, "means": means})
        }
        Difference::Lines { place, lines } => {
            let lines: Vec<Value> = lines.iter().map(line).collect();
            json!({"place": place, "lines": lines, "means": means})
        }
    }
}

fn line(Line { side, text }: &Line) -> Value {
    let side = match side {
        Side::Both => "both",
        Side::Recorded => "recorded",
        Side::Actual => "pending",
    };
    json!({"side": side, "text": text})
}

//! Signatures: what itsdangerous and Python's base64 were seen to make of them, a row each.

use std::time::Duration;

use serde_json::{Value as Json, json};

use super::signer::{Signer, decode};

/// In each line a kind of question, what was given and what was seen; written by `observe.py`.
const OBSERVED: &str = include_str!("observed.jsonl");

/// What this crate makes of what was given.
fn made(kind: &str, given: &Json) -> Json {
    let text = |index: usize| given[index].as_str().unwrap();
    match kind {
        "base64" => json!(decode(given.as_str().unwrap())),
        "sign" => json!(Signer::new(text(0)).sign(text(1), given[2].as_u64().unwrap())),
        "unsign" => {
            let max_age = given[2].as_u64().map(Duration::from_secs);
            json!(Signer::new(text(0)).unsign(text(1), max_age, given[3].as_u64().unwrap()))
        }
        _ => panic!("no question is of the kind {kind}"),
    }
}

#[test]
fn signatures_are_made_and_judged_as_itsdangerous_was_seen_to_make_and_judge_them() {
    for line in OBSERVED.lines() {
        let row: Json = serde_json::from_str(line).unwrap();
        assert_eq!(made(row["kind"].as_str().unwrap(), &row["given"]), row["seen"], "{line}");
    }
}

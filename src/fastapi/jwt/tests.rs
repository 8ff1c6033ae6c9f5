//! Tokens: what PyJWT was seen to make of them, a row each.

use serde_json::{Value as Json, json};

use super::{Token, TokenError, decode_at, encode};
use crate::json::{dumps, read};
use crate::text::hex;

/// In each line a kind of question, what was given and what was seen; written by `observe.py`.
const OBSERVED: &str = include_str!("observed.jsonl");

/// The key of all rows, as `observe.py` has it.
const KEY: &str = "example-key-that-has-32-bytes-or-more";

/// What this crate makes of what was given.
fn made(kind: &str, given: &Json) -> Json {
    match kind {
        "encode" => json!(encode(&read::from_slice(text(given).as_bytes()).unwrap(), KEY)),
        "decode" => {
            let require: Vec<&str> = given[1].as_array().unwrap().iter().map(text).collect();
            verdict(decode_at(text(&given[0]), KEY, &require, given[2].as_i64().unwrap()))
        }
        _ => panic!("no question is of the kind {kind}"),
    }
}

fn text(json: &Json) -> &str {
    json.as_str().unwrap()
}

fn verdict(token: Result<Token, TokenError>) -> Json {
    match token {
        Ok(Token { header, payload, signature }) => {
            json!([dumps(&header).unwrap(), dumps(&payload).unwrap(), hex(&signature)])
        }
        Err(TokenError::Expired) => json!("expired"),
        Err(TokenError::Invalid(_)) => json!("invalid"),
    }
}

#[test]
fn tokens_are_made_and_judged_as_pyjwt_was_seen_to_make_and_judge_them() {
    for line in OBSERVED.lines() {
        let row: Json = serde_json::from_str(line).unwrap();
        assert_eq!(made(text(&row["kind"]), &row["given"]), row["seen"], "{line}");
    }
}

#[test]
fn a_claim_is_read_as_its_type_or_not_at_all() {
    let claims = json!({"sub": "alice", "exp": 4_102_444_800_i64});
    let token = decode_at(&encode(&claims, KEY), KEY, &["exp"], 0).unwrap();
    assert_eq!(token.get::<String>("sub").as_deref(), Some("alice"));
    assert_eq!(token.get::<i64>("exp"), Some(4_102_444_800));
    assert_eq!((token.get::<i64>("sub"), token.get::<String>("none")), (None, None));
}

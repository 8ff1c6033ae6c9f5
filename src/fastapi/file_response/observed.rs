//! A test of everything about files that was observed of the reference, a row a question: ranges,
//! dates, validators, names, types, locations. Whole replies are tested beside their modules.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use serde_json::{Value, json};

use super::range::{self, Refusal};
use super::{FileState, attachment};
use crate::{http_date, location, media_type};

/// In each line a kind of question, what was given and what was seen; written by `observe.py`.
const OBSERVED: &str = include_str!("observed.jsonl");

/// What this crate makes of what was given.
fn made(kind: &str, given: &Value) -> Value {
    let text = || given.as_str().unwrap();
    match kind {
        "range" => {
            let (header, size) = (given[0].as_str().unwrap(), given[1].as_u64().unwrap());
            match range::parse(header, size) {
                Ok(parts) => parts.iter().map(|part| json!([part.start, part.end])).collect(),
                Err(Refusal::Malformed(text)) => json!(text),
                Err(Refusal::Unsatisfiable) => Value::Null,
            }
        }
        "date" => match http_date::parse(text()) {
            Some(moment) => moment.iter().map(ToString::to_string).collect(),
            None => Value::Null,
        },
        "state" => {
            let modified = time(given[0].as_i64().unwrap(), given[1].as_u64().unwrap());
            FileState::new(52, modified).map_or(Value::Null, |state| {
                json!([state.etag.trim_matches('"'), state.last_modified])
            })
        }
        "disposition" => json!(attachment(text())),
        "location" => json!(location::quote(text())),
        "type" => json!(media_type::guess(text())),
        _ => panic!("no question is of the kind {kind}"),
    }
}

fn time(seconds: i64, nanos: u64) -> SystemTime {
    let seconds_from_1970 = Duration::from_secs(seconds.unsigned_abs());
    let whole =
        if seconds < 0 { UNIX_EPOCH - seconds_from_1970 } else { UNIX_EPOCH + seconds_from_1970 };
    whole + Duration::from_nanos(nanos)
}

/// Dates far beyond 64 bits are only compared, so their ends stand for them.
fn clamped(seen: &Value) -> Value {
    let clamp = |number: &Value| match number.as_str()?.parse::<i128>() {
        Ok(number) => Some(json!(number.clamp(i64::MIN.into(), i64::MAX.into()).to_string())),
        Err(_) => None,
    };
    match seen {
        Value::Array(items) => {
            items.iter().map(|item| clamp(item).unwrap_or_else(|| item.clone())).collect()
        }
        seen => seen.clone(),
    }
}

// ANCHOR: test
#[test]
fn headers_names_and_times_are_taken_as_the_reference_was_seen_to_take_them() {
    for line in OBSERVED.lines() {
        let row: Value = serde_json::from_str(line).unwrap();
        let kind = row["kind"].as_str().unwrap();
        assert_eq!(made(kind, &row["given"]), clamped(&row["seen"]), "{line}");
    }
}
// ANCHOR_END: test

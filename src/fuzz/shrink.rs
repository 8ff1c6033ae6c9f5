//! Makes a request smaller for as long as the two servers still differ on it.

use super::{Agreement, Pair};
use crate::course::Call;

/// How many smaller requests are tried.
const TRIES: usize = 300;

/// The smallest request found on which the servers differ. Both see all that is tried, so their
/// states stay alike.
pub async fn shrink(call: &Call, pair: &Pair<'_>) -> Call {
    let mut smallest = call.clone();
    let mut tries = 0;
    loop {
        let mut shrunk = false;
        for candidate in candidates(&smallest) {
            tries += 1;
            if tries > TRIES {
                return smallest;
            }
            let agreement = pair.ask(&candidate).await.agreement();
            if matches!(agreement, Agreement::Differs(_) | Agreement::Broken(_)) {
                smallest = candidate;
                shrunk = true;
                break;
            }
        }
        if !shrunk {
            return smallest;
        }
    }
}

/// Requests with a part left out, the largest parts first.
fn candidates(call: &Call) -> Vec<Call> {
    let with = |change: &dyn Fn(&mut Call)| {
        let mut candidate = call.clone();
        change(&mut candidate);
        candidate
    };
    let mut all = Vec::new();
    for index in 0..call.headers.len() {
        all.push(with(&|smaller| drop(smaller.headers.remove(index))));
    }
    if let Some(body) = &call.body {
        all.push(with(&|smaller| smaller.body = None));
        for part in cuts(body.len()) {
            all.push(with(&|smaller| {
                smaller.body = Some([&body[..part.start], &body[part.end..]].concat());
            }));
        }
    }
    if let Some((path, query)) = call.target.split_once('?') {
        let pairs: Vec<&str> = query.split('&').collect();
        for index in 0..pairs.len() {
            let mut fewer = pairs.clone();
            fewer.remove(index);
            let question = if fewer.is_empty() { "" } else { "?" };
            all.push(with(&|smaller| {
                smaller.target = format!("{path}{question}{}", fewer.join("&"));
            }));
        }
    }
    all
}

/// Parts of a length to cut out: halves, quarters and so on down to single bytes.
fn cuts(length: usize) -> Vec<std::ops::Range<usize>> {
    let mut parts = Vec::new();
    let mut size = length / 2;
    while size > 0 {
        parts.extend((0..length).step_by(size).map(|start| start..(start + size).min(length)));
        size /= 2;
    }
    parts
}

//! The call of a script that is most like a request.

use strsim::{jaro_winkler, normalized_levenshtein};

use super::Call;
use super::socket::handshake;

/// How much of a body is looked at, in bytes: the comparison takes the product of two lengths.
const BODY: usize = 1000;

/// The call that is most like the request; of several that are, the first. `None` if there is none
/// at all.
pub fn nearest<'a>(request: &Call, calls: &'a [Call]) -> Option<&'a Call> {
    let mut best: Option<(f64, &Call)> = None;
    for call in calls {
        let likeness = likeness(request, call);
        if best.is_none_or(|(most, _)| likeness > most) {
            best = Some((likeness, call));
        }
    }
    best.map(|(_, call)| call)
}

/// Whether two calls send the same.
pub fn is_same(one: &Call, other: &Call) -> bool {
    let sent = |call: &Call| (call.request(), headers(call), call.body.clone());
    sent(one) == sent(other)
}

/// The headers of a call, with those that ask for its socket.
fn headers(call: &Call) -> Vec<(String, String)> {
    if call.socket.is_some() { handshake(call).headers } else { call.headers.clone() }
}

/// The path says most about what a request is, then the method, then what goes with it.
fn likeness(one: &Call, other: &Call) -> f64 {
    let (path, query) = parts(&one.target);
    let (other_path, other_query) = parts(&other.target);
    let method = if one.method == other.method { 1.0 } else { 0.0 };
    let headers = |call: &Call| format!("{:?}", headers(call));
    let body = |call: &Call| {
        let body = call.body.as_deref().unwrap_or_default();
        String::from_utf8_lossy(&body[..body.len().min(BODY)]).into_owned()
    };
    8.0 * path_likeness(path, other_path)
        + 3.0 * method
        + normalized_levenshtein(query, other_query)
        + normalized_levenshtein(&body(one), &body(other))
        + 0.5 * normalized_levenshtein(&headers(one), &headers(other))
}

fn parts(target: &str) -> (&str, &str) {
    target.split_once('?').unwrap_or((target, ""))
}

/// The mean over the segments: 1 for the same ones, at most half of that for others.
fn path_likeness(one: &str, other: &str) -> f64 {
    let (one, other): (Vec<&str>, Vec<&str>) =
        (one.split('/').collect(), other.split('/').collect());
    // The first segment is what stands before the first slash.
    let pairs = one.iter().zip(&other).skip(1);
    let likeness = |(one, other): (&&str, &&str)| {
        if one == other { 1.0 } else { jaro_winkler(one, other) / 2.0 }
    };
    pairs.map(likeness).sum::<f64>() / (one.len().max(other.len()) - 1).max(1) as f64
}

#[cfg(test)]
mod tests {
    use super::{is_same, nearest};
    use crate::course::Call;

    fn call(line: &str) -> Call {
        let (request, body) = line.split_once(" {").unwrap_or((line, ""));
        let (method, target) = request.split_once(' ').unwrap();
        let mut call = Call::sketch(method, target);
        call.body = (!body.is_empty()).then(|| format!("{{{body}").into_bytes());
        call
    }

    #[test]
    fn a_call_over_a_socket_is_like_requests_that_ask_for_one() {
        let plain = call("GET /ws/");
        let socket = Call { socket: Some(Vec::new()), ..plain.clone() };
        let asking = super::handshake(&plain);
        assert!(is_same(&asking, &socket) && !is_same(&plain, &socket));
        let calls = [socket, plain.clone()];
        let is_socket = |request| nearest(request, &calls).unwrap().socket.is_some();
        assert!(is_socket(&asking) && !is_socket(&plain));
    }

    #[test]
    fn the_nearest_call_has_the_same_path_then_the_same_method_then_the_same_body() {
        let calls = [
            "GET /hello",
            "GET /items/1",
            "GET /items/99",
            "GET /items?q=a",
            "GET /items?q=a&limit=10",
            "PUT /items/1 {\"name\": \"Gizmo\"}",
            "PUT /items/1 {\"price\": 3}",
            "GET /items/1",
        ]
        .map(call);
        for (request, expected) in [
            ("GET /items/1", 1),
            ("GET /items/99", 2),
            ("GET /items/4.2", 1),
            ("GET /items/98", 2),
            ("DELETE /items/99", 2),
            ("POST /hello", 0),
            ("GET /hallo", 0),
            ("GET /items?q=b&limit=3", 4),
            ("GET /items", 3),
            ("PUT /items/1 {\"price\": 4}", 6),
            ("PUT /items/7 {\"name\": \"Widget\"}", 5),
        ] {
            let found = nearest(&call(request), &calls).unwrap();
            let index = calls.iter().position(|call| std::ptr::eq(call, found));
            assert_eq!(index, Some(expected), "{request}: {}", found.request());
        }
        assert!(nearest(&calls[0], &[]).is_none());
    }
}

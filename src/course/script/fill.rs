//! Fills what earlier replies held into a call: each `${name}` of its target, headers and body, and
//! of what it says over a socket.

use std::collections::BTreeMap;

use crate::course::Call;
use crate::course::socket::Action;

/// The call with each `${name}` replaced by the value of that name; unknown names stay.
pub fn filled_in(call: &Call, values: &BTreeMap<String, String>) -> Call {
    let mut call = call.clone();
    let is_form = |(name, value): &(String, String)| {
        name == "content-type" && value.starts_with("application/x-www-form-urlencoded")
    };
    let is_form = call.headers.iter().any(is_form);
    for (name, value) in values {
        let name = format!("${{{name}}}");
        call.target = call.target.replace(&name, value);
        for (_, header) in &mut call.headers {
            *header = header.replace(&name, value);
        }
        for piece in &mut call.streaming.pieces {
            *piece = replaced(piece, &name, value);
        }
        for step in call.socket.iter_mut().flatten() {
            if let Action::Open(text) | Action::Send(text) | Action::Expect(text) = &mut step.action
            {
                *text = text.replace(&name, value);
            }
        }
        let Some(body) = call.body.as_mut() else { continue };
        *body = replaced(body, &name, value);
        if is_form {
            // `form` has encoded the name, and so must be what takes its place.
            *body = replaced(body, &encoded(&name), &encoded(value));
        }
    }
    call
}

fn encoded(text: &str) -> String {
    form_urlencoded::byte_serialize(text.as_bytes()).collect()
}

/// A body, which may be binary, with each occurrence of a text replaced.
fn replaced(body: &[u8], text: &str, by: &str) -> Vec<u8> {
    let mut new = Vec::with_capacity(body.len());
    let mut rest = body;
    while let Some(start) = rest.windows(text.len()).position(|part| part == text.as_bytes()) {
        new.extend_from_slice(&rest[..start]);
        new.extend_from_slice(by.as_bytes());
        rest = &rest[start + text.len()..];
    }
    new.extend_from_slice(rest);
    new
}

#[cfg(test)]
mod tests {
    use super::filled_in;
    use crate::course::Call;

    #[track_caller]
    fn check(content_type: &str, body: &[u8], expected: &[u8]) {
        let mut call = Call::sketch("POST", "/${id}?q=${no}");
        call.headers.push(("content-type".to_owned(), content_type.to_owned()));
        call.headers.push(("x-id".to_owned(), "<${id}>".to_owned()));
        call.body = Some(body.to_vec());
        let call = filled_in(&call, &[("id".to_owned(), "a &b".to_owned())].into());
        assert_eq!((call.target.as_str(), call.headers[1].1.as_str()), ("/a &b?q=${no}", "<a &b>"));
        assert_eq!(call.body.as_deref(), Some(expected));
    }

    #[test]
    fn values_are_filled_into_every_kind_of_body() {
        check("text/plain", b"${id}${id} ${", b"a &ba &b ${");
        check("multipart/form-data", b"\xff${id}\x00", b"\xffa &b\x00");
        check("application/x-www-form-urlencoded", b"x=%24%7Bid%7D&y=1", b"x=a+%26b&y=1");
        check("text/plain", b"%24%7Bid%7D", b"%24%7Bid%7D");
    }
}

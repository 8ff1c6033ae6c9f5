//! Every kind of difference, from two replies to what is said about them.

use super::Kind::{
    ArrayLength, Bytes, HeaderOrder, Interim, KeyOrder, LastLineFeed, LetterCase, LineOrder,
    ListOrder, Masked, MediaType, MediaTypeParameter, MissingBody, MissingHeader, MissingKey,
    MissingPrint, NoLength, NoMethod, NotFound, NotLetIn, NullLeftOut, NullValue, OtherFailure,
    OtherFrames, OtherHeader, OtherPrint, OtherRedirect, OtherRefusal, OtherSuccess, OtherText,
    OtherType, OtherValue, PrintMoment, Quotes, Redirected, Refused, ServerFailed, SizeOnly,
    Spelling, Validation, WhiteSpace, WholeOrFraction,
};
use super::{Kind, of, of_unmet};
use crate::course::expectation::Expectation;
use crate::course::{Message, Prints, StatusLine};
use crate::engine::compare::compare;

fn reply(status: u16, headers: &[(&str, &str)], body: &[u8]) -> Message {
    let owned = |(name, value): &(&str, &str)| ((*name).to_owned(), (*value).to_owned());
    Message::new((status, ""), headers.iter().map(owned).collect(), body)
}

fn json(body: &str) -> Message {
    reply(200, &[("content-type", "application/json")], body.as_bytes())
}

fn text(body: &str) -> Message {
    reply(200, &[("content-type", "text/plain")], body.as_bytes())
}

/// What is said about two replies is this, whichever of them is the recorded one.
#[track_caller]
fn check(recorded: &Message, actual: &Message, expected: &[Kind]) {
    let said = |one, other| of(&compare(one, other)).into_iter().flatten().collect::<Vec<_>>();
    assert_eq!(said(recorded, actual), expected, "{recorded:?}\n{actual:?}");
    assert_eq!(said(actual, recorded), expected, "the other way round\n{recorded:?}\n{actual:?}");
}

#[test]
fn a_status_says_what_was_decided_on_one_side_only() {
    for (recorded, actual, expected) in [
        (200, 422, Validation),
        (200, 404, NotFound),
        (204, 405, NoMethod),
        (200, 401, NotLetIn),
        (403, 201, NotLetIn),
        (200, 400, Refused),
        (307, 200, Redirected),
        (307, 404, Redirected),
        (500, 404, ServerFailed),
        (200, 201, OtherSuccess),
        (307, 308, OtherRedirect),
        (422, 404, OtherRefusal),
        (500, 503, OtherFailure),
    ] {
        check(&reply(recorded, &[], b""), &reply(actual, &[], b""), &[expected]);
    }
}

#[test]
fn an_interim_reply_says_that_one_side_asks_for_the_body() {
    let mut asks = text("a");
    asks.interim = vec![StatusLine::new(100, "Continue")];
    check(&text("a"), &asks, &[Interim]);
}

#[test]
fn another_class_of_status_explains_all_the_rest() {
    let detail = r#"{"detail":"Not Found"}"#;
    let refused = reply(404, &[("content-length", "22"), ("x-a", "b")], detail.as_bytes());
    check(&json(r#"{"name":"Widget"}"#), &refused, &[NotFound]);
    let created = reply(201, &[("content-type", "application/json")], br#"{"id":2}"#);
    check(&json(r#"{"id":1}"#), &created, &[OtherSuccess, OtherValue]);
}

#[test]
fn a_header_is_missing_or_says_something_else() {
    for (name, recorded, actual, expected) in [
        ("allow", Some("GET"), None, MissingHeader),
        ("content-length", Some("3"), None, NoLength),
        ("content-length", Some("3"), Some("4"), SizeOnly),
        ("content-type", Some("text/html"), Some("text/plain"), MediaType),
        ("content-type", Some("text/html; charset=utf-8"), Some("text/html"), MediaTypeParameter),
        ("allow", Some("GET, POST"), Some("POST, GET"), HeaderOrder),
        ("allow", Some("GET, POST"), Some("GET,POST"), WhiteSpace),
        ("x-error", Some("Not-Found"), Some("not-found"), LetterCase),
        ("x-error", Some("not-found"), Some("gone"), OtherHeader),
        ("x-request-id", Some("{uuid}"), Some("17"), Masked),
    ] {
        let with = |value: Option<&str>| {
            let header = value.map(|value| (name, value));
            reply(200, header.as_slice(), b"")
        };
        check(&with(recorded), &with(actual), &[expected]);
    }
}

#[test]
fn a_length_that_follows_from_the_body_is_not_explained() {
    let with = |length: &str, body: &str| {
        reply(200, &[("content-length", length), ("content-type", "text/plain")], body.as_bytes())
    };
    check(&with("1", "a"), &with("2", "b "), &[OtherText]);
}

#[test]
fn values_in_json_tell_type_from_content() {
    for (recorded, actual, expected) in [
        (r#"{"a":1}"#, r#"{"a":1,"b":2}"#, MissingKey),
        (r#"{"a":1}"#, r#"{"a":1,"b":null}"#, NullLeftOut),
        (r#"{"a":1}"#, r#"{"a":null}"#, NullValue),
        (r#"{"a":"x"}"#, r#"{"a":null}"#, NullValue),
        (r#"{"a":9.99}"#, r#"{"a":"9.99"}"#, Quotes),
        (r#"{"a":1}"#, r#"{"a":"1.0"}"#, Quotes),
        (r#"{"a":true}"#, r#"{"a":"True"}"#, Quotes),
        (r#"{"a":10}"#, r#"{"a":10.0}"#, WholeOrFraction),
        (r#"{"a":1}"#, r#"{"a":"one"}"#, OtherType),
        (r#"{"a":1}"#, r#"{"a":true}"#, OtherType),
        (r#"{"a":[]}"#, r#"{"a":{}}"#, OtherType),
        (r#"{"a":1}"#, r#"{"a":2}"#, OtherValue),
        (r#"{"a":"x"}"#, r#"{"a":"y"}"#, OtherValue),
        (r#"{"a":true}"#, r#"{"a":false}"#, OtherValue),
        (r#"{"a":"Not Found"}"#, r#"{"a":"not found"}"#, LetterCase),
        (r#"{"a":"x y"}"#, r#"{"a":"x  y"}"#, WhiteSpace),
        (r#"{"a":"{id}"}"#, r#"{"a":"17"}"#, Masked),
        (r#"{"a":"{id}"}"#, r#"{"a":17}"#, Masked),
        ("[1,2]", "[1,2,3,4]", ArrayLength),
        (r#"["a","b","c"]"#, r#"["c","b","a"]"#, ListOrder),
        (r#"["a","b","c"]"#, r#"["a","x","y"]"#, OtherValue),
        (r#"{"a":{"b":1,"c":2}}"#, r#"{"a":{"c":2,"b":1}}"#, KeyOrder),
        ("[1e16]", "[1e+16]", Spelling),
        (r#"{"a":"é"}"#, r#"{"a":"\u00e9"}"#, Spelling),
    ] {
        check(&json(recorded), &json(actual), &[expected]);
    }
}

#[test]
fn the_same_sentence_is_not_said_twice_in_a_row() {
    let recorded = r#"{"a":1,"b":2,"c":"x","d":4}"#;
    check(
        &json(recorded),
        &json(r#"{"a":2,"b":3,"c":7,"d":5}"#),
        &[OtherValue, OtherType, OtherValue],
    );
}

#[test]
fn texts_are_told_by_what_is_left_the_same() {
    for (recorded, actual, expected) in [
        ("a\nb\nc", "a\n  b\nc", WhiteSpace),
        ("a b\n", "a\r\nb\n", WhiteSpace),
        ("a\nb\n", "a\nb", LastLineFeed),
        ("a\nHello", "a\nhello", LetterCase),
        ("a\nb\nc\n", "b\nc\na\n", LineOrder),
        ("took {time}", "took long", Masked),
        ("<p>a</p>", "<p>b</p>", OtherText),
        ("a", "", MissingBody),
        ("\0\u{1}", "a", Bytes),
    ] {
        check(&text(recorded), &text(actual), &[expected]);
    }
    check(&json(r#"{"a":1}"#), &json(""), &[MissingBody]);
}

#[test]
fn printed_lines_are_told_by_text_order_and_moment() {
    for ((before, later), (before_now, later_now), expected) in [
        (("a", ""), ("", ""), MissingPrint),
        (("a b", ""), ("b a", ""), LineOrder),
        (("a b", ""), ("a", "b"), PrintMoment),
        (("a", ""), ("A", ""), LetterCase),
        (("a b", ""), ("a c", ""), OtherPrint),
        (("", "took-{time}"), ("", "took-3"), Masked),
    ] {
        let with = |before: &str, later: &str| {
            let lines = |text: &str| text.split_whitespace().map(str::to_owned).collect::<Vec<_>>();
            let mut reply = text("x");
            reply.prints = Prints::new(&lines(before), &lines(later));
            reply
        };
        check(&with(before, later), &with(before_now, later_now), &[expected]);
    }
}

#[test]
fn what_is_said_over_a_socket_is_told_whatever_differs() {
    for (recorded, actual) in [
        ("> a\n< b", "> a\n< c"),
        ("> a\n< b", "> a"),
        ("ben > a\nben < (close 1000)", "ben > a\nben < (gone without a close frame)"),
        ("< 1\n<", "<\n< 1"),
    ] {
        check(&text(recorded), &text(actual), &[OtherFrames]);
    }
}

#[test]
fn claims_that_are_not_met_are_explained_like_differences() {
    let claim = Expectation {
        status: Some(200),
        json: Some(serde_json::json!({"b": 1, "a": 2})),
        headers: vec![("x-a".to_owned(), "b".to_owned())],
        prints: Some(vec!["started".to_owned()]),
        ..Expectation::default()
    };
    let said =
        |reply: &Message| of_unmet(&claim.unmet(reply)).into_iter().flatten().collect::<Vec<_>>();
    assert_eq!(said(&json(r#"{"a":2,"b":1}"#)), [MissingHeader, KeyOrder, MissingPrint]);
    assert_eq!(said(&json(r#"{"b":"1","a":2}"#))[1], Quotes);
    assert_eq!(said(&reply(422, &[], b"")), [Validation]);
}

#[test]
fn every_kind_has_a_test_and_a_sentence_of_its_own() {
    let rows = include_str!("tests.rs");
    let source = include_str!("../explanation.rs");
    let sentences: Vec<(&str, &str)> = source
        .lines()
        .filter_map(|line| line.trim().strip_prefix("Self::")?.split_once(" => \""))
        .collect();
    assert!(sentences.len() > 30, "the sentences are not found");
    for (at, (kind, sentence)) in sentences.iter().enumerate() {
        let tested = rows.matches(&format!(", {kind})")).count()
            + rows.matches(&format!("[{kind}]")).count();
        assert!(tested > 0 || rows.contains(&format!("[{kind}, ")), "no row has {kind}");
        let others = sentences[..at].iter().any(|(_, other)| other == sentence);
        assert!(sentence.ends_with(".\",") && !others, "{kind}: {sentence}");
    }
}

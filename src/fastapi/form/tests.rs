//! Forms as bytes: what Starlette was seen to make of them, limits, and large files.

use actix_web::error::PayloadError;
use actix_web::rt::System;
use actix_web::web::Bytes;
use futures_util::stream;
use serde_json::{Value as Json, json};

use super::{Field, parse};
use crate::error::HttpException;
use crate::text::from_latin_1;
use crate::upload::{Content, Upload};
use crate::value::Value;

/// Each line a content type, a body, and what Starlette made of them; written by `observe.py`.
const OBSERVED: &str = include_str!("observed.jsonl");

const MULTIPART: &str = "multipart/form-data; boundary=XX";
const URLENCODED: &str = "application/x-www-form-urlencoded";

/// Reads a body that arrives in pieces of this size.
fn read(
    content_type: Option<&str>,
    body: &[u8],
    piece: usize,
) -> Result<Vec<Field>, HttpException> {
    let content_type = content_type.map(bytes);
    let pieces: Vec<Result<Bytes, PayloadError>> =
        body.chunks(piece).map(|piece| Ok(Bytes::copy_from_slice(piece))).collect();
    System::new().block_on(parse(content_type.as_deref(), stream::iter(pieces)))
}

fn bytes(latin1: &str) -> Vec<u8> {
    latin1.chars().map(|character| u8::try_from(character).unwrap()).collect()
}

fn content(upload: &Upload) -> Vec<u8> {
    match &upload.content {
        Content::InMemory(bytes) => bytes.to_vec(),
        Content::OnDisk(path) => std::fs::read(path).unwrap(),
    }
}

fn shown(outcome: Result<Vec<Field>, HttpException>) -> Json {
    let shown = |(name, value)| match value {
        Value::String(text) => json!([name, text]),
        Value::File(upload) => {
            let content = from_latin_1(&content(&upload));
            let (filename, headers) = (&upload.filename, &upload.headers);
            json!([name, {"filename": filename, "headers": headers, "content": content}])
        }
        other => panic!("{other:?}"),
    };
    match outcome {
        Ok(fields) => json!({"fields": fields.into_iter().map(shown).collect::<Vec<_>>()}),
        Err(HttpException { detail: Value::String(detail), .. }) => json!({"detail": detail}),
        Err(other) => panic!("{other:?}"),
    }
}

#[test]
fn every_form_is_read_as_starlette_was_seen_to_read_it() {
    for line in OBSERVED.lines() {
        let row: Json = serde_json::from_str(line).unwrap();
        let body = bytes(row["body"].as_str().unwrap());
        for piece in [usize::MAX, 1] {
            let outcome = shown(read(row["type"].as_str(), &body, piece));
            for key in ["fields", "detail"] {
                assert_eq!(outcome.get(key), row.get(key), "in pieces of {piece}: {line}");
            }
        }
    }
}

/// A part with this content; a file if it has a name.
fn part(file: Option<&str>, content: &str) -> String {
    let filename = file.map_or(String::new(), |name| format!("; filename={name}"));
    format!("--XX\r\nContent-Disposition: form-data; name=a{filename}\r\n\r\n{content}\r\n")
}

#[test]
fn numbers_and_sizes_are_limited_as_by_starlette() {
    let mebibyte = 1024 * 1024;
    let fields = |number: usize| vec!["a=1"; number].join("&");
    let texts = |number: usize| part(None, "").repeat(number);
    let files = |number: usize| part(Some("f"), "").repeat(number);
    for (content_type, body, expected) in [
        (URLENCODED, fields(1000), None),
        (URLENCODED, fields(1001), Some("Too many fields. Maximum number of fields is 1000.")),
        (URLENCODED, format!("a={}", "x".repeat(mebibyte - 1)), None),
        (
            URLENCODED,
            format!("a={}", "x".repeat(mebibyte)),
            Some("Field exceeded maximum size of 1024KB."),
        ),
        (URLENCODED, "x".repeat(mebibyte), None),
        (URLENCODED, "x".repeat(mebibyte + 1), Some("Field exceeded maximum size of 1024KB.")),
        (MULTIPART, texts(1000) + &files(1000), None),
        (MULTIPART, texts(1001), Some("Too many fields. Maximum number of fields is 1000.")),
        (MULTIPART, files(1001), Some("Too many files. Maximum number of files is 1000.")),
        (MULTIPART, part(None, &"x".repeat(mebibyte)), None),
        (
            MULTIPART,
            part(None, &"x".repeat(mebibyte + 1)),
            Some("Part exceeded maximum size of 1024KB."),
        ),
    ] {
        let outcome = read(Some(content_type), body.as_bytes(), 64 * 1024);
        let detail = outcome.err().map(|error| error.detail);
        let start = &body[..body.len().min(60)];
        assert_eq!(detail, expected.map(Value::from), "{} bytes: {start}", body.len());
    }
}

fn only_file(content: &str, piece: usize) -> std::sync::Arc<Upload> {
    let body = part(Some("f"), content) + "--XX--\r\n";
    match read(Some(MULTIPART), body.as_bytes(), piece).unwrap().pop() {
        Some((_, Value::File(upload))) => upload,
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_file_larger_than_a_megabyte_is_on_disk_until_nobody_holds_it() {
    let sent = "some text\r\n--X\r\n".repeat(3 * 1024 * 1024 / 16);
    let upload = only_file(&sent, 1000);
    let Content::OnDisk(path) = &upload.content else { panic!("it is in memory") };
    let path = path.to_path_buf();
    assert_eq!(upload.size, 3 * 1024 * 1024);
    assert!(std::fs::read(&path).unwrap() == sent.as_bytes(), "it is what was sent");
    drop(upload);
    assert!(!path.exists());
}

#[test]
fn a_file_of_a_megabyte_is_in_memory() {
    let upload = only_file(&"x".repeat(1024 * 1024), 64 * 1024);
    assert!(matches!(upload.content, Content::InMemory(_)));
}

#[test]
fn many_small_files_do_not_stay_in_memory() {
    let body = part(Some("f"), &"x".repeat(1024 * 1024)).repeat(40) + "--XX--\r\n";
    let fields = read(Some(MULTIPART), body.as_bytes(), 1024 * 1024).unwrap();
    let in_memory = fields.iter().filter(|(_, value)| match value {
        Value::File(upload) => matches!(upload.content, Content::InMemory(_)),
        _ => false,
    });
    assert_eq!((fields.len(), in_memory.count()), (40, 32));
}

#[test]
fn a_connection_that_breaks_is_no_form() {
    let pieces = [Ok(Bytes::from("a=1&")), Err(PayloadError::Incomplete(None))];
    let outcome = System::new().block_on(parse(Some(URLENCODED.as_bytes()), stream::iter(pieces)));
    assert_eq!(outcome.unwrap_err().status.as_u16(), 400);
}

//! What handlers get of an upload, and what the form and the document say about one.

use std::io::Write;
use std::sync::Arc;

use actix_web::rt::System;
use actix_web::web::Bytes;
use schemars::JsonSchema;
use serde::de::Error;
use serde::{Deserialize, Deserializer};
use tempfile::NamedTempFile;

use super::{Content, FileBytes, MAX_IN_MEMORY, Upload, UploadFile};
use crate::accept::{Unacceptable, accept};
use crate::error::object;
use crate::json::to_string;
use crate::schema::{Kind, Schema};
use crate::value::Value;

#[derive(Debug, Deserialize, JsonSchema)]
struct Album {
    #[serde(deserialize_with = "picture")]
    cover: UploadFile,
    #[serde(default)]
    #[allow(dead_code, reason = "only validating it is of interest")]
    pages: Vec<UploadFile>,
    note: Option<FileBytes>,
}

fn picture<'de, D: Deserializer<'de>>(input: D) -> Result<UploadFile, D::Error> {
    let file = UploadFile::deserialize(input)?;
    match file.content_type() {
        Some("image/png") => Ok(file),
        other => Err(Error::custom(format!("no picture: {other:?}"))),
    }
}

fn upload(content: Content, size: u64, content_type: &str) -> Upload {
    let header = |name: &str, value: &str| (name.to_owned(), value.to_owned());
    let headers = vec![header("content-type", content_type), header("x-a", "b")];
    Upload { filename: "é.png".to_owned(), headers, size, content }
}

fn in_memory(content: &'static [u8], content_type: &str) -> Value {
    let size = content.len() as u64;
    let content = Content::InMemory(Bytes::from_static(content));
    Value::File(Arc::new(upload(content, size, content_type)))
}

fn on_disk(content: &[u8]) -> Value {
    let mut file = NamedTempFile::new().unwrap();
    file.write_all(content).unwrap();
    let upload = upload(Content::OnDisk(file.into_temp_path()), content.len() as u64, "image/png");
    Value::File(Arc::new(upload))
}

fn album(input: &Value) -> Result<Album, Unacceptable> {
    accept(&Schema::of::<Album>(), input, &[])
}

fn accepted(input: &Value) -> Album {
    match album(input) {
        Ok(album) => album,
        Err(Unacceptable::Fault(fault)) => panic!("{fault}"),
        Err(Unacceptable::Invalid(rows)) => panic!("{rows:?}"),
    }
}

fn refused(input: &Value) -> Vec<String> {
    match album(input) {
        Err(Unacceptable::Invalid(rows)) => rows.iter().map(|r| r.problem.message()).collect(),
        Err(Unacceptable::Fault(fault)) => panic!("{fault}"),
        Ok(album) => panic!("{album:?}"),
    }
}

#[test]
fn a_file_reads_the_same_in_memory_and_on_disk_after_the_request() {
    for input in [in_memory(b"0123456789", "image/png"), on_disk(b"0123456789")] {
        let cover = accepted(&object([("cover", input)])).cover;
        assert_eq!(cover.filename(), "é.png");
        assert_eq!(cover.content_type(), Some("image/png"));
        assert_eq!((cover.header("x-a"), cover.headers().len()), (Some("b"), 2));
        assert_eq!(cover.size(), 10);
        System::new().block_on(async {
            assert_eq!(cover.read_chunk(4).await.unwrap(), "0123");
            assert_eq!(cover.read().await.unwrap(), "456789");
            assert_eq!(cover.read_chunk(4).await.unwrap(), "");
            cover.seek(8).await.unwrap();
            assert_eq!(cover.read_blocking().unwrap(), "89");
        });
    }
}

#[test]
fn a_text_is_no_file_but_may_be_bytes() {
    let cover = in_memory(b"", "image/png");
    let texts = Value::Array(vec![Value::from("x"), cover.clone(), Value::from("")]);
    let input = object([("cover", Value::from("x")), ("pages", texts), ("note", Value::from("é"))]);
    let sentence = "Value error, Expected UploadFile, received: <class 'str'>";
    assert_eq!(refused(&input), [sentence; 3]);
    let note = accepted(&object([("cover", cover), ("note", Value::from("é"))])).note;
    assert_eq!(note.as_deref(), Some("é".as_bytes()));
}

#[test]
fn a_types_author_may_refuse_a_file() {
    let input = object([("cover", in_memory(b"x", "text/plain"))]);
    assert_eq!(refused(&input), ["Value error, no picture: Some(\"text/plain\")"]);
}

#[test]
fn a_file_that_has_gone_is_our_fault_not_the_requests() {
    let Value::File(gone) = on_disk(b"x") else { panic!("it is a file") };
    let Content::OnDisk(path) = &gone.content else { panic!("it is on disk") };
    std::fs::remove_file(path).unwrap();
    let outcome = album(&object([("cover", Value::File(gone.clone()))]));
    assert!(matches!(outcome, Err(Unacceptable::Fault(_))));
}

#[test]
fn a_wrong_file_is_echoed_as_python_shows_its_objects() {
    let object = |file: &str, rolled: bool| {
        let arguments = r#","_TemporaryFileArgs":{"mode":"w+b","buffering":-1,"suffix":null,"prefix":null,"encoding":null,"newline":null,"dir":null,"errors":null}"#;
        let arguments = if rolled { "" } else { arguments };
        format!("{{\"_file\":{file},\"_max_size\":1048576,\"_rolled\":{rolled}{arguments}}}")
    };
    let large = vec![b'x'; MAX_IN_MEMORY + 1];
    for (input, file) in [
        (in_memory(b"", ""), "{}".to_owned()),
        (in_memory(b"a\nbc", ""), "{\"97\":10,\"98\":99}".to_owned()),
        (in_memory(b"b\na\nb\nbb", ""), "{\"98\":98,\"97\":10}".to_owned()),
        (in_memory(b"abc", ""), object("{}", false)),
        (in_memory(b"ab\nc\n", ""), object("{\"99\":10}", false)),
        (in_memory(b"ab\nc\nabc", ""), object("{}", false)),
        (on_disk(&large), object("{}", true)),
    ] {
        let echo = to_string(&input).unwrap();
        let start = format!("{{\"filename\":\"é.png\",\"file\":{file},\"size\":");
        assert!(echo.starts_with(&start), "{echo}\n{start}");
        assert!(echo.ends_with(",\"x-a\":\"b\"},\"_max_mem_size\":1048576}"), "{echo}");
    }
}

#[test]
fn the_limits_of_a_file_are_not_left_out_silently() {
    #[derive(JsonSchema)]
    #[allow(dead_code, reason = "only its schema is of interest")]
    struct Limited {
        #[schemars(length(min = 3))]
        data: FileBytes,
    }
    let compiled = std::panic::catch_unwind(Schema::of::<Limited>);
    assert!(compiled.is_err());
    assert!(matches!(Schema::of::<Option<FileBytes>>().kind, Kind::Nullable(_)));
}

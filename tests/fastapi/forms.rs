//! Forms and uploads: what is wrong with one, what the document says, what large ones cost.

use reqwest::Method;
use schemars::JsonSchema;
use serde::{Deserialize, Deserializer};
use serde_json::{Value, json};
use workbook::fastapi::{Api, FileBytes, Form, Json, Path, UploadFile, blocking, post};

use super::served::Served;

#[derive(Deserialize, JsonSchema)]
struct Order {
    /// Leading and trailing blanks are kept.
    #[schemars(length(min = 2))]
    name: String,
    #[serde(deserialize_with = "even")]
    count: i64,
    #[serde(default)]
    tags: Vec<String>,
    gift: Option<bool>,
}

fn even<'de, D: Deserializer<'de>>(input: D) -> Result<i64, D::Error> {
    match i64::deserialize(input)? {
        odd if odd % 2 != 0 => Err(serde::de::Error::custom("must be even")),
        even => Ok(even),
    }
}

#[derive(Deserialize, JsonSchema)]
struct Upload {
    file: UploadFile,
    #[serde(default)]
    more: Vec<UploadFile>,
    note: Option<FileBytes>,
}

fn app() -> Api {
    Api::new()
        .route("/order", post(order))
        .route("/items/{id}/upload", post(upload))
        .route("/first-line", post(blocking(first_line)))
}

async fn order(Form(order): Form<Order>) -> Json<Value> {
    Json(json!([order.name, order.count, order.tags, order.gift]))
}

async fn upload(Path(id): Path<i64>, Form(upload): Form<Upload>) -> Json<Value> {
    let mut sum = 0_u64;
    loop {
        let chunk = upload.file.read_chunk(64 * 1024).await.unwrap_or_default();
        if chunk.is_empty() {
            break;
        }
        sum += chunk.iter().map(|byte| u64::from(*byte)).sum::<u64>();
    }
    let note = upload.note.map(|note| note.len());
    Json(json!([id, upload.file.filename(), upload.file.size(), sum, upload.more.len(), note]))
}

fn first_line(Form(upload): Form<Upload>) -> Json<Value> {
    let content = upload.file.read_blocking().unwrap_or_default();
    let line = content.split(|byte| *byte == b'\n').next().unwrap_or_default();
    Json(json!(String::from_utf8_lossy(line)))
}

/// The status and the body of the reply to a form.
async fn posted(served: &Served, target: &str, kind: &str, body: Vec<u8>) -> (u16, String) {
    let request = served.request(Method::POST, target).header("content-type", kind).body(body);
    let reply = request.send().await.unwrap();
    (reply.status().as_u16(), reply.text().await.unwrap())
}

const URLENCODED: &str = "application/x-www-form-urlencoded";
const MULTIPART: &str = "multipart/form-data; boundary=XX";

#[tokio::test]
async fn all_that_is_wrong_with_a_form_is_told_in_declaration_order() {
    let served = Served::start(app());
    for (body, expected) in [
        ("name=+a&count=2&tags=x&tags=&gift=on", r#"[" a",2,["x",""],true]"#),
        ("count=1&count=4&name=ab&gift=", r#"["ab",4,[],null]"#),
        (
            "tags=x&count=3&name=a&gift=q",
            r#"{"detail":[{"type":"string_too_short","loc":["body","name"],"msg":"String should have at least 2 characters","input":"a","ctx":{"min_length":2}},{"type":"value_error","loc":["body","count"],"msg":"Value error, must be even","input":"3","ctx":{"error":{}}},{"type":"bool_parsing","loc":["body","gift"],"msg":"Input should be a valid boolean, unable to interpret input","input":"q"}]}"#,
        ),
        (
            "name=&count=",
            r#"{"detail":[{"type":"missing","loc":["body","name"],"msg":"Field required","input":null},{"type":"missing","loc":["body","count"],"msg":"Field required","input":null}]}"#,
        ),
    ] {
        let (_, reply) = posted(&served, "/order", URLENCODED, body.into()).await;
        assert_eq!(reply, expected, "{body}");
    }
}

#[tokio::test]
async fn a_broken_form_is_answered_before_the_path_is_judged() {
    let served = Served::start(app());
    let target = "/items/none/upload";
    let (status, body) = posted(&served, target, MULTIPART, b"XX".to_vec()).await;
    assert_eq!((status, body.as_str()), (400, r#"{"detail":"Invalid multipart data."}"#));
    let (status, body) = posted(&served, target, "multipart/form-data", Vec::new()).await;
    assert_eq!((status, body.as_str()), (400, r#"{"detail":"Missing boundary in multipart."}"#));
    let (status, body) = posted(&served, target, "text/plain", b"XX".to_vec()).await;
    assert_eq!(status, 422);
    assert!(body.contains(r#""loc":["path","id"]"#) && body.contains(r#""loc":["body","file"]"#));
}

/// A form of these files, each with its field.
fn files(files: &[(&str, &[u8])]) -> Vec<u8> {
    let mut body = Vec::new();
    for (field, content) in files {
        let head = format!("Content-Disposition: form-data; name={field}; filename=a.txt");
        body.extend(format!("--XX\r\n{head}\r\n\r\n").bytes());
        body.extend(*content);
        body.extend(b"\r\n");
    }
    body.extend(b"--XX--\r\n");
    body
}

#[tokio::test]
async fn files_of_any_size_are_read_in_chunks_or_at_once() {
    let served = Served::start(app());
    let large = vec![1; 3 * 1024 * 1024];
    let body = files(&[("more", b"x"), ("file", &large), ("more", b"y"), ("note", &large)]);
    let (_, reply) = posted(&served, "/items/7/upload", MULTIPART, body).await;
    assert_eq!(reply, r#"[7,"a.txt",3145728,3145728,2,3145728]"#);
    let body = files(&[("file", &[b"one\n".as_slice(), &large].concat())]);
    let (_, reply) = posted(&served, "/first-line", MULTIPART, body).await;
    assert_eq!(reply, r#""one""#);
}

#[tokio::test]
async fn a_form_is_documented_as_a_model_named_after_its_operation() {
    let served = Served::start(app());
    let document: Value = serde_json::from_str(&served.body("/openapi.json").await.1).unwrap();
    let body = |path: &str| document["paths"][path]["post"]["requestBody"].to_string();
    assert_eq!(
        body("/order"),
        r##"{"content":{"application/x-www-form-urlencoded":{"schema":{"$ref":"#/components/schemas/Body_order_order_post"}}},"required":true}"##
    );
    assert_eq!(
        body("/items/{id}/upload"),
        r##"{"required":true,"content":{"multipart/form-data":{"schema":{"$ref":"#/components/schemas/Body_upload_items__id__upload_post"}}}}"##
    );
    assert_eq!(
        document["components"]["schemas"]["Body_upload_items__id__upload_post"].to_string(),
        r#"{"properties":{"file":{"type":"string","contentMediaType":"application/octet-stream","title":"File"},"more":{"items":{"type":"string","contentMediaType":"application/octet-stream"},"type":"array","title":"More","default":[]},"note":{"anyOf":[{"type":"string","contentMediaType":"application/octet-stream"},{"type":"null"}],"title":"Note"}},"type":"object","required":["file"],"title":"Body_upload_items__id__upload_post"}"#
    );
}

//! Files in a form: their content, or a file with a name, a type and a size.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::fastapi::{Api, FileBytes, Form, Json, UploadFile, post, text};

const IMAGES: [&str; 3] = ["image/jpeg", "image/png", "image/gif"];
const MOST_BYTES: u64 = 5 * 1024 * 1024;

/// Four ways to take files.
pub fn app() -> Api {
    Api::new()
        .route("/upload/bytes", post(upload_bytes))
        .route("/upload/file", post(upload_file))
        .route("/upload/multiple", post(upload_multiple))
        .route("/upload/validated", post(upload_validated))
}

// ANCHOR: models
#[derive(Deserialize, JsonSchema)]
struct Data {
    data: FileBytes,
}

#[derive(Deserialize, JsonSchema)]
struct One {
    file: UploadFile,
}

#[derive(Deserialize, JsonSchema)]
struct Many {
    files: Vec<UploadFile>,
}
// ANCHOR_END: models

// ANCHOR: handlers
async fn upload_bytes(Form(Data { data }): Form<Data>) -> Json<Preview> {
    let start = &data[..data.len().min(50)];
    Json(Preview { size: data.len(), preview: text::decode_ignoring_errors(start) })
}

async fn upload_file(Form(One { file }): Form<One>) -> Json<Described> {
    Json(Described {
        filename: file.filename().to_owned(),
        content_type: file.content_type().map(String::from),
        size: file.size(),
    })
}

async fn upload_multiple(Form(Many { files }): Form<Many>) -> Json<Uploaded> {
    let uploaded = files.iter().map(|file| Listed {
        filename: file.filename().to_owned(),
        size: file.size(),
        content_type: file.content_type().map(String::from),
    });
    Json(Uploaded { uploaded: uploaded.collect() })
}

async fn upload_validated(Form(One { file }): Form<One>) -> Json<Validated> {
    let content_type = file.content_type();
    Json(if !content_type.is_some_and(|content_type| IMAGES.contains(&content_type)) {
        let content_type = content_type.unwrap_or("None");
        Validated::Refused { error: format!("File type {content_type} not allowed") }
    } else if file.size() > MOST_BYTES {
        Validated::Refused { error: "File too large (max 5MB)".to_owned() }
    } else {
        Validated::Taken { filename: file.filename().to_owned(), size: file.size() }
    })
}
// ANCHOR_END: handlers

#[derive(Serialize)]
struct Preview {
    size: usize,
    preview: String,
}

#[derive(Serialize)]
struct Described {
    filename: String,
    content_type: Option<String>,
    size: u64,
}

#[derive(Serialize)]
struct Uploaded {
    uploaded: Vec<Listed>,
}

#[derive(Serialize)]
struct Listed {
    filename: String,
    size: u64,
    content_type: Option<String>,
}

#[derive(Serialize)]
#[serde(untagged)]
enum Validated {
    Taken { filename: String, size: u64 },
    Refused { error: String },
}

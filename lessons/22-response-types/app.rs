//! Replies that are no JSON: a page, a text, a redirect, a file, an attachment.

use std::io::{self, Write};
use std::path::PathBuf;
use std::sync::Mutex;
use std::{env, fs};

use serde::Serialize;
use tempfile::NamedTempFile;

use crate::fastapi::{
    Api, Fault, FileResponse, Html, Json, Path, PlainText, Redirect, Response, State, StatusCode,
    blocking, get, post,
};

const PRODUCTS: &str = "id,name,price\n1,Widget,9.99\n2,Gadget,49.99\n";

// ANCHOR: app
/// Each route replies in its own way. The reports are removed with the application.
pub fn app() -> Api {
    Api::new()
        .state(Reports::default())
        .route("/html", get(html_page).response_class::<Html>())
        .route("/text", get(plain_text).response_class::<PlainText>())
        .route("/old-url", get(redirect))
        .route("/new-url", get(new_url))
        .route("/download/{filename}", get(blocking(download_file)))
        .route("/csv", get(csv_data))
        .route("/reports", post(blocking(create_report)).status(StatusCode::CREATED))
}
// ANCHOR_END: app

// ANCHOR: handlers
async fn html_page() -> Html {
    Html("<html><body><h1>Hello HTML</h1></body></html>".to_owned())
}

async fn plain_text() -> PlainText {
    PlainText("Hello, plain text world!".to_owned())
}

async fn redirect() -> Redirect {
    Redirect::permanent("/new-url")
}

async fn new_url() -> Json<Message> {
    Json(Message { message: "You were redirected here" })
}

fn download_file(Path(filename): Path<String>) -> Result<FileResponse, Response> {
    let path = find(&filename).ok_or(Response::empty().status(StatusCode::NOT_FOUND))?;
    Ok(FileResponse::new(path).filename(&filename).media_type("application/octet-stream"))
}

async fn csv_data() -> Response {
    Response::new(PRODUCTS)
        .media_type("text/csv")
        .header("Content-Disposition", "attachment; filename=\"data.csv\"")
}

fn create_report(reports: State<Reports>) -> Result<Json<Report>, Fault> {
    let report = write_report().map_err(|error| Fault(error.to_string()))?;
    let name = report.path().file_name().unwrap_or_default();
    let filename = name.to_string_lossy().into_owned();
    reports.lock().expect("no handler panics while it holds the lock").push(report);
    Ok(Json(Report { filename }))
}
// ANCHOR_END: handlers

// ANCHOR: find
fn find(filename: &str) -> Option<PathBuf> {
    let folder = fs::canonicalize(env::temp_dir()).ok()?;
    let path = fs::canonicalize(folder.join(filename)).ok()?;
    (path.parent() == Some(&folder) && path.is_file()).then_some(path)
}
// ANCHOR_END: find

/// Temporary files, removed when they are dropped.
type Reports = Mutex<Vec<NamedTempFile>>;

fn write_report() -> io::Result<NamedTempFile> {
    let mut named = tempfile::Builder::new();
    let mut report = named.prefix("report-").suffix(".csv").rand_bytes(8).tempfile()?;
    report.write_all(PRODUCTS.as_bytes())?;
    Ok(report)
}

#[derive(Serialize)]
struct Message {
    message: &'static str,
}

#[derive(Serialize)]
struct Report {
    filename: String,
}

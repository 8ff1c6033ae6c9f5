//! Directories of files beside the routes.

use serde::Serialize;

use crate::fastapi::{Api, Json, StaticFiles, get};

// ANCHOR: app
/// One route between two directories, the second of them a small site of its own.
pub fn app() -> Api {
    Api::new()
        .mount("/static", StaticFiles::new("static"))
        .route("/", get(home))
        .mount("/spa", StaticFiles::new("spa_dist").html())
}
// ANCHOR_END: app

// ANCHOR: handlers
async fn home() -> Json<Home> {
    Json(Home {
        message: "API is running",
        static_css: "/static/css/app.css",
        static_js: "/static/js/app.js",
    })
}
// ANCHOR_END: handlers

#[derive(Serialize)]
struct Home {
    message: &'static str,
    static_css: &'static str,
    static_js: &'static str,
}

//! TODO: what this lesson shows, in one line.

use serde::Serialize;

use crate::fastapi::{Api, Json, Path, get};

// ANCHOR: app
/// TODO: which routes there are.
pub fn app() -> Api {
    Api::new().route("/items/{item_id}", get(get_item))
}
// ANCHOR_END: app

// ANCHOR: handlers
// TODO: the example in Rust, its routes and handlers named as in app.py
async fn get_item(Path(item_id): Path<i64>) -> Json<Item> {
    Json(Item { item_id })
}
// ANCHOR_END: handlers

#[derive(Serialize)]
struct Item {
    item_id: i64,
}

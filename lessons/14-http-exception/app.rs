//! Errors that a handler raises: a status, a detail, and headers where they help.

use std::collections::HashMap;
use std::sync::Mutex;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::fastapi::{Api, HttpException, Json, Path, Query, State, StatusCode, delete, get, put};

// ANCHOR: app
/// Three routes, each with its own way to fail.
pub fn app() -> Api {
    Api::new()
        .state(stock())
        .route("/items/{item_id}", get(get_item))
        .route("/items/{item_id}", put(update_item))
        .route("/admin/items/{item_id}", delete(admin_delete))
}
// ANCHOR_END: app

// ANCHOR: handlers
async fn get_item(
    Path(item_id): Path<i64>,
    items: State<Items>,
) -> Result<Json<Item>, HttpException> {
    match items.lock().expect(UNPOISONED).get(&item_id) {
        Some(item) => Ok(Json(item.clone())),
        None => Err(HttpException::new(
            StatusCode::NOT_FOUND,
            format!("Item with id {item_id} not found"),
        )),
    }
}

async fn update_item(
    Path(item_id): Path<i64>,
    items: State<Items>,
    Json(item): Json<Item>,
) -> Result<Json<Item>, HttpException> {
    let mut items = items.lock().expect(UNPOISONED);
    if !items.contains_key(&item_id) {
        let missing = HttpException::new(StatusCode::NOT_FOUND, "Item not found");
        return Err(missing.header("X-Error", "item-not-found"));
    }
    items.insert(item_id, item.clone());
    Ok(Json(item))
}

async fn admin_delete(
    Path(item_id): Path<i64>,
    Query(admin): Query<Admin>,
    items: State<Items>,
) -> Result<(), HttpException> {
    if admin.admin_key != "secret" {
        let detail = "Not authorized to delete items";
        return Err(HttpException::new(StatusCode::FORBIDDEN, detail));
    }
    items.lock().expect(UNPOISONED).remove(&item_id);
    Ok(())
}
// ANCHOR_END: handlers

type Items = Mutex<HashMap<i64, Item>>;

const UNPOISONED: &str = "no handler panics while it holds the lock";

fn stock() -> Items {
    Mutex::new(HashMap::from([
        (1, Item { name: "Widget".into(), price: 9.99 }),
        (2, Item { name: "Gadget".into(), price: 49.99 }),
    ]))
}

#[derive(Clone, Deserialize, Serialize, JsonSchema)]
struct Item {
    name: String,
    price: f64,
}

#[derive(Deserialize, JsonSchema)]
struct Admin {
    admin_key: String,
}

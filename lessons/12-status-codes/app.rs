//! Status codes: 201 for what was created, 204 for what is gone.

use std::collections::HashMap;
use std::sync::Mutex;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::fastapi::{Api, Json, Path, State, StatusCode, delete, get, post};

// ANCHOR: app
/// The status of success belongs to the route.
pub fn app() -> Api {
    Api::new()
        .state(Items::default())
        .route("/items", post(create_item).status(StatusCode::CREATED))
        .route("/items/{item_id}", delete(delete_item).status(StatusCode::NO_CONTENT))
        .route("/items/{item_id}", get(get_item).status(StatusCode::OK))
}
// ANCHOR_END: app

// ANCHOR: handlers
async fn create_item(items: State<Items>, Json(item): Json<Item>) -> Json<Created> {
    let mut stock = items.lock().expect(UNPOISONED);
    stock.last_id += 1;
    let id = stock.last_id;
    stock.items.insert(id, item.clone());
    Json(Created { id, item })
}

async fn delete_item(items: State<Items>, Path(item_id): Path<i64>) {
    items.lock().expect(UNPOISONED).items.remove(&item_id);
}

async fn get_item(items: State<Items>, Path(item_id): Path<i64>) -> Json<Found> {
    let stock = items.lock().expect(UNPOISONED);
    Json(stock.items.get(&item_id).cloned().map_or(Found::Nothing {}, Found::Item))
}
// ANCHOR_END: handlers

type Items = Mutex<Stock>;

const UNPOISONED: &str = "no handler panics while it holds the lock";

#[derive(Default)]
struct Stock {
    items: HashMap<i64, Item>,
    last_id: i64,
}

#[derive(Clone, Deserialize, Serialize, JsonSchema)]
struct Item {
    name: String,
    price: f64,
}

#[derive(Serialize)]
struct Created {
    id: i64,
    #[serde(flatten)]
    item: Item,
}

/// An item, or `{}`.
#[derive(Serialize)]
#[serde(untagged)]
enum Found {
    Item(Item),
    Nothing {},
}

//! Validation errors: every part of a request that can be wrong, and how the reply says so.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::fastapi::{Api, Json, Query, get, post};

// ANCHOR: app
/// A body with constraints, a query with ranges, and a bare integer.
pub fn app() -> Api {
    Api::new()
        .route("/products", post(create_product))
        .route("/products", get(list_products))
        .route("/echo", get(echo))
}
// ANCHOR_END: app

// ANCHOR: model
#[derive(Deserialize, Serialize, JsonSchema)]
struct Product {
    #[schemars(length(min = 1, max = 50))]
    name: String,
    #[schemars(extend("exclusiveMinimum" = 0))]
    price: f64,
    #[schemars(range(min = 0))]
    quantity: i64,
}

#[derive(Deserialize, Serialize, JsonSchema)]
struct Page {
    #[serde(default = "first_page")]
    #[schemars(range(min = 1))]
    page: i64,
    #[serde(default = "ten")]
    #[schemars(range(min = 1, max = 100))]
    size: i64,
}

#[derive(Deserialize, Serialize, JsonSchema)]
struct Echo {
    value: i64,
}
// ANCHOR_END: model

// ANCHOR: handlers
async fn create_product(Json(product): Json<Product>) -> Json<Product> {
    Json(product)
}

async fn list_products(Query(page): Query<Page>) -> Json<Page> {
    Json(page)
}

async fn echo(Query(echo): Query<Echo>) -> Json<Echo> {
    Json(echo)
}
// ANCHOR_END: handlers

fn first_page() -> i64 {
    1
}

fn ten() -> i64 {
    10
}

//! A request body: JSON that becomes a struct, or a reply that says what is wrong with it.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::fastapi::{Api, Json, post};

/// One route that takes an item.
pub fn app() -> Api {
    Api::new().route("/items", post(create_item))
}

#[derive(Deserialize, JsonSchema)]
struct Item {
    name: String,
    description: Option<String>,
    price: f64,
    tax: Option<f64>,
}

async fn create_item(Json(item): Json<Item>) -> Json<Priced> {
    let total_price = match item.tax {
        Some(tax) if tax != 0.0 => item.price + tax,
        _ => item.price,
    };
    Json(Priced { item_name: item.name, total_price })
}

#[derive(Serialize)]
struct Priced {
    item_name: String,
    total_price: f64,
}

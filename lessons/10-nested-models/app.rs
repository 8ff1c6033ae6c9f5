//! Nested models: structs inside structs and lists, validated all at once.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::fastapi::{Api, Json, post};

/// One route that takes an order.
pub fn app() -> Api {
    Api::new().route("/orders", post(create_order))
}

// ANCHOR: model
#[derive(Deserialize, JsonSchema)]
struct Address {
    street: String,
    city: String,
    #[serde(default = "us")]
    country: String,
}

#[derive(Deserialize, JsonSchema)]
struct OrderItem {
    product_id: i64,
    quantity: i64,
    unit_price: f64,
}

#[derive(Deserialize, JsonSchema)]
struct Order {
    customer_name: String,
    shipping_address: Address,
    items: Vec<OrderItem>,
    notes: Option<String>,
}
// ANCHOR_END: model

// ANCHOR: handlers
async fn create_order(Json(order): Json<Order>) -> Json<Receipt> {
    let prices = order.items.iter().map(|item| item.quantity as f64 * item.unit_price);
    let total = match order.items.len() {
        0 => Total::OfNothing(0),
        _ => Total::Of(prices.fold(0.0, |sum, price| sum + price)),
    };
    Json(Receipt {
        customer: order.customer_name,
        city: order.shipping_address.city,
        item_count: order.items.len(),
        total,
    })
}
// ANCHOR_END: handlers

fn us() -> String {
    "US".to_owned()
}

#[derive(Serialize)]
struct Receipt {
    customer: String,
    city: String,
    item_count: usize,
    total: Total,
}

/// Python's sum of no floats is the integer 0.
#[derive(Serialize)]
#[serde(untagged)]
enum Total {
    OfNothing(i64),
    Of(f64),
}

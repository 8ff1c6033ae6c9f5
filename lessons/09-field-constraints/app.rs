//! Constraints on the fields of a body, and a validator for what no constraint can say.

use schemars::JsonSchema;
use serde::de::Error;
use serde::{Deserialize, Deserializer, Serialize};

use crate::fastapi::{Api, Json, post, text};

/// One route that takes a product and gives it back.
pub fn app() -> Api {
    Api::new().route("/products", post(create_product))
}

// ANCHOR: model
#[derive(Deserialize, Serialize, JsonSchema)]
struct Product {
    /// Product name
    #[serde(deserialize_with = "name_must_not_be_empty")]
    #[schemars(length(min = 1, max = 100), example = &"Laptop", example = &"Mouse")]
    name: String,
    /// Price in USD (must be positive)
    #[schemars(extend("exclusiveMinimum" = 0))]
    price: f64,
    #[serde(default)]
    #[schemars(range(min = 0, max = 10_000))]
    quantity: i64,
    #[schemars(regex(pattern = "^[A-Z]{3}-[0-9]{4}$"))]
    sku: Option<String>,
}

fn name_must_not_be_empty<'de, D: Deserializer<'de>>(input: D) -> Result<String, D::Error> {
    let name = String::deserialize(input)?;
    match text::strip(&name) {
        "" => Err(D::Error::custom("name cannot be blank or whitespace")),
        trimmed => Ok(trimmed.to_owned()),
    }
}
// ANCHOR_END: model

// ANCHOR: handlers
async fn create_product(Json(product): Json<Product>) -> Json<Product> {
    Json(product)
}
// ANCHOR_END: handlers

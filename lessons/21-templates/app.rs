//! Pages made from templates: the same files as in Python, filled by structs.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::fastapi::{Api, Fault, Html, Path, Query, Templates, get};

// ANCHOR: app
/// Two pages.
pub fn app() -> Api {
    Api::new()
        .templates("templates")
        .route("/", get(home).response_class::<Html>())
        .route("/items/{name}", get(show_item).response_class::<Html>())
}
// ANCHOR_END: app

// ANCHOR: models
#[derive(Serialize)]
struct Home {
    title: &'static str,
    items: [Item; 2],
}

#[derive(Serialize)]
struct Item {
    name: &'static str,
    price: f64,
}

#[derive(Serialize)]
struct ItemPage {
    name: String,
    price: Option<f64>,
    available: Option<bool>,
}
// ANCHOR_END: models

// ANCHOR: handlers
async fn home(templates: Templates) -> Result<Html, Fault> {
    let items = [Item { name: "Widget", price: 9.99 }, Item { name: "Gadget", price: 49.99 }];
    templates.render("index.html", Home { title: "Item Store", items }).await
}

async fn show_item(
    templates: Templates,
    Path(name): Path<String>,
    Query(Details { price, available }): Query<Details>,
) -> Result<Html, Fault> {
    templates.render("item.html", ItemPage { name, price, available }).await
}
// ANCHOR_END: handlers

#[derive(Deserialize, JsonSchema)]
struct Details {
    price: Option<f64>,
    available: Option<bool>,
}

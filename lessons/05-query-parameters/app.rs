//! Query parameters: the fields of one struct, with defaults, optional and required ones.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::fastapi::{Api, Json, Query, get};

// ANCHOR: app
/// A list with optional parameters and a search with a required one.
pub fn app() -> Api {
    Api::new().route("/items", get(list_items)).route("/search", get(search_items))
}
// ANCHOR_END: app

// ANCHOR: handlers
#[derive(Deserialize, Serialize, JsonSchema)]
struct Filter {
    #[serde(default)]
    skip: i64,
    #[serde(default = "twenty")]
    limit: i64,
    search: Option<String>,
    #[serde(default = "yes")]
    active: bool,
}

async fn list_items(Query(filter): Query<Filter>) -> Json<Filter> {
    Json(filter)
}

#[derive(Deserialize, JsonSchema)]
struct Search {
    q: String,
}

async fn search_items(Query(search): Query<Search>) -> Json<Found> {
    Json(Found { query: search.q, results: [] })
}
// ANCHOR_END: handlers

fn twenty() -> i64 {
    20
}

fn yes() -> bool {
    true
}

#[derive(Serialize)]
struct Found {
    query: String,
    results: [&'static str; 0],
}

//! Constraints on query parameters: lengths, ranges and a pattern, declared with the field.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::fastapi::{Api, Json, Query, get};

/// One route with a constrained search and pages.
pub fn app() -> Api {
    Api::new().route("/items", get(list_items))
}

// ANCHOR: model
#[derive(Deserialize, JsonSchema)]
struct Search {
    /// Query for items to search in the database
    #[schemars(title = "Search Query")]
    #[schemars(length(min = 3, max = 50), regex(pattern = "^[a-zA-Z0-9 ]+$"))]
    q: Option<String>,
    /// Page number (1-100)
    #[serde(default = "first_page")]
    #[schemars(range(min = 1, max = 100))]
    page: i64,
    #[serde(default = "ten")]
    #[schemars(range(min = 1, max = 50))]
    size: i64,
}
// ANCHOR_END: model

// ANCHOR: handlers
async fn list_items(Query(Search { q, page, size }): Query<Search>) -> Json<Found> {
    Json(Found { q, page, size, offset: (page - 1) * size })
}
// ANCHOR_END: handlers

fn first_page() -> i64 {
    1
}

fn ten() -> i64 {
    10
}

#[derive(Serialize)]
struct Found {
    q: Option<String>,
    page: i64,
    size: i64,
    offset: i64,
}

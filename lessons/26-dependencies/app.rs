//! What several routes need, written once: a page of a list, and a key.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::fastapi::{
    Api, Dependency, Depends, Header, HttpException, Json, Query, StatusCode, get,
};

/// Two lists in pages, one of them behind a key.
pub fn app() -> Api {
    Api::new().route("/items", get(list_items)).route("/products", get(list_products))
}

// ANCHOR: dependencies
#[derive(Clone, Deserialize, Serialize, JsonSchema)]
struct Paging {
    #[serde(default)]
    skip: i64,
    #[serde(default = "twenty")]
    limit: i64,
}

impl Dependency for Paging {
    type Needs = Query<Paging>;

    async fn resolve(Query(paging): Query<Paging>) -> Result<Self, HttpException> {
        Ok(paging)
    }
}

#[derive(Clone)]
struct RequireKey;

#[derive(Deserialize, JsonSchema)]
struct KeyHeader {
    x_api_key: Option<String>,
}

impl Dependency for RequireKey {
    type Needs = Header<KeyHeader>;

    async fn resolve(Header(sent): Header<KeyHeader>) -> Result<Self, HttpException> {
        match sent.x_api_key.as_deref() {
            Some("my-secret-key") => Ok(Self),
            _ => Err(HttpException::new(StatusCode::FORBIDDEN, "Invalid API key")),
        }
    }
}
// ANCHOR_END: dependencies

// ANCHOR: handlers
async fn list_items(Depends(page): Depends<Paging>, _: Depends<RequireKey>) -> Json<Items> {
    Json(Items { items: [], page })
}

async fn list_products(Depends(page): Depends<Paging>) -> Json<Products> {
    Json(Products { products: [], page })
}
// ANCHOR_END: handlers

#[derive(Serialize)]
struct Items {
    items: [(); 0],
    #[serde(flatten)]
    page: Paging,
}

#[derive(Serialize)]
struct Products {
    products: [(); 0],
    #[serde(flatten)]
    page: Paging,
}

fn twenty() -> i64 {
    20
}

//! Models that say in the document what they are: limits, descriptions, examples.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::fastapi::{Api, Json, get, post};

/// Two models, the second one in Python's deprecated spelling.
pub fn app() -> Api {
    Api::new()
        .route("/books/", post(create_book))
        .route("/magazines/", post(create_magazine))
        .route("/warnings", get(list_warnings))
}

// ANCHOR: model
/// A book on the shelf.
#[derive(Deserialize, Serialize, JsonSchema)]
#[schemars(extend("example" = {
    "title": "The Catcher in the Rye",
    "description": "Three days in New York",
    "rating": 5,
}))]
struct Book {
    /// As it is on the cover
    #[schemars(length(min = 3, max = 40))]
    title: String,
    #[schemars(length(min = 1, max = 100), example = &"A sea voyage", example = &"A trial")]
    description: String,
    #[schemars(title = "Stars", extend("exclusiveMinimum" = 0, "exclusiveMaximum" = 6))]
    rating: i64,
    #[schemars(range(min = 1450), extend("example" = 1951))]
    year: Option<i64>,
    #[schemars(length(max = 4), extend("deprecated" = true))]
    shelf: Option<String>,
}
// ANCHOR_END: model

#[derive(Deserialize, Serialize, JsonSchema)]
#[schemars(extend("example" = { "title": "Wired", "issue": 0 }))]
struct Magazine {
    #[schemars(length(min = 3))]
    title: String,
    #[schemars(extend("exclusiveMinimum" = 0))]
    issue: i64,
}

async fn create_book(Json(book): Json<Book>) -> Json<Book> {
    Json(book)
}

async fn create_magazine(Json(magazine): Json<Magazine>) -> Json<Magazine> {
    Json(magazine)
}

async fn list_warnings() -> Json<[&'static str; 1]> {
    Json([PYDANTIC_SAYS])
}

/// Rust has one spelling only; this is what Python says of its older one.
const PYDANTIC_SAYS: &str = "PydanticDeprecatedSince20: Support for class-based `config` is \
    deprecated, use ConfigDict instead. Deprecated in Pydantic V2.0 to be removed in V3.0. See \
    Pydantic V2 Migration Guide at https://errors.pydantic.dev/2.14/migration/";

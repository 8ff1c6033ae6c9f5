//! Metadata: what the generated documentation says about the whole API.

use serde::Serialize;

use crate::fastapi::{Api, Contact, Json, License, get};

/// One route and everything that the documentation can say about an API.
pub fn app() -> Api {
    Api::new()
        .title("Book Store API")
        .description(DESCRIPTION)
        .version("1.0.0")
        .terms_of_service("https://example.com/terms")
        .contact(Contact {
            name: Some("API Support".into()),
            email: Some("support@example.com".into()),
            ..Contact::default()
        })
        .license(License {
            name: "MIT".into(),
            url: Some("https://opensource.org/licenses/MIT".into()),
        })
        .docs_url(Some("/docs"))
        .redoc_url(Some("/redoc"))
        .openapi_url(Some("/openapi.json"))
        .route("/", get(root))
}

async fn root() -> Json<Welcome> {
    Json(Welcome { message: "Welcome to Book Store API" })
}

#[derive(Serialize)]
struct Welcome {
    message: &'static str,
}

const DESCRIPTION: &str = "
## Book Store API

Manage books, authors, and reviews.
    ";

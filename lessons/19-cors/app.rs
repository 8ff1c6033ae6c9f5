//! Which pages of other origins may call the API, told to their browsers.

use serde::Serialize;

use crate::fastapi::{Api, Cors, Json, get};

// ANCHOR: app
/// One route, for three origins.
pub fn app() -> Api {
    let cors = Cors::new()
        .allow_origins([
            "http://localhost:3000",
            "http://localhost:5173",
            "https://myapp.example.com",
        ])
        .allow_credentials()
        .allow_methods(["GET", "POST", "PUT", "DELETE", "PATCH", "OPTIONS"])
        .allow_headers(["Authorization", "Content-Type", "X-Request-ID"])
        .expose_headers(["X-Process-Time", "X-Request-ID"])
        .max_age(600);
    Api::new().wrap(cors).route("/api/data", get(get_data))
}
// ANCHOR_END: app

// ANCHOR: handlers
async fn get_data() -> Json<Data> {
    Json(Data { data: "accessible from allowed origins" })
}
// ANCHOR_END: handlers

#[derive(Serialize)]
struct Data {
    data: &'static str,
}

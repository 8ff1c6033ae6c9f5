//! The smallest application: one route, one handler, one JSON reply.

use serde::Serialize;

use crate::fastapi::{Api, Json, get};

/// One route.
pub fn app() -> Api {
    Api::new().route("/hello", get(hello))
}

async fn hello() -> Json<Greeting> {
    Json(Greeting { message: "Hello World" })
}

#[derive(Serialize)]
struct Greeting {
    message: &'static str,
}

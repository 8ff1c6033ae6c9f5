//! What goes into a reply's head beside the value: headers, and cookies there and back.

use std::time::Duration;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::fastapi::{Api, Cookie, Json, ResponseHeaders, SameSite, SetCookie, get, post};

/// A route with headers of its own, and a session in a cookie.
pub fn app() -> Api {
    Api::new()
        .route("/with-headers", get(with_headers))
        .route("/login", post(login))
        .route("/profile", get(profile))
        .route("/logout", post(logout))
}

// ANCHOR: models
#[derive(Deserialize, JsonSchema)]
struct Session {
    session_token: Option<String>,
}
// ANCHOR_END: models

// ANCHOR: handlers
async fn with_headers(headers: ResponseHeaders) -> Json<Outcome> {
    headers.set("X-Custom-Header", "my-value");
    headers.set("Cache-Control", "public, max-age=3600");
    Json(Outcome::Message("response has custom headers".to_owned()))
}

async fn login(headers: ResponseHeaders) -> Json<Outcome> {
    headers.set_cookie(
        SetCookie::new("session_token", "abc123xyz")
            .max_age(Duration::from_hours(1))
            .secure()
            .http_only()
            .same_site(SameSite::Lax),
    );
    Json(Outcome::Message("logged in".to_owned()))
}

async fn profile(Cookie(session): Cookie<Session>) -> Json<Outcome> {
    Json(match session.session_token {
        None => Outcome::Error("not authenticated"),
        Some(token) => {
            let start: String = token.chars().take(8).collect();
            Outcome::Message(format!("profile for token {start}..."))
        }
    })
}

async fn logout(headers: ResponseHeaders) -> Json<Outcome> {
    headers.delete_cookie("session_token");
    Json(Outcome::Message("logged out".to_owned()))
}
// ANCHOR_END: handlers

#[derive(Serialize)]
#[serde(rename_all = "lowercase")]
enum Outcome {
    Message(String),
    Error(&'static str),
}

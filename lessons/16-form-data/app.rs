//! Fields of an HTML form, validated as those of a JSON body are.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::fastapi::{Api, Form, Json, post};

/// Two forms: one to log in, one to register.
pub fn app() -> Api {
    Api::new().route("/login", post(login)).route("/register", post(register))
}

// ANCHOR: models
#[derive(Deserialize, JsonSchema)]
struct Login {
    username: String,
    password: String,
}

#[derive(Deserialize, JsonSchema)]
struct Registration {
    #[schemars(length(min = 3, max = 50))]
    username: String,
    email: String,
    #[schemars(length(min = 8))]
    #[allow(dead_code, reason = "a password is checked here and goes nowhere")]
    password: String,
    agree_terms: bool,
}
// ANCHOR_END: models

// ANCHOR: handlers
async fn login(Form(login): Form<Login>) -> Json<Outcome> {
    Json(match (login.username.as_str(), login.password.as_str()) {
        ("alice", "secret123") => {
            Outcome::Token { access_token: "fake-jwt-token", token_type: "bearer" }
        }
        _ => Outcome::Refused { error: "Invalid credentials" },
    })
}

async fn register(Form(form): Form<Registration>) -> Json<Registered> {
    let Registration { username, email, agree_terms: agreed, .. } = form;
    Json(Registered { username, email, agreed })
}
// ANCHOR_END: handlers

#[derive(Serialize)]
#[serde(untagged)]
enum Outcome {
    Token { access_token: &'static str, token_type: &'static str },
    Refused { error: &'static str },
}

#[derive(Serialize)]
struct Registered {
    username: String,
    email: String,
    agreed: bool,
}

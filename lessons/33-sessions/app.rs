//! What a client carries from request to request: a counter and a name, in a signed cookie.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::fastapi::{
    Api, Form, HttpException, Json, Session, SessionMiddleware, StatusCode, delete, get, post,
};

// Examples, and in no use anywhere else.
const SECRET_KEY: &str = "example-key-of-lesson-33";
const PASSWORDS: [(&str, &str); 1] = [("alice", "wonderland")];

// ANCHOR: app
/// A counter of visits, a login, and one route that wants nothing of the session.
pub fn app() -> Api {
    Api::new()
        .wrap(SessionMiddleware::new(SECRET_KEY))
        .route("/visits", get(count_visits))
        .route("/visits", delete(forget_visits))
        .route("/login", post(login))
        .route("/profile", get(profile))
        .route("/logout", post(logout))
        .route("/about", get(about))
}
// ANCHOR_END: app

// ANCHOR: handlers
async fn count_visits(session: Session) -> Json<Visits> {
    let visits = session.get::<u64>("visits").unwrap_or(0) + 1;
    session.set("visits", visits);
    Json(Visits { visits })
}

async fn forget_visits(session: Session) -> Json<Visits> {
    session.remove("visits");
    Json(Visits { visits: 0 })
}

async fn login(session: Session, Form(login): Form<Login>) -> Result<Json<Message>, HttpException> {
    let Login { username, password } = login;
    if !PASSWORDS.contains(&(&username, &password)) {
        let attempts = session.get::<u64>("attempts").unwrap_or(0) + 1;
        session.set("attempts", attempts);
        return Err(unauthorized(&format!("Wrong name or password, attempt {attempts}")));
    }
    session.remove("attempts");
    session.set("user", &username);
    Ok(Json(Message { message: format!("Welcome, {username}") }))
}

async fn profile(session: Session) -> Result<Json<Profile>, HttpException> {
    let user = session.get("user").ok_or_else(|| unauthorized("Not logged in"))?;
    Ok(Json(Profile { user, visits: session.get("visits").unwrap_or(0) }))
}

async fn logout(session: Session) -> Json<Message> {
    session.clear();
    Json(Message { message: "Logged out".to_owned() })
}

async fn about() -> Json<Shop> {
    Json(Shop { name: "A shop that counts" })
}
// ANCHOR_END: handlers

fn unauthorized(detail: &str) -> HttpException {
    HttpException::new(StatusCode::UNAUTHORIZED, detail)
}

#[derive(Deserialize, JsonSchema)]
struct Login {
    username: String,
    password: String,
}

#[derive(Serialize)]
struct Visits {
    visits: u64,
}

#[derive(Serialize)]
struct Profile {
    user: String,
    visits: u64,
}

#[derive(Serialize)]
struct Message {
    message: String,
}

#[derive(Serialize)]
struct Shop {
    name: &'static str,
}

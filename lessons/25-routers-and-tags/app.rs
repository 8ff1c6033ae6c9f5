//! Routes in groups: a prefix and tags for many, texts of its own for one.

use serde::Serialize;

use crate::fastapi::{Api, Json, Path, Router, get};

// ANCHOR: app
/// A route of its own and two routers, one with a third inside.
pub fn app() -> Api {
    Api::new()
        .route(
            "/health",
            get(health)
                .tags(["monitoring"])
                .summary("Health Check")
                .description("Returns service health status and version")
                .response_description("Health status object"),
        )
        .include_router(users())
        .include_router(items())
}

fn users() -> Router {
    Router::new()
        .prefix("/users")
        .tags(["users"])
        .route("/", get(list_users))
        .route("/{user_id}", get(get_user))
        .include_router(user_items())
}

fn user_items() -> Router {
    Router::new().prefix("/{user_id}/items").tags(["items"]).route("/", get(list_user_items))
}

fn items() -> Router {
    Router::new().prefix("/items").tags(["items"]).route("/", get(list_items))
}
// ANCHOR_END: app

async fn health() -> Json<Health> {
    Json(Health { status: "ok", version: "1.0.0" })
}

async fn list_users() -> Json<[User; 1]> {
    Json([User { id: 1, username: "alice" }])
}

async fn get_user(Path(user_id): Path<i64>) -> Json<User> {
    Json(User { id: user_id, username: "alice" })
}

async fn list_user_items(Path(user_id): Path<i64>) -> Json<[Item; 1]> {
    Json([Item { id: 1, name: format!("Widget of user {user_id}") }])
}

async fn list_items() -> Json<[Item; 1]> {
    Json([Item { id: 1, name: "Widget".to_owned() }])
}

#[derive(Serialize)]
struct Health {
    status: &'static str,
    version: &'static str,
}

#[derive(Serialize)]
struct User {
    id: i64,
    username: &'static str,
}

#[derive(Serialize)]
struct Item {
    id: i64,
    name: String,
}

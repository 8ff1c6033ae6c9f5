//! A response model: what leaves the server is one type, what it keeps another.

use std::collections::HashMap;
use std::sync::Mutex;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::fastapi::{Api, Json, Path, State, get, post};

// ANCHOR: app
/// Both routes take and keep a `UserIn` and reply with a `UserOut`.
pub fn app() -> Api {
    Api::new()
        .state(Users::default())
        .route("/users", post(create_user).response_model::<UserOut>())
        .route("/users/{username}", get(get_user).response_model::<UserOut>())
}
// ANCHOR_END: app

// ANCHOR: model
#[derive(Clone, Deserialize, Serialize, JsonSchema)]
struct UserIn {
    username: String,
    password: String,
    email: String,
    full_name: Option<String>,
}

#[derive(JsonSchema)]
struct UserOut {
    username: String,
    email: String,
    full_name: Option<String>,
}
// ANCHOR_END: model

// ANCHOR: handlers
async fn create_user(users: State<Users>, Json(user): Json<UserIn>) -> Json<UserIn> {
    users.lock().expect(UNPOISONED).insert(user.username.clone(), user.clone());
    Json(user)
}

async fn get_user(users: State<Users>, Path(username): Path<String>) -> Json<Option<UserIn>> {
    Json(users.lock().expect(UNPOISONED).get(&username).cloned())
}
// ANCHOR_END: handlers

type Users = Mutex<HashMap<String, UserIn>>;

const UNPOISONED: &str = "no handler panics while it holds the lock";

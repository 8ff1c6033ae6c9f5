//! Path parameters: parts of the path that become typed arguments.

use serde::Serialize;

use crate::fastapi::{Api, Json, Path, get};

// ANCHOR: app
/// One parameter, two parameters, and one that takes the rest of the path.
pub fn app() -> Api {
    Api::new()
        .route("/items/{item_id}", get(get_item))
        .route("/users/{user_id}/posts/{post_id}", get(get_user_post))
        .route("/files/{file_path:path}", get(get_file))
}
// ANCHOR_END: app

// ANCHOR: handlers
async fn get_item(Path(item_id): Path<i64>) -> Json<Item> {
    Json(Item { item_id, kind: "<class 'int'>" })
}

async fn get_user_post(Path((user_id, post_id)): Path<(i64, i64)>) -> Json<UserPost> {
    Json(UserPost { user_id, post_id })
}

async fn get_file(Path(file_path): Path<String>) -> Json<File> {
    Json(File { file_path })
}
// ANCHOR_END: handlers

#[derive(Serialize)]
struct Item {
    item_id: i64,
    /// Python's name of the type, which is what the FastAPI handler replies.
    #[serde(rename = "type")]
    kind: &'static str,
}

#[derive(Serialize)]
struct UserPost {
    user_id: i64,
    post_id: i64,
}

#[derive(Serialize)]
struct File {
    file_path: String,
}

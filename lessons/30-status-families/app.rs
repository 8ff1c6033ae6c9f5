//! One route for each family of statuses; the first family needs none.

use std::collections::BTreeMap;
use std::sync::Mutex;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::fastapi::{
    Api, Fault, HttpException, Json, Path, Redirect, State, StatusCode, get, post,
};

/// An album that has moved, with a printer that is broken and a backup that fails.
pub fn app() -> Api {
    Api::new()
        .state(Album::new([(1, "harbour".to_owned())].into()))
        .route("/photos/{photo_id}", get(get_photo))
        .route("/photos", post(upload_photo).status(StatusCode::CREATED))
        .route("/pictures/{photo_id}", get(old_address))
        .route("/prints", post(order_print))
        .route("/backup", get(back_up))
}

// ANCHOR: handlers
async fn get_photo(
    Path(photo_id): Path<i64>,
    album: State<Album>,
) -> Result<Json<Photo>, HttpException> {
    match album.lock().expect(UNPOISONED).get(&photo_id) {
        Some(title) => Ok(Json(Photo { id: photo_id, title: title.clone() })),
        None => Err(HttpException::new(StatusCode::NOT_FOUND, "Photo not found")),
    }
}

async fn upload_photo(album: State<Album>, Json(photo): Json<NewPhoto>) -> Json<Photo> {
    let mut titles = album.lock().expect(UNPOISONED);
    let id = titles.last_key_value().map_or(1, |(last, _)| last + 1);
    titles.insert(id, photo.title.clone());
    Json(Photo { id, title: photo.title })
}

async fn old_address(Path(photo_id): Path<i64>) -> Redirect {
    Redirect::permanent(format!("/photos/{photo_id}"))
}

async fn order_print() -> HttpException {
    let detail = "The printer is being serviced";
    HttpException::new(StatusCode::SERVICE_UNAVAILABLE, detail).header("Retry-After", "3600")
}

async fn back_up() -> Result<Json<()>, Fault> {
    Err(Fault("no route to vault.internal, user backup, password hunter2".to_owned()))
}
// ANCHOR_END: handlers

type Album = Mutex<BTreeMap<i64, String>>;

const UNPOISONED: &str = "no handler panics while it holds the lock";

#[derive(Deserialize, JsonSchema)]
struct NewPhoto {
    title: String,
}

#[derive(Serialize)]
struct Photo {
    id: i64,
    title: String,
}

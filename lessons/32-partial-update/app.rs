//! Models to dictionaries and back, and what a PATCH may change.

use std::collections::HashMap;
use std::sync::Mutex;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::fastapi::{
    Api, BaseModel, Dict, Fault, HttpException, Json, MaybeUnset, Path, State, StatusCode, get,
    patch, post, put,
};

/// A shelf of books whose fields have other names on the wire.
pub fn app() -> Api {
    Api::new()
        .state(shelf())
        .route("/books/", post(create_book).status(StatusCode::CREATED).response_model::<Book>())
        .route("/books/{book_id}", get(read_book).response_model::<Book>())
        .route(
            "/books/{book_id}/fields",
            get(read_fields).response_model::<Book>().response_model_by_name(),
        )
        .route("/books/{book_id}", put(replace_book).response_model::<Book>())
        .route("/books/{book_id}", patch(update_book).response_model::<Book>())
        .route("/books/{book_id}/careless", patch(update_carelessly).response_model::<Book>())
        .route("/dumps", post(show_dumps))
}

#[derive(Deserialize, Serialize, JsonSchema)]
#[schemars(extend("x-by-name" = true))]
struct NewBook {
    #[schemars(length(min = 1))]
    title: String,
    #[serde(rename = "pageCount")]
    #[schemars(extend("x-name" = "page_count", "exclusiveMinimum" = 0))]
    page_count: i64,
    #[serde(rename = "inStock", default, skip_serializing_if = "MaybeUnset::is_unset")]
    #[schemars(extend("x-name" = "in_stock", "default" = true))]
    in_stock: MaybeUnset<bool>,
    #[serde(default, skip_serializing_if = "MaybeUnset::is_unset")]
    note: MaybeUnset<Option<String>>,
}

#[derive(Clone, Deserialize, Serialize, JsonSchema)]
#[schemars(extend("x-by-name" = true))]
struct Book {
    #[schemars(length(min = 1))]
    title: String,
    #[serde(rename = "pageCount")]
    #[schemars(extend("x-name" = "page_count", "exclusiveMinimum" = 0))]
    page_count: i64,
    #[serde(rename = "inStock", default = "yes")]
    #[schemars(extend("x-name" = "in_stock"))]
    in_stock: bool,
    note: Option<String>,
    id: i64,
}

// ANCHOR: models
#[derive(Default, Deserialize, Serialize, JsonSchema)]
#[schemars(extend("x-by-name" = true))]
#[serde(default)]
struct BookUpdate {
    #[serde(skip_serializing_if = "MaybeUnset::is_unset")]
    #[schemars(length(min = 1))]
    title: MaybeUnset<Option<String>>,
    #[serde(rename = "pageCount", skip_serializing_if = "MaybeUnset::is_unset")]
    #[schemars(extend("x-name" = "page_count", "exclusiveMinimum" = 0))]
    page_count: MaybeUnset<Option<i64>>,
    #[serde(rename = "inStock", skip_serializing_if = "MaybeUnset::is_unset")]
    #[schemars(extend("x-name" = "in_stock"))]
    in_stock: MaybeUnset<Option<bool>>,
    #[serde(skip_serializing_if = "MaybeUnset::is_unset")]
    note: MaybeUnset<Option<String>>,
}
// ANCHOR_END: models

async fn create_book(books: State<Books>, Json(book): Json<NewBook>) -> Result<Json<Book>, Fault> {
    let mut books = books.lock().expect(UNPOISONED);
    let id = 1 + books.keys().max().copied().unwrap_or(0);
    let book = numbered(id, &book)?;
    books.insert(id, book.clone());
    Ok(Json(book))
}

fn numbered(id: i64, book: &NewBook) -> Result<Book, Fault> {
    let mut fields = book.model_dump()?;
    fields.insert("id".into(), id.into());
    Book::model_validate(fields)
}

async fn read_book(
    Path(book_id): Path<i64>,
    books: State<Books>,
) -> Result<Json<Book>, HttpException> {
    stored(&books, book_id).map(Json)
}

async fn read_fields(
    Path(book_id): Path<i64>,
    books: State<Books>,
) -> Result<Json<Book>, HttpException> {
    stored(&books, book_id).map(Json)
}

async fn replace_book(
    Path(book_id): Path<i64>,
    books: State<Books>,
    Json(book): Json<NewBook>,
) -> Result<Json<Book>, HttpException> {
    stored(&books, book_id)?;
    Ok(keep(&books, numbered(book_id, &book)?))
}

// ANCHOR: update
async fn update_book(
    Path(book_id): Path<i64>,
    books: State<Books>,
    Json(changes): Json<BookUpdate>,
) -> Result<Json<Book>, HttpException> {
    let book = stored(&books, book_id)?;
    let mut fields = book.model_dump()?;
    fields.extend(changes.model_dump_exclude_unset()?);
    Ok(keep(&books, Book::model_validate(fields)?))
}

async fn update_carelessly(
    Path(book_id): Path<i64>,
    books: State<Books>,
    Json(changes): Json<BookUpdate>,
) -> Result<Json<Book>, HttpException> {
    let book = stored(&books, book_id)?;
    let mut fields = book.model_dump()?;
    fields.extend(changes.model_dump()?);
    Ok(keep(&books, Book::model_validate(fields)?))
}
// ANCHOR_END: update

async fn show_dumps(Json(book): Json<NewBook>) -> Result<Json<Dumps>, Fault> {
    Ok(Json(Dumps {
        model_dump: book.model_dump()?,
        by_alias: book.model_dump_by_alias()?,
        exclude_unset: book.model_dump_exclude_unset()?,
    }))
}

type Books = Mutex<HashMap<i64, Book>>;

const UNPOISONED: &str = "no handler panics while it holds the lock";

fn shelf() -> Books {
    let book = Book {
        title: "Moby Dick".into(),
        page_count: 635,
        in_stock: true,
        note: Some("First edition".into()),
        id: 1,
    };
    Mutex::new(HashMap::from([(book.id, book)]))
}

fn stored(books: &Books, id: i64) -> Result<Book, HttpException> {
    let missing = || HttpException::new(StatusCode::NOT_FOUND, "Book not found");
    books.lock().expect(UNPOISONED).get(&id).cloned().ok_or_else(missing)
}

fn keep(books: &Books, book: Book) -> Json<Book> {
    books.lock().expect(UNPOISONED).insert(book.id, book.clone());
    Json(book)
}

fn yes() -> bool {
    true
}

#[derive(Serialize)]
struct Dumps {
    model_dump: Dict,
    by_alias: Dict,
    exclude_unset: Dict,
}

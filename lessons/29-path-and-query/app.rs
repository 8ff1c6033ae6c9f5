//! Two places for a value in a URL, each with its own encoding and its own way to be wrong.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::fastapi::{Api, HttpException, Json, Path, Query, StatusCode, get};

// ANCHOR: app
/// Two routes that differ in their last slash, and the list of all books.
pub fn app() -> Api {
    Api::new()
        .route("/books/", get(read_books))
        .route("/books/{book_id}", get(read_book))
        .route("/books/{book_author}/", get(read_category_by_query))
}
// ANCHOR_END: app

// ANCHOR: handlers
async fn read_books(Query(filter): Query<Filter>) -> Json<Vec<Book>> {
    let asked = |book: &Book| filter.category.as_ref().is_none_or(|it| it == book.category);
    Json(books().filter(asked).collect())
}

async fn read_book(Path(path): Path<BookPath>) -> Result<Json<Book>, HttpException> {
    let book = books().find(|book| book.id == path.book_id).map(Json);
    book.ok_or_else(|| HttpException::new(StatusCode::NOT_FOUND, "Book not found"))
}

async fn read_category_by_query(
    Path(book_author): Path<String>,
    Query(Wanted { category }): Query<Wanted>,
) -> Json<Vec<Book>> {
    let asked = |book: &Book| book.author == book_author && book.category == category;
    Json(books().filter(asked).collect())
}
// ANCHOR_END: handlers

// ANCHOR: parameters
#[derive(Deserialize, JsonSchema)]
struct BookPath {
    /// The ID must be a positive integer
    #[schemars(title = "The ID of the book", extend("exclusiveMinimum" = 0))]
    book_id: i64,
}

#[derive(Deserialize, JsonSchema)]
struct Wanted {
    category: String,
}
// ANCHOR_END: parameters

#[derive(Deserialize, JsonSchema)]
struct Filter {
    category: Option<String>,
}

#[derive(Serialize)]
struct Book {
    id: i64,
    title: &'static str,
    author: &'static str,
    category: &'static str,
}

fn books() -> impl Iterator<Item = Book> {
    let rows = [
        (1, "Title One", "author one", "science"),
        (2, "Title Two", "author two", "science"),
        (3, "Title Three", "author three", "history"),
        (4, "Title Four", "author four", "math"),
        (5, "Title Five", "author four", "science"),
        (6, "Title Six", "Zoë + AC/DC", "music & noise"),
    ];
    rows.into_iter().map(|(id, title, author, category)| Book { id, title, author, category })
}

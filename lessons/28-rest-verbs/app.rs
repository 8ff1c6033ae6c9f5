//! A book store with a route for each verb: what GET, POST, PUT, PATCH and DELETE promise.

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard};

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::fastapi::{
    Api, HttpException, Json, MaybeUnset, Path, Query, ResponseHeaders, State, StatusCode, delete,
    get, patch, post, put,
};

/// Three ways to read, four ways to write.
pub fn app() -> Api {
    Api::new()
        .state(store())
        .route("/books/", get(list_books).response_model::<Vec<StoredBook>>())
        .route(
            "/books/author/{book_author}",
            get(list_books_by_author).response_model::<Vec<StoredBook>>(),
        )
        .route("/books/{book_id}", get(get_book).response_model::<StoredBook>())
        .route(
            "/books/",
            post(create_book).status(StatusCode::CREATED).response_model::<StoredBook>(),
        )
        .route("/books/{book_id}", put(replace_book).response_model::<StoredBook>())
        .route("/books/{book_id}", patch(change_book).response_model::<StoredBook>())
        .route("/books/{book_id}", delete(delete_book).status(StatusCode::NO_CONTENT))
}

async fn list_books(
    Query(Filter { category, min_rating }): Query<Filter>,
    store: State<Store>,
) -> Json<Vec<StoredBook>> {
    let good = |book: &StoredBook| book.book.rating >= min_rating;
    Json(found(&store, |book| good(book) && book.is_of(category.as_deref())))
}

async fn list_books_by_author(
    Path(book_author): Path<String>,
    Query(Category { category }): Query<Category>,
    store: State<Store>,
) -> Json<Vec<StoredBook>> {
    let author = book_author.to_lowercase();
    let by_author = |book: &StoredBook| book.book.author.to_lowercase() == author;
    Json(found(&store, |book| by_author(book) && book.is_of(category.as_deref())))
}

async fn get_book(
    Path(book_id): Path<i64>,
    store: State<Store>,
) -> Result<Json<StoredBook>, HttpException> {
    store.open().find(book_id).map(|book| Json(book.clone()))
}

// ANCHOR: write
async fn create_book(
    store: State<Store>,
    response: ResponseHeaders,
    Json(book): Json<Book>,
) -> Json<StoredBook> {
    let kept = store.open().keep(book);
    response.set("Location", &format!("/books/{}", kept.id));
    Json(kept)
}

async fn replace_book(
    Path(book_id): Path<i64>,
    store: State<Store>,
    Json(book): Json<Book>,
) -> Result<Json<StoredBook>, HttpException> {
    let mut shelf = store.open();
    let stored = shelf.find(book_id)?;
    stored.book = book;
    Ok(Json(stored.clone()))
}

async fn change_book(
    Path(book_id): Path<i64>,
    store: State<Store>,
    Json(change): Json<BookChange>,
) -> Result<Json<StoredBook>, HttpException> {
    let mut shelf = store.open();
    let stored = shelf.find(book_id)?;
    change.title.apply_to(&mut stored.book.title);
    change.author.apply_to(&mut stored.book.author);
    change.category.apply_to(&mut stored.book.category);
    change.rating.apply_to(&mut stored.book.rating);
    change.note.apply_to(&mut stored.book.note);
    Ok(Json(stored.clone()))
}

async fn delete_book(Path(book_id): Path<i64>, store: State<Store>) -> Result<(), HttpException> {
    let mut shelf = store.open();
    shelf.find(book_id)?;
    shelf.books.remove(&book_id);
    Ok(())
}
// ANCHOR_END: write

// ANCHOR: models
#[derive(Clone, Deserialize, Serialize, JsonSchema)]
struct Book {
    #[schemars(length(min = 1))]
    title: String,
    author: String,
    category: String,
    #[schemars(range(min = 1, max = 5))]
    rating: i64,
    note: Option<String>,
}

#[derive(Default, Deserialize, JsonSchema)]
#[serde(default)]
struct BookChange {
    #[schemars(length(min = 1))]
    title: MaybeUnset<String>,
    author: MaybeUnset<String>,
    category: MaybeUnset<String>,
    #[schemars(range(min = 1, max = 5))]
    rating: MaybeUnset<i64>,
    note: MaybeUnset<Option<String>>,
}

#[derive(Clone, Serialize, JsonSchema)]
struct StoredBook {
    #[serde(flatten)]
    book: Book,
    id: i64,
}
// ANCHOR_END: models

#[derive(Deserialize, JsonSchema)]
struct Filter {
    category: Option<String>,
    #[serde(default = "one")]
    #[schemars(range(min = 1, max = 5))]
    min_rating: i64,
}

#[derive(Deserialize, JsonSchema)]
struct Category {
    category: Option<String>,
}

fn one() -> i64 {
    1
}

struct Store(Mutex<Shelf>);

#[derive(Default)]
struct Shelf {
    books: BTreeMap<i64, StoredBook>,
    last_id: i64,
}

impl Store {
    fn open(&self) -> MutexGuard<'_, Shelf> {
        self.0.lock().expect("no handler panics while it holds the lock")
    }
}

impl Shelf {
    fn keep(&mut self, book: Book) -> StoredBook {
        self.last_id += 1;
        let kept = StoredBook { book, id: self.last_id };
        self.books.insert(kept.id, kept.clone());
        kept
    }

    fn find(&mut self, book_id: i64) -> Result<&mut StoredBook, HttpException> {
        let missing = || HttpException::new(StatusCode::NOT_FOUND, "Book not found");
        self.books.get_mut(&book_id).ok_or_else(missing)
    }
}

impl StoredBook {
    fn is_of(&self, category: Option<&str>) -> bool {
        category.is_none_or(|category| self.book.category == category)
    }
}

fn found(store: &Store, is_asked_for: impl Fn(&StoredBook) -> bool) -> Vec<StoredBook> {
    store.open().books.values().filter(|book| is_asked_for(book)).cloned().collect()
}

fn store() -> Store {
    let mut shelf = Shelf::default();
    for (title, author, category, rating, note) in [
        ("Cosmos", "Carl Sagan", "science", 5, None),
        ("Contact", "Carl Sagan", "fiction", 4, None),
        ("Emma", "Jane Austen", "fiction", 5, Some("signed")),
    ] {
        let [title, author, category] = [title, author, category].map(String::from);
        shelf.keep(Book { title, author, category, rating, note: note.map(String::from) });
    }
    Store(Mutex::new(shelf))
}

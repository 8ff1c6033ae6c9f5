//! A database and the current user as dependencies: one connection and one transaction a request.

use std::io;
use std::ops::Deref;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use deadpool::managed::{Manager, Metrics, Object, Pool, RecycleResult};
use rusqlite::{Connection, ErrorCode, OptionalExtension, Row, params};
use rusqlite_migration::{M, Migrations};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::fastapi::{
    Api, Console, Dependency, Depends, Fault, Header, HttpException, Json, Lifespan, Outcome, Path,
    Scope, State, StatusCode, blocking, get, post, run_in_threadpool,
};

/// A shop with a database of its own, made when the server starts.
pub fn app() -> Api {
    let created = StatusCode::CREATED;
    Api::new()
        .lifespan(open_database)
        .route("/items/", post(blocking(create_item)).status(created).response_model::<ItemRead>())
        .route("/items/", get(blocking(read_items)).response_model::<Vec<ItemRead>>())
        .route("/items/{item_id}", get(blocking(read_item)).response_model::<ItemRead>())
        .route(
            "/items/batch",
            post(blocking(create_items)).status(created).response_model::<Vec<ItemRead>>(),
        )
        .route("/items/{item_id}/sell", post(blocking(sell_item)).status(StatusCode::NO_CONTENT))
        .route("/gifts/", post(blocking(create_gift)).status(created).response_model::<ItemRead>())
        .route(
            "/late/gifts/",
            post(blocking(create_gift_late)).status(created).response_model::<ItemRead>(),
        )
}

fn open_database(lifespan: &mut Lifespan) -> io::Result<()> {
    let folder = tempfile::tempdir()?;
    let file = DatabaseFile(folder.path().join("shop.db"));
    let migrations = Migrations::new(vec![
        M::up(include_str!("migrations/1-tables.sql")),
        M::up(include_str!("migrations/2-users.sql")),
    ]);
    let mut connection = file.connect().map_err(io::Error::other)?;
    migrations.to_latest(&mut connection).map_err(io::Error::other)?;
    let pool: Connections = Pool::builder(file).max_size(8).build().map_err(io::Error::other)?;
    lifespan.state(pool);
    lifespan.keep(folder);
    Ok(())
}

/// A pool that lends its connections as [`Loan`]s.
type Connections = Pool<DatabaseFile, Loan>;

struct DatabaseFile(PathBuf);

impl DatabaseFile {
    fn connect(&self) -> rusqlite::Result<Connection> {
        let connection = Connection::open(&self.0)?;
        connection.execute_batch(
            "PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA foreign_keys = ON",
        )?;
        Ok(connection)
    }
}

/// The pool opens a connection where none is free, up to its size.
impl Manager for DatabaseFile {
    type Type = Connection;
    type Error = rusqlite::Error;

    async fn create(&self) -> rusqlite::Result<Connection> {
        let file = Self(self.0.clone());
        run_in_threadpool(move || file.connect()).await
    }

    async fn recycle(&self, _: &mut Connection, _: &Metrics) -> RecycleResult<rusqlite::Error> {
        Ok(())
    }
}

// ANCHOR: dependencies
#[derive(Clone)]
struct Db {
    loan: Arc<Mutex<Loan>>,
    console: Console,
}

impl Dependency for Db {
    type Needs = (State<Connections>, Console);

    const SCOPE: Scope = Scope::Function;

    async fn resolve((pool, console): Self::Needs) -> Result<Self, HttpException> {
        let loan = pool.get().await.map_err(|error| Fault(error.to_string()))?;
        Ok(Self { loan: Arc::new(Mutex::new(loan)), console })
    }

    async fn release(self, outcome: Outcome) -> Result<(), HttpException> {
        run_in_threadpool(move || self.end(outcome)).await
    }
}

#[derive(Clone)]
struct CurrentUser {
    id: i64,
}

impl Dependency for CurrentUser {
    type Needs = (Depends<Db>, Header<Credentials>);

    async fn resolve((db, Header(sent)): Self::Needs) -> Result<Self, HttpException> {
        let sent = sent.authorization.unwrap_or_default();
        let (scheme, token) = sent.split_once(' ').unwrap_or_default();
        let (is_bearer, token) = (scheme.eq_ignore_ascii_case("bearer"), token.to_owned());
        let user = run_in_threadpool(move || db.user_with(&token)).await?;
        user.filter(|_| is_bearer).ok_or_else(|| {
            HttpException::new(StatusCode::UNAUTHORIZED, "Who are you?")
                .header("WWW-Authenticate", "Bearer")
        })
    }
}

#[derive(Deserialize, JsonSchema)]
struct Credentials {
    authorization: Option<String>,
}
// ANCHOR_END: dependencies

// ANCHOR: handlers
fn create_item(
    Json(item): Json<ItemCreate>,
    db: Depends<Db>,
    user: Depends<CurrentUser>,
) -> Result<Json<ItemRead>, HttpException> {
    db.insert(user.id, item).map(Json)
}
// ANCHOR_END: handlers

fn read_items(
    db: Depends<Db>,
    user: Depends<CurrentUser>,
) -> Result<Json<Vec<ItemRead>>, HttpException> {
    let connection = db.connection();
    let found = connection
        .prepare("SELECT * FROM items WHERE owner_id = ?1 ORDER BY title")
        .and_then(|mut query| query.query_map([user.id], ItemRead::from_row)?.collect());
    found.map(Json).map_err(refused)
}

fn read_item(
    Path(item_id): Path<i64>,
    db: Depends<Db>,
    user: Depends<CurrentUser>,
) -> Result<Json<ItemRead>, HttpException> {
    let query = "SELECT * FROM items WHERE id = ?1 AND owner_id = ?2";
    let found = db.connection().query_row(query, [item_id, user.id], ItemRead::from_row);
    found.optional().map_err(refused)?.map(Json).ok_or_else(not_found)
}

fn create_items(
    Json(batch): Json<Batch>,
    db: Depends<Db>,
    user: Depends<CurrentUser>,
) -> Result<Json<Vec<ItemRead>>, HttpException> {
    let items = batch.items.into_iter().map(|item| db.insert(user.id, item));
    items.collect::<Result<_, _>>().map(Json)
}

fn sell_item(
    Path(item_id): Path<i64>,
    db: Depends<Db>,
    user: Depends<CurrentUser>,
) -> Result<(), HttpException> {
    let sale = "UPDATE items SET quantity = quantity - 1 WHERE id = ?1 AND owner_id = ?2";
    let changed = db.writing()?.execute(sale, [item_id, user.id]).map_err(refused)?;
    if changed == 0 { Err(not_found()) } else { Ok(()) }
}

fn create_gift(Json(gift): Json<Gift>, db: Depends<Db>) -> Result<Json<ItemRead>, HttpException> {
    db.insert(gift.owner_id, gift.item).map(Json)
}

fn create_gift_late(
    Json(gift): Json<Gift>,
    Depends(LateDb(db)): Depends<LateDb>,
) -> Result<Json<ItemRead>, HttpException> {
    db.insert(gift.owner_id, gift.item).map(Json)
}

/// The same with FastAPI's default scope, which lasts until the reply has been sent.
#[derive(Clone)]
struct LateDb(Db);

impl Dependency for LateDb {
    type Needs = <Db as Dependency>::Needs;

    async fn resolve(needs: Self::Needs) -> Result<Self, HttpException> {
        Db::resolve(needs).await.map(Self)
    }

    async fn release(self, outcome: Outcome) -> Result<(), HttpException> {
        self.0.release(outcome).await
    }
}

// ANCHOR: transaction
impl Db {
    /// The connection within a transaction, which the first change of a request begins.
    fn writing(&self) -> Result<MutexGuard<'_, Loan>, HttpException> {
        let connection = self.connection();
        if connection.is_autocommit() {
            connection.execute_batch("BEGIN IMMEDIATE").map_err(refused)?;
        }
        Ok(connection)
    }

    fn end(&self, outcome: Outcome) -> Result<(), HttpException> {
        let connection = self.connection();
        let ended = match outcome {
            Outcome::Returned if !connection.is_autocommit() => connection.execute_batch("COMMIT"),
            Outcome::Returned | Outcome::Failed => Ok(()),
        };
        if outcome == Outcome::Returned && ended.is_ok() {
            self.console.print("COMMIT");
        } else {
            connection.roll_back();
            self.console.print("ROLLBACK");
        }
        ended.map_err(refused)
    }
}
// ANCHOR_END: transaction

/// A connection until it goes back into the pool.
struct Loan(Object<DatabaseFile>);

impl From<Object<DatabaseFile>> for Loan {
    fn from(lent: Object<DatabaseFile>) -> Self {
        Self(lent)
    }
}

impl Loan {
    fn roll_back(&self) {
        if !self.is_autocommit() {
            // SQLite then closes the transaction in any case.
            let _ = self.execute_batch("ROLLBACK");
        }
    }
}

/// The thread of a request that was given up may still be at work when its transaction has ended.
impl Drop for Loan {
    fn drop(&mut self) {
        self.roll_back();
    }
}

impl Deref for Loan {
    type Target = Connection;

    fn deref(&self) -> &Connection {
        &self.0
    }
}

impl Db {
    fn connection(&self) -> MutexGuard<'_, Loan> {
        self.loan.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn user_with(&self, token: &str) -> Result<Option<CurrentUser>, HttpException> {
        let query = "SELECT id FROM users WHERE token = ?1";
        let user = |row: &Row<'_>| Ok(CurrentUser { id: row.get("id")? });
        self.connection().query_row(query, [token], user).optional().map_err(refused)
    }

    fn insert(&self, owner_id: i64, item: ItemCreate) -> Result<ItemRead, HttpException> {
        let ItemCreate { title, quantity } = item;
        let connection = self.writing()?;
        let insertion = "INSERT INTO items (title, quantity, owner_id) VALUES (?1, ?2, ?3)";
        connection.execute(insertion, params![title, quantity, owner_id]).map_err(refused)?;
        Ok(ItemRead { id: connection.last_insert_rowid(), title, quantity, owner_id })
    }
}

/// What breaks a rule of the tables is the client's affair, anything else is ours.
fn refused(error: rusqlite::Error) -> HttpException {
    match error {
        rusqlite::Error::SqliteFailure(cause, Some(words))
            if cause.code == ErrorCode::ConstraintViolation =>
        {
            HttpException::new(StatusCode::CONFLICT, words)
        }
        error => Fault(error.to_string()).into(),
    }
}

fn not_found() -> HttpException {
    HttpException::new(StatusCode::NOT_FOUND, "Item not found")
}

#[derive(Deserialize, JsonSchema)]
struct ItemCreate {
    #[schemars(length(min = 1, max = 40))]
    title: String,
    #[serde(default = "one")]
    #[schemars(range(min = 0, max = 1000))]
    quantity: i64,
}

#[derive(Deserialize, JsonSchema)]
struct Batch {
    items: Vec<ItemCreate>,
}

#[derive(Deserialize, JsonSchema)]
struct Gift {
    #[serde(flatten)]
    item: ItemCreate,
    owner_id: i64,
}

#[derive(Serialize, JsonSchema)]
struct ItemRead {
    id: i64,
    title: String,
    quantity: i64,
    owner_id: i64,
}

impl ItemRead {
    fn from_row(row: &Row<'_>) -> rusqlite::Result<Self> {
        Ok(Self {
            id: row.get("id")?,
            title: row.get("title")?,
            quantity: row.get("quantity")?,
            owner_id: row.get("owner_id")?,
        })
    }
}

fn one() -> i64 {
    1
}

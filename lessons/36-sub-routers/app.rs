//! Routers inside routers, each with dependencies that all of its routes share.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::fastapi::{
    Api, Console, Dependency, Depends, Header, HttpException, Json, Path, Query, Router,
    StatusCode, delete, get,
};

// ANCHOR: app
/// One router below `/auth`, and its innermost part a second time below `/v0`.
pub fn app() -> Api {
    Api::new()
        .depends::<Trace>()
        .include_router(auth())
        .include_router(Router::new().prefix("/v0/admin").deprecated().include_router(admin()))
}

fn auth() -> Router {
    Router::new()
        .prefix("/auth")
        .tags(["auth"])
        .route("/todo", get(list_todos).status(StatusCode::OK))
        .include_router(users())
}

fn users() -> Router {
    let below_admin = Router::new()
        .prefix("/admin")
        .tags(["admin"])
        .depends::<AdminOnly>()
        .response(StatusCode::FORBIDDEN, "Not for you")
        .response(StatusCode::IM_A_TEAPOT, "A teapot");
    Router::new()
        .prefix("/users")
        .tags(["users"])
        .depends::<SignedIn>()
        .response(StatusCode::UNAUTHORIZED, "Unknown user")
        .route("/me", get(read_me))
        .route("/{user_id}", get(read_user))
        .include_router(below_admin.include_router(admin()))
}

fn admin() -> Router {
    Router::new()
        .response(StatusCode::FORBIDDEN, "Admins only")
        .route("/{user_id}", delete(delete_user).depends::<Confirmed>())
        .route("/count", get(count_users).tags(["reports"]))
}
// ANCHOR_END: app

#[derive(Clone)]
struct Trace;

impl Dependency for Trace {
    type Needs = (Header<TraceHeader>, Console);

    async fn resolve((Header(sent), console): Self::Needs) -> Result<Self, HttpException> {
        let trace = sent.x_trace.map_or("None".to_owned(), |number| number.to_string());
        console.print(format!("trace {trace}"));
        Ok(Self)
    }
}

#[derive(Clone)]
struct SignedIn(String);

impl Dependency for SignedIn {
    type Needs = (Header<UserHeader>, Console);

    async fn resolve((Header(sent), console): Self::Needs) -> Result<Self, HttpException> {
        let user = sent.x_user;
        console.print(format!("signed_in {user}"));
        match user.as_str() {
            "alice" | "bob" | "root" => Ok(Self(user)),
            _ => Err(HttpException::new(StatusCode::UNAUTHORIZED, "Unknown user")),
        }
    }
}

// ANCHOR: dependencies
#[derive(Clone)]
struct AdminOnly;

impl Dependency for AdminOnly {
    type Needs = (Depends<SignedIn>, Console);

    async fn resolve((user, console): Self::Needs) -> Result<Self, HttpException> {
        console.print("admin_only");
        match user.0.0.as_str() {
            "root" => Ok(Self),
            _ => Err(HttpException::new(StatusCode::FORBIDDEN, "Admins only")),
        }
    }
}
// ANCHOR_END: dependencies

#[derive(Clone)]
struct Confirmed;

impl Dependency for Confirmed {
    type Needs = (Query<Confirmation>, Console);

    async fn resolve((Query(sent), console): Self::Needs) -> Result<Self, HttpException> {
        console.print(format!("confirmed {}", if sent.confirm { "True" } else { "False" }));
        let refused = || HttpException::new(StatusCode::CONFLICT, "Not confirmed");
        sent.confirm.then_some(Self).ok_or_else(refused)
    }
}

async fn list_todos() -> Json<[&'static str; 1]> {
    Json(["Write a router"])
}

async fn read_me(user: Depends<SignedIn>) -> Json<Me> {
    Json(Me { name: user.0.0 })
}

async fn read_user(Path(user_id): Path<i64>, Query(detail): Query<Detail>) -> Json<User> {
    Json(User { id: user_id, verbose: detail.verbose })
}

async fn delete_user(Path(user_id): Path<i64>) -> Json<Deleted> {
    Json(Deleted { deleted: user_id })
}

async fn count_users() -> Json<Count> {
    Json(Count { users: 3 })
}

#[derive(Deserialize, JsonSchema)]
struct TraceHeader {
    x_trace: Option<i64>,
}

#[derive(Deserialize, JsonSchema)]
struct UserHeader {
    #[schemars(length(min = 3))]
    x_user: String,
}

#[derive(Deserialize, JsonSchema)]
struct Confirmation {
    confirm: bool,
}

#[derive(Deserialize, JsonSchema)]
struct Detail {
    #[serde(default)]
    verbose: bool,
}

#[derive(Serialize)]
struct Me {
    name: String,
}

#[derive(Serialize)]
struct User {
    id: i64,
    verbose: bool,
}

#[derive(Serialize)]
struct Deleted {
    deleted: i64,
}

#[derive(Serialize)]
struct Count {
    users: i64,
}

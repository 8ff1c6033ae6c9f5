//! What a dependency does to the request that needs it.

use schemars::JsonSchema;
use serde::Deserialize;
use workbook::fastapi::{
    Api, Console, Dependency, Depends, Header, HttpException, Json, Path, Query, State, StatusCode,
    get,
};

use super::served::Served;

/// Needs the query's `n`.
#[derive(Clone)]
struct Number(i64);

/// Needs `Number` and the query's `m`.
#[derive(Clone)]
struct Sum(i64);

/// Refuses `k=x`.
#[derive(Clone)]
struct Guard;

#[derive(Deserialize, JsonSchema)]
struct N {
    n: i64,
}

#[derive(Deserialize, JsonSchema)]
struct M {
    m: i64,
}

#[derive(Deserialize, JsonSchema)]
struct K {
    #[serde(default)]
    k: String,
}

#[derive(Deserialize, JsonSchema)]
struct Own {
    #[allow(dead_code, reason = "only its absence is of interest")]
    z: i64,
}

#[derive(Deserialize, JsonSchema)]
struct Trace {
    #[allow(dead_code, reason = "only its absence is of interest")]
    x_t: i64,
}

impl Dependency for Number {
    type Needs = (Query<N>, Console);

    async fn resolve((Query(query), console): Self::Needs) -> Result<Self, HttpException> {
        console.print("number");
        Ok(Self(query.n))
    }
}

impl Dependency for Sum {
    type Needs = (Query<M>, Depends<Number>);

    async fn resolve((Query(query), number): Self::Needs) -> Result<Self, HttpException> {
        Ok(Self(query.m + number.0.0))
    }
}

/// The key that opens: state, so that each server may have another.
struct Key(&'static str);

/// Refuses all keys but one.
#[derive(Clone)]
struct Keyed;

// ANCHOR: state
impl Dependency for Keyed {
    type Needs = (Query<K>, State<Key>);

    async fn resolve((Query(query), key): Self::Needs) -> Result<Self, HttpException> {
        let refused = || HttpException::new(StatusCode::FORBIDDEN, "no");
        (query.k == key.0.0).then_some(Self).ok_or_else(refused)
    }
}
// ANCHOR_END: state

impl Dependency for Guard {
    type Needs = Query<K>;

    async fn resolve(Query(query): Query<K>) -> Result<Self, HttpException> {
        let refused = || HttpException::new(StatusCode::FORBIDDEN, "no");
        (query.k != "x").then_some(Self).ok_or_else(refused)
    }
}

async fn all(
    Path(_): Path<i64>,
    _: Header<Trace>,
    _: Query<Own>,
    _: Depends<Number>,
    _: Depends<Sum>,
    _: Depends<Guard>,
) -> Json<()> {
    Json(())
}

async fn twice(number: Depends<Number>, sum: Depends<Sum>) -> Json<[i64; 2]> {
    Json([number.0.0, sum.0.0])
}

async fn door(_: Depends<Keyed>) {}

fn app() -> Api {
    Api::new().route("/all/{p}", get(all)).route("/twice", get(twice))
}

#[tokio::test]
async fn a_dependency_is_made_once_for_a_request() {
    let served = Served::start(app());
    assert_eq!(served.body("/twice?n=1&m=2").await, (200, "[1,3]".to_owned()));
    assert_eq!(served.printed().await, ["number", "replied"]);
}

// ANCHOR: refusal
#[tokio::test]
async fn a_dependency_that_refuses_beats_everything_that_is_invalid() {
    let served = Served::start(app());
    assert_eq!(served.body("/all/p?k=x").await, (403, r#"{"detail":"no"}"#.to_owned()));
}
// ANCHOR_END: refusal

#[tokio::test]
async fn errors_of_dependencies_come_first_and_once_for_each_use() {
    let served = Served::start(app());
    let (status, body) = served.body("/all/p").await;
    assert_eq!(status, 422);
    let body: serde_json::Value = serde_json::from_str(&body).unwrap();
    let places: Vec<_> = body["detail"].as_array().unwrap().iter().map(|row| &row["loc"]).collect();
    assert_eq!(
        serde_json::to_string(&places).unwrap(),
        r#"[["query","n"],["query","n"],["query","m"],["path","p"],["query","z"],["header","x-t"]]"#
    );
}

#[tokio::test]
async fn parameters_of_dependencies_are_documented_after_the_handlers_own() {
    let served = Served::start(app());
    let document: serde_json::Value =
        serde_json::from_str(&served.body("/openapi.json").await.1).unwrap();
    let parameters = document["paths"]["/all/{p}"]["get"]["parameters"].as_array().unwrap();
    let names: Vec<&str> = parameters.iter().map(|row| row["name"].as_str().unwrap()).collect();
    assert_eq!(names, ["p", "z", "n", "m", "k", "x-t"]);
}

// ANCHOR: handed-in
#[tokio::test]
async fn a_dependency_judges_by_what_its_server_was_given() {
    for (key, status) in [("one", 200), ("other", 403)] {
        let served = Served::start(Api::new().state(Key(key)).route("/door", get(door)));
        assert_eq!(served.body("/door?k=one").await.0, status, "{key}");
    }
}
// ANCHOR_END: handed-in

//! What routers share with the routes inside them.

use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::{Value, json};
use workbook::fastapi::{
    Api, Console, Dependency, Depends, HttpException, Json, Query, Router, StatusCode, get,
};

use super::served::Served;

macro_rules! dependencies {
    ($($name:ident: $query:ident $field:ident),*) => {
        $(#[derive(Clone)]
        struct $name;

        #[derive(Deserialize, JsonSchema)]
        struct $query {
            #[serde(default)]
            $field: i64,
        }

        /// Prints the name of its parameter, and refuses 0 if it is given.
        impl Dependency for $name {
            type Needs = (Query<$query>, Console);

            async fn resolve((Query(query), console): Self::Needs) -> Result<Self, HttpException> {
                console.print(stringify!($field));
                let refused = || HttpException::new(StatusCode::FORBIDDEN, stringify!($field));
                (query.$field != 9).then_some(Self).ok_or_else(refused)
            }
        })*
    };
}

dependencies!(First: A a, Second: B b, Third: C c, Fourth: D d, Fifth: E e);

#[derive(Deserialize, JsonSchema)]
struct Own {
    #[allow(dead_code, reason = "only its presence is of interest")]
    own: i64,
}

async fn handler(_: Depends<Second>, _: Depends<Fifth>, _: Query<Own>) -> Json<i64> {
    Json(1)
}

async fn plain() -> Json<i64> {
    Json(1)
}

fn app() -> Api {
    let inner = Router::new().depends::<Third>().route("/all", get(handler).depends::<Fourth>());
    let outer = Router::new().depends::<Second>().include_router(inner);
    Api::new().depends::<First>().include_router(outer)
}

async fn document(api: Api) -> Value {
    let (_, document) = Served::start(api).body("/openapi.json").await;
    serde_json::from_str(&document).unwrap()
}

#[tokio::test]
async fn dependencies_run_from_the_outside_in_and_each_once() {
    let served = Served::start(app());
    assert_eq!(served.body("/all?own=1").await, (200, "1".to_owned()));
    assert_eq!(served.printed().await, ["a", "b", "c", "d", "e", "replied"]);
}

#[tokio::test]
async fn errors_come_from_the_outside_in_and_once_for_each_use() {
    let (status, body) = Served::start(app()).body("/all?a=x&b=x&c=x&d=x&e=x&own=x").await;
    assert_eq!(status, 422);
    let body: Value = serde_json::from_str(&body).unwrap();
    let rows = body["detail"].as_array().unwrap();
    let names: Vec<_> = rows.iter().map(|row| row["loc"][1].as_str().unwrap()).collect();
    assert_eq!(names, ["a", "b", "c", "d", "b", "e", "own"]);
}

#[tokio::test]
async fn a_refusal_further_in_beats_an_error_further_out() {
    let served = Served::start(app());
    assert_eq!(served.body("/all?a=x&c=9&d=x").await, (403, r#"{"detail":"c"}"#.to_owned()));
    assert_eq!(served.printed().await, ["b", "c", "replied"]);
}

#[tokio::test]
async fn the_document_has_the_handlers_parameters_first() {
    let document = document(app()).await;
    let parameters = document["paths"]["/all"]["get"]["parameters"].as_array().unwrap();
    let names: Vec<_> = parameters.iter().map(|one| one["name"].as_str().unwrap()).collect();
    assert_eq!(names, ["own", "a", "b", "c", "d", "e"]);
}

#[tokio::test]
async fn the_innermost_words_for_a_status_count_at_the_outermost_place() {
    let router = Router::new()
        .response(StatusCode::UNPROCESSABLE_ENTITY, "Mine")
        .response(StatusCode::NOT_FOUND, "outer")
        .deprecated()
        .route(
            "/plain",
            get(plain)
                .response(StatusCode::NOT_FOUND, "inner")
                .response(StatusCode::BAD_REQUEST, "b"),
        );
    let document = document(Api::new().include_router(router)).await;
    let expected = json!({
        "summary": "Plain",
        "operationId": "plain_plain_get",
        "responses": {
            "200": {
                "description": "Successful Response",
                "content": {"application/json": {"schema": {}}},
            },
            "422": {"description": "Mine"},
            "404": {"description": "inner"},
            "400": {"description": "b"},
        },
        "deprecated": true,
    });
    assert_eq!(document["paths"]["/plain"]["get"].to_string(), expected.to_string());
}

#[tokio::test]
async fn a_described_422_replaces_the_documents_own() {
    let router = Router::new()
        .response(StatusCode::UNPROCESSABLE_ENTITY, "Mine")
        .route("/all", get(handler));
    let document = document(Api::new().include_router(router)).await;
    assert_eq!(document["paths"]["/all"]["get"]["responses"]["422"]["description"], "Mine");
    assert_eq!(document["components"], Value::Null);
}

#[test]
#[should_panic(expected = "stands before the first one")]
fn a_dependency_of_all_routes_cannot_come_after_a_route() {
    let _ = Api::new().route("/plain", get(plain)).depends::<First>();
}

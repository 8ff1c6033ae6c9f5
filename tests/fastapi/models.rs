//! Fields with two names, and what a model adds to the document.

use reqwest::Method;
use schemars::JsonSchema;
use serde::de::Error;
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::{Value, json};
use workbook::fastapi::{Api, BaseModel, Dict, Json, MaybeUnset, get, post};

use super::served::Served;

#[derive(Deserialize, Serialize, JsonSchema)]
#[schemars(extend("x-by-name" = true))]
struct Inner {
    #[serde(rename = "aB")]
    #[schemars(extend("x-name" = "a_b"))]
    a_b: i64,
    #[serde(rename = "cD", default = "x", deserialize_with = "not_bad")]
    #[schemars(extend("x-name" = "c_d"))]
    c_d: String,
}

#[derive(Deserialize, Serialize, JsonSchema)]
#[schemars(extend("x-by-name" = true))]
struct Outer {
    #[serde(rename = "inNer")]
    #[schemars(extend("x-name" = "in_ner"))]
    in_ner: Vec<Inner>,
    one: Option<Inner>,
}

/// Requests know the alias only.
#[derive(Deserialize, Serialize, JsonSchema)]
struct Strict {
    #[serde(rename = "aB")]
    #[schemars(extend("x-name" = "a_b"))]
    a_b: i64,
}

#[derive(Deserialize, Serialize, JsonSchema)]
#[schemars(extend("examples" = [{"b": {"y": [{"d": 1, "c": 2}], "x": 1}, "a": 1}]))]
struct Shown {
    /// d
    #[schemars(example = json!({"z": 1, "y": 2}))]
    #[schemars(extend("example" = {"q": 1, "p": 0}, "deprecated" = true))]
    a: i64,
}

#[derive(Deserialize, Serialize, JsonSchema)]
struct Partial {
    #[serde(rename = "aB", default, skip_serializing_if = "MaybeUnset::is_unset")]
    #[schemars(extend("x-name" = "a_b", "default" = 7))]
    a_b: MaybeUnset<i64>,
    note: Option<String>,
}

fn x() -> String {
    "x".to_owned()
}

fn not_bad<'de, D: Deserializer<'de>>(input: D) -> Result<String, D::Error> {
    let text = String::deserialize(input)?;
    if text == "bad" { Err(D::Error::custom("bad")) } else { Ok(text) }
}

async fn outer(Json(outer): Json<Outer>) -> Json<Outer> {
    Json(outer)
}

async fn strict(Json(strict): Json<Strict>) -> Json<Strict> {
    Json(strict)
}

async fn shown(Json(shown): Json<Shown>) -> Json<Shown> {
    Json(shown)
}

async fn large() -> Json<Dict> {
    let number = u64::MAX;
    Json(Large { number }.model_dump().unwrap())
}

#[derive(Deserialize, Serialize, JsonSchema)]
struct Large {
    number: u64,
}

fn app() -> Api {
    Api::new()
        .route("/outer", post(outer).response_model::<Outer>())
        .route("/names", post(outer).response_model::<Outer>().response_model_by_name())
        .route("/strict", post(strict))
        .route("/shown", post(shown))
        .route("/large", get(large))
}

async fn check(target: &str, body: Value, expected: Value) {
    let served = Served::start(app());
    let request = served.request(Method::POST, target).header("content-type", "application/json");
    let reply = request.body(body.to_string()).send().await.unwrap();
    let mut reply: Value = serde_json::from_str(&reply.text().await.unwrap()).unwrap();
    if let Some(rows) = reply.get("detail").and_then(Value::as_array) {
        let row = |row: &Value| json!([row["type"], row["loc"], row["input"]]);
        reply = rows.iter().map(row).collect();
    }
    assert_eq!(reply.to_string(), expected.to_string(), "{target} {body}");
}

#[tokio::test]
async fn an_error_has_the_name_under_which_the_value_was_sent() {
    let body = json!({
        "in_ner": [{"a_b": 1, "c_d": "bad"}, {"aB": "x", "cD": "bad", "c_d": "ok"}],
        "one": {"a_b": "y", "cD": "bad"},
    });
    let rows = json!([
        ["value_error", ["body", "in_ner", 0, "c_d"], "bad"],
        ["int_parsing", ["body", "in_ner", 1, "aB"], "x"],
        ["value_error", ["body", "in_ner", 1, "cD"], "bad"],
        ["int_parsing", ["body", "one", "a_b"], "y"],
        ["value_error", ["body", "one", "cD"], "bad"],
    ]);
    check("/outer", body, rows).await;
}

#[tokio::test]
async fn a_model_may_insist_on_its_aliases() {
    let body = json!({"a_b": 1});
    check("/strict", body.clone(), json!([["missing", ["body", "aB"], body]])).await;
}

#[tokio::test]
async fn replies_have_aliases_unless_the_route_says_otherwise() {
    let body = json!({"in_ner": [{"a_b": 1, "c_d": "ok"}], "one": {"aB": 2}});
    let aliases = json!({"inNer": [{"aB": 1, "cD": "ok"}], "one": {"aB": 2, "cD": "x"}});
    check("/outer", body.clone(), aliases).await;
    let names = json!({"in_ner": [{"a_b": 1, "c_d": "ok"}], "one": {"a_b": 2, "c_d": "x"}});
    check("/names", body, names).await;
}

#[tokio::test]
async fn the_document_has_aliases_and_sorted_examples() {
    let (_, document) = Served::start(app()).body("/openapi.json").await;
    let document: Value = serde_json::from_str(&document).unwrap();
    let schemas = &document["components"]["schemas"];
    let expected = json!({
        "items": {"$ref": "#/components/schemas/Inner"},
        "type": "array",
        "title": "Inner",
    });
    assert_eq!(schemas["Outer"]["properties"]["inNer"].to_string(), expected.to_string());
    let expected = json!({
        "properties": {
            "a": {
                "type": "integer",
                "title": "A",
                "description": "d",
                "deprecated": true,
                "examples": [{"y": 2, "z": 1}],
                "example": {"p": 0, "q": 1},
            },
        },
        "type": "object",
        "required": ["a"],
        "title": "Shown",
        "examples": [{"a": 1, "b": {"x": 1, "y": [{"c": 2, "d": 1}]}}],
    });
    assert_eq!(schemas["Shown"].to_string(), expected.to_string());
}

#[tokio::test]
async fn an_integer_beyond_64_bits_stays_a_number_in_a_dictionary() {
    let (status, body) = Served::start(app()).body("/large").await;
    assert_eq!((status, body.as_str()), (200, r#"{"number":18446744073709551615}"#));
}

#[test]
fn a_dictionary_has_defaults_and_names_as_its_kind_says() {
    let partial = Partial { a_b: MaybeUnset::Unset, note: None };
    let text = |dict: Dict| serde_json::to_string(&dict).unwrap();
    assert_eq!(text(partial.model_dump().unwrap()), r#"{"a_b":7,"note":null}"#);
    assert_eq!(text(partial.model_dump_by_alias().unwrap()), r#"{"aB":7,"note":null}"#);
    assert_eq!(text(partial.model_dump_exclude_unset().unwrap()), r#"{"note":null}"#);
}

#[test]
fn what_a_model_dumps_it_takes_back_if_it_knows_the_names() {
    let inner = Inner { a_b: 1, c_d: "ok".to_owned() };
    assert!(Inner::model_validate(inner.model_dump().unwrap()).is_ok());
    let strict = Strict { a_b: 1 };
    assert!(Strict::model_validate(strict.model_dump().unwrap()).is_err());
    assert!(Strict::model_validate(strict.model_dump_by_alias().unwrap()).is_ok());
}

//! What an application can declare and no lesson so far does: arguments by name, moved pages.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use workbook::fastapi::{Api, Json, Path, Query, get};

use super::lesson::{answer, bodies, lesson, run};

#[derive(Deserialize, Serialize, JsonSchema)]
struct Post {
    post_id: i64,
    user_id: i64,
}

#[derive(Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
enum Order {
    Up,
    Down,
}

#[derive(Deserialize, Serialize, JsonSchema)]
struct Sorting {
    order: Option<Order>,
    #[serde(default = "half")]
    share: f64,
}

fn half() -> f64 {
    0.5
}

async fn get_post(Path(post): Path<Post>) -> Json<Post> {
    Json(post)
}

async fn sort(Query(sorting): Query<Sorting>) -> Json<Sorting> {
    Json(sorting)
}

fn app() -> Api {
    Api::new()
        .openapi_url(Some("/api/schema.json"))
        .docs_url(Some("/api/docs"))
        .redoc_url(None)
        .route("/users/{user_id}/posts/{post_id}", get(get_post))
        .route("/sort", get(sort))
}

fn undocumented() -> Api {
    Api::new().openapi_url(None).route("/sort", get(sort))
}

#[tokio::test]
async fn a_struct_takes_the_paths_parameters_by_name() {
    let run = run(&lesson(app, &[("post", "GET /users/5/posts/10", "")])).await;
    assert_eq!(bodies(&run), ["{\n  \"post_id\": 10,\n  \"user_id\": 5\n}"]);
}

#[tokio::test]
async fn optional_enums_and_floats_come_from_the_query() {
    let calls = [
        ("absent", "GET /sort", ""),
        ("given", "GET /sort?order=down&share=1e16", ""),
        ("wrong", "GET /sort?order=left", ""),
        ("endless", "GET /sort?share=inf", ""),
    ];
    let run = run(&lesson(app, &calls)).await;
    assert_eq!(
        bodies(&run)[..2],
        [
            "{\n  \"order\": null,\n  \"share\": 0.5\n}",
            "{\n  \"order\": \"down\",\n  \"share\": 1e+16\n}",
        ]
    );
    assert!(bodies(&run)[2].contains("Input should be 'up' or 'down'"));
    assert_eq!(answer(&run.results[3]), (500, "Internal Server Error"));
}

#[tokio::test]
async fn the_generated_pages_can_be_moved_and_switched_off() {
    let paths = ["/api/schema.json", "/api/docs", "/redoc", "/docs", "/openapi.json"];
    let statuses = async |app: fn() -> Api| {
        let requests = paths.map(|path| format!("GET {path}"));
        let names = ["a", "b", "c", "d", "e"];
        let calls: Vec<_> = names
            .iter()
            .zip(&requests)
            .map(|(name, request)| (*name, request.as_str(), ""))
            .collect();
        let run = run(&lesson(app, &calls)).await;
        run.results.iter().map(|result| answer(result).0).collect::<Vec<_>>()
    };
    assert_eq!(statuses(app).await, [200, 200, 404, 404, 404]);
    assert_eq!(statuses(undocumented).await, [404; 5]);
}

//! Cookies on their way in and out.

use std::time::Duration;

use reqwest::Method;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use workbook::fastapi::{
    Api, Cookie, HttpException, Json, ResponseHeaders, SameSite, SetCookie, StatusCode, get,
};

use super::served::Served;

#[derive(Deserialize, Serialize, JsonSchema)]
struct Jar {
    a: Option<String>,
    n: Option<i64>,
}

fn app() -> Api {
    Api::new().route("/read", get(read)).route("/set", get(set)).route("/refuse", get(refuse))
}

async fn read(Cookie(jar): Cookie<Jar>) -> Json<Jar> {
    Json(jar)
}

async fn set(headers: ResponseHeaders) -> Json<()> {
    headers.set_cookie(SetCookie::new("plain", "a-b.c"));
    headers.set_cookie(SetCookie::new("odd", "a b;\"ü").same_site(SameSite::Strict).path("/x"));
    let session = SetCookie::new("session", "").http_only().secure().domain("example.com");
    headers.set_cookie(session.max_age(Duration::from_mins(1)).same_site(SameSite::None));
    headers.set("x-a", "1");
    headers.set("X-A", "2");
    headers.set_status(StatusCode::ACCEPTED);
    Json(())
}

async fn refuse(headers: ResponseHeaders) -> Result<(), HttpException> {
    headers.set("x-a", "1");
    Err(HttpException::new(StatusCode::CONFLICT, "no"))
}

// ANCHOR: rows
#[tokio::test]
async fn cookies_are_read_as_pythons_http_cookies_reads_them() {
    let served = Served::start(app());
    for (header, expected) in [
        ("a=1; n=2", r#"{"a":"1","n":2}"#),
        ("a=1; a=2", r#"{"a":"2","n":null}"#),
        ("a=\"x\\\"y\\054z\"", r#"{"a":"x\"y,z","n":null}"#),
        ("a=\"\\\"", r#"{"a":"\\","n":null}"#),
        ("a=x=y=z;n= 7 ", r#"{"a":"x=y=z","n":7}"#),
        ("a=", r#"{"a":"","n":null}"#),
        ("A=1; b; ;", r#"{"a":null,"n":null}"#),
    ] {
        let request = served.request(Method::GET, "/read").header("cookie", header);
        let body = request.send().await.unwrap().text().await.unwrap();
        assert_eq!(body, expected, "{header}");
    }
}
// ANCHOR_END: rows

#[tokio::test]
async fn cookies_are_set_as_pythons_http_cookies_writes_them() {
    let served = Served::start(app());
    let reply = served.get("/set").await;
    let cookies: Vec<_> = reply.headers().get_all("set-cookie").iter().collect();
    assert_eq!(
        cookies,
        [
            "plain=a-b.c; Path=/; SameSite=lax",
            r#"odd="a b\073\"\374"; Path=/x; SameSite=strict"#,
            "session=\"\"; Domain=example.com; HttpOnly; Max-Age=60; Path=/; SameSite=none; Secure",
        ]
    );
    assert_eq!(reply.headers()["x-a"], "2");
    assert_eq!(reply.status(), 202);
}

#[tokio::test]
async fn an_error_goes_out_without_what_the_handler_has_set() {
    let served = Served::start(app());
    let reply = served.get("/refuse").await;
    assert_eq!((reply.status().as_u16(), reply.headers().contains_key("x-a")), (409, false));
}

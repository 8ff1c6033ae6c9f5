//! What is around all routes, and what is not.

use workbook::fastapi::middleware::{
    Error, HeaderName, HeaderValue, Next, ServiceRequest, ServiceResponse,
};
use workbook::fastapi::{Api, Console, Cors, Json, get};

use super::served::Served;

fn app() -> Api {
    Api::new()
        .route("/fine", get(fine))
        .route("/panics", get(panics))
        .route("/nan", get(nan))
        .middleware(inner)
        .middleware(outer)
        .wrap(Cors::new().allow_origins(["http://a"]))
}

async fn fine() -> Json<&'static str> {
    Json("fine")
}

async fn panics() -> Json<()> {
    panic!("the sky fell")
}

async fn nan() -> Json<f64> {
    Json(f64::NAN)
}

async fn inner(
    console: Console,
    request: ServiceRequest,
    next: Next,
) -> Result<ServiceResponse, Error> {
    console.print("inner");
    next.call(request).await
}

async fn outer(
    console: Console,
    request: ServiceRequest,
    next: Next,
) -> Result<ServiceResponse, Error> {
    console.print("outer");
    let mut response = next.call(request).await?;
    console.print("outer again");
    let name = HeaderName::from_static("x-outer");
    response.headers_mut().insert(name, HeaderValue::from_static("1"));
    Ok(response)
}

#[tokio::test]
async fn what_was_added_last_is_outermost() {
    let served = Served::start(app());
    assert_eq!(served.body("/fine").await.0, 200);
    assert_eq!(served.printed().await, ["outer", "inner", "outer again", "replied"]);
}

#[tokio::test]
async fn errors_of_the_router_go_through_middleware() {
    let served = Served::start(app());
    for (target, status) in [("/none", 404), ("/fine/", 307), ("/openapi.json", 200)] {
        let reply = served.get(target).await;
        assert_eq!((reply.status().as_u16(), &reply.headers()["x-outer"] == "1"), (status, true));
        assert_eq!(reply.headers()["vary"], "Origin", "{target}");
    }
}

#[tokio::test]
async fn a_failure_passes_all_middleware_and_is_a_bare_500() {
    let served = Served::start(app());
    for (target, told) in [
        ("/panics", "panic: the sky fell"),
        ("/nan", "fault: out of range float values are not JSON compliant: NaN"),
    ] {
        let reply = served.get(target).await;
        assert_eq!(reply.status().as_u16(), 500);
        let names = reply.headers().keys().map(reqwest::header::HeaderName::as_str);
        let mut names: Vec<&str> = names.filter(|name| *name != "date").collect();
        names.sort_unstable();
        assert_eq!(names, ["content-length", "content-type"]);
        assert_eq!(reply.text().await.unwrap(), "Internal Server Error");
        let printed = served.printed().await;
        assert!(printed.ends_with(&["outer".into(), "inner".into(), told.into()]), "{printed:?}");
    }
}

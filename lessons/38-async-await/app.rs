//! Coroutines: one after the other, all at once, begun early, given up, and blocked.

use std::thread;
use std::time::{Duration, Instant};

use futures_util::future::join_all;
use tokio::time::{sleep, timeout};

use crate::fastapi::middleware::{
    Error, HeaderName, HeaderValue, Next, ServiceRequest, ServiceResponse,
};
use crate::fastapi::{Api, Console, HttpException, Json, StatusCode, get};

const BREAKFAST: [&str; 5] = ["coffee", "eggs", "toast", "fruit", "juice"];

const STEP: Duration = Duration::from_millis(100);

/// Six ways to wait, each of them timed.
pub fn app() -> Api {
    Api::new()
        .middleware(add_process_time_header)
        .route("/one-by-one", get(one_by_one))
        .route("/together", get(together))
        .route("/lazy", get(lazy))
        .route("/task", get(task))
        .route("/hurry", get(hurry))
        .route("/blocked", get(blocked))
}

async fn add_process_time_header(
    _: Console,
    request: ServiceRequest,
    next: Next,
) -> Result<ServiceResponse, Error> {
    let start = Instant::now();
    let mut response = next.call(request).await?;
    let seconds = HeaderValue::try_from(start.elapsed().as_secs_f64().to_string())?;
    response.headers_mut().insert(HeaderName::from_static("x-process-time"), seconds);
    Ok(response)
}

// ANCHOR: coroutine
async fn prepare(console: Console, dish: &'static str, time: Duration) -> &'static str {
    console.print(format!("{dish}: begun"));
    sleep(time).await;
    console.print(format!("{dish}: ready"));
    dish
}
// ANCHOR_END: coroutine

// ANCHOR: handlers
async fn one_by_one(console: Console) -> Json<Vec<&'static str>> {
    let mut ready = Vec::new();
    for dish in BREAKFAST {
        ready.push(prepare(console.clone(), dish, STEP).await);
    }
    Json(ready)
}

async fn together(console: Console) -> Json<Vec<&'static str>> {
    Json(join_all(BREAKFAST.map(|dish| prepare(console.clone(), dish, STEP))).await)
}

async fn lazy(console: Console) -> Json<&'static str> {
    let eggs = prepare(console.clone(), "eggs", STEP);
    console.print("the table is laid");
    Json(eggs.await)
}

async fn task(console: Console) -> Json<[&'static str; 2]> {
    let eggs = tokio::spawn(prepare(console.clone(), "eggs", STEP));
    let coffee = prepare(console, "coffee", STEP).await;
    Json([coffee, eggs.await.expect("the task does not panic")])
}

async fn hurry(console: Console) -> Result<Json<&'static str>, HttpException> {
    let roast = prepare(console, "roast", Duration::from_mins(1));
    match timeout(STEP, roast).await {
        Ok(roast) => Ok(Json(roast)),
        Err(_) => Err(HttpException::new(StatusCode::GATEWAY_TIMEOUT, "The roast takes too long")),
    }
}

async fn blocked() -> Json<&'static str> {
    thread::sleep(STEP);
    Json("toast")
}
// ANCHOR_END: handlers

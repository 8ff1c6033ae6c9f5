//! A middleware that gives every reply an id and a time, and prints a line about it.

use std::time::{Duration, Instant};

use serde::Serialize;
use tokio::time::sleep;
use uuid::Uuid;

use crate::fastapi::middleware::{
    Error, HeaderName, HeaderValue, Next, ServiceRequest, ServiceResponse, url_path,
};
use crate::fastapi::{Api, Console, Json, get};

// ANCHOR: app
/// One route that takes its time, inside one middleware.
pub fn app() -> Api {
    Api::new().middleware(timing_middleware).route("/slow", get(slow_endpoint))
}
// ANCHOR_END: app

// ANCHOR: middleware
async fn timing_middleware(
    console: Console,
    request: ServiceRequest,
    next: Next,
) -> Result<ServiceResponse, Error> {
    let request_id = Uuid::new_v4().to_string();
    let line = format!("[{}] {} {}", &request_id[..8], request.method(), url_path(&request));
    let start = Instant::now();
    let mut response = next.call(request).await?;
    let elapsed = format!("{:.2}ms", start.elapsed().as_secs_f64() * 1000.0);
    let headers = response.headers_mut();
    headers.insert(HeaderName::from_static("x-request-id"), HeaderValue::try_from(request_id)?);
    headers.insert(HeaderName::from_static("x-process-time"), HeaderValue::try_from(&elapsed)?);
    console.print(format!("{line} - {elapsed}"));
    Ok(response)
}
// ANCHOR_END: middleware

// ANCHOR: handlers
async fn slow_endpoint() -> Json<Status> {
    sleep(Duration::from_millis(100)).await;
    Json(Status { status: "done" })
}
// ANCHOR_END: handlers

#[derive(Serialize)]
struct Status {
    status: &'static str,
}

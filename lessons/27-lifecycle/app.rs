//! Every stage that a request passes prints a line: middleware, dependency, handler, and back.

use serde::Serialize;

use crate::fastapi::middleware::{Error, Next, ServiceRequest, ServiceResponse, url_path};
use crate::fastapi::{Api, Console, Dependency, Depends, HttpException, Json, get};

// ANCHOR: app
/// One route with one dependency, inside one middleware.
pub fn app() -> Api {
    Api::new().middleware(lifecycle_middleware).route("/lifecycle", get(lifecycle_endpoint))
}
// ANCHOR_END: app

// ANCHOR: middleware
async fn lifecycle_middleware(
    console: Console,
    request: ServiceRequest,
    next: Next,
) -> Result<ServiceResponse, Error> {
    let (method, path) = (request.method(), url_path(&request));
    console.print(format!("[1] MIDDLEWARE START: {method} {path}"));
    let response = next.call(request).await?;
    console.print(format!("[5] MIDDLEWARE END: status={}", response.status().as_u16()));
    Ok(response)
}
// ANCHOR_END: middleware

// ANCHOR: dependencies
#[derive(Clone)]
struct LogDependency(&'static str);

impl Dependency for LogDependency {
    type Needs = Console;

    async fn resolve(console: Console) -> Result<Self, HttpException> {
        console.print("[2] DEPENDENCY CALLED");
        Ok(Self("dependency_value"))
    }
}
// ANCHOR_END: dependencies

// ANCHOR: handlers
async fn lifecycle_endpoint(
    Depends(LogDependency(value)): Depends<LogDependency>,
    console: Console,
) -> Json<Stage> {
    console.print(format!("[3] HANDLER CALLED: dep={value}"));
    console.print("[4] HANDLER RETURNING");
    Json(Stage { stage: "handler complete" })
}
// ANCHOR_END: handlers

#[derive(Serialize)]
struct Stage {
    stage: &'static str,
}

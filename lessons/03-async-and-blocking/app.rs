//! Handlers that wait, handlers that block, and where each of them runs.

use std::thread;
use std::time::Duration;

use serde::Serialize;

use crate::fastapi::{Api, Json, blocking, get};

/// Two handlers that block and one that waits.
pub fn app() -> Api {
    Api::new()
        .route("/sync", get(blocking(sync_handler)))
        .route("/async", get(async_handler))
        .route("/cpu", get(blocking(cpu_bound)))
}

fn sync_handler() -> Json<Mode> {
    thread::sleep(Duration::from_millis(100));
    Json(Mode { mode: "sync", note: "runs in threadpool" })
}

async fn async_handler() -> Json<Mode> {
    tokio::time::sleep(Duration::from_millis(100)).await;
    Json(Mode { mode: "async", note: "runs on event loop" })
}

fn cpu_bound() -> Json<Sum> {
    Json(Sum { result: (0..1_000_000).sum() })
}

#[derive(Serialize)]
struct Mode {
    mode: &'static str,
    note: &'static str,
}

#[derive(Serialize)]
struct Sum {
    result: u64,
}

//! Work that blocks, off the event loop: Starlette's `run_in_threadpool`.
//!
//! Handlers that are plain functions, and tasks that may block, come here by themselves.

use std::future::pending;
use std::panic::resume_unwind;

use actix_web::rt::task::spawn_blocking;

use super::logging::Context;

/// Calls a function that may block on one of the threads kept for that, and gives back what it
/// returns. What it logs belongs to the request that has called it.
///
/// # Panics
///
/// If the function does, with its words.
pub async fn run_in_threadpool<T: Send + 'static>(
    function: impl FnOnce() -> T + Send + 'static,
) -> T {
    let context = Context::current();
    match spawn_blocking(move || context.enter(function)).await {
        Ok(returned) => returned,
        Err(error) => match error.try_into_panic() {
            Ok(panic) => resume_unwind(panic),
            // The server is going down before the function could start: nobody waits for it.
            Err(_) => pending().await,
        },
    }
}

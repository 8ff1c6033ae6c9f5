//! Work that is done after the reply has been sent: FastAPI's `BackgroundTasks`.
//!
//! Tasks run one after the other, also when the client has gone. One that panics ends the rest of
//! its request's tasks, as an exception does there, and nothing else.

use std::panic::AssertUnwindSafe;
use std::sync::{Arc, Mutex, PoisonError};

use actix_web::rt;
use futures_util::FutureExt;
use futures_util::future::BoxFuture;

use super::activity::Busy;
use super::console::{Console, panic_message};

/// A handler's argument: what it adds here runs after its reply.
#[derive(Clone, Default)]
pub struct BackgroundTasks(Arc<Mutex<Vec<Task>>>);

type Task = BoxFuture<'static, ()>;

impl BackgroundTasks {
    /// Adds a call of an `async fn`; it runs on the event loop.
    pub fn add_task(&self, task: impl Future<Output = ()> + Send + 'static) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).push(Box::pin(task));
    }

    /// Adds a function that may block; it runs on the pool of threads, as a `def` does in FastAPI.
    pub fn add_blocking_task(&self, task: impl FnOnce() + Send + 'static) {
        self.add_task(async move {
            if let Err(error) = rt::task::spawn_blocking(task).await
                && let Ok(panic) = error.try_into_panic()
            {
                std::panic::resume_unwind(panic);
            }
        });
    }

    /// Takes out what was added.
    pub(super) fn take(&self) -> Vec<Task> {
        std::mem::take(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

/// Tasks that start when this is dropped, which is when their reply has been written.
pub(super) struct Scheduled {
    pub tasks: Vec<Task>,
    pub console: Console,
    pub busy: Option<Busy>,
}

impl Drop for Scheduled {
    fn drop(&mut self) {
        let (tasks, busy) = (std::mem::take(&mut self.tasks), self.busy.take());
        let console = self.console.clone();
        if !tasks.is_empty() {
            rt::spawn(run(tasks, console, busy));
        }
    }
}

/// Runs the tasks in order; the server counts as busy until the last has ended.
async fn run(tasks: Vec<Task>, console: Console, _busy: Option<Busy>) {
    for task in tasks {
        if let Err(panic) = AssertUnwindSafe(task).catch_unwind().await {
            console.panic(panic_message(panic.as_ref()));
            return;
        }
    }
}

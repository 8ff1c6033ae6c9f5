//! Work that is done after the reply has been sent: FastAPI's `BackgroundTasks`.
//!
//! Tasks run one after the other, also when the client has gone. One that panics ends the rest of
//! its request's tasks, as an exception does there, and nothing else.

use std::panic::AssertUnwindSafe;
use std::sync::{Arc, Mutex, PoisonError};

use actix_web::rt;
use futures_util::FutureExt;
use futures_util::future::{BoxFuture, LocalBoxFuture};

use super::activity::Busy;
use super::console::Console;
use super::depends::Scope;
use super::logging::Context;
use super::release::{Failure, Releases};
use super::threadpool::run_in_threadpool;

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
        self.add_task(run_in_threadpool(task));
    }

    /// Takes out what was added.
    pub(super) fn take(&self) -> Vec<Task> {
        std::mem::take(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

/// What is to be done once a reply has been written.
pub(super) struct AfterReply {
    pub tasks: Vec<Task>,
    pub releases: Releases,
    pub console: Console,
    /// The server counts as busy until the last has ended.
    pub busy: Busy,
}

/// Starts that when it is dropped, which is when the reply has been written.
pub(super) struct Scheduled(Option<LocalBoxFuture<'static, ()>>);

impl Scheduled {
    pub fn new(after: AfterReply) -> Self {
        Self(Some(Box::pin(Context::current().around(after.run()))))
    }
}

impl Drop for Scheduled {
    fn drop(&mut self) {
        if let Some(after) = self.0.take() {
            rt::spawn(after);
        }
    }
}

impl AfterReply {
    /// Runs the tasks in order, then releases the dependencies, which learn of a task's failure.
    async fn run(self) {
        let Self { tasks, releases, console, busy } = self;
        let tasks = async {
            for task in tasks {
                task.await;
            }
        };
        let ended = AssertUnwindSafe(tasks).catch_unwind().await.map_err(Failure::Panic);
        if let Err(failure) = releases.run(Scope::Request, ended).await {
            failure.tell(&console);
        }
        drop(busy);
    }
}

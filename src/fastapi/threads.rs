//! Threads on which servers answer, each with an event loop: one server at a time, which may block.
//!
//! To make such a thread takes longer than the calls of a lesson do, so it serves again and again.

use std::io;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak, mpsc};
use std::thread;

use tokio::runtime::{Builder, Runtime};

/// A cheap handle on the threads that have nothing to do; they end with the last one.
#[derive(Clone, Debug, Default)]
pub struct Threads(Arc<Mutex<Vec<Idle>>>);

/// How a thread that waits is given something to do: with it goes its own handle, which it gives
/// back when it has done it.
type Idle = mpsc::Sender<Work>;

/// What a thread does next.
struct Work {
    job: Box<dyn FnOnce(&Runtime) + Send>,
    thread: Idle,
}

impl Threads {
    /// Does something on a thread that has nothing else to do.
    pub fn run(&self, job: impl FnOnce(&Runtime) + Send + 'static) -> io::Result<()> {
        let idle = lock(&self.0).pop();
        let thread = idle.map_or_else(|| self.begin(), Ok)?;
        let work = Work { job: Box::new(job), thread: thread.clone() };
        thread.send(work).map_err(|_| io::Error::other("the thread has ended"))
    }

    fn begin(&self) -> io::Result<Idle> {
        let runtime = Builder::new_current_thread().enable_all().build()?;
        let (thread, work) = mpsc::channel();
        let idle = Arc::downgrade(&self.0);
        let answer = move || answer(&runtime, &work, &idle);
        thread::Builder::new().name("server".to_owned()).spawn(answer)?;
        Ok(thread)
    }
}

/// Does what there is to do until nobody can have anything more.
fn answer(runtime: &Runtime, work: &mpsc::Receiver<Work>, idle: &Weak<Mutex<Vec<Idle>>>) {
    while let Ok(Work { job, thread }) = work.recv() {
        job(runtime);
        // What a handler has left behind ends with this thread, and disturbs no other server.
        let is_free = runtime.metrics().num_alive_tasks() == 0;
        let Some(idle) = idle.upgrade().filter(|_| is_free) else { return };
        lock(&idle).push(thread);
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;
    use std::future::pending;
    use std::sync::mpsc::{self, RecvTimeoutError};
    use std::thread;
    use std::time::Duration;

    use super::Threads;

    #[test]
    fn a_thread_serves_again_and_again() {
        let threads = Threads::default();
        let ran_on = || {
            let (sender, id) = mpsc::channel();
            threads.run(move |_| sender.send(thread::current().id()).unwrap()).unwrap();
            id.recv().unwrap()
        };
        let different: HashSet<_> = (0..100).map(|_| ran_on()).collect();
        assert!(different.len() < 100, "one is made each time");
    }

    #[test]
    fn what_is_left_behind_ends_with_its_thread() {
        let threads = Threads::default();
        let (left, end) = mpsc::channel::<()>();
        let leave = async move {
            let _left = left;
            pending::<()>().await;
        };
        threads.run(|runtime| drop(runtime.spawn(leave))).unwrap();
        assert_eq!(end.recv_timeout(Duration::from_secs(30)), Err(RecvTimeoutError::Disconnected));
    }
}

//! What a server is busy with: exchanges whose reply is not out yet, tasks that run after it, and
//! sockets that are open.
//!
//! Whoever stops a server, or wants to know all that a request has caused, waits here.

use tokio::sync::watch;

/// A cheap handle on the counts of one server.
#[derive(Clone, Debug, Default)]
pub struct Activity(watch::Sender<Counts>);

#[derive(Clone, Copy, Debug, Default)]
struct Counts {
    exchanges: usize,
    tasks: usize,
    sockets: usize,
    is_stopping: bool,
}

/// Something that a server is busy with until this is dropped.
#[derive(Debug)]
pub struct Busy {
    activity: Activity,
    counter: fn(&mut Counts) -> &mut usize,
}

impl Activity {
    /// A request has come.
    pub fn exchange(&self) -> Busy {
        self.begin(|counts| &mut counts.exchanges)
    }

    /// Tasks are to run.
    pub fn tasks(&self) -> Busy {
        self.begin(|counts| &mut counts.tasks)
    }

    /// A socket has been asked for, or opened.
    pub fn socket(&self) -> Busy {
        self.begin(|counts| &mut counts.sockets)
    }

    /// Asks all sockets to close.
    pub fn stop(&self) {
        self.0.send_modify(|counts| counts.is_stopping = true);
    }

    /// Tells when that has been asked.
    pub fn stopping(&self) -> Stopping {
        Stopping(self.0.subscribe())
    }

    /// Waits until every reply is out and every task has ended.
    pub async fn idle(&self) {
        self.until(|counts| counts.exchanges == 0 && counts.tasks == 0).await;
    }

    /// Waits until every task has ended, and every socket with its handler.
    pub async fn tasks_done(&self) {
        self.until(|counts| counts.tasks == 0 && counts.sockets == 0).await;
    }

    fn begin(&self, counter: fn(&mut Counts) -> &mut usize) -> Busy {
        self.0.send_modify(|counts| *counter(counts) += 1);
        Busy { activity: self.clone(), counter }
    }

    async fn until(&self, reached: impl Fn(&Counts) -> bool) {
        // The sender is ours, so that waiting for it cannot fail.
        let _ = self.0.subscribe().wait_for(reached).await;
    }
}

/// The wish that all sockets close.
#[derive(Debug)]
pub struct Stopping(watch::Receiver<Counts>);

impl Stopping {
    /// Waits for it.
    pub async fn come(&mut self) {
        // The server that could ask for it may have gone: then nobody will.
        if self.0.wait_for(|counts| counts.is_stopping).await.is_err() {
            std::future::pending::<()>().await;
        }
    }
}

impl Drop for Busy {
    fn drop(&mut self) {
        self.activity.0.send_modify(|counts| *(self.counter)(counts) -= 1);
    }
}

//! What a server is busy with: exchanges whose reply is not out yet, and tasks that run after it.
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

    /// Waits until every reply is out and every task has ended.
    pub async fn idle(&self) {
        self.until(|counts| counts.exchanges == 0 && counts.tasks == 0).await;
    }

    /// Waits until every task has ended.
    pub async fn tasks_done(&self) {
        self.until(|counts| counts.tasks == 0).await;
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

impl Drop for Busy {
    fn drop(&mut self) {
        self.activity.0.send_modify(|counts| *(self.counter)(counts) -= 1);
    }
}

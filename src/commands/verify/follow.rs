//! Follows lessons while they run: how far it is, and whether that is far enough.

use std::cell::RefCell;
use std::convert::Infallible;
use std::future;
use std::io;
use std::time::{Duration, Instant};

use crate::cli::Verify;
use crate::course::Lesson;
use crate::engine::{CallResult, Watcher};
use crate::report::live::{self, Standing};
use crate::report::verification;
use crate::report::verified::{Verified, title};
use crate::terminal::Terminal;

/// How often the line is drawn.
const EVERY: Duration = Duration::from_millis(100);

/// What is known while lessons run.
pub struct Follow {
    terminal: Terminal,
    /// Whether each lesson is shown as soon as it has ended.
    shows_lessons: bool,
    fail_fast: bool,
    state: RefCell<State>,
}

#[derive(Default)]
struct State {
    standing: Standing,
    /// The lessons that are running, the one that started first in front.
    running: Vec<(u32, String, Instant)>,
    /// Whether something is not as it should be.
    failed: bool,
}

impl Follow {
    /// For lessons of which none has started. For people they are shown as they end, unless
    /// several rounds have to be seen before anything can be said.
    pub fn new(arguments: &Verify, for_people: bool, terminal: Terminal) -> Self {
        let shows_lessons = for_people && arguments.repeat.get() == 1;
        let state = RefCell::default();
        Self { terminal, shows_lessons, fail_fast: arguments.fail_fast, state }
    }

    /// Someone who follows this lesson, which starts now.
    pub fn watch(&self, lesson: &Lesson) -> Watch<'_> {
        let row = (lesson.number, title(lesson), Instant::now());
        self.state.borrow_mut().running.push(row);
        Watch { follow: self, lesson: lesson.number, calls_left: lesson.script.calls.len() }
    }

    /// Whether no further lesson should start.
    pub fn is_over(&self) -> bool {
        self.fail_fast && self.state.borrow().failed
    }

    /// Takes note of a lesson that has ended, and shows it if it is time.
    pub fn show(&self, verified: &Verified) -> io::Result<()> {
        self.state.borrow_mut().failed |= !verified.is_good();
        if self.shows_lessons {
            self.clear();
            self.terminal.tell(&verification::lesson(verified, self.terminal.look))?;
        }
        Ok(())
    }

    /// Draws the line again and again, for as long as it is polled.
    pub async fn draw(&self, total: usize) -> Infallible {
        let Some(width) = self.terminal.live else { return future::pending().await };
        loop {
            tokio::time::sleep(EVERY).await;
            let line = {
                let State { standing, running, .. } = &*self.state.borrow();
                let longest = running.first();
                let longest = longest.map(|(_, title, start)| (title.clone(), start.elapsed()));
                live::line(&Standing { total, longest, ..standing.clone() }, width)
            };
            self.terminal.redraw(&line);
        }
    }

    /// Takes the line away.
    pub fn clear(&self) {
        self.terminal.redraw("");
    }
}

/// Follows one lesson.
pub struct Watch<'a> {
    follow: &'a Follow,
    lesson: u32,
    calls_left: usize,
}

impl Watcher for Watch<'_> {
    fn after(&mut self, result: &CallResult) {
        let mut state = self.follow.state.borrow_mut();
        state.standing.calls += 1;
        state.standing.bad += usize::from(!result.is_good());
        state.failed |= !result.is_good();
        self.calls_left -= 1;
        if self.calls_left == 0 {
            state.standing.done += 1;
            state.running.retain(|(number, ..)| *number != self.lesson);
        }
    }
}

//! The lines that a child process writes to one of its pipes, collected while it runs.
//! Reading never stops before the pipe ends, so that the child never blocks on it.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::io::{AsyncBufRead, AsyncBufReadExt};
use tokio::task::JoinHandle;

/// How long a pipe may stay open after the child's end (a process of its own may hold it).
const LINGER: Duration = Duration::from_secs(1);

/// A pipe that is being read in the background.
#[derive(Debug)]
pub(super) struct Output {
    lines: Lines,
    reader: JoinHandle<()>,
}

impl Output {
    /// Reads `pipe` to its end into `lines`.
    pub(super) fn collect<P>(mut pipe: P, lines: Lines) -> Self
    where
        P: AsyncBufRead + Unpin + Send + 'static,
    {
        let sink = lines.clone();
        let reader = tokio::spawn(async move {
            while let Some(line) = next_line(&mut pipe).await {
                sink.push(line);
            }
        });
        Self { lines, reader }
    }

    /// The lines so far.
    pub(super) fn lines(&self) -> Vec<String> {
        self.lines.to_vec()
    }

    /// All lines, when the child has ended.
    pub(super) async fn finish(mut self) -> Vec<String> {
        if tokio::time::timeout(LINGER, &mut self.reader).await.is_err() {
            self.reader.abort();
        }
        self.lines()
    }
}

/// The last lines of an output, shared with whoever reads it.
#[derive(Debug, Clone)]
pub(super) struct Lines {
    kept: Arc<Mutex<VecDeque<String>>>,
    limit: usize,
}

impl Lines {
    /// No lines yet, and never more than `limit`.
    pub(super) fn new(limit: usize) -> Self {
        Self { kept: Arc::default(), limit }
    }

    pub(super) fn push(&self, line: String) {
        let mut kept = self.lock();
        kept.push_back(line);
        if kept.len() > self.limit {
            kept.pop_front();
        }
    }

    pub(super) fn to_vec(&self) -> Vec<String> {
        self.lock().iter().cloned().collect()
    }

    fn lock(&self) -> MutexGuard<'_, VecDeque<String>> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The next line of `pipe` without its end, or `None` at the end of the pipe. Bytes that
/// are not UTF-8 are replaced; a pipe that cannot be read has ended.
pub(super) async fn next_line(pipe: &mut (impl AsyncBufRead + Unpin)) -> Option<String> {
    let mut bytes = Vec::new();
    match pipe.read_until(b'\n', &mut bytes).await {
        Ok(0) | Err(_) => None,
        Ok(_) => {
            let text = String::from_utf8_lossy(&bytes);
            let line = text.strip_suffix('\n').unwrap_or(&text);
            Some(line.strip_suffix('\r').unwrap_or(line).to_owned())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn check(written: &'static [u8], limit: usize, expected: &[&str]) {
        assert_eq!(Output::collect(written, Lines::new(limit)).finish().await, expected);
    }

    #[tokio::test]
    async fn lines_are_kept_as_written_without_their_ends() {
        check(b"", 9, &[]).await;
        check(b"one\ntwo\n", 9, &["one", "two"]).await;
        check(b" one \r\n\n\ntwo\n", 9, &[" one ", "", "", "two"]).await;
    }

    #[tokio::test]
    async fn a_last_line_needs_no_end() {
        check(b"one\ntwo", 9, &["one", "two"]).await;
    }

    #[tokio::test]
    async fn bytes_that_are_not_text_do_not_end_the_reading() {
        check(b"\xff\nnext\n", 9, &["\u{fffd}", "next"]).await;
    }

    #[tokio::test]
    async fn only_the_last_lines_are_kept() {
        check(b"1\n2\n3\n4\n", 2, &["3", "4"]).await;
    }
}

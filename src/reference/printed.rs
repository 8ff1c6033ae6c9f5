//! What a lesson prints, cut where `launch.py` writes its marks: at the end of each reply, and when
//! nothing is open any more. A mark is a line of its own, and starts with a NUL as no other does.

use tokio::io::AsyncBufRead;
use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};

use super::output::next_line;
use crate::course::Prints;

/// The mark at the end of a reply; what comes after it is printed by background tasks.
pub(super) const REPLIED: &str = "\0replied";

/// The mark that answers the question whether everything has come to its end.
pub(super) const SETTLED: &str = "\0settled";

/// The lines of a lesson's stdout, read as they come: the lesson never blocks on it.
#[derive(Debug)]
pub(super) struct Printed(UnboundedReceiver<String>);

impl Printed {
    /// Reads `pipe` to its end.
    pub(super) fn collect<P>(mut pipe: P) -> Self
    where
        P: AsyncBufRead + Unpin + Send + 'static,
    {
        let (sender, receiver) = unbounded_channel();
        tokio::spawn(async move {
            while let Some(line) = next_line(&mut pipe).await {
                // Without a receiver, nobody wants the lines; the pipe is emptied all the same.
                let _ = sender.send(line);
            }
        });
        Self(receiver)
    }

    /// What was printed until everything had come to its end, before and after the first reply;
    /// `None` if the pipe ends before that.
    pub(super) async fn until_settled(&mut self) -> Option<Prints> {
        let (mut lines, mut before) = (Vec::new(), None);
        loop {
            let line = self.0.recv().await?;
            let mark = [REPLIED, SETTLED].into_iter().find(|mark| line.ends_with(mark));
            let text = line.strip_suffix(mark.unwrap_or_default()).unwrap_or_default();
            // A mark ends a line that the lesson has not ended itself.
            if mark.is_none() || !text.is_empty() {
                lines.push(text.to_owned());
            }
            match mark {
                Some(REPLIED) => before = before.or(Some(lines.len())),
                Some(_) => break,
                None => {}
            }
        }
        let (before, later) = lines.split_at(before.unwrap_or(lines.len()));
        Some(Prints::new(before, later))
    }
}

#[cfg(test)]
mod tests {
    use super::{Printed, Prints};

    async fn check(written: &'static str, expected: &[Option<(&[&str], &[&str])>]) {
        let mut printed = Printed::collect(written.as_bytes());
        for expected in expected {
            let lines = |lines: &[&str]| lines.iter().map(ToString::to_string).collect::<Vec<_>>();
            let expected = expected.map(|(one, other)| Prints::new(&lines(one), &lines(other)));
            assert_eq!(printed.until_settled().await, expected, "{written:?}");
        }
    }

    #[tokio::test]
    async fn lines_are_told_apart_by_the_marks_between_them() {
        check("\0settled\n", &[Some((&[], &[])), None]).await;
        check("a\n\nb\n\0settled\n", &[Some((&["a", "", "b"], &[]))]).await;
        check("a\n\0replied\nb\n\0settled\n", &[Some((&["a"], &["b"]))]).await;
        check("\0replied\n\0replied\nb\n\0settled\n", &[Some((&[], &["b"]))]).await;
        let two = "\0replied\na\n\0settled\nb\n\0replied\n\0settled\n";
        check(two, &[Some((&[], &["a"])), Some((&["b"], &[])), None]).await;
    }

    #[tokio::test]
    async fn a_mark_ends_the_line_that_the_lesson_has_begun() {
        check("a\0replied\n\nb\0settled\n", &[Some((&["a"], &["", "b"]))]).await;
    }

    #[tokio::test]
    async fn what_only_looks_like_a_mark_is_a_line() {
        check(
            "replied\nsettled\n\0settled x\n\0settled\n",
            &[Some((&["replied", "settled", "\0settled x"], &[]))],
        )
        .await;
    }

    #[tokio::test]
    async fn an_output_that_ends_is_not_settled() {
        check("a\n\0replied\nb", &[None]).await;
    }
}

//! `workbook run --step`: predict the status of each reply before the request is sent.

use super::Failure;
use super::target::Servers;
use crate::course::call::batches;
use crate::course::{Call, Lesson};
use crate::engine::{CallResult, LessonRun, verdict};
use crate::report::exchange::{self, Detail};
use crate::snapshot::Snapshots;
use crate::terminal::Terminal;

/// What the learner said would come.
enum Guess {
    Status(u16),
    /// `4xx`, as its first digit.
    Family(u16),
    Skipped,
    Quit,
}

/// The predictions so far.
#[derive(Default)]
struct Score {
    right: usize,
    guessed: usize,
}

/// Runs a lesson call by call, asking before and telling after.
pub async fn run(
    lesson: &Lesson,
    servers: &Servers,
    terminal: Terminal,
) -> Result<LessonRun, Failure> {
    let recorded = Snapshots::read(lesson)?.into_messages();
    let (mut session, look) = (servers.session(lesson).await?, terminal.look);
    terminal.out(&exchange::heading(lesson, session.base_url(), servers.place(), look))?;
    terminal.out("     Which status will come back? 404, or 4xx; Enter skips, q quits.\n\n")?;
    let (mut results, mut score) = (Vec::new(), Score::default());
    'script: for batch in batches(&lesson.script.calls) {
        let mut guesses = Vec::new();
        for (offset, call) in batch.iter().enumerate() {
            match ask(results.len() + offset + 1, call, terminal)? {
                Guess::Quit => break 'script,
                guess => guesses.push(guess),
            }
        }
        let exchanges = session.fire(batch).await;
        for (exchange, guess) in exchanges.into_iter().zip(guesses) {
            let result = verdict::judge(lesson, exchange, &recorded);
            let reply = exchange::reply(lesson, &result, terminal.look, Detail::Full);
            // What is said about a call often tells its status, so it has to wait for the guess.
            let said = exchange::said(&result.exchange.call, terminal.look);
            terminal.out(&format!("{reply}{said}{}\n", score.note(&guess, &result)))?;
            results.push(result);
        }
    }
    let base_url = session.base_url().to_owned();
    let took = session.age();
    let output = session.stop().await;
    let run = LessonRun { base_url, results, output, took };
    terminal.out(&exchange::output(&run.output, terminal.look, Detail::Full))?;
    terminal.out(&format!("{}\n", score.sentence()))?;
    Ok(run)
}

fn ask(number: usize, call: &Call, terminal: Terminal) -> Result<Guess, Failure> {
    terminal.out(&exchange::request(number, call, terminal.look, Detail::Full))?;
    loop {
        let Some(answer) = terminal.ask("   ? ")? else {
            terminal.out("\n")?;
            return Ok(Guess::Quit);
        };
        match read_guess(&answer) {
            Some(guess) => return Ok(guess),
            None => terminal.out("     a status is a number from 100 to 599, or 2xx to 5xx\n")?,
        }
    }
}

fn read_guess(answer: &str) -> Option<Guess> {
    let answer = answer.to_ascii_lowercase();
    match answer.as_str() {
        "" => Some(Guess::Skipped),
        "q" | "quit" => Some(Guess::Quit),
        _ => match answer.strip_suffix("xx") {
            Some(family) => {
                family.parse().ok().filter(|digit| (1..=5).contains(digit)).map(Guess::Family)
            }
            None => {
                answer.parse().ok().filter(|status| (100..=599).contains(status)).map(Guess::Status)
            }
        },
    }
}

impl Score {
    /// Counts a guess and says whether it was right.
    fn note(&mut self, guess: &Guess, result: &CallResult) -> String {
        let Some(status) = result.actual.as_ref().map(|reply| reply.status) else {
            return String::new();
        };
        let right = match guess {
            Guess::Status(guessed) => *guessed == status,
            Guess::Family(guessed) => *guessed == status / 100,
            Guess::Skipped | Guess::Quit => return String::new(),
        };
        self.guessed += 1;
        self.right += usize::from(right);
        let words = if right { "you were right" } else { "not what you expected" };
        format!("     {words} · {} of {}\n", self.right, self.guessed)
    }

    fn sentence(&self) -> String {
        match self.guessed {
            0 => "no predictions this time".to_owned(),
            guessed => format!("{} of {guessed} predictions were right", self.right),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Guess, read_guess};

    #[test]
    fn a_guess_is_a_status_a_family_a_skip_or_the_end() {
        assert!(matches!(read_guess("404"), Some(Guess::Status(404))));
        assert!(matches!(read_guess("4XX"), Some(Guess::Family(4))));
        assert!(matches!(read_guess(""), Some(Guess::Skipped)));
        assert!(matches!(read_guess("q"), Some(Guess::Quit)));
        for nonsense in ["ok", "99", "600", "9xx", "-1", "4x"] {
            assert!(read_guess(nonsense).is_none(), "{nonsense}");
        }
    }
}

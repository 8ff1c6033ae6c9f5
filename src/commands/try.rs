//! `workbook try`: requests of the learner's own, to the server of a lesson.

mod bench;
mod request;

use std::io;

use super::{Exit, Failure};
use crate::cli::Try;
use crate::course::{Call, Course, Lesson};
use crate::progress;
use crate::report::trial;
use crate::terminal::Terminal;
use crate::terminal::prompt::Typed;

use bench::Bench;

/// What ends the prompt, besides Ctrl-D.
const ENDINGS: [&str; 3] = ["q", "quit", "exit"];

/// What the prompt explains itself at.
const QUESTIONS: [&str; 2] = ["help", "?"];

/// Sends the request of the arguments, or else those that are typed or come from stdin.
pub async fn try_out(
    arguments: &Try,
    course: &Course,
    terminal: Terminal,
) -> Result<Exit, Failure> {
    let lesson = course.lesson(&arguments.lesson)?;
    if !arguments.request.words.is_empty() {
        let call = request::call(&arguments.request, Some(terminal)).map_err(Failure::Usage)?;
        let mut bench = Bench::start(&lesson, arguments, terminal).await?;
        let replied = bench.ask(&call).await?;
        bench.stop().await?;
        return Ok(exit(replied));
    }
    if !arguments.request.is_empty() {
        let why = "there is no request that this could go with";
        return Err(Failure::Usage(format!("{why}\nname one: {}", example(&lesson))));
    }
    if terminal.interactive {
        converse(&lesson, arguments, terminal).await
    } else {
        read_all(&lesson, arguments, terminal).await
    }
}

/// Asks for one request after the other.
async fn converse(lesson: &Lesson, arguments: &Try, terminal: Terminal) -> Result<Exit, Failure> {
    let mut bench = Bench::start(lesson, arguments, terminal).await?;
    terminal.out(&trial::greeting(lesson, terminal.look))?;
    let mut prompt = terminal.prompt(progress::history())?;
    let question = format!("{} › ", lesson.number);
    loop {
        let line = match prompt.read(&question)? {
            Typed::Line(line) => line.trim().to_owned(),
            Typed::Nothing => continue,
            Typed::End => break,
        };
        match line.as_str() {
            "" => {}
            ending if ENDINGS.contains(&ending) => break,
            question if QUESTIONS.contains(&question) => terminal.out(trial::HELP)?,
            line => match request::typed(line) {
                Ok(call) => drop(bench.ask(&call).await?),
                Err(why) => terminal.note(&format!("{why}\n`help` shows what can be typed\n")),
            },
        }
    }
    if let Err(error) = prompt.keep() {
        terminal.note(&format!("what you typed could not be kept: {error}"));
    }
    bench.stop().await?;
    Ok(Exit::Good)
}

/// Sends what stdin has, a request a line, until there is no more or a line makes no sense.
async fn read_all(lesson: &Lesson, arguments: &Try, terminal: Terminal) -> Result<Exit, Failure> {
    let mut bench: Option<Bench> = None;
    let (mut number, mut replied) = (0, true);
    let ended = loop {
        let call = match next(&mut number, terminal) {
            Ok(Some(call)) => call,
            ended => break ended,
        };
        let bench = match &mut bench {
            Some(bench) => bench,
            none => none.insert(Bench::start(lesson, arguments, terminal).await?),
        };
        replied &= bench.ask(&call).await?;
    };
    let is_empty = bench.is_none();
    if let Some(bench) = bench {
        bench.stop().await?;
    }
    ended?;
    if is_empty {
        let why = "there is no request, neither as an argument nor on stdin";
        return Err(Failure::Usage(format!("{why}\nname one: {}", example(lesson))));
    }
    Ok(exit(replied))
}

/// What the next line of stdin asks for that is neither blank nor a comment; `None` at the end.
fn next(number: &mut usize, terminal: Terminal) -> Result<Option<Call>, Failure> {
    loop {
        *number += 1;
        let wrong = |why: String| Failure::Usage(format!("stdin, line {number}: {why}"));
        let line = match terminal.read_line() {
            Ok(Some(line)) => line,
            Ok(None) => return Ok(None),
            Err(error) if error.kind() == io::ErrorKind::InvalidData => {
                let why = "this is no UTF-8\nsend bytes like that from a file: `-d @FILE`";
                return Err(wrong(why.to_owned()));
            }
            Err(error) => return Err(error.into()),
        };
        let line = line.trim();
        if !line.is_empty() && !line.starts_with('#') {
            return request::typed(line).map(Some).map_err(wrong);
        }
    }
}

fn exit(replied: bool) -> Exit {
    if replied { Exit::Good } else { Exit::CouldNotRun }
}

fn example(lesson: &Lesson) -> String {
    let request = lesson.script.calls.first().map_or_else(|| "GET /".to_owned(), Call::request);
    format!("workbook try {} '{request}'", lesson.number)
}

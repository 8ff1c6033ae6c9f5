//! `workbook compare`: FastAPI, the snapshots and our server side by side, live.

use std::time::Duration;

use super::{Exit, Failure, fire_at_reference, named_or_all, reference_environment};
use crate::cli::Compare;
use crate::course::call::batches;
use crate::course::{Call, Course, Lesson};
use crate::engine::{Caller, Client, Outcome, Session};
use crate::fuzz::{self, Agreement, Answers, Budget, Generator, Pair, shrink};
use crate::reference::{Environment, Server};
use crate::report::comparison;
use crate::snapshot::Snapshots;
use crate::terminal::Terminal;

/// The most time that one lesson's search takes.
const TIME: Duration = Duration::from_mins(10);

/// How many differing requests are shown for one lesson.
const SHOWN: usize = 10;

/// Compares the named lessons, or all.
pub async fn compare(
    arguments: &Compare,
    course: &Course,
    terminal: Terminal,
) -> Result<Exit, Failure> {
    let lessons = named_or_all(course, &arguments.lessons)?;
    let environment = reference_environment(terminal).await?;
    let mut differing = 0;
    for lesson in &lessons {
        differing += match arguments.fuzz {
            Some(requests) => {
                let search = Search { lesson, environment: &environment, terminal };
                search.run(requests, arguments.seed).await?
            }
            None => scripted(lesson, &environment, terminal).await?,
        };
    }
    Ok(if differing == 0 { Exit::Good } else { Exit::Differs })
}

/// Fires the script at both servers and shows each call on which two voices differ.
async fn scripted(
    lesson: &Lesson,
    environment: &Environment,
    terminal: Terminal,
) -> Result<usize, Failure> {
    let recorded = Snapshots::read(lesson)?.into_messages();
    let mut server = Server::start(environment, &lesson.folder()).await?;
    let mut reference = Caller::new(&server.base_url, Client::unpooled()?);
    let mut session = Session::start(lesson, Client::new()?).await?;
    let mut differing = 0;
    for batch in batches(&lesson.script.calls) {
        let theirs = fire_at_reference(batch, &mut reference, &mut server).await?;
        let ours = session.fire(batch).await;
        for (theirs, ours) in theirs.iter().zip(&ours) {
            let answers = Answers { reference: fuzz::message(theirs), actual: fuzz::message(ours) };
            let recorded = recorded.get(&theirs.call.name);
            let as_recorded = answers.reference.as_ref().ok() == recorded;
            let alike = match answers.agreement() {
                Agreement::Same => true,
                Agreement::Diverges(_) => theirs.call.diverges.is_some(),
                Agreement::Differs(_) | Agreement::Broken(_) => false,
            };
            if !as_recorded || !alike {
                differing += 1;
                let shown = comparison::voices(&theirs.call, &answers, recorded, terminal.look);
                terminal.tell(&shown)?;
            }
        }
    }
    session.stop().await;
    server.stop().await?;
    let calls = lesson.script.calls.len();
    terminal.tell(&format!("{}: {calls} calls, {differing} differ\n", lesson.number))?;
    Ok(differing)
}

/// A search for requests on which the two servers differ.
struct Search<'a> {
    lesson: &'a Lesson,
    environment: &'a Environment,
    terminal: Terminal,
}

impl Search<'_> {
    async fn run(&self, requests: usize, seed: u64) -> Result<usize, Failure> {
        let budget = Budget::new(requests, TIME);
        let mut generator = self.generator(seed).await?;
        let (mut sent, mut diverging, mut differing) = (0, 0, 0);
        while !budget.is_spent(sent) && differing < SHOWN {
            // A diverging request may leave the servers in different states: then both start anew.
            let server = Server::start(self.environment, &self.lesson.folder()).await?;
            let session = Session::start(self.lesson, Client::new()?).await?;
            let (reference_client, actual_client) = (Client::unpooled()?, Client::new()?);
            let pair = Pair {
                reference: &server.base_url,
                actual: session.base_url(),
                reference_client: &reference_client,
                actual_client: &actual_client,
            };
            while !budget.is_spent(sent) && differing < SHOWN {
                let call = generator.request();
                sent += 1;
                match pair.ask(&call).await.agreement() {
                    Agreement::Same => {}
                    Agreement::Diverges(_) => {
                        diverging += 1;
                        if call.method != "GET" {
                            break;
                        }
                    }
                    Agreement::Differs(_) | Agreement::Broken(_) => {
                        differing += 1;
                        self.show(&call, &pair).await?;
                    }
                }
            }
            // What thousands of requests have left to do in the background is not waited for: the
            // reference's process ends as it is dropped.
            session.abandon().await;
        }
        self.terminal.tell(&comparison::searched(self.lesson, sent, diverging, differing))?;
        Ok(differing)
    }

    async fn generator(&self, seed: u64) -> Result<Generator, Failure> {
        let mut session = Session::start(self.lesson, Client::new()?).await?;
        let exchanges = session.fire(&[Call::sketch("GET", "/openapi.json")]).await;
        session.stop().await;
        let document = match exchanges.first().and_then(|exchange| exchange.outcomes.first()) {
            Some(Outcome::Reply(reply)) => serde_json::from_slice(&reply.body).ok(),
            _ => None,
        };
        Ok(Generator::new(self.lesson, &document.unwrap_or_default(), seed))
    }

    async fn show(&self, call: &Call, pair: &Pair<'_>) -> Result<(), Failure> {
        let smallest = shrink(call, pair).await;
        let answers = pair.ask(&smallest).await;
        let shown = comparison::mismatch(&smallest, &answers, pair.actual, self.terminal.look);
        Ok(self.terminal.tell(&shown)?)
    }
}

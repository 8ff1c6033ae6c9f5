//! The servers that requests are tried on, up until the last of them: the lesson's own and, if that
//! is wanted, the real FastAPI.

use std::slice;

use crate::cli::Try;
use crate::commands::{Failure, fire_at_reference, reference_environment};
use crate::course::nearest::nearest;
use crate::course::{Call, Lesson};
use crate::engine::{Caller, Client, Outcome, Recorded, Session};
use crate::reference::Server;
use crate::report::exchange::{self, Detail, Place};
use crate::report::trial::{self, Trial};
use crate::snapshot::Snapshots;
use crate::terminal::Terminal;

/// What requests are tried on. What they change stays until it is stopped.
pub struct Bench<'a> {
    lesson: &'a Lesson,
    recorded: Recorded,
    session: Session,
    reference: Option<(Server, Caller)>,
    detail: Detail,
    terminal: Terminal,
    asked: usize,
}

impl<'a> Bench<'a> {
    /// Starts the servers.
    pub async fn start(
        lesson: &'a Lesson,
        arguments: &Try,
        terminal: Terminal,
    ) -> Result<Self, Failure> {
        let recorded = Snapshots::read(lesson)?.into_messages();
        let reference =
            if arguments.reference { Some(start_reference(lesson, terminal).await?) } else { None };
        let session = Session::start(lesson, Client::new()?).await?;
        let detail = if arguments.verbose { Detail::Full } else { Detail::Brief };
        let look = terminal.look;
        let heading = exchange::heading(lesson, session.base_url(), Place::ThisProcess, look);
        terminal.out(&format!("{heading}\n"))?;
        Ok(Self { lesson, recorded, session, reference, detail, terminal, asked: 0 })
    }

    /// Sends a request and shows what came of it. Gives back whether a reply came.
    pub async fn ask(&mut self, call: &Call) -> Result<bool, Failure> {
        let look = self.terminal.look;
        self.asked += 1;
        self.terminal.out(&exchange::request(self.asked, call, look, self.detail))?;
        let call = slice::from_ref(call);
        let mut exchanges = self.session.fire(call).await;
        let exchange = exchanges.remove(0);
        let reference = match &mut self.reference {
            Some((server, caller)) => fire_at_reference(call, caller, server).await?.pop(),
            None => None,
        };
        let replied = matches!(exchange.outcomes.first(), Some(Outcome::Reply(_)));
        let nearest = nearest(&exchange.call, &self.lesson.script.calls);
        let recorded = nearest.and_then(|call| self.recorded.get(&call.name));
        let trial = Trial { exchange, nearest, recorded, reference };
        self.terminal.out(&format!("{}\n", trial::outcome(&trial, look, self.detail)))?;
        Ok(replied)
    }

    /// Stops the servers, and shows what was printed for no request.
    pub async fn stop(self) -> Result<(), Failure> {
        let output = self.session.stop().await;
        self.terminal.out(&exchange::output(&output, self.terminal.look, self.detail))?;
        if let Some((server, _)) = self.reference {
            server.stop().await?;
        }
        Ok(())
    }
}

async fn start_reference(lesson: &Lesson, terminal: Terminal) -> Result<(Server, Caller), Failure> {
    let environment = reference_environment(terminal).await?;
    let server = Server::start(&environment, &lesson.folder()).await?;
    let caller = Caller::new(&server.base_url, Client::unpooled()?);
    Ok((server, caller))
}

//! The servers that `run` and `verify` call: each lesson's own, or the one that `--target` names.

use super::Failure;
use crate::cli;
use crate::course::Lesson;
use crate::engine::{Client, EngineError, Session, Target};
use crate::report::exchange::Place;
use crate::terminal::Terminal;

/// Where calls go.
pub struct Servers {
    client: Client,
    target: Option<Target>,
}

impl Servers {
    /// What the arguments ask for. Without leave, no call goes to another machine.
    pub fn of(arguments: &cli::Target) -> Result<Self, Failure> {
        let refused =
            |error: &dyn ToString| Failure::Usage(format!("`--target`: {}", error.to_string()));
        let target = arguments.target.as_deref().map(Target::parse).transpose();
        let target = target.map_err(|error| refused(&error))?;
        if let Some(target) = target.as_ref().filter(|target| !target.is_loopback())
            && !arguments.allow_remote
        {
            return Err(refused(&format!(
                "{} is on another machine, and the calls create, change and delete things\n\
                 if it may be called like that, add `--allow-remote`",
                target.base_url()
            )));
        }
        // Other servers may close a connection without saying so; the next call must not meet that.
        let client = if target.is_some() { Client::unpooled()? } else { Client::new()? };
        Ok(Self { client, target })
    }

    /// Makes sure that the other server listens, and says what cannot be known of it.
    pub async fn reach(&self, terminal: Terminal) -> Result<(), EngineError> {
        let Some(target) = &self.target else { return Ok(()) };
        target.reach().await?;
        let base_url = target.base_url();
        terminal.note(&format!("what {base_url} prints cannot be seen, so it is not judged"));
        Ok(())
    }

    /// What to do where replies differ.
    pub fn advise(&self, terminal: Terminal) {
        if self.target.is_some() {
            terminal.note(
                "a lesson that keeps state expects a freshly started server: restart yours before \
                 you run this again",
            );
        }
    }

    /// Begins to call the server of a lesson.
    pub async fn session(&self, lesson: &Lesson) -> Result<Session, EngineError> {
        match &self.target {
            Some(target) => Ok(Session::at(target, self.client.clone())),
            None => Session::start(lesson, self.client.clone()).await,
        }
    }

    /// The words for where the servers are.
    pub fn place(&self) -> Place {
        if self.target.is_some() { Place::Elsewhere } else { Place::ThisProcess }
    }

    /// Where the other server is, if it is another one.
    pub fn target(&self) -> Option<&str> {
        self.target.as_ref().map(Target::base_url)
    }
}

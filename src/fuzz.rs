//! Requests that nobody wrote by hand: made from a lesson's OpenAPI document and script, sent to
//! FastAPI and to our server alike, and shrunk where the two answer differently.
//!
//! Everything follows from a seed. What is sent and what came back is data here; showing it is
//! `report`'s.

mod form;
mod generate;
mod pool;
mod shrink;

use std::time::{Duration, Instant};

use futures_util::future::join;

use crate::course::divergence::{self, Divergence};
use crate::course::{Call, Message};
use crate::engine::compare::{Difference, compare};
use crate::engine::{Caller, Client, Exchange, Outcome, masked};

pub use generate::Generator;
pub use shrink::shrink;

/// Two servers that should answer alike.
pub struct Pair<'a> {
    /// Where FastAPI listens.
    pub reference: &'a str,
    /// Where our server listens.
    pub actual: &'a str,
    /// Sends to FastAPI: a connection for each call.
    pub reference_client: &'a Client,
    /// Sends to our server.
    pub actual_client: &'a Client,
}

/// What the two servers answered to one request.
#[derive(Clone, Debug)]
pub struct Answers {
    /// FastAPI's answer, or why there is none.
    pub reference: Result<Message, String>,
    /// Our server's.
    pub actual: Result<Message, String>,
}

/// How two answers relate.
#[derive(Clone, Debug, PartialEq)]
pub enum Agreement {
    /// They are the same.
    Same,
    /// They differ as a divergence says.
    Diverges(&'static Divergence),
    /// They differ, in these places.
    Differs(Vec<Difference>),
    /// At least one of them is missing; says why.
    Broken(String),
}

impl Pair<'_> {
    /// Sends a request to both servers.
    pub async fn ask(&self, call: &Call) -> Answers {
        let reference = answer(self.reference_client, call, self.reference);
        let actual = answer(self.actual_client, call, self.actual);
        let (reference, actual) = join(reference, actual).await;
        Answers { reference, actual }
    }
}

impl Answers {
    /// How they relate.
    pub fn agreement(&self) -> Agreement {
        let (reference, actual) = match (&self.reference, &self.actual) {
            (Ok(reference), Ok(actual)) => (reference, actual),
            (Err(theirs), Err(ours)) => {
                return Agreement::Broken(format!("FastAPI: {theirs}; our server: {ours}"));
            }
            (Err(why), Ok(_)) => return Agreement::Broken(format!("FastAPI: {why}")),
            (Ok(_), Err(why)) => return Agreement::Broken(format!("our server: {why}")),
        };
        let differences = compare(reference, actual);
        if differences.is_empty() {
            return Agreement::Same;
        }
        let explained = divergence::ALL.iter().find(|row| (row.explains)(reference, actual));
        explained.map_or(Agreement::Differs(differences), Agreement::Diverges)
    }
}

async fn answer(client: &Client, call: &Call, base_url: &str) -> Result<Message, String> {
    let mut caller = Caller::new(base_url, client.clone());
    let exchanges = caller.fire(std::slice::from_ref(call)).await;
    exchanges.first().map_or_else(|| Err("no reply".to_owned()), message)
}

/// What came of an exchange's first copy, as it is compared; or why there is no reply.
pub fn message(exchange: &Exchange) -> Result<Message, String> {
    match exchange.outcomes.first() {
        Some(Outcome::Reply(reply)) => Ok(masked(exchange, reply).0),
        Some(Outcome::Broken(cause)) => Err(cause.clone()),
        Some(Outcome::TimedOut) | None => Err("no reply in time".to_owned()),
    }
}

/// A bound on how long a search goes on.
#[derive(Clone, Copy, Debug)]
pub struct Budget {
    /// How many requests.
    pub requests: usize,
    /// Until when.
    pub until: Instant,
}

impl Budget {
    /// So many requests within so much time.
    pub fn new(requests: usize, time: Duration) -> Self {
        Self { requests, until: Instant::now() + time }
    }

    /// Whether it is used up after so many requests.
    pub fn is_spent(&self, requests: usize) -> bool {
        requests >= self.requests || Instant::now() >= self.until
    }
}

//! What varies between runs of the same lesson: each reply is held against that of an earlier one.

use super::LessonRun;
use super::compare::{Difference, compare};
use crate::course::Message;

/// How many different values of one place are kept.
const KEPT: usize = 8;

/// A place of a reply that does not always hold the same.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Varying {
    /// The call, by name.
    pub call: String,
    /// The place: `interim`, `status`, `header x-request-id`, `$.id`, `body`, `printed`,
    /// `printed later`; or `reply` where there sometimes is none.
    pub place: String,
    /// What was there, each value once; JSON as it is written, `None` where there was nothing.
    pub values: Vec<Option<String>>,
}

/// What varied between the runs of a lesson.
#[derive(Debug, Default)]
pub struct Variations {
    found: Vec<Varying>,
}

impl Variations {
    /// Notes a run of the lesson beside one before it.
    pub fn note(&mut self, before: &LessonRun, now: &LessonRun) {
        for (before, now) in before.results.iter().zip(&now.results) {
            let name = &now.exchange.call.name;
            for (place, before, now) in differing(before.actual.as_ref(), now.actual.as_ref()) {
                add(&mut self.found, name, &place, [before, now]);
            }
        }
    }

    /// What varied, in the order in which it was noticed.
    pub fn found(&self) -> &[Varying] {
        &self.found
    }
}

type Place = (String, Option<String>, Option<String>);

/// The places at which two replies differ, with what they hold there.
fn differing(before: Option<&Message>, now: Option<&Message>) -> Vec<Place> {
    let (before, now) = match (before, now) {
        (Some(before), Some(now)) => (before, now),
        (None, None) => return Vec::new(),
        (before, now) => {
            let line = |reply: Option<&Message>| reply.map(Message::status_line);
            return vec![("reply".to_owned(), line(before), line(now))];
        }
    };
    let place = |difference| match difference {
        Difference::Value { place, recorded, actual } => (place, recorded, actual),
        Difference::Lines { place, .. } => {
            let (before, now) = (text_at(&place, before), text_at(&place, now));
            (place, Some(before), Some(now))
        }
    };
    compare(before, now).into_iter().map(place).collect()
}

/// The text of a reply that is compared line by line.
fn text_at(place: &str, reply: &Message) -> String {
    let printed = reply.prints.lists().into_iter().find(|(name, _)| *name == place);
    printed.map_or_else(|| reply.body.clone(), |(_, lines)| lines.join("\n"))
}

fn add(found: &mut Vec<Varying>, call: &str, place: &str, values: [Option<String>; 2]) {
    let known = found.iter().position(|one| one.call == call && one.place == place);
    let index = known.unwrap_or_else(|| {
        let (call, place) = (call.to_owned(), place.to_owned());
        found.push(Varying { call, place, values: Vec::new() });
        found.len() - 1
    });
    let kept = &mut found[index].values;
    for value in values {
        if !kept.contains(&value) && kept.len() < KEPT {
            kept.push(value);
        }
    }
}

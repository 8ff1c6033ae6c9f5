//! What `verify` found out, as all of its reports read it: lessons with their runs, calls with all
//! that is to be said about them, and the places in files that show it.

use std::collections::HashMap;
use std::fmt;
use std::time::Duration;

use super::curl;
use super::diff;
use super::prose::Look;
use crate::course::mask::guess;
use crate::course::{Call, Lesson};
use crate::engine::arrival::Unpaced;
use crate::engine::compare::Difference;
use crate::engine::variation::{Variations, Varying};
use crate::engine::{CallResult, Finding, LessonRun};

/// A report in a file knows no terminal.
pub const PLAIN: Look = Look { width: 80, colour: false };

/// The program that verifies, for reports that name it.
pub const VERIFIED_BY: &str = concat!("workbook ", env!("CARGO_PKG_VERSION"));

/// The longest of several varying values shown on one line, in characters.
const VALUE: usize = 60;

/// All that `verify` found out.
#[derive(Debug, Default)]
pub struct Verification {
    /// The lessons that were run.
    pub lessons: Vec<Verified>,
    /// Those that were not, because it ended before them.
    pub not_run: Vec<Lesson>,
    /// How many times everything was checked.
    pub rounds: usize,
    /// The seed of the order, if it was a random one.
    pub seed: Option<u64>,
    /// The server that was called, if it was not the lessons' own.
    pub target: Option<String>,
    /// Which part of the lessons this is: `1/4`.
    pub shard: Option<String>,
    /// How long it took.
    pub took: Duration,
    /// Why it ended before the end.
    pub stopped: Option<Stopped>,
}

/// Why the rest could not be found out.
#[derive(Debug)]
pub struct Stopped {
    /// What was wrong, and what to do.
    pub message: String,
    /// The file and the line that show it.
    pub place: Option<Place>,
}

/// A line of a file of the course.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// The file, relative to the course's folder.
    pub file: String,
    /// The line, counted from 1.
    pub line: usize,
}

impl fmt::Display for Place {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{}:{}", self.file, self.line)
    }
}

/// Calls and lessons, counted.
#[derive(Clone, Copy, Debug, Default)]
pub struct Count {
    /// All calls.
    pub calls: usize,
    /// Those that are not as they should be.
    pub bad: usize,
    /// Those that differ as their divergences declare.
    pub diverging: usize,
}

impl Verification {
    /// Whether everything is as it should be.
    pub fn is_good(&self) -> bool {
        self.stopped.is_none() && self.lessons.iter().all(Verified::is_good)
    }

    /// The calls that are not as they should be.
    pub fn bad(&self) -> impl Iterator<Item = Judged<'_>> {
        self.lessons.iter().flat_map(Verified::calls).filter(|judged| !judged.is_good())
    }

    /// Why some lessons were not run.
    pub fn why_not_run(&self) -> &'static str {
        match self.stopped {
            Some(_) => "because the check ended before",
            None => "because another one failed before (--fail-fast)",
        }
    }

    /// All calls that were made.
    pub fn count(&self) -> Count {
        self.lessons.iter().map(Verified::count).fold(Count::default(), |sum, one| Count {
            calls: sum.calls + one.calls,
            bad: sum.bad + one.bad,
            diverging: sum.diverging + one.diverging,
        })
    }
}

/// A lesson that was run, perhaps several times.
#[derive(Debug)]
pub struct Verified {
    /// The lesson.
    pub lesson: Lesson,
    /// Its first run that was not good, or else its first.
    pub run: LessonRun,
    /// What differed between its runs.
    pub variations: Variations,
    /// The lines of snapshots on which calls differ, by their names.
    pub lines: HashMap<String, usize>,
}

impl Verified {
    /// A lesson after its first run.
    pub fn new(lesson: Lesson, run: LessonRun) -> Self {
        Self { lesson, run, variations: Variations::default(), lines: HashMap::new() }
    }

    /// Notes another run.
    pub fn note(&mut self, run: LessonRun) {
        self.variations.note(&self.run, &run);
        if self.run.is_good() && !run.is_good() {
            self.run = run;
        }
    }

    /// Whether every call came out as it should each time, and the same each time.
    pub fn is_good(&self) -> bool {
        self.run.is_good() && self.variations.found().is_empty()
    }

    /// Its calls, in the order of the script.
    pub fn calls(&self) -> impl Iterator<Item = Judged<'_>> {
        self.run.results.iter().map(|result| {
            let name = &result.exchange.call.name;
            let varying = self.variations.found().iter().filter(|one| one.call == *name);
            Judged { lesson: &self.lesson, result, varying: varying.collect(), verified: self }
        })
    }

    /// Its calls, counted.
    pub fn count(&self) -> Count {
        Count {
            calls: self.run.results.len(),
            bad: self.calls().filter(|call| !call.is_good()).count(),
            diverging: self.run.results.iter().filter(|result| result.diverges()).count(),
        }
    }

    /// `14 · HTTPException for client errors`.
    pub fn title(&self) -> String {
        title(&self.lesson)
    }
}

/// `14 · HTTPException for client errors`.
pub fn title(lesson: &Lesson) -> String {
    format!("{} · {}", lesson.number, lesson.script.title)
}

/// A call of a verified lesson.
pub struct Judged<'a> {
    /// Its lesson.
    pub lesson: &'a Lesson,
    /// What came of it.
    pub result: &'a CallResult,
    /// What varied from run to run.
    pub varying: Vec<&'a Varying>,
    verified: &'a Verified,
}

impl Judged<'_> {
    /// Whether there is nothing to be said against it.
    pub fn is_good(&self) -> bool {
        self.result.is_good() && self.varying.is_empty()
    }

    /// The call as it was made.
    pub fn call(&self) -> &Call {
        &self.result.exchange.call
    }

    /// One word for the worst that is wrong with it.
    pub fn kind(&self) -> &'static str {
        match self.result.findings.first() {
            _ if !self.varying.is_empty() => VARIES,
            Some(finding) => kind(finding),
            None => "good",
        }
    }

    /// One line for it.
    pub fn headline(&self) -> String {
        if !self.varying.is_empty() {
            let places = self.varying.iter().map(|one| one.place.as_str());
            return sentence(places.collect(), ("varies", "vary"), "from run to run");
        }
        match self.result.findings.first() {
            Some(Finding::Differs(differences)) => {
                let places = differences.iter().map(Difference::place).collect();
                sentence(places, ("differs", "differ"), "from what is recorded")
            }
            Some(finding) => {
                let first = diff::lines_of(finding, self.result, PLAIN).into_iter().next();
                first.unwrap_or_else(|| kind(finding).to_owned())
            }
            None => "as recorded".to_owned(),
        }
    }

    /// Everything that is wrong with it, line by line.
    pub fn lines(&self, look: Look) -> Vec<String> {
        let mut lines = diff::findings(self.result, look);
        lines.extend(self.varying.iter().flat_map(|one| varying(one, look)));
        lines.extend(self.advice());
        lines
    }

    /// How a varying reply is dealt with; nothing for one that does not vary.
    fn advice(&self) -> Vec<String> {
        let how = match self.mask() {
            None if self.varying.is_empty() => return Vec::new(),
            None => "no mask can cover that: make the server answer alike".to_owned(),
            Some(mask) if self.call().masks.is_empty() => {
                format!("if that is as it should be, mask it in the call:\n{mask}")
            }
            Some(mask) => format!("if that is as it should be, replace the call's masks:\n{mask}"),
        };
        how.lines().map(str::to_owned).collect()
    }

    /// The key of the script that would mask what varies, if anything does and one can.
    pub fn mask(&self) -> Option<String> {
        if self.varying.is_empty() {
            return None;
        }
        let varying: Vec<(&str, &[Option<String>])> =
            self.varying.iter().map(|one| (one.place.as_str(), one.values.as_slice())).collect();
        guess::suggestion(&self.call().masks, &varying)
    }

    /// Where the script has the call.
    pub fn script(&self) -> Place {
        Place { file: self.lesson.script_name(), line: self.call().line }
    }

    /// The path of its snapshot as people write it.
    pub fn snapshot_file(&self) -> String {
        self.lesson.snapshot_name(&self.call().name)
    }

    /// Where the snapshot has what differs, as far as that is known.
    pub fn snapshot(&self) -> Option<Place> {
        let line = *self.verified.lines.get(&self.call().name)?;
        Some(Place { file: self.snapshot_file(), line })
    }

    /// The place of the reply at which it first differs, if it is one.
    pub fn first_place(&self) -> Option<&str> {
        let finding = self.result.findings.iter().find_map(|finding| match finding {
            Finding::Differs(differences) => differences.first().map(Difference::place),
            Finding::NotAsDocumented(unmet) => unmet.first().map(|part| part.place.as_str()),
            _ => None,
        });
        finding.or_else(|| self.varying.first().map(|one| one.place.as_str()))
    }

    /// The command that sent it.
    pub fn curl(&self) -> String {
        curl::command(self.call(), &self.result.exchange.base_url)
    }
}

/// The kind of a call whose reply is not always the same.
pub const VARIES: &str = "varies";

/// The kind of a finding, a name for machines.
pub fn kind(finding: &Finding) -> &'static str {
    match finding {
        Finding::Differs(_) => "differs",
        Finding::NotRecorded => "not-recorded",
        Finding::NotAsDocumented(_) => "not-as-documented",
        Finding::ErratumNoLongerHolds => "erratum-no-longer-holds",
        Finding::DivergenceNoLongerHolds => "divergence-no-longer-holds",
        Finding::NotAsDiverging(_) => "not-as-diverging",
        Finding::MaskMissed(_) => "mask-missed",
        Finding::Panicked(_) => "panicked",
        Finding::StillBusy(_) => "still-busy",
        Finding::TimedOut(_) => "timed-out",
        Finding::Broken(_) => "connection-broke",
        Finding::Chunks(Unpaced::TooFew { .. }) => "too-few-chunks",
        Finding::Chunks(Unpaced::TooEarly { .. }) => "chunk-too-early",
        Finding::Chunks(Unpaced::TooLate { .. }) => "chunk-too-late",
        Finding::TooEarly { .. } => "too-early",
        Finding::TooLate { .. } => "too-late",
    }
}

/// `$.a differs from …`, `$.a, $.b and 2 more differ from …`.
fn sentence(places: Vec<&str>, (one, many): (&str, &str), rest: &str) -> String {
    let verb = if places.len() == 1 { one } else { many };
    let shown = places.iter().take(3).copied().collect::<Vec<_>>().join(", ");
    match places.len().saturating_sub(3) {
        0 => format!("{shown} {verb} {rest}"),
        hidden => format!("{shown} and {hidden} more {verb} {rest}"),
    }
}

/// The values of a place that varies; of texts, how the second differs from the first.
pub fn varying(one: &Varying, look: Look) -> Vec<String> {
    let mut lines = vec![format!("{} varies from run to run", one.place)];
    match one.values.as_slice() {
        [Some(first), Some(second), ..] if first.contains('\n') || second.contains('\n') => {
            lines.extend(
                diff::text_lines(first, second, look).iter().map(|line| format!("  {line}")),
            );
        }
        values => lines.extend(values.iter().map(|value| match value {
            Some(value) if value.chars().count() > VALUE => {
                format!("  {}…", value.chars().take(VALUE).collect::<String>())
            }
            Some(value) => format!("  {value}"),
            None => "  (absent)".to_owned(),
        })),
    }
    lines
}

/// A text without the characters that no XML and no YAML may hold, not even escaped: control
/// characters are shown by the signs that Unicode has for them.
pub fn printable(text: &str) -> String {
    let shown = |character: char| match character {
        '\n' | '\t' => character,
        '\u{0}'..='\u{1f}' => {
            char::from_u32(0x2400 + character as u32).unwrap_or(char::REPLACEMENT_CHARACTER)
        }
        '\u{7f}' => '␡',
        '\u{80}'..='\u{9f}' | '\u{2028}' | '\u{2029}' | '\u{feff}' | '\u{fffe}' | '\u{ffff}' => {
            char::REPLACEMENT_CHARACTER
        }
        character => character,
    };
    text.chars().map(shown).collect()
}

#[cfg(test)]
mod tests {
    use super::printable;

    #[test]
    fn what_xml_and_yaml_cannot_hold_is_shown_by_signs() {
        let text = "a\n\tb\u{1b}[1m\r\u{0}\u{7f}\u{85}\u{2028}\u{ffff}é";
        assert_eq!(printable(text), "a\n\tb␛[1m␍␀␡\u{fffd}\u{fffd}\u{fffd}é");
    }
}

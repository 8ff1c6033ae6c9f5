//! What `verify --report json` writes, as types: the document and its JSON Schema come from them.

use schemars::JsonSchema;
use schemars::generate::SchemaSettings;
use serde::Serialize;

use super::{VERSION, millis, pretty};
use crate::course::expectation::Unmet;
use crate::course::{Lesson, Message, Says};
use crate::engine::compare::Difference;
use crate::engine::{CallResult, Finding};
use crate::report::diff;
use crate::report::verified::{self, Judged, PLAIN, Place, VERIFIED_BY, Verification, Verified};

/// What `workbook verify` found out. Keys may be added to a version; `version` changes when the
/// meaning of a key does. Times are in milliseconds; files are relative to the course's folder.
#[derive(Debug, JsonSchema, Serialize)]
#[schemars(title = "workbook verify --report json")]
struct Document<'a> {
    /// The version of this document.
    #[schemars(extend("const" = VERSION))]
    version: u32,
    /// The program and its version.
    program: &'a str,
    /// Whether every call of every lesson is as it should be.
    good: bool,
    /// How many times everything was checked; less than wanted if the check ended before.
    repeat: usize,
    /// The seed of the order, if it was a random one.
    seed: Option<u64>,
    /// The server that was called, if it was not the lessons' own; what it prints is not judged.
    target: Option<&'a str>,
    /// Which part of the lessons this is, as `1/4`, if it is a part.
    shard: Option<&'a str>,
    /// The lessons that were run.
    lessons: Vec<LessonRow<'a>>,
    /// The lessons that were not run: after `--fail-fast`, or because the check ended before.
    not_run: Vec<NotRun<'a>>,
    /// Why the check ended before its end, if it did.
    stopped: Option<Stopped<'a>>,
    /// Everything, counted.
    summary: Summary,
}

/// A lesson that was run.
#[derive(Debug, JsonSchema, Serialize)]
struct LessonRow<'a> {
    /// Its number.
    number: u32,
    /// Its short name.
    slug: &'a str,
    /// Its title.
    title: &'a str,
    /// The part of the course that it belongs to.
    group: &'a str,
    /// Whether every call is as it should be.
    good: bool,
    /// From its server's start to the last reply.
    took_ms: f64,
    /// What the server printed that belongs to no single call.
    printed: &'a [String],
    /// Its calls, in the order of the script; of several runs, those of the first that was not
    /// good, or else of the first.
    calls: Vec<CallRow<'a>>,
}

/// A call that was made.
#[derive(Debug, JsonSchema, Serialize)]
struct CallRow<'a> {
    /// Its name.
    name: &'a str,
    /// Method and target.
    request: String,
    /// Who says what is said about it.
    source: Source,
    /// What is said about it.
    says: &'a str,
    /// The statuses of the interim replies before it, such as 100.
    interim: Vec<u16>,
    /// The status of the reply; null if none came.
    status: Option<u16>,
    /// Whether it is as it should be.
    good: bool,
    /// The name of the deliberate difference from FastAPI that it shows, if it does.
    diverges: Option<&'a str>,
    /// From sending to the last byte of the reply.
    took_ms: f64,
    /// What the server printed before the reply was complete.
    printed: &'a [String],
    /// What the server printed after it.
    printed_later: &'a [String],
    /// Everything that is not as it should be; empty for a good call.
    findings: Vec<FindingRow>,
    /// The `mask = […]` of the script that would cover what varies, if something does.
    mask: Option<String>,
    /// Where the script has the call.
    script: PlaceRow,
    /// The file of its recorded reply, and the line at which the reply differs from it.
    snapshot: SnapshotRow,
}

/// Who says it.
#[derive(Debug, JsonSchema, Serialize)]
#[serde(rename_all = "kebab-case")]
enum Source {
    /// The lesson's document has it.
    Document,
    /// The course adds it.
    Extra,
}

/// Something that is not as it should be.
#[derive(Debug, JsonSchema, Serialize)]
struct FindingRow {
    /// What it is: `differs`, `not-recorded`, `not-as-documented`, `erratum-no-longer-holds`,
    /// `divergence-no-longer-holds`, `not-as-diverging`, `mask-missed`, `panicked`, `still-busy`,
    /// `timed-out`, `connection-broke`, `too-early`, `too-late` or `varies`.
    kind: &'static str,
    /// The places of the reply that show it.
    places: Vec<ValueRow>,
    /// The same for people, line by line.
    text: Vec<String>,
}

/// A place of a reply: `interim`, `status`, `header allow`, `$.detail`, `body`, `printed`.
#[derive(Debug, JsonSchema, Serialize)]
struct ValueRow {
    /// The place.
    place: String,
    /// What should be there (recorded, documented or declared); null if nothing, or if it is a text
    /// that only `text` shows. JSON as it is written.
    expected: Option<String>,
    /// What is there instead; null likewise. JSON as it is written.
    actual: Option<String>,
    /// The different values of a place that varies.
    values: Vec<Option<String>>,
}

/// A line of a file.
#[derive(Debug, JsonSchema, Serialize)]
struct PlaceRow {
    /// The file.
    file: String,
    /// The line, counted from 1.
    line: usize,
}

/// A snapshot.
#[derive(Debug, JsonSchema, Serialize)]
struct SnapshotRow {
    /// The file.
    file: String,
    /// The line at which the reply first differs, counted from 1; null if it does not.
    line: Option<usize>,
}

/// A lesson that was not run.
#[derive(Debug, JsonSchema, Serialize)]
struct NotRun<'a> {
    /// Its number.
    number: u32,
    /// Its short name.
    slug: &'a str,
}

/// Why the rest could not be found out.
#[derive(Debug, JsonSchema, Serialize)]
struct Stopped<'a> {
    /// What was wrong, and what to do.
    message: &'a str,
    /// The line that shows it, if one does.
    place: Option<PlaceRow>,
}

/// Everything, counted.
#[derive(Debug, JsonSchema, Serialize)]
struct Summary {
    /// Lessons that were run.
    lessons: usize,
    /// Calls that were made, each counted once however often it was repeated.
    calls: usize,
    /// Calls that are not as they should be.
    differing: usize,
    /// Calls that differ from FastAPI as listed.
    diverging: usize,
    /// Lessons that were not run.
    not_run: usize,
    /// How long all of it took.
    took_ms: f64,
}

/// The document.
pub fn render(found: &Verification) -> String {
    let count = found.count();
    pretty(&Document {
        version: VERSION,
        program: VERIFIED_BY,
        good: found.is_good(),
        repeat: found.rounds,
        seed: found.seed,
        target: found.target.as_deref(),
        shard: found.shard.as_deref(),
        lessons: found.lessons.iter().map(lesson).collect(),
        not_run: found.not_run.iter().map(not_run).collect(),
        stopped: found.stopped.as_ref().map(|stopped| Stopped {
            message: &stopped.message,
            place: stopped.place.clone().map(place),
        }),
        summary: Summary {
            lessons: found.lessons.len(),
            calls: count.calls,
            differing: count.bad,
            diverging: count.diverging,
            not_run: found.not_run.len(),
            took_ms: millis(found.took),
        },
    })
}

/// Its JSON Schema.
pub fn schema() -> String {
    let settings = SchemaSettings::default().for_serialize();
    pretty(&settings.into_generator().into_root_schema_for::<Document<'_>>())
}

fn lesson(verified: &Verified) -> LessonRow<'_> {
    let lesson = &verified.lesson;
    LessonRow {
        number: lesson.number,
        slug: &lesson.slug,
        title: &lesson.script.title,
        group: &lesson.script.group,
        good: verified.is_good(),
        took_ms: millis(verified.run.took),
        printed: &verified.run.output,
        calls: verified.calls().map(call).collect(),
    }
}

fn not_run(lesson: &Lesson) -> NotRun<'_> {
    NotRun { number: lesson.number, slug: &lesson.slug }
}

fn call(judged: Judged<'_>) -> CallRow<'_> {
    let result = judged.result;
    let call = &result.exchange.call;
    let snapshot = SnapshotRow {
        file: judged.snapshot_file(),
        line: judged.snapshot().map(|place| place.line),
    };
    CallRow {
        name: &call.name,
        request: call.request(),
        source: match call.says {
            Says::Document(_) => Source::Document,
            Says::Extra(_) => Source::Extra,
        },
        says: call.says.text(),
        interim: result.actual.as_ref().map(Message::interim_codes).unwrap_or_default(),
        status: result.actual.as_ref().map(|reply| reply.status),
        good: judged.is_good(),
        diverges: call.diverges.as_ref().map(|(divergence, _)| divergence.name),
        took_ms: millis(result.exchange.took),
        printed: &result.prints().before,
        printed_later: &result.prints().later,
        findings: findings(&judged),
        mask: judged.mask(),
        script: place(judged.script()),
        snapshot,
    }
}

fn findings(judged: &Judged<'_>) -> Vec<FindingRow> {
    let of_result = judged.result.findings.iter().map(|one| finding(one, judged.result));
    let varying = judged.varying.iter().map(|one| FindingRow {
        kind: verified::VARIES,
        places: vec![ValueRow {
            place: one.place.clone(),
            expected: None,
            actual: None,
            values: one.values.clone(),
        }],
        text: verified::varying(one, PLAIN),
    });
    of_result.chain(varying).collect()
}

fn finding(finding: &Finding, result: &CallResult) -> FindingRow {
    let places = match finding {
        Finding::Differs(differences) => differences.iter().map(difference).collect(),
        Finding::NotAsDocumented(unmet) | Finding::NotAsDiverging(unmet) => {
            unmet.iter().map(claim).collect()
        }
        _ => Vec::new(),
    };
    let text = diff::lines_of(finding, result, PLAIN);
    FindingRow { kind: verified::kind(finding), places, text }
}

fn difference(difference: &Difference) -> ValueRow {
    let (expected, actual) = match difference {
        Difference::Value { recorded, actual, .. } => (recorded.clone(), actual.clone()),
        Difference::Lines { .. } => (None, None),
    };
    ValueRow { place: difference.place().to_owned(), expected, actual, values: Vec::new() }
}

fn claim(unmet: &Unmet) -> ValueRow {
    ValueRow {
        place: unmet.place.clone(),
        expected: Some(unmet.claimed.clone()),
        actual: unmet.found.clone(),
        values: Vec::new(),
    }
}

fn place(Place { file, line }: Place) -> PlaceRow {
    PlaceRow { file, line }
}

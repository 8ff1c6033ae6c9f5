//! Every lesson of the registry, run in this process; insta compares each reply with its snapshot.
//!
//! The snapshots are FastAPI's replies. Nothing here may ever write one: `.config/insta.yaml` says
//! so, and the first thing these tests do is to refuse an environment that says otherwise.

use std::panic::{AssertUnwindSafe, catch_unwind};

use futures_util::StreamExt;
use insta::internals::Content;
use insta::{Settings, assert_snapshot};
use workbook::course::{Course, Lesson, Message, Says};
use workbook::engine::arrival::Unpaced;
use workbook::engine::{self, CallResult, Client, Finding, LessonRun, Recorded, Session};
use workbook::reference;
use workbook::snapshot::{self, Snapshots, file_text};

/// insta's switches that would write snapshots or let any reply pass.
const SWITCHES: [&str; 4] =
    ["INSTA_UPDATE", "INSTA_FORCE_PASS", "INSTA_FORCE_UPDATE", "INSTA_FORCE_UPDATE_SNAPSHOTS"];

// ANCHOR: lessons
#[tokio::test]
async fn every_lesson_answers_as_recorded_and_documented() {
    refuse_to_record();
    let mut wrong = Vec::new();
    for (lesson, run) in run_all_lessons().await {
        assert_eq!(run.results.len(), lesson.script.calls.len(), "{}", lesson.script_name());
        wrong.extend(run.results.iter().flat_map(|result| mistakes(&lesson, result)));
    }
    assert!(wrong.is_empty(), "{} findings\n{}", wrong.len(), wrong.join("\n"));
}
// ANCHOR_END: lessons

#[test]
fn every_snapshot_is_byte_for_byte_what_record_writes() {
    for lesson in lessons() {
        let snapshots = Snapshots::read(&lesson).unwrap();
        for call in &lesson.script.calls {
            let path = lesson.snapshot(&call.name);
            let snapshot =
                snapshots.get(&call.name).unwrap_or_else(|| panic!("{path:?} is missing"));
            let text = file_text(&lesson, call, &snapshot.message, &reference::version());
            let file = std::fs::read_to_string(&path).unwrap();
            assert_eq!(snapshot::as_recorded(&file), text, "{path:?}");
            let read_by_insta = insta::Snapshot::from_file(&path).unwrap();
            let contents = read_by_insta.contents().as_text().unwrap().to_string();
            assert_eq!(contents, snapshot.message.to_text(), "{path:?}");
        }
    }
}

#[test]
fn a_comparison_that_fails_writes_nothing() {
    refuse_to_record();
    let folder = tempfile::tempdir().unwrap();
    let text = "---\nsource: x\n---\nHTTP/1.1 200 OK\n";
    std::fs::write(folder.path().join("known.snap"), text).unwrap();
    let mut settings = Settings::new();
    settings.set_snapshot_path(folder.path());
    settings.set_prepend_module_to_snapshot(false);
    for name in ["known", "unknown"] {
        let compare = || settings.bind(|| assert_snapshot!(name, "HTTP/1.1 404 Not Found"));
        assert!(catch_unwind(AssertUnwindSafe(compare)).is_err(), "{name}");
    }
    let left: Vec<_> =
        folder.path().read_dir().unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert_eq!(left, ["known.snap"]);
    assert_eq!(std::fs::read_to_string(folder.path().join("known.snap")).unwrap(), text);
}

fn lessons() -> Vec<Lesson> {
    Course::new(env!("CARGO_MANIFEST_DIR")).lessons().unwrap()
}

async fn run_all_lessons() -> Vec<(Lesson, LessonRun)> {
    let client = Client::new().unwrap();
    let lessons = lessons();
    let recorded = |lesson| Snapshots::read(lesson).unwrap().into_messages();
    let recorded: Vec<Recorded> = lessons.iter().map(recorded).collect();
    let start = async |lesson: &Lesson| Session::start(lesson, client.clone()).await;
    let all = lessons.iter().zip(&recorded);
    let runs = engine::run_all(all, engine::AT_ONCE, &start, &|_| ()).map(Result::unwrap);
    runs.map(|(lesson, run)| (lesson.clone(), run)).collect().await
}

/// What is wrong with a call, each line with the place to look at.
fn mistakes(lesson: &Lesson, result: &CallResult) -> Vec<String> {
    let call = &result.exchange.call;
    let place = format!("{}:{}: {}", lesson.script_name(), call.line, call.name);
    // Upper bounds are for `verify`: here a busy machine must not fail a test.
    let findings = result.findings.iter().filter(|finding| {
        !matches!(finding, Finding::TooLate { .. } | Finding::Chunks(Unpaced::TooLate { .. }))
    });
    let mut lines: Vec<String> = findings.map(|finding| format!("{place}: {finding:?}")).collect();
    // A divergence is not the recorded reply by definition: the engine has judged it.
    let comparable = result.actual.as_ref().filter(|_| call.diverges.is_none());
    if comparable.is_some_and(|actual| !insta_accepts(lesson, &call.name, actual)) {
        lines.push(format!("{place}: insta's diff is above"));
    }
    lines
}

fn insta_accepts(lesson: &Lesson, name: &str, actual: &Message) -> bool {
    let call = lesson.call(name).unwrap();
    let (key, says) = match &call.says {
        Says::Document(text) => (lesson.script.document.name(), text),
        Says::Extra(text) => ("extra", text),
    };
    let row = |key: &str, value: &str| (Content::from(key), Content::from(value));
    let mut settings = Settings::new();
    settings.set_snapshot_path(lesson.snapshots());
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.set_description(call.request());
    settings.set_raw_info(&Content::Map(vec![
        row("recorded_from", &reference::version()),
        row(key, says),
    ]));
    let compare = || settings.bind(|| assert_snapshot!(name, actual.to_text()));
    catch_unwind(AssertUnwindSafe(compare)).is_ok()
}

fn refuse_to_record() {
    for switch in SWITCHES {
        let value = std::env::var(switch).unwrap_or_default();
        assert!(
            matches!(value.as_str(), "" | "no" | "0"),
            "{switch}={value}: snapshots come from FastAPI, unset it and use `workbook record`"
        );
    }
}

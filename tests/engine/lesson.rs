//! Lessons made for one test: an application and a script.

use std::path::{Path, PathBuf};

use workbook::course::{Lesson, script};
use workbook::engine::{self, CallResult, Client, LessonRun, Recorded};
use workbook::fastapi::Api;

/// A lesson of these calls; each row is a name, a request and more keys of the call.
pub fn lesson(app: fn() -> Api, calls: &[(&str, &str, &str)]) -> Lesson {
    let mut text = "title = 'A'\ngroup = 'B'\ntutorial = 'C'\n".to_owned();
    for (name, request, more) in calls {
        text += &format!("[[call]]\nname = '{name}'\nrequest = {request:?}\n");
        let says = if more.contains("extra =") { "" } else { "extra = ''\n" };
        text += &format!("{says}{more}\n");
    }
    let script = script::parse(Path::new("lesson.toml"), &text);
    let script = script.unwrap_or_else(|mistake| panic!("{mistake}"));
    Lesson { number: 1, slug: "made".to_owned(), script: script.into(), root: PathBuf::new(), app }
}

/// Runs a lesson of which nothing is recorded yet.
pub async fn run(lesson: &Lesson) -> LessonRun {
    run_against(lesson, &Recorded::new()).await
}

/// Runs a lesson against what is recorded.
pub async fn run_against(lesson: &Lesson, recorded: &Recorded) -> LessonRun {
    engine::run(lesson, recorded, &Client::new().unwrap(), &mut ()).await.unwrap()
}

/// The replies of a run, as if they were recorded.
pub fn recorded(run: &LessonRun) -> Recorded {
    let replies = run
        .results
        .iter()
        .filter_map(|result| Some((result.exchange.call.name.clone(), result.actual.clone()?)));
    replies.collect()
}

/// Runs a lesson twice, the second time against the replies of the first.
pub async fn run_twice(lesson: &Lesson) -> LessonRun {
    let first = run(lesson).await;
    run_against(lesson, &recorded(&first)).await
}

/// The status and the body of a call's reply.
#[track_caller]
pub fn answer(result: &CallResult) -> (u16, &str) {
    let reply = result.actual.as_ref();
    let reply = reply.unwrap_or_else(|| panic!("no reply: {:?}", result.findings));
    (reply.status, reply.body.as_str())
}

/// The bodies of all replies, in the order of the script.
pub fn bodies(run: &LessonRun) -> Vec<&str> {
    run.results.iter().map(|result| answer(result).1).collect()
}

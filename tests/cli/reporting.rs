//! The reports of `verify`: what each looks like, where it goes, and what it says of a bad end.

use std::fs;
use std::io::{BufRead, BufReader};
use std::process::{Command, Stdio};

use serde_json::Value;

use super::golden;
use super::program::{Place, end_of, has};

const SCRIPT: &str = "lessons/01-minimal-application/lesson.toml";
const SNAPSHOT: &str = "snapshots/01-minimal-application/wrong-method.snap";

/// A course whose first lesson has two calls, one of which differs.
fn with_difference() -> Place {
    let place = Place::with_small_lesson();
    place.replace(SNAPSHOT, "Not Allowed\"", "Not allowed\"");
    place
}

/// The report of this kind on the first two lessons, of which one is not run.
#[track_caller]
fn report(kind: &str) -> String {
    let arguments = ["verify", "1-2", "--fail-fast", "-j1", "--report", kind];
    let ended = with_difference().run(&arguments);
    assert_eq!((ended.code, ended.stderr.as_str()), (Some(1), ""));
    ended.stdout
}

#[test]
fn junit_has_a_suite_a_lesson_and_a_case_a_call() {
    golden::check("report-junit", &report("junit"));
}

#[test]
fn tap_has_a_test_a_lesson_and_a_subtest_a_call() {
    golden::check("report-tap", &report("tap=-"));
}

#[test]
fn json_has_everything() {
    golden::check("report-json", &report("json"));
    golden::check("report-schema", &Place::empty().run(&["verify", "--schema"]).good());
}

#[test]
fn github_gets_annotations_below_the_report_for_people_and_a_summary() {
    let place = with_difference();
    let mut command = place.command(&["verify", "1-2", "--report", "github"]);
    let summary = place.path("summary.md");
    fs::write(&summary, "What another step wrote.\n").unwrap();
    command.env("GITHUB_STEP_SUMMARY", &summary).env("GITHUB_WORKSPACE", place.path(""));
    let ended = end_of(&mut command);
    assert_eq!((ended.code, ended.stderr.as_str()), (Some(1), ""));
    golden::check("report-github", &ended.stdout);
    golden::check("report-summary", &fs::read_to_string(&summary).unwrap());
}

#[test]
fn a_file_of_the_course_is_named_as_the_repository_has_it() {
    for (workspace, start) in [("work", "lessons/"), ("", "work/lessons/"), ("home", "lessons/")] {
        let place = with_difference();
        fs::create_dir_all(place.path("home")).unwrap();
        let mut command = place.command(&["verify", "1", "--report", "github"]);
        let ended = end_of(command.env("GITHUB_WORKSPACE", place.path(workspace)));
        has(&ended.stdout, &[&format!("::error file={start}01-minimal-application/lesson.toml,")]);
    }
}

#[test]
fn each_report_goes_where_it_is_sent_and_nothing_into_the_course() {
    let place = with_difference();
    let before = place.files_in("work");
    let [xml, json] = ["out/a/junit.xml", "out/report.json"].map(|file| place.path(file));
    let (xml, json) = (xml.display(), json.display());
    let sent = [format!("junit={xml}"), format!("json={json},tap")];
    let ended = place.run(&["verify", "1", "--report", &sent[0], "--report", &sent[1]]);
    assert_eq!(ended.code, Some(1));
    assert!(ended.stdout.starts_with("TAP version 14\n"), "{}", ended.stdout);
    has(&fs::read_to_string(xml.to_string()).unwrap(), &["<testsuites ", "</testsuites>\n"]);
    let report: Value =
        serde_json::from_str(&fs::read_to_string(json.to_string()).unwrap()).unwrap();
    assert_eq!((&report["version"], &report["good"]), (&1.into(), &false.into()));
    assert_eq!(place.files_in("work"), before);
}

#[test]
fn a_report_that_cannot_be_written_is_told_and_the_others_are_written() {
    let place = Place::with_small_lesson();
    let (folder, file) = (place.path("work"), place.path("tap.txt"));
    let sent = format!("junit={},tap={}", folder.display(), file.display());
    let ended = place.run(&["verify", "1", "--report", &sent]);
    assert_eq!(ended.code, Some(4));
    has(&ended.stderr, &["error: ", "/work: the report cannot be written", "another file"]);
    has(&ended.stdout, &["1 lesson, 2 calls"]);
    assert!(fs::read_to_string(file).unwrap().ends_with("ok 1 - 1 · A minimal application\n"));
}

#[test]
fn what_stops_the_check_is_in_every_report_with_its_line() {
    for (file, before, after, place, lessons) in [
        (SNAPSHOT, "HTTP/1.1", "=======\nHTTP/1.1", (SNAPSHOT, 8), 1),
        (SCRIPT, "says =", "sais =", (SCRIPT, 8), 0),
    ] {
        let course = Place::with_small_lesson();
        course.replace(file, before, after);
        let sent = ["junit", "json", "tap", "github"]
            .map(|kind| format!("{kind}={}", course.path(kind).display()));
        let message = course.run(&["verify", "2", "1", "-j1", "--report", &sent.join(",")]);
        assert_eq!(message.code, Some(3));
        let read = |kind: &str| fs::read_to_string(course.path(kind)).unwrap();
        has(&read("junit"), &["errors=\"1\"", "<error ", place.0]);
        has(&read("tap"), &["\nBail out! ", place.0]);
        has(&read("github"), &[&format!("::error file={},line={},title=", place.0, place.1)]);
        let report: Value = serde_json::from_str(&read("json")).unwrap();
        assert_eq!(report["good"], false);
        assert_eq!(report["stopped"]["place"]["line"], place.1);
        assert_eq!(report["lessons"].as_array().unwrap().len(), lessons);
        assert_eq!(report["not_run"].as_array().unwrap().len(), lessons);
    }
}

#[test]
fn an_interrupted_check_reports_what_it_had_found() {
    let call =
        |number| format!("[[call]]\nname = 'c{number}'\nrequest = 'GET /sync'\nextra = ''\n");
    let calls: String = (0..600).map(call).collect();
    let place = Place::with_small_lesson();
    let head = "title = 'A minute'\ngroup = 'B'\ntutorial = 'C'\n";
    place.write("lessons/03-async-and-blocking/lesson.toml", &format!("{head}{calls}"));
    let file = place.path("tap.txt");
    let mut command =
        place.command(&["verify", "1", "3", "--report", &format!("tap={}", file.display())]);
    let mut running = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let mut lines = BufReader::new(running.stdout.take().unwrap()).lines();
    has(&lines.next().unwrap().unwrap(), &["1 · A minimal application"]);
    let pid = running.id().to_string();
    assert!(Command::new("kill").args(["-INT", &pid]).status().unwrap().success());
    let rest: Vec<String> = lines.map(Result::unwrap).collect();
    has(&rest.join("\n"), &["not run, because the check ended before: 3"]);
    assert_eq!(running.wait().unwrap().code(), Some(130));
    let report = fs::read_to_string(file).unwrap();
    has(&report, &["ok 1 - 1 ·", "ok 2 - 3 · A minute # SKIP", "Bail out! interrupted"]);
}

#[test]
fn reports_that_make_no_sense_are_refused_with_what_would() {
    let place = Place::empty();
    for (reports, parts) in [
        ("html", ["`html`", "junit, json, tap and github"]),
        ("junit=", ["after `=`", "`junit=FILE`"]),
        ("json,tap=-", ["two reports go to stdout: json and tap", "`--report tap=FILE`"]),
        ("json,github", ["two reports go to stdout", "`--report github=FILE`"]),
        ("json=a,junit=a", ["two reports go to a: json and junit", "another file"]),
    ] {
        has(&place.run(&["verify", "1", "--report", reports]).failed(2), &parts);
    }
    let twice = place.run(&["verify", "1", "--format", "json", "--report", "json"]).good();
    assert_eq!(twice.matches("\"program\"").count(), 1);
}

//! `lint`: each rule with a change that breaks it, what is told then, and how it is printed.
//!
//! Here are the rules for scripts and what is recorded; [`folders`] has the others.

mod folders;

use std::fs;

use serde_json::Value;
use workbook::course::{Course, lesson};
use workbook::lessons::ALL;
use workbook::lint;

use super::golden;
use super::program::{Place, end_of, has};

/// Changes files of a course, each a text that must be there for another.
type Change<'a> = (&'a str, &'a str, &'a str);

/// A course whose files are changed and restored.
struct Broken(Place);

impl Broken {
    /// The findings in the lesson and in the lists after some changes, each as `place: fact`.
    fn findings(&self, word: &str, changes: &[Change<'_>]) -> Vec<String> {
        let before: Vec<String> = changes.iter().map(|(file, ..)| self.0.read(file)).collect();
        for (file, from, to) in changes {
            self.0.replace(file, from, to);
        }
        let course = Course::new(self.0.path("work"));
        let mut found = lint::registry(&course);
        found.extend(lint::lesson(&course, lesson::find(word).unwrap()[0]));
        for ((file, ..), text) in changes.iter().zip(before).rev() {
            self.0.write(file, &text);
        }
        assert!(found.iter().all(|one| !one.next.is_empty()), "{found:?}");
        found.iter().map(|one| format!("{}:{}: {}", one.file, one.line, one.fact)).collect()
    }

    /// One change of lesson 6 leads to one finding in the same file.
    #[track_caller]
    fn check(&self, file: &str, (from, to): (&str, &str), expected: &str) {
        let (top, file) = match file.strip_prefix('/') {
            Some(file) => (String::new(), file),
            None if file.contains(".snap") => ("snapshots/06-enum-path-parameters/".into(), file),
            None => ("lessons/06-enum-path-parameters/".to_owned(), file),
        };
        let mut found = self.findings("6", &[(&format!("{top}{file}"), from, to)]);
        found.retain(|one| one.starts_with(&format!("{top}{file}:")));
        assert_eq!(found.len(), 1, "`{to}` for `{from}` in {file}: {found:#?}");
        let (place, fact) = expected.split_once(": ").unwrap();
        assert!(found[0].starts_with(&format!("{top}{place}: ")), "{place}: {}", found[0]);
        assert!(found[0].contains(fact), "{fact}: {}", found[0]);
    }

    /// One change of lesson 6 leads to a finding at a place in its folder, among others.
    #[track_caller]
    fn check_among(&self, file: &str, (from, to): (&str, &str), expected: &str) {
        let folder = "lessons/06-enum-path-parameters";
        let found = self.findings("6", &[(&format!("{folder}/{file}"), from, to)]);
        let (place, fact) = expected.split_once(": ").unwrap();
        let place = format!("{folder}/{place}: ");
        let told = |one: &String| one.starts_with(&place) && one.contains(fact);
        assert!(found.iter().any(told), "{expected}: {found:#?}");
    }
}

#[test]
fn the_course_has_nothing_to_correct() {
    let course = Course::new(env!("CARGO_MANIFEST_DIR"));
    let mut found = lint::registry(&course);
    found.extend(ALL.iter().flat_map(|entry| lint::lesson(&course, entry)));
    assert!(found.is_empty(), "{found:#?}");
}

#[test]
fn a_script_says_what_its_calls_show() {
    let course = Broken(Place::with_course());
    let script = "lesson.toml";
    for (from, to, expected) in [
        ("group = \"P", "group = \" \"#", "lesson.toml:2: the group is empty"),
        ("title = \"E", "titel = \"E", "lesson.toml:1: unknown field `titel`"),
        ("says = \"422, because", "says = \"\" #", "lesson.toml:11: nothing is said of `vgg`"),
        ("expect = { status = 422 }\n", "", "lesson.toml:11: `vgg` says what"),
        (
            "extra = \"Values",
            "expect = { status = 422 }\nextra = \"Values",
            "lesson.toml:30: `wrong-case` is an extra",
        ),
        ("not in the enum\"", "not in the enum.\"", "lesson.toml:11: what `vgg` says ends with"),
        (
            "lower case differ.",
            "lower case differ",
            "lesson.toml:30: the extra of `wrong-case` is no",
        ),
        ("of their declaration.", "of their declaration", "lesson.toml:11: the hint of `vgg`"),
        (
            "hint = \"The",
            "at_least_ms = 9\nat_most_ms = 8\nhint = \"The",
            "lesson.toml:11: `vgg` has to take longer",
        ),
        (
            "hint = \"The",
            "at_least_ms = 10000\nhint = \"The",
            "lesson.toml:11: `vgg` has to take longer",
        ),
        (
            "hint = \"The",
            "headers = { a = \"${b}\" }\nhint = \"The",
            "lesson.toml:11: `vgg` uses `${b}`",
        ),
        (
            "hint = \"The",
            "capture = { b = \"$.detail\" }\nhint = \"The",
            "lesson.toml:11: `vgg` captures `b`",
        ),
        ("hint = \"The message", "hint = \"The Json", "lesson.toml:11: `Json` is spelt JSON"),
        (
            "status = 422 }",
            "status = 404 }",
            "lesson.toml:11: `vgg` has no erratum: status 404 is documented, 422",
        ),
    ] {
        course.check(script, (from, to), expected);
    }
}

#[test]
fn an_erratum_is_complete_and_still_holds() {
    let course = Broken(Place::with_course());
    let erratum =
        |keys: &str| format!("[[erratum]]\ncall = \"vgg\"\n{keys}\n\n[[call]]\nname = \"lenet\"");
    let good = "says = \"A\"\nfastapi = \"B\"\nseen_on = \"FastAPI 0.165.0\"";
    let wrong = ("lessons/06-enum-path-parameters/lesson.toml", "status = 422 }", "status = 404 }");
    for (keys, expected) in [
        (good.to_owned(), None),
        (good.replace("\"A\"", "\"\""), Some("an empty `says`")),
        (good.replace("\"B\"", "\" \""), Some("an empty `fastapi`")),
        (good.replace("0.165", "0.1"), Some("was seen on `FastAPI 0.1.0`")),
    ] {
        let text = erratum(&keys);
        let added = (wrong.0, "[[call]]\nname = \"lenet\"", text.as_str());
        let found = course.findings("6", &[wrong, added]);
        assert_eq!(found.len(), usize::from(expected.is_some()), "{found:?}");
        assert!(found.iter().all(|one| one.contains("lesson.toml:18: ")), "{found:?}");
        assert!(found.iter().all(|one| one.contains(expected.unwrap_or(""))), "{found:?}");
    }
    let text = erratum(good);
    course.check(
        "lesson.toml",
        ("[[call]]\nname = \"lenet\"", &text),
        "lesson.toml:18: does not hold",
    );
}

#[test]
fn a_mistake_of_a_script_does_not_hide_the_next() {
    let course = Broken(Place::with_course());
    let script = "lessons/06-enum-path-parameters/lesson.toml";
    let found = course.findings(
        "6",
        &[
            (script, "says = \"422, because", "sais = \"422, because"),
            (script, "GET /models/lenet", "GET models/lenet"),
            (script, "name = \"openapi\"", "name = \"alexnet\""),
            ("lessons/06-enum-path-parameters/README.md", "## Try next", "## Try"),
        ],
    );
    let places: Vec<&str> = found.iter().map(|one| one.split(": ").next().unwrap()).collect();
    let folder = "lessons/06-enum-path-parameters";
    let expected = ["README.md:1", "lesson.toml:14", "lesson.toml:20", "lesson.toml:56"];
    assert_eq!(places, expected.map(|place| format!("{folder}/{place}")));
}

#[test]
fn what_is_recorded_is_what_record_writes() {
    let course = Broken(Place::with_course());
    let work = course.0.path("work/snapshots/06-enum-path-parameters");
    for (from, to, expected) in [
        ("description: GET", "description: PUT", "vgg.snap:3: should be"),
        ("FastAPI 0.165.0", "FastAPI 0.1.0", "vgg.snap:5: FastAPI 0.165.0"),
    ] {
        let expected = expected.replace("should be", "not what `record` writes");
        course.check("vgg.snap", (from, to), &expected);
    }
    course.check(
        "lenet.snap",
        ("HTTP/1.1", "<<<<<<< HEAD\nHTTP/1.1"),
        "lenet.snap:8: merge conflict",
    );
    for (file, expected) in [
        ("new-one.snap", "no call has this name"),
        ("vgg.snap.new", "the snapshot is pending"),
        ("notes.txt", "this is no snapshot"),
    ] {
        fs::write(work.join(file), "").unwrap();
        let found = course.findings("6", &[]);
        assert_eq!(found, [format!("snapshots/06-enum-path-parameters/{file}:1: {expected}")]);
        fs::remove_file(work.join(file)).unwrap();
    }
    fs::remove_file(work.join("lenet.snap")).unwrap();
    let found = course.findings("6", &[]);
    assert_eq!(
        found,
        ["lessons/06-enum-path-parameters/lesson.toml:18: nothing is recorded for `lenet`",]
    );
}

#[test]
fn findings_are_printed_for_people_machines_and_github() {
    let place = Place::with_course();
    assert_eq!(place.run(&["lint", "6"]).good(), "1 lesson: nothing to correct\n");
    assert_eq!(place.run(&["lint", "--format", "github"]).good(), "");
    place.replace(
        "lessons/06-enum-path-parameters/lesson.toml",
        "of their declaration.",
        "of, 50%",
    );
    place.replace("lessons/06-enum-path-parameters/README.md", "## Try next", "## Try");
    for (format, name) in [("human", "lint"), ("json", "lint-json"), ("github", "lint-github")] {
        let ended = place.run(&["lint", "6", "5-7", "--format", format]);
        assert_eq!((ended.code, ended.stderr.as_str()), (Some(1), ""));
        golden::check(name, &ended.stdout);
    }
    let mut in_a_job = place.command(&["lint", "6", "--format", "github"]);
    let found = end_of(in_a_job.env("GITHUB_WORKSPACE", place.path(""))).stdout;
    has(&found, &["::error file=work/lessons/06-enum-path-parameters/README.md,line=1,"]);
    let json: Value =
        serde_json::from_str(&place.run(&["lint", "--format", "json"]).stdout).unwrap();
    assert_eq!((&json["good"], &json["summary"]["findings"]), (&false.into(), &2.into()));
    has(&place.run(&["lint", "99"]).failed(2), &["`99`", "workbook list"]);
    has(&place.run(&["lint", "--format", "xml"]).failed(2), &["xml", "github"]);
}

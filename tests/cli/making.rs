//! `new`: what it writes is the template, what it writes works, and it leaves no trace.

use std::collections::{BTreeMap, HashMap};
use std::fs;
use std::path::Path;

use workbook::course::{Course, Lesson};
use workbook::engine::{self, CallResult, Client, Finding, Watcher};
use workbook::lessons::{Entry, template};
use workbook::lint;

use super::golden;
use super::program::{Place, has};

/// The made-up lesson, as the registry would have it after a build.
const ENTRY: Entry = Entry { folder: "99-made-up", app: template::app };

const NEW: [&str; 4] = ["new", "made-up", "--number", "99"];

/// All files of the course with their contents.
fn files(place: &Place) -> BTreeMap<String, Vec<u8>> {
    let mut found = BTreeMap::new();
    let mut waiting = vec![place.path("work/lessons"), place.path("work/snapshots")];
    while let Some(path) = waiting.pop() {
        found.insert(format!("{}/", path.display()), Vec::new());
        for entry in fs::read_dir(path).unwrap().map(|entry| entry.unwrap().path()) {
            if entry.is_dir() {
                waiting.push(entry);
            } else {
                found.insert(entry.display().to_string(), fs::read(&entry).unwrap());
            }
        }
    }
    found
}

#[test]
fn a_lesson_is_the_template_with_its_names_and_leaves_no_trace() {
    let place = Place::with_course();
    let before = files(&place);
    let groups = place.read("lessons/SUMMARY.md");
    let last_group = groups.rsplit("\n# ").next().and_then(|rest| rest.lines().next()).unwrap();
    golden::check("new", &place.run(&NEW).good());
    for file in ["README.md", "app.py", "app.rs", "lesson.toml"] {
        let template = place.read(&format!("lessons/template/{file}"));
        let filled = template
            .replace("{number}", "99")
            .replace("{folder}", "99-made-up")
            .replace("{title}", "Made up")
            .replace("{group}", last_group);
        assert_eq!(place.read(&format!("lessons/99-made-up/{file}")), filled, "{file}");
        assert_eq!(template == filled, file.starts_with("app"), "{file}");
    }
    has(
        &place.read("lessons/mod.rs"),
        &[
            "#[path = \"99-made-up/app.rs\"]\npub mod made_up;\n",
            "    Entry { folder: \"99-made-up\", app: made_up::app },\n];\n",
        ],
    );
    has(&place.read("lessons/SUMMARY.md"), &["\n99. [Made up](99-made-up/README.md)\n"]);
    let ended = place.run(&["lint"]);
    assert_eq!(ended.code, Some(1));
    has(&ended.stdout, &["built before `99-made-up`", "cargo run -q -- lint 99"]);
    for name in ["99", "made-up", "99-made-up"] {
        has(&place.run(&["run", name]).failed(2), &["built before `99-made-up`", "cargo build"]);
    }
    golden::check("new-remove", &place.run(&["new", "--remove", "made-up"]).good());
    assert_eq!(files(&place), before);
}

#[test]
fn names_can_be_chosen() {
    let place = Place::with_course();
    let before = files(&place);
    let mut arguments = NEW.to_vec();
    arguments.extend(["--title", "Cookies & `co`", "--group", "Beyond"]);
    place.run(&arguments).good();
    has(&place.read("lessons/SUMMARY.md"), &["\n\n# Beyond\n\n99. [Cookies & `co`](99-made-up/"]);
    has(&place.read("lessons/99-made-up/README.md"), &["# 99. Cookies & `co`\n"]);
    let course = Course::new(place.path("work"));
    let script = Lesson::read(course.root(), &ENTRY).unwrap().script;
    assert_eq!((script.title.as_str(), script.group.as_str()), ("Cookies & `co`", "Beyond"));
    place.run(&["new", "--remove", "99"]).good();
    assert_eq!(files(&place), before);
}

#[test]
fn a_new_lesson_lints_with_a_list_of_what_is_left_to_write() {
    let place = Place::with_course();
    place.run(&NEW).good();
    let found = lint::lesson(&Course::new(place.path("work")), &ENTRY);
    let row = |one: &lint::Finding| format!("{}:{}: {}\n", one.file, one.line, one.fact);
    golden::check("new-lint", &found.iter().map(row).collect::<String>());
}

/// Nobody watches.
struct Nobody;

impl Watcher for Nobody {
    fn before(&mut self, _: &str, _: &[workbook::course::Call]) {}
    fn after(&mut self, _: &CallResult) {}
}

#[tokio::test]
async fn a_new_lesson_runs_and_answers_as_its_script_documents() {
    let place = Place::with_course();
    place.run(&NEW).good();
    let lesson = Lesson::read(&place.path("work"), &ENTRY).unwrap();
    let client = Client::new().unwrap();
    let run = engine::run(&lesson, &HashMap::new(), &client, &mut Nobody).await.unwrap();
    let mut statuses = Vec::new();
    for result in &run.results {
        assert_eq!(result.findings, [Finding::NotRecorded]);
        let actual = result.actual.as_ref().unwrap();
        let expect = result.exchange.call.expect.as_ref();
        assert_eq!(expect.map(|claim| claim.unmet(actual)).unwrap_or_default(), []);
        statuses.push(actual.status);
    }
    assert_eq!(statuses, [200, 422, 200]);
}

#[test]
fn what_somebody_wrote_is_not_removed_unasked() {
    let place = Place::with_course();
    for (file, text) in [
        ("lessons/99-made-up/app.py", "app = 1\n"),
        ("lessons/99-made-up/static/a.txt", "a"),
        ("snapshots/99-made-up/item.snap", "---\n"),
    ] {
        let before = files(&place);
        place.run(&NEW).good();
        let path = place.path("work").join(file);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, text).unwrap();
        let edited = files(&place);
        let message = place.run(&["new", "--remove", "made-up"]).failed(2);
        has(&message, &[file, "nothing was removed", "--remove made-up --force"]);
        assert_eq!(files(&place), edited);
        place.run(&["new", "--remove", "made-up", "--force"]).good();
        assert_eq!(files(&place), before, "{file}");
    }
    let before = files(&place);
    let message = place.run(&["new", "--remove", "cors"]).failed(2);
    has(&message, &["lessons/19-cors/README.md", "more files", "nothing was removed"]);
    assert_eq!(files(&place), before);
}

#[test]
fn what_cannot_be_made_or_removed_is_refused_and_changes_nothing() {
    let place = Place::with_course();
    let before = files(&place);
    for (arguments, parts) in [
        (["new", "Request Cookies"].as_slice(), ["`Request Cookies`", "request-cookies"]),
        (&["new", "match"], ["`match`", "match-basics"]),
        (&["new", "cors"], ["`19-cors`", "another name"]),
        (&["new", "a", "--number", "4"], ["`04-path-parameters`", "next free number is"]),
        (&["new", "a", "--number", "0"], ["count from 1", "next free number is"]),
        (&["new", "a", "--title", "a \"b\""], ["no title", "leave these out"]),
        (&["new", "a", "--group", "Error Handling"], ["`Error Handling`", "elsewhere"]),
        (&["new", "--remove", "corz"], ["`corz`", "cors"]),
        (&["new", "--remove", "template"], ["`template`", "workbook list"]),
        (&["new", "--remove", "a", "--title", "b"], ["--remove", "--title"]),
        (&["new", "a", "--force"], ["--remove", "--help"]),
        (&["new"], ["<SLUG>", "--help"]),
    ] {
        has(&place.run(arguments).failed(2), &parts);
    }
    assert_eq!(files(&place), before);
    let message = Place::empty().run(&["new", "a"]).failed(4);
    has(&message, &["no checkout", "change to the folder"]);
}

#[test]
fn what_cannot_be_written_leaves_everything_as_it_was() {
    let place = Place::with_course();
    fs::remove_dir_all(place.path("work/lessons/template")).unwrap();
    let before = files(&place);
    has(&place.run(&NEW).failed(4), &["lessons/template", "check the folder"]);
    assert_eq!(files(&place), before);
    place.write("lessons/mod.rs", "// empty\n");
    has(&place.run(&["new", "made-up"]).failed(4), &["lessons/mod.rs", "version control"]);
    assert!(!Path::new(&place.path("work/lessons/99-made-up")).exists());
}

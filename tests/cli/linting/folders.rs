//! What stands around a lesson's script: its page, its code, and the lists of all folders.

use std::fs;

use super::Broken;
use crate::cli::program::{Place, has};

#[test]
fn a_page_keeps_its_form_and_leads_somewhere() {
    let course = Broken(Place::with_course());
    let long = format!("## Try next\n{}", "\n".repeat(40));
    for (from, to, expected) in [
        ("# 6. Enum", "# 7. Enum", "README.md:1: not the lesson's number and title"),
        ("## Try next", &long, "README.md:81: two screens are 80"),
        ("## Try next", "## Try", "README.md:1: no section `## Try next`"),
        ("app.rs}}", "app.rs:models}}", "README.md:16: `app.rs` has no part `models`"),
        ("app.rs}}", "app.sr}}", "README.md:16: `app.sr` cannot be included"),
        ("vgg.snap:8:", "vgg.snap", "README.md:30: starts with `---`"),
        (
            "../04-path-parameters/",
            "../04-paths/",
            "README.md:40: leads to `../04-paths/README.md`",
        ),
        ("workbook run 6", "workbook run 99", "README.md:51: no lesson 99"),
        ("In Rust a", "In rust a", "README.md:4: `rust` is spelt Rust"),
        ("- Values", "{{#playground app.rs}}\n- Values", "README.md:39: only `{{#include …}}`"),
        ("- Values", "- TODO: more\n- Values", "README.md:39: left to write: more"),
    ] {
        course.check_among("README.md", (from, to), expected);
    }
}

#[test]
fn both_languages_declare_the_same_routes_and_the_script_calls_them() {
    let course = Broken(Place::with_course());
    for (from, to, expected) in [
        (
            "@app.get(\"/models/{model_name}\")",
            "@app.put(\"/models/{model_name}\")",
            [
                "app.py:14: `PUT /models/{model_name}` is not in app.rs",
                "app.rs:10: `GET /models/{model_name}` is not in app.py",
            ]
            .as_slice(),
        ),
        (
            "def get_model",
            "def get",
            &["app.py:14: the handler of `GET /models/{model_name}` is `get` here and `get_model`"],
        ),
        (
            "@app.get(\"/models/{model_name}\")",
            "@app.get(PATH)",
            &[
                "app.py:14: the path is no text in quotes",
                "app.rs:10: `GET /models/{model_name}` is not in app.py",
            ],
        ),
        (
            "app = FastAPI()",
            "api = FastAPI()",
            &["app.py:1: no `app = FastAPI(…)`", "app.rs:10: is not in app.py"],
        ),
    ] {
        let found = course.findings("6", &[("lessons/06-enum-path-parameters/app.py", from, to)]);
        assert_eq!(found.len(), expected.len(), "{found:#?}");
        for (one, expected) in found.iter().zip(expected) {
            let (place, fact) = expected.split_once(": ").unwrap();
            has(one, &[place, fact]);
        }
    }
    let order = "@app.get(\"/models/{model_name}\")";
    let other = format!("@app.get(\"/a\")\ndef a(): ...\n\n\n{order}");
    course.check("app.py", (order, &other), "app.py:14: `GET /a` is not in app.rs");
    let found = course.findings(
        "14",
        &[
            ("lessons/14-http-exception/lesson.toml", "PUT /items/1\"\n", "GET /items/1\"\n"),
            ("lessons/14-http-exception/lesson.toml", "\"PUT /items/99\"", "\"GET /items/99\""),
            ("lessons/14-http-exception/lesson.toml", "\"PUT /items/99\"", "\"GET /items/99\""),
            ("lessons/14-http-exception/lesson.toml", "\"PUT /items/99\"", "\"GET /items/99\""),
            ("lessons/14-http-exception/lesson.toml", "\"PUT /items/one\"", "\"GET /items/one\""),
            ("lessons/14-http-exception/lesson.toml", "\"PUT /items/one\"", "\"GET /items/one\""),
        ],
    );
    has(&found.join("\n"), &["app.rs:17: no call gets to `PUT /items/{item_id}`"]);
}

#[test]
fn code_opens_with_what_it_is_and_its_anchors_are_used() {
    let course = Broken(Place::with_course());
    for (file, from, to, expected) in [
        ("app.rs", "//! Enums", "// Enums", "app.rs:1: does not say what the lesson shows"),
        (
            "app.rs",
            "/// One route",
            "fn six() -> u8 {\n    6\n}\n\n/// One route",
            "app.rs:8: comes before `pub fn app() -> Api`",
        ),
        (
            "app.rs",
            "#[derive(Ser",
            "// ANCHOR: model\n#[derive(Ser",
            "app.rs:30: the anchor `model` has no end",
        ),
        (
            "app.rs",
            "#[derive(Ser",
            "// ANCHOR_END: model\n#[derive(Ser",
            "app.rs:30: ends here without a start",
        ),
        (
            "app.py",
            "class Model",
            "# ANCHOR: m\n# ANCHOR_END: m\nclass Model",
            "app.py:8: does not include the anchor `m`",
        ),
        ("app.py", "app = F", "# TODO: less\napp = F", "app.py:5: left to write: less"),
    ] {
        course.check_among(file, (from, to), expected);
    }
    let folder = course.0.path("work/lessons/06-enum-path-parameters");
    fs::write(folder.join("notes.md"), "").unwrap();
    has(&course.findings("6", &[]).join("\n"), &["notes.md:1: neither script nor code nor page"]);
    fs::remove_file(folder.join("notes.md")).unwrap();
    for (file, expected) in [("app.py", 1), ("README.md", 1), ("app.rs", 2), ("lesson.toml", 1)] {
        let text = fs::read(folder.join(file)).unwrap();
        fs::remove_file(folder.join(file)).unwrap();
        let found = course.findings("6", &[]);
        has(&found.join("\n"), &[&format!("{file}:1: there is no such file")]);
        assert!(found.len() >= expected, "{found:?}");
        fs::write(folder.join(file), b"\xff").unwrap();
        has(
            &course.findings("6", &[]).join("\n"),
            &[&format!("{file}:1: the file cannot be read")],
        );
        fs::write(folder.join(file), text).unwrap();
    }
}

#[test]
fn the_lists_are_the_folders() {
    let course = Broken(Place::with_course());
    let row =
        "    Entry { folder: \"06-enum-path-parameters\", app: enum_path_parameters::app },\n";
    for (file, from, to, expected) in [
        ("/lessons/mod.rs", row, "", "`06-enum-path-parameters` has no row"),
        (
            "/lessons/mod.rs",
            row,
            &row.replace("06-", "66-"),
            "no folder lessons/66-enum-path-parameters",
        ),
        ("/lessons/mod.rs", row, &format!("{row}{row}"), "lesson 6 comes after lesson 6"),
        ("/lessons/SUMMARY.md", "6. [Enum path", "6. [Enums as path", "not its number and title"),
        (
            "/lessons/SUMMARY.md",
            "6. [Enum path parameters](06-enum-path-parameters/README.md)\n",
            "",
            "`06-enum-path-parameters` has no row",
        ),
        (
            "/lessons/SUMMARY.md",
            "\n# Path and Query Parameters\n",
            "",
            "stands under `Application Basics`",
        ),
    ] {
        let found = course.findings("6", &[(&file[1..], from, to)]);
        let told = |one: &String| one.starts_with(&file[1..]) && one.contains(expected);
        assert!(found.iter().any(told), "{expected}: {found:#?}");
    }
    for (folder, expected) in [
        ("lessons/99-made-up", "lessons/mod.rs"),
        ("lessons/drafts", "is named by its number"),
        ("snapshots/99-made-up", "belong to no lesson"),
    ] {
        fs::create_dir(course.0.path("work").join(folder)).unwrap();
        has(&course.findings("6", &[]).join("\n"), &[expected]);
        fs::remove_dir(course.0.path("work").join(folder)).unwrap();
    }
    fs::rename(
        course.0.path("work/lessons/06-enum-path-parameters"),
        course.0.path("work/lessons/99-enum-path-parameters"),
    )
    .unwrap();
    has(&course.findings("6", &[]).join("\n"), &["no folder lessons/06-enum-path-parameters"]);
}

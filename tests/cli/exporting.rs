//! `export`: files for other people's tools. That these tools read them is shown by `.ci/export`.

use super::golden;
use super::program::{Place, end_of, has};

const FOLDER: &str = "lessons/01-minimal-application";
const SNAPSHOTS: &str = "snapshots/01-minimal-application";

/// A course whose first lesson has the script of `cli/exported.toml`, and some of its replies.
fn place() -> Place {
    let place = Place::with_course();
    place.write(&format!("{FOLDER}/lesson.toml"), include_str!("exported.toml"));
    place.write(&format!("{FOLDER}/note.txt"), "a note\n");
    for (call, reply) in [
        (
            "login",
            "content-length: 25\ncontent-type: application/json\netag: \"1\"\nset-cookie: a=b\n\n{\n  \"access_token\": \"abc\"\n}",
        ),
        ("with-the-token", "content-length: 2\nlocation: {server}/#\n\nok"),
        ("upload", "content-type: image/png\n\n<4 bytes, sha256 0f46, first bytes 89>"),
    ] {
        let snapshot =
            format!("---\nsource: {FOLDER}/lesson.toml\n---\nHTTP/1.1 200 OK\n{reply}\n");
        place.write(&format!("{SNAPSHOTS}/{call}.snap"), &snapshot);
    }
    place
}

#[test]
fn a_script_is_exported_for_each_tool() {
    let place = place();
    for (format, golden) in
        [("curl", "export-curl"), ("http", "export-http"), ("hurl", "export-hurl")]
    {
        let text = place.run(&["export", "1", "--as", format]).good();
        let text = text.replace(&place.path("work").display().to_string(), "COURSE");
        golden::check(golden, &text);
    }
}

#[test]
fn every_lesson_gets_a_file_of_its_own_in_a_folder() {
    let place = Place::empty();
    let ended = place.run(&["export", "1-3", "--as", "hurl", "--output", "new/folder/"]);
    assert_eq!((ended.code, ended.stdout.as_str()), (Some(0), ""));
    has(&ended.stderr, &["wrote new/folder/01-minimal-application.hurl\n", "/03-async-and-"]);
    let alone = place.run(&["export", "1", "--as", "hurl"]).good();
    assert_eq!(place.read("new/folder/01-minimal-application.hurl"), alone);
    let ended = place.run(&["export", "1", "--as", "curl", "-o", "one.sh"]);
    assert_eq!((ended.code, ended.stderr.as_str()), (Some(0), "wrote one.sh\n"));
    place.run(&["export", "1", "--as", "http", "-o", "new"]);
    has(&place.read("new/01-minimal-application.http"), &["### 1. hello\n"]);
}

#[test]
fn the_server_may_be_elsewhere() {
    let place = Place::empty();
    for (format, line) in [
        ("curl", ": \"${BASE_URL:=http://localhost:81}\"\n"),
        ("http", "@base_url = http://localhost:81\n"),
        ("hurl", "--variable base_url=http://localhost:81 "),
    ] {
        let arguments = ["export", "1", "--as", format, "--base-url", "http://localhost:81/"];
        has(&place.run(&arguments).good(), &[line, "workbook serve 1 --port 81\n"]);
    }
}

#[test]
fn what_cannot_be_exported_is_refused_with_what_can() {
    let place = place();
    for (code, arguments, parts) in [
        (2, ["1"].as_slice(), ["--as <FORMAT>", "required", "--help"]),
        (2, &["1", "--as", "postman"], ["postman", "curl, http, hurl", "--help"]),
        (2, &["99", "--as", "curl"], ["`99`", "no lesson", "workbook list"]),
        (2, &["1-2", "--as", "http"], ["several lessons", "--output FOLDER/", "each"]),
        (
            2,
            &["1-2", "--as", "http", "-o", "a.http"],
            ["several lessons", "--output FOLDER/", "each"],
        ),
        (
            2,
            &["1", "--as", "http", "--base-url", "localhost"],
            ["`--base-url localhost`", "no", "http://127.0.0.1:8000"],
        ),
        (
            2,
            &["1", "--as", "curl", "--base-url", "http://a$(b)"],
            ["$(b)", "no", "http://127.0.0.1:8000"],
        ),
        (
            4,
            &["1", "--as", "curl", "-o", "none/a.sh"],
            ["none/a.sh", "No such file", "--output FILE"],
        ),
        (
            4,
            &["1", "--as", "curl", "-o", "lessons/mod.rs/"],
            ["lessons/mod.rs", "cannot be", "--output FILE"],
        ),
    ] {
        let message = place.run(&[&["export"], arguments].concat()).failed(code);
        has(&message, &parts);
    }
    place.replace(&format!("{FOLDER}/lesson.toml"), "title", "tittle");
    has(&place.run(&["export", "1", "--as", "hurl"]).failed(3), &["lesson.toml:1:1", "tittle"]);
}

#[test]
fn a_file_has_no_colours() {
    let place = Place::empty();
    let plain = place.run(&["export", "1", "--as", "http"]).good();
    let forced = end_of(place.command(&["export", "1", "--as", "http"]).env("CLICOLOR_FORCE", "1"));
    assert_eq!(forced.good(), plain);
}

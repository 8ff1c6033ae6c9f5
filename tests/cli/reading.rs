//! What can be read: the list, pages, help, completions; and how it looks where.

use std::process::Stdio;

use serde_json::Value;
use workbook::lessons::ALL;

use super::golden;
use super::program::{Place, end_of, has};

#[test]
fn the_list_has_every_lesson_under_its_group() {
    let list = Place::empty().run(&["list"]).good();
    golden::check("list", &list.split("\n\n").take(2).collect::<Vec<_>>().join("\n\n"));
    let number = |text: &str| text.parse::<u32>().ok();
    let listed = list.lines().filter_map(|line| number(line.split_whitespace().next()?));
    let registered = ALL.iter().filter_map(|entry| number(&entry.folder[..2]));
    assert_eq!(listed.collect::<Vec<_>>(), registered.collect::<Vec<_>>());
}

#[test]
fn the_list_for_machines_has_a_version_and_every_lesson() {
    let list = Place::with_small_lesson().run(&["list", "--format", "json"]).good();
    golden::check("list-json", list.split_inclusive('}').next().unwrap());
    let list: Value = serde_json::from_str(&list).unwrap();
    assert_eq!(list["version"], 1);
    assert_eq!(list["lessons"].as_array().unwrap().len(), ALL.len());
}

#[test]
fn without_a_command_and_a_terminal_there_is_the_list() {
    let place = Place::empty();
    assert_eq!(place.run(&[]).good(), place.run(&["list"]).good());
}

#[test]
fn calls_are_shown_with_what_is_said_and_a_command_to_paste() {
    let place = Place::with_small_lesson();
    golden::check("show-calls", &place.run(&["show", "1", "--calls"]).good());
}

#[test]
fn a_lesson_can_be_read_part_by_part() {
    let place = Place::empty();
    for (flag, part) in [
        ("--rust", "Api::new().route(\"/hello\", get(hello))"),
        ("--python", "app = FastAPI()"),
        ("--calls", " 1 › GET /hello"),
        ("--snapshots", "# GET /hello (hello)\nHTTP/1.1 200 OK\n"),
    ] {
        has(&place.run(&["show", "1", flag]).good(), &[part]);
    }
    let both = place.run(&["show", "minimal-application", "--python", "--rust"]).good();
    has(&both, &["get(hello)", "FastAPI()"]);
}

#[test]
fn a_page_is_rendered_and_its_includes_are_resolved() {
    let page = Place::empty().run(&["show", "4"]).good();
    has(&page, &["4. Path parameters", "    HTTP/1.1 422 Unprocessable", "def get_item("]);
    for markup in ["{{#include", "```", "ANCHOR", "\n# ", "| ---"] {
        assert!(!page.contains(markup), "`{markup}` is left in the page");
    }
}

#[test]
fn the_readmes_session_is_what_run_prints() {
    let readme = include_str!("../../README.md");
    let (_, session) = readme.split_once("$ workbook run 14\n").unwrap();
    let (session, _) = session.split_once("…\n").unwrap();
    let printed = Place::empty().run(&["run", "14"]).good();
    let without_port = |text: &str| {
        text.lines()
            .filter(|line| !line.contains("http://127.0.0.1:"))
            .collect::<Vec<_>>()
            .join("\n")
    };
    assert!(without_port(&printed).starts_with(&without_port(session)), "{printed}");
}

#[test]
fn every_command_has_a_help_with_examples() {
    let place = Place::empty();
    let commands = [
        "",
        "compare",
        "list",
        "run",
        "show",
        "serve",
        "try",
        "verify",
        "record",
        "review",
        "accept",
        "reject",
        "pending",
        "export",
        "new",
        "lint",
        "completions",
    ];
    let mut all = Vec::new();
    for name in commands {
        let arguments: Vec<&str> =
            [name, "-h"].into_iter().filter(|word| !word.is_empty()).collect();
        let help = place.run(&arguments).good();
        assert!(help.contains("Examples:"), "`{name}` has no examples");
        all.push(format!("$ workbook {}\n{help}", arguments.join(" ")));
    }
    golden::check("help", &all.join("\n"));
    let name = |line: &str| line.split_whitespace().next().unwrap_or_default().to_owned();
    let is_row = |line: &&str| line.starts_with("  ") && !line.starts_with("   ");
    let known = |name: &str| name == "help" || commands.contains(&name);
    let help = place.run(&["help"]).good();
    let rows = help.split("Commands:\n").nth(1).unwrap().split("\n\n").next().unwrap();
    let unknown: Vec<&str> =
        rows.lines().filter(is_row).filter(|line| !known(&name(line))).collect();
    assert_eq!(unknown, [""; 0], "a command without a row in this test");
}

#[test]
fn completions_know_every_command() {
    let place = Place::empty();
    for shell in ["bash", "zsh", "fish"] {
        let script = place.run(&["completions", shell]).good();
        has(&script, &["workbook", "verify", "completions", "snapshots"]);
    }
    has(&place.run(&["completions", "dos"]).failed(2), &["dos", "bash"]);
}

#[test]
fn colours_are_for_terminals_unless_someone_asks() {
    let place = Place::empty();
    for (arguments, variables, coloured) in [
        (["list"].as_slice(), [].as_slice(), false),
        (&["list", "--color", "always"], &[], true),
        (&["--color", "always", "list"], &[("NO_COLOR", "1")], true),
        (&["list"], &[("CLICOLOR_FORCE", "1")], true),
        (&["list"], &[("CLICOLOR_FORCE", "1"), ("NO_COLOR", "1")], false),
        (&["list"], &[("CLICOLOR_FORCE", "1"), ("NO_COLOR", "")], true),
        (&["list", "--color", "never"], &[("CLICOLOR_FORCE", "1")], false),
        (&["show", "1", "--rust"], &[], false),
        (&["show", "1", "--rust", "--color", "always"], &[], true),
    ] {
        let text = end_of(place.command(arguments).envs(variables.iter().copied())).good();
        assert_eq!(text.contains('\x1b'), coloured, "{arguments:?} {variables:?}");
    }
}

#[test]
fn colours_change_nothing_but_the_colours() {
    let place = Place::with_small_lesson();
    let escape = regex::Regex::new("\x1b\\[[0-9;]*m").unwrap();
    for arguments in [["list"].as_slice(), &["show", "1", "--calls"], &["show", "1", "--rust"]] {
        let plain = place.run(arguments).good();
        let coloured = end_of(place.command(arguments).env("CLICOLOR_FORCE", "1")).good();
        assert_eq!(escape.replace_all(&coloured, ""), plain, "{arguments:?}");
    }
}

#[test]
fn prose_is_wrapped_at_the_width_of_the_terminal() {
    let place = Place::empty();
    for (columns, width) in [("20", 20), ("5", 20), ("60", 60), ("wide", 80)] {
        let page = end_of(place.command(&["show", "1"]).env("COLUMNS", columns)).good();
        let prose = page.split("In FastAPI").next().unwrap();
        let longest = prose.lines().map(|line| line.chars().count()).max().unwrap();
        assert!(longest <= width, "COLUMNS={columns}: {longest} columns\n{prose}");
        assert!(longest > width * 2 / 3, "COLUMNS={columns}: only {longest} columns\n{prose}");
    }
}

#[test]
fn a_reader_who_leaves_ends_the_program_in_silence() {
    let place = Place::empty();
    for arguments in
        [["list"].as_slice(), &["show", "4"], &["verify", "1"], &["run", "1"], &["help"]]
    {
        let (reader, writer) = std::io::pipe().unwrap();
        drop(reader);
        let mut command = place.command(arguments);
        let ended = command.stdout(writer).stderr(Stdio::piped()).spawn().unwrap();
        let ended = ended.wait_with_output().unwrap();
        let said = String::from_utf8_lossy(&ended.stderr);
        assert_eq!((ended.status.code(), said.as_ref()), (Some(0), ""), "{arguments:?}");
    }
}

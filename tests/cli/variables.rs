//! Environment variables: every flag has one.

use clap::Command;

use super::program::{Place, end_of, has};

/// The program's exit code and results, with these variables set.
fn run(place: &Place, variables: &[(&str, &str)], arguments: &[&str]) -> (Option<i32>, String) {
    let ended = end_of(place.command(arguments).envs(variables.iter().copied()));
    (ended.code, ended.stdout + &ended.stderr)
}

#[test]
fn every_flag_has_a_variable_that_its_help_names() {
    let place = Place::empty();
    let command = workbook::cli::command();
    let flags = |command: &Command| -> Vec<String> {
        let longs = command.get_arguments().filter_map(|flag| flag.get_long());
        longs.map(str::to_owned).collect()
    };
    let mut seen = 0;
    for below in command.get_subcommands() {
        let name = below.get_name();
        let help = place.run(&[name, "--help"]).good();
        for flag in flags(below).into_iter().chain(flags(&command)) {
            seen += 1;
            let variable = flag.to_uppercase().replace('-', "_");
            let start = if name == "show" && flag != "color" { "SHOW_" } else { "" };
            has(&help, &[&format!("[env: WORKBOOK_{start}{variable}]")]);
        }
    }
    assert!(seen > 25, "only {seen} flags");
}

#[test]
fn a_variable_is_its_flag_and_the_command_line_comes_first() {
    let place = Place::empty();
    for (variables, arguments, part) in [
        ([("WORKBOOK_REPORT", "tap")].as_slice(), ["verify", "1"].as_slice(), "TAP version 14"),
        (&[("WORKBOOK_REPORT", "tap=/dev/null,json=-")], &["verify", "1"], "\"version\": 1"),
        (&[("WORKBOOK_REPORT", "tap")], &["verify", "1", "--report", "json"], "\"version\": 1"),
        (&[("WORKBOOK_SHARD", "2/2")], &["verify", "1", "2"], "✓   2 ·"),
        (&[("WORKBOOK_REPEAT", "2")], &["verify", "1"], ", 2 times"),
        (&[("WORKBOOK_SHUFFLE", "yes"), ("WORKBOOK_SEED", "9")], &["verify", "1"], "--seed 9"),
        (&[("WORKBOOK_FORMAT", "json")], &["list"], "\"version\": 1"),
        (&[("WORKBOOK_COLOR", "always")], &["list"], "\x1b["),
        (&[("WORKBOOK_COLOR", "always")], &["--color", "never", "list"], "\n   1  A minimal"),
        (&[("WORKBOOK_VERBOSE", "1")], &["run", "1", "--call", "hello"], "content-length: "),
        (&[("WORKBOOK_SHOW_PYTHON", "1")], &["show", "1"], "app = FastAPI()"),
    ] {
        let (code, said) = run(&place, variables, arguments);
        assert_eq!(code, Some(0), "{variables:?} {said}");
        has(&said, &[part]);
    }
}

#[test]
fn a_variable_that_is_empty_or_says_no_is_as_if_it_were_not_there() {
    let place = Place::empty();
    for value in ["", "0", "false", "no", "off", "N", "False"] {
        for (name, arguments) in [
            ("WORKBOOK_SHUFFLE", ["verify", "1"].as_slice()),
            ("WORKBOOK_STEP", &["run", "1", "--call", "hello"]),
        ] {
            let (code, said) = run(&place, &[(name, value)], arguments);
            assert!(code == Some(0) && !said.contains("random"), "{name}={value}: {said}");
        }
    }
    for name in ["REPORT", "SHARD", "JOBS", "RERUN", "REPEAT", "SEED", "FORMAT", "COLOR"] {
        let (code, said) = run(&place, &[(&format!("WORKBOOK_{name}"), "")], &["verify", "1"]);
        assert_eq!(code, Some(0), "{name}: {said}");
    }
}

#[test]
fn a_variable_that_makes_no_sense_is_refused_like_its_flag() {
    let place = Place::empty();
    for (name, value, flag) in [
        ("WORKBOOK_JOBS", "many", "--jobs <N>"),
        ("WORKBOOK_SHARD", "3/2", "--shard <I/N>"),
        ("WORKBOOK_REPORT", "pdf", "--report <KIND[=FILE]>"),
    ] {
        let (code, said) = run(&place, &[(name, value)], &["verify", "1"]);
        assert_eq!(code, Some(2), "{name}");
        has(&said, &[flag, value]);
    }
}

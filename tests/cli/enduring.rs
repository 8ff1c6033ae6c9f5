//! What goes wrong around the program: nobody reads, nothing can be printed, there is no home, a
//! name is no text, the terminal is narrow. What needs a mounted disk or a killed program is in
//! `.ci/safety`.

use std::collections::BTreeSet;
use std::ffi::OsStr;
use std::fs::{self, File};
use std::io;
use std::os::unix::ffi::OsStrExt;
use std::process::{Command, Stdio};

use workbook::cli;

use super::program::{Ended, Place, end_of, has};

const HELLO: &str = "snapshots/01-minimal-application/hello.snap";
const NEW: [&str; 3] = ["hello", "head", "wrong-method"];

/// Every command in most of its ways, and its exit code where `with_difference` is the course.
/// `serve` does not end, and `new` writes what cannot be written twice.
const COMMANDS: &[(&[&str], i32)] = &[
    (&[], 0),
    (&["list"], 0),
    (&["list", "--format", "json"], 0),
    (&["show", "4"], 0),
    (&["show", "4", "--rust", "--python", "--calls", "--snapshots"], 0),
    (&["run", "1", "4"], 1),
    (&["run", "4"], 0),
    (&["run", "1", "--verbose"], 1),
    (&["verify", "1", "2"], 1),
    (&["verify", "2"], 0),
    (&["verify", "1", "--report", "json"], 1),
    (&["verify", "1", "--report", "github"], 1),
    (&["verify", "1", "--repeat", "2", "--shuffle"], 1),
    (&["verify", "--schema"], 0),
    (&["try", "1", "GET /hello"], 0),
    (&["lint"], 1),
    (&["review"], 1),
    (&["pending"], 0),
    (&["export", "1", "--as", "curl"], 0),
    (&["export", "1", "--as", "http"], 0),
    (&["export", "1", "--as", "hurl"], 0),
    (&["completions", "bash"], 0),
    (&["record", "1"], 4),
    (&["compare", "1"], 4),
    (&["accept"], 0),
    (&["reject"], 0),
    (&["help"], 0),
    (&["run", "--help"], 0),
    (&["--version"], 0),
];

/// A course whose first lesson differs, with three pending snapshots.
fn with_difference() -> Place {
    let place = Place::with_course();
    let text = place.read(HELLO);
    for name in NEW {
        place.write(&format!("snapshots/01-minimal-application/{name}.snap.new"), &text);
    }
    place.replace(HELLO, "World", "world");
    place
}

/// Runs a command to its end, changed like this; without Python.
fn changed(place: &Place, arguments: &[&str], change: impl FnOnce(&mut Command)) -> Ended {
    let mut command = place.command(arguments);
    command.env("WORKBOOK_PYTHON", "/no/such/python3").stderr(Stdio::piped());
    change(&mut command);
    let ended = command.spawn().unwrap().wait_with_output().unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    let (stdout, stderr) = (text(ended.stdout), text(ended.stderr));
    assert!(!stderr.contains("panicked at"), "{arguments:?}\n{stderr}");
    Ended { code: ended.status.code(), stdout, stderr }
}

#[test]
fn every_command_is_tried() {
    let tried: BTreeSet<&str> =
        COMMANDS.iter().filter_map(|(all, _)| all.first().copied()).collect();
    let command = cli::command();
    let names = command.get_subcommands().map(|known| known.get_name().to_owned());
    let missing: Vec<String> = names.filter(|name| !tried.contains(name.as_str())).collect();
    assert_eq!(missing, ["serve", "new"]);
}

#[test]
fn a_reader_who_leaves_changes_no_exit_code() {
    let place = with_difference();
    for (arguments, code) in COMMANDS {
        let (reader, writer) = io::pipe().unwrap();
        drop(reader);
        let ended = changed(&place, arguments, |command| {
            command.stdout(writer);
        });
        assert_eq!(ended.code, Some(*code), "{arguments:?}\n{}", ended.stderr);
        assert_eq!(ended.stderr.is_empty(), *code != 4, "{arguments:?}\n{}", ended.stderr);
    }
    assert!(!place.files_in("work").iter().any(|file| file.contains(".snap.new")));
    assert!(place.read(HELLO).contains("World"), "not all was accepted");
}

#[test]
fn reports_in_files_are_whole_although_nobody_reads_stdout() {
    let place = with_difference();
    let file = place.path("report.json");
    let (reader, writer) = io::pipe().unwrap();
    drop(reader);
    let sent = format!("json={}", file.display());
    let ended = changed(&place, &["verify", "1", "2", "--report", &sent], |command| {
        command.stdout(writer);
    });
    assert_eq!((ended.code, ended.stderr.as_str()), (Some(1), ""));
    has(&fs::read_to_string(file).unwrap(), &["\"stopped\": null", "\"number\": 2"]);
}

#[test]
#[cfg(target_os = "linux")]
fn a_full_stdout_is_told() {
    let place = with_difference();
    for (arguments, _) in COMMANDS {
        let full = File::options().write(true).open("/dev/full").unwrap();
        let ended = changed(&place, arguments, |command| {
            command.stdout(full);
        });
        assert_eq!(ended.code, Some(4), "{arguments:?}\n{}", ended.stderr);
        if !["record", "compare"].contains(arguments.first().unwrap_or(&"")) {
            has(&ended.stderr, &["error: stdout: No space left", "\nmake room", "elsewhere"]);
        }
    }
}

#[test]
fn without_stdout_and_stderr_everything_is_done_all_the_same() {
    let place = with_difference();
    for (arguments, code) in COMMANDS {
        let mut command = Command::new("/bin/sh");
        let program = env!("CARGO_BIN_EXE_workbook");
        command.args(["-c", "exec \"$@\" >&- 2>&- <&-", "sh", program]).args(*arguments);
        command.current_dir(place.path("work")).env_clear().env("HOME", place.path("home"));
        let ended = end_of(command.env("WORKBOOK_PYTHON", "/no/such/python3"));
        assert_eq!(ended.code, Some(*code), "{arguments:?}");
    }
}

#[test]
fn no_home_is_needed_and_a_relative_one_is_none() {
    for home in [None, Some("home")] {
        let place = with_difference();
        let before: Vec<String> = place.files_in("work");
        let kept = COMMANDS
            .iter()
            .filter(|(all, _)| !["accept", "reject"].contains(all.first().unwrap_or(&"")));
        for (arguments, code) in kept {
            let ended = changed(&place, arguments, |command| {
                command.stdout(Stdio::piped()).env_remove("HOME");
                command.env_remove("XDG_CACHE_HOME").env("XDG_DATA_HOME", "data");
                command.envs(home.map(|home| ("HOME", home)));
            });
            assert_eq!(ended.code, Some(*code), "{home:?} {arguments:?}\n{}", ended.stderr);
            assert_eq!(ended.stderr.is_empty(), *code != 4, "{arguments:?}\n{}", ended.stderr);
        }
        assert_eq!(
            place.files_in("work"),
            before,
            "{home:?}: something is written into the course"
        );
    }
}

#[test]
fn what_is_not_utf_8_is_named() {
    let place = Place::empty();
    let odd = |start: &[u8]| OsStr::from_bytes(&[start, b"\xff\xfe"].concat()).to_owned();
    for (arguments, value) in [
        (["run"].as_slice(), odd(b"4")),
        (&["show"], odd(b"")),
        (&["serve", "1", "--port"], odd(b"1")),
        (&["verify", "--shard"], odd(b"1/4")),
        (&["verify", "--report"], odd(b"junit=")),
        (&["accept", "--call"], odd(b"hello")),
        (&["record"], odd(b"")),
        (&["compare"], odd(b"")),
        (&["export", "1", "--as", "curl", "--base-url"], odd(b"http://")),
        (&["completions"], odd(b"")),
        (&[], odd(b"")),
        (&["list"], odd(b"--")),
    ] {
        let message = end_of(place.command(arguments).arg(&value)).failed(2);
        has(&message, &["error: ", &value.to_string_lossy(), "--help"]);
    }
    let mut command = place.command(&["verify", "1"]);
    let message = end_of(command.env("WORKBOOK_JOBS", odd(b"4"))).failed(2);
    has(&message, &["error: this is not UTF-8: `WORKBOOK_JOBS=4"]);
    let mut command = place.command(&["export", "1", "--as", "curl", "--output"]);
    assert_eq!(end_of(command.arg(odd(b"a.sh"))).code, Some(0));
    assert!(place.path("work").join(odd(b"a.sh")).exists());
}

#[test]
fn variables_that_are_no_text_are_in_nobodys_way() {
    let place = with_difference();
    let value = OsStr::from_bytes(b"\xff\xfe");
    for name in ["COLUMNS", "TERM", "NO_COLOR", "LANG", "HOME", "XDG_DATA_HOME", "WORKBOOK_PYTHON"]
    {
        let ended = changed(&place, &["run", "1"], |command| {
            command.stdout(Stdio::piped()).env(name, value);
        });
        assert_eq!((ended.code, ended.stderr.as_str()), (Some(1), ""), "{name}");
    }
}

#[test]
fn twenty_columns_are_enough() {
    for columns in ["20", "1"] {
        let place = with_difference();
        for (arguments, code) in COMMANDS {
            let ended = changed(&place, arguments, |command| {
                command.stdout(Stdio::piped()).env("COLUMNS", columns);
            });
            assert_eq!(ended.code, Some(*code), "{columns}: {arguments:?}\n{}", ended.stderr);
        }
    }
}

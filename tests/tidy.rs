//! The tree keeps its shape: layers, doors of crates, state, lengths.
//!
//! Everything is read as text. What these tests know of the design stands in their tables; a new
//! module, dependency or exception is a row there, with its reason. What makes a lesson good is for
//! `workbook lint` to say; a page of the book that is no lesson is looked at here.

mod tree;

use std::collections::BTreeSet;

use regex::Regex;
use workbook::course::page;

use tree::{Text, read, sources};

/// Which modules of the crate a module may import; all of them are below it.
const LAYERS: &[(&str, &[&str])] = &[
    ("main", &["cli", "commands", "terminal"]),
    (
        "commands",
        &[
            "cli",
            "course",
            "engine",
            "fastapi",
            "file",
            "fuzz",
            "home",
            "lessons",
            "lint",
            "progress",
            "reference",
            "report",
            "scaffold",
            "snapshot",
            "terminal",
        ],
    ),
    ("terminal", &["cli", "report"]),
    ("report", &["course", "engine", "fuzz", "lint"]),
    ("fuzz", &["course", "engine"]),
    ("engine", &["course", "fastapi"]),
    ("lint", &["course", "fastapi", "lessons", "reference", "snapshot"]),
    ("scaffold", &["course"]),
    ("snapshot", &["course", "file"]),
    ("home", &["course"]),
    ("course", &["lessons", "fastapi"]),
    ("lessons", &["fastapi"]),
    ("reference", &["course"]),
    ("progress", &["file"]),
    ("file", &[]),
    ("cli", &[]),
    ("lib", &["fastapi"]),
];

/// What a lesson may name. A crate that one lesson is about gets a row with its folder.
const LESSONS_MAY_USE: &[(&str, &str)] = &[
    ("lessons/", "crate::fastapi"),
    ("lessons/", "serde"),
    ("lessons/", "schemars"),
    ("lessons/", "std"),
    ("lessons/", "tokio::time"),
    ("lessons/18-timing-middleware/", "uuid"),
    ("lessons/22-response-types/", "tempfile"),
    ("lessons/35-database/", "deadpool::managed"),
    ("lessons/35-database/", "rusqlite"),
    ("lessons/35-database/", "rusqlite_migration"),
    ("lessons/35-database/", "tempfile"),
    ("lessons/37-logging/", "time"),
    ("lessons/37-logging/", "tracing"),
    ("lessons/37-logging/", "tracing_subscriber"),
    ("lessons/37-logging/", "uuid"),
    ("lessons/38-async-await/", "futures_util::future"),
    ("lessons/38-async-await/", "tokio::spawn"),
    ("lessons/40-streaming/", "async_stream"),
    ("lessons/40-streaming/", "futures_util::Stream"),
    ("lessons/40-streaming/", "sha2"),
];

/// Where each dependency may be named, as the starts of paths; an empty start is everywhere.
const DOORS: &[(&str, &[&str])] = &[
    ("actix_http", &["src/fastapi/server.rs"]),
    ("actix_service", &["src/fastapi/"]),
    ("actix_web", &["src/fastapi/"]),
    ("async_stream", &["lessons/40-streaming/"]),
    (
        "base64",
        &[
            "src/fastapi/jwt.rs",
            "src/fastapi/jwt/",
            "src/fastapi/session.rs",
            "src/fastapi/session/",
            "src/fastapi/websocket/handshake.rs",
        ],
    ),
    ("clap", &["src/cli.rs", "src/cli/"]),
    ("clap_complete", &["src/cli.rs", "src/commands/completions.rs"]),
    ("colored", &["src/report/"]),
    ("deadpool", &["lessons/35-database/"]),
    ("encoding_rs", &["src/fastapi/form/charset.rs"]),
    ("etcetera", &["src/home.rs", "src/progress.rs"]),
    (
        "fastrand",
        &[
            "src/commands/verify/",
            "src/fastapi/accept.rs",
            "src/fastapi/file_response.rs",
            "src/fastapi/websocket/",
            "src/fuzz/",
        ],
    ),
    ("form_urlencoded", &["src/course/script/", "src/fastapi/request.rs"]),
    (
        "futures_util",
        &[
            "lessons/38-async-await/",
            "lessons/40-streaming/",
            "src/commands/verify/",
            "src/engine/",
            "src/fastapi/",
            "src/fuzz.rs",
        ],
    ),
    ("hmac", &["src/fastapi/jwt.rs", "src/fastapi/session/signer.rs"]),
    ("http_body_util", &["src/engine/socket.rs", "src/engine/wire.rs"]),
    ("hyper", &["src/engine/socket.rs", "src/engine/wire.rs"]),
    ("hyper_util", &["src/engine/socket.rs", "src/engine/wire.rs"]),
    ("include_dir", &["src/home.rs"]),
    ("indexmap", &["src/course/script/", "src/fastapi/"]),
    ("md5", &["src/fastapi/file_response/state.rs"]),
    ("minijinja", &["src/fastapi/templates.rs", "src/fastapi/templates/"]),
    ("minijinja_contrib", &["src/fastapi/templates.rs"]),
    ("percent_encoding", &["src/fastapi/", "src/fuzz/", "src/lint/", "src/report/export/"]),
    ("pulldown_cmark", &["src/report/prose/", "src/report/prose.rs"]),
    ("quick_xml", &["src/report/junit.rs"]),
    ("regex", &["src/fastapi/schema.rs"]),
    (
        "regex_lite",
        &[
            "src/course/capture.rs",
            "src/course/mask.rs",
            "src/course/mask/",
            "src/course/script/",
            "src/lint/",
        ],
    ),
    ("reqwest", &["src/engine/"]),
    ("rusqlite", &["lessons/35-database/"]),
    ("rusqlite_migration", &["lessons/35-database/"]),
    ("rustix", &["src/terminal/"]),
    ("rustyline", &["src/terminal/"]),
    ("schemars", &["src/fastapi/", "src/report/json/", "lessons/"]),
    ("serde", &[""]),
    ("serde_json", &[""]),
    ("sha1", &["src/fastapi/session/signer.rs", "src/fastapi/websocket/handshake.rs"]),
    (
        "sha2",
        &[
            "lessons/40-streaming/",
            "src/course/message.rs",
            "src/fastapi/jwt.rs",
            "src/home.rs",
            "src/reference/environment.rs",
        ],
    ),
    ("shlex", &["src/commands/try/"]),
    ("similar", &["src/engine/compare.rs"]),
    ("strsim", &["src/course/lesson.rs", "src/course/nearest.rs"]),
    ("syntect", &["src/report/highlight/"]),
    (
        "tempfile",
        &[
            "lessons/22-response-types/",
            "lessons/35-database/",
            "src/course/script.rs",
            "src/fastapi/file_response.rs",
            "src/fastapi/form/spool.rs",
            "src/fastapi/upload",
            "src/file.rs",
            "src/home.rs",
        ],
    ),
    ("terminal_size", &["src/terminal.rs"]),
    ("textwrap", &["src/report/"]),
    ("thiserror", &[""]),
    ("time", &["lessons/37-logging/", "src/fastapi/http_date.rs"]),
    (
        "tokio",
        &[
            "src/main.rs",
            "src/commands/",
            "src/engine/",
            "src/fastapi/",
            "src/reference/",
            "src/terminal/",
            "lessons/",
        ],
    ),
    ("tokio_tungstenite", &["src/engine/socket.rs"]),
    ("toml", &["src/course/script.rs", "src/course/script/"]),
    ("tracing", &["lessons/37-logging/", "src/fastapi/"]),
    ("tracing_subscriber", &["lessons/37-logging/", "src/fastapi/logging.rs"]),
    ("uuid", &["lessons/18-timing-middleware/", "lessons/37-logging/"]),
];

/// All statics: none holds anything that changes.
const STATICS: &[&str] =
    &["LESSONS: Dir<'_>", "SNAPSHOTS: Dir<'_>", "SYNTAXES: LazyLock<SyntaxSet>"];

#[test]
fn imports_go_downwards() {
    // `src/fastapi` is a crate of its own, so that the compiler sees to it.
    let sources = sources(&["src", "lessons"]).into_iter();
    for source in sources.filter(|source| !source.path.starts_with("src/fastapi/")) {
        let path = &source.path;
        let module = module_of(path);
        let row = LAYERS.iter().find(|(name, _)| *name == module);
        let (_, allowed) = row.unwrap_or_else(|| panic!("{path}: `{module}` is in no layer"));
        for used in crate_modules_in(&source) {
            let fine = used == module || allowed.contains(&used.as_str());
            assert!(fine, "{path}: `{module}` may not import `{used}`");
        }
    }
}

#[test]
fn a_lesson_imports_nothing_but_fastapi_and_the_crates_it_may() {
    let import = Regex::new(r"^\s*(?:pub )?use ([\w:]+)").unwrap();
    let path_in_code = Regex::new(r"(?:^|[^\w:])([a-z_]\w*)::\w+").unwrap();
    let allowed = |path: &str, used: &str| {
        let names = |name: &str| used == name || used.starts_with(&format!("{name}::"));
        LESSONS_MAY_USE.iter().any(|(start, name)| path.starts_with(start) && names(name))
    };
    for source in sources(&["lessons"]).iter().filter(|source| source.path != "lessons/mod.rs") {
        let (imports, code): (Vec<_>, Vec<_>) = source.code().partition(|l| import.is_match(l));
        for line in &imports {
            let used = &import.captures(line).unwrap()[1];
            assert!(allowed(&source.path, used), "{}: a lesson may not use `{used}`", source.path);
        }
        // `thread::sleep` is fine after `use std::thread`: the import has been judged.
        let imported = |name: &str| imports.iter().any(|line| line.contains(name));
        for found in code.iter().flat_map(|line| path_in_code.captures_iter(line)) {
            let used = found[0].trim_start_matches(|c: char| !c.is_alphanumeric());
            let fine = imported(&found[1]) || allowed(&source.path, used);
            assert!(fine, "{}: a lesson may not use `{used}`", source.path);
        }
    }
}

#[test]
fn every_dependency_has_a_door_and_is_named_only_there() {
    let mut named = BTreeSet::new();
    for manifest in ["Cargo.toml", "src/fastapi/Cargo.toml"] {
        let manifest: toml::Table = toml::from_str(&read(manifest)).unwrap();
        let dependencies = manifest["dependencies"].as_table().unwrap().keys();
        named.extend(dependencies.map(|name| name.replace('-', "_")));
    }
    // The first is ours; the second is there for what it spares another crate.
    for unnamed in ["fastapi", "idna_adapter"] {
        assert!(named.remove(unnamed));
    }
    let doors: Vec<&str> = DOORS.iter().map(|(name, _)| *name).collect();
    assert_eq!(Vec::from_iter(named), doors, "each dependency needs a row in DOORS, in order");
    let sources = sources(&["src", "lessons"]);
    for (name, allowed) in DOORS {
        let users = sources.iter().filter(|source| source.names_crate(name));
        let users: Vec<&str> = users.map(|source| source.path.as_str()).collect();
        assert!(!users.is_empty(), "{name} is used nowhere");
        let outside = users.into_iter().find(|path| !allowed.iter().any(|at| path.starts_with(at)));
        assert_eq!(outside, None, "{name} is named outside of {allowed:?}");
    }
}

#[test]
fn only_the_terminal_prints() {
    let prints = Regex::new(r"\b(e?println!|e?print!|dbg!|stdout\(\)|stderr\(\))").unwrap();
    let printing = sources(&["src", "lessons"]).into_iter().filter(|source| {
        source.path != "src/terminal.rs" && source.code().any(|line| prints.is_match(line))
    });
    assert_eq!(printing.map(|source| source.path).collect::<Vec<_>>(), [""; 0]);
}

#[test]
fn there_is_no_global_mutable_state() {
    let declares = Regex::new(r"^\s*(?:pub(?:\(.*\))? )?static ((?:mut )?\w+: [^=]+?) =").unwrap();
    let hidden = Regex::new(r"\bthread_local!|\bOnceLock\b|\bOnceCell\b|\blazy_static!").unwrap();
    let mut statics = BTreeSet::new();
    for source in sources(&["src", "lessons"]) {
        for line in source.code() {
            assert!(!hidden.is_match(line), "{}: {line}", source.path);
            statics.extend(declares.captures(line).map(|found| found[1].to_owned()));
        }
    }
    assert_eq!(statics.iter().collect::<Vec<_>>(), STATICS);
}

#[test]
fn every_golden_file_is_compared_with_something() {
    let tests: String = sources(&["tests/cli"]).into_iter().map(|source| source.text).collect();
    for path in tree::files("tests/cli/golden") {
        let name = path.rsplit('/').next().and_then(|file| file.strip_suffix(".snap"));
        let quoted = format!("\"{}\"", name.unwrap_or_else(|| panic!("{path} is no snapshot")));
        assert!(tests.contains(&quoted), "{path}: no test names it");
    }
}

#[test]
fn a_page_beside_the_lessons_includes_what_is_there_and_all_that_is_marked_for_it() {
    let mut included = BTreeSet::new();
    for Text { path, text } in tree::texts(&["lessons"], &["md"]) {
        let is_beside = path.matches('/').count() == 1;
        if is_beside {
            let mistakes = page::mistakes(&tree::root().join(&path), &text);
            assert!(mistakes.is_empty(), "{}", mistakes[0]);
            let parts = page::includes(&text).into_iter();
            included.extend(parts.map(|one| format!("{}:{}", one.file, one.part)));
        }
    }
    let anchor = Regex::new(r"(?m)^\s*(?://|#) ANCHOR: (.+)$").unwrap();
    for path in [".ci", "src", "tests"].into_iter().flat_map(tree::files) {
        for found in anchor.captures_iter(&read(&path)) {
            let named = format!("../{path}:{}", &found[1]);
            assert!(included.contains(&named), "no page includes {named}");
        }
    }
}

#[test]
fn lines_fit_in_100_columns() {
    let code = sources(&["src", "lessons", "tests", "benches"]);
    let prose = tree::texts(&["lessons", "book", "tests"], &["md", "py", "toml"]);
    for Text { path, text } in code.into_iter().chain(prose) {
        // Neither a text in quotes nor an address can be broken.
        let breakable = |line: &str| !line.contains('"') && !line.contains("://");
        let long = |line: &str| line.chars().count() > 100 && breakable(line);
        let found = text.lines().position(long).map(|index| index + 1);
        assert_eq!(found, None, "{path}: the line is longer than 100 columns");
    }
}

#[test]
fn files_are_short_and_open_with_what_they_are() {
    for Text { path, text } in sources(&["src", "lessons", "tests", "benches"]) {
        assert!(text.starts_with("//! "), "{path}: the first line says what is in it");
        let lines = text.lines().count();
        assert!(lines <= 400 || !path.starts_with("src"), "{path}: {lines} lines, 400 at most");
    }
}

#[test]
fn functions_are_no_longer_than_70_lines() {
    let opens = Regex::new(r"^(\s*)(pub(\(.*\))? )?(const )?(async )?fn (\w+).*[^;}]$").unwrap();
    for Text { path, text } in sources(&["src", "lessons"]) {
        let lines: Vec<&str> = text.lines().collect();
        for (start, found) in
            lines.iter().enumerate().filter_map(|(i, l)| Some((i, opens.captures(l)?)))
        {
            let closing = format!("{}}}", &found[1]);
            let length = lines[start..].iter().position(|line| **line == closing).unwrap_or(0);
            assert!(length < 70, "{path}:{}: `{}` has {length} lines", start + 1, &found[6]);
        }
    }
}

/// The top-level module that a file belongs to: `src/engine/client.rs` is in `engine`.
fn module_of(path: &str) -> String {
    let inside = path.strip_prefix("src/").unwrap_or(path);
    inside.split(['/', '.']).next().unwrap_or_default().to_owned()
}

/// The top-level modules that a file names by `crate::…`, or by `super::…` from the top level.
fn crate_modules_in(source: &Text) -> BTreeSet<String> {
    let at_top = source.path.matches('/').count() == 1 || source.path.ends_with("/mod.rs");
    let mut modules = BTreeSet::new();
    for line in source.code() {
        let by_super = (at_top && line.starts_with("use super::")).then_some("super::");
        for start in ["crate::", "workbook::"].into_iter().chain(by_super) {
            for rest in line.split(start).skip(1) {
                let name = rest.split(|c: char| !c.is_alphanumeric() && c != '_').next();
                modules.extend(name.map(str::to_owned));
            }
        }
    }
    assert!(!modules.contains(""), "{}: one `use crate::module` a module", source.path);
    modules
}

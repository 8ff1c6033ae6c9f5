//! Comparing a text with a file of `cli/golden`, apart from what differs from run to run.

use std::path::Path;

use insta::{Settings, assert_snapshot};
use regex::Regex;

/// Where the files are.
const FOLDER: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/cli/golden");

/// Compares a text with the file of this name; ports and times are left out of it.
pub fn check(name: &str, text: &str) {
    let mut settings = Settings::new();
    settings.set_snapshot_path(Path::new(FOLDER));
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.bind(|| assert_snapshot!(name, without_volatile(text)));
}

fn without_volatile(text: &str) -> String {
    let port = Regex::new(r"127\.0\.0\.1:\d+").unwrap();
    let time = Regex::new(r" +\d+ ms").unwrap();
    let key = Regex::new(r#"(time="|"took_ms": )[\d.]+"#).unwrap();
    let text = port.replace_all(text, "127.0.0.1:PORT");
    let text = time.replace_all(&text, " N ms");
    key.replace_all(&text, "${1}0").into_owned()
}

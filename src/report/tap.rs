//! `verify` as the Test Anything Protocol, version 14 (testanything.org): a test a lesson, with its
//! calls as a subtest.

use serde_json::Value;

use super::verification::how;
use super::verified::{Judged, PLAIN, Verification, Verified, printable, title};

/// The report.
pub fn render(found: &Verification) -> String {
    let tests = found.lessons.len() + found.not_run.len();
    let mut lines = vec!["TAP version 14".to_owned(), format!("1..{tests}")];
    let how = how(found);
    if !how.is_empty() {
        lines.push(format!("# verified{how}"));
    }
    let mut number = 0;
    for verified in &found.lessons {
        number += 1;
        lines.extend(lesson(number, verified));
    }
    for lesson in &found.not_run {
        number += 1;
        let title = described(&title(lesson));
        lines.push(format!("ok {number} - {title} # SKIP not run, {}", found.why_not_run()));
    }
    if let Some(stopped) = &found.stopped {
        let message = stopped.message.lines().next().unwrap_or_default();
        lines.push(format!("Bail out! {}", one_line(message)));
    }
    lines.join("\n") + "\n"
}

fn lesson(number: usize, verified: &Verified) -> Vec<String> {
    let title = described(&verified.title());
    let mut lines = vec![format!("# Subtest: {title}")];
    lines.push(format!("    1..{}", verified.run.results.len()));
    for (index, judged) in verified.calls().enumerate() {
        lines.extend(call(index + 1, &judged).into_iter().map(|line| format!("    {line}")));
    }
    lines.push(format!("{} {number} - {title}", verdict(verified.is_good())));
    lines
}

fn call(number: usize, judged: &Judged<'_>) -> Vec<String> {
    let name = described(&judged.call().name);
    let mut lines = vec![format!("{} {number} - {name}", verdict(judged.is_good()))];
    if judged.is_good() {
        return lines;
    }
    let mut row = |text: String| lines.push(format!("  {text}"));
    row("---".to_owned());
    row(format!("message: {}", quoted(&judged.headline())));
    row(format!("severity: {}", quoted("fail")));
    row(format!("kind: {}", quoted(judged.kind())));
    row(format!("request: {}", quoted(&judged.call().request())));
    row("at:".to_owned());
    row(format!("  file: {}", quoted(&judged.script().file)));
    row(format!("  line: {}", judged.script().line));
    if let Some(place) = judged.snapshot() {
        row("snapshot:".to_owned());
        row(format!("  file: {}", quoted(&place.file)));
        row(format!("  line: {}", place.line));
    }
    // A block: Perl's `prove` takes quoted items with a colon for something else.
    row("findings: |".to_owned());
    printable(&judged.lines(PLAIN).join("\n")).lines().for_each(|line| row(format!("  {line}")));
    row("...".to_owned());
    lines
}

fn verdict(good: bool) -> &'static str {
    if good { "ok" } else { "not ok" }
}

/// A description: on one line, with what would start a directive escaped.
fn described(text: &str) -> String {
    one_line(text).replace('\\', "\\\\").replace('#', "\\#")
}

fn one_line(text: &str) -> String {
    text.replace(|character: char| character.is_control(), " ")
}

/// A text in YAML: in JSON's quotes.
fn quoted(text: &str) -> String {
    Value::from(printable(text)).to_string()
}

#[cfg(test)]
mod tests {
    use super::{described, quoted};

    #[test]
    fn what_means_something_to_tap_or_yaml_is_escaped() {
        assert_eq!(described("a # TODO b\\c\nd"), "a \\# TODO b\\\\c d");
        assert_eq!(quoted("it's \"a\":\t\u{1}\né"), r#""it's \"a\":\t␁\né""#);
    }
}

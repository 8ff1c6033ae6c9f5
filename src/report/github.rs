//! `verify` for GitHub Actions: workflow commands that annotate lines, and the job's summary.

use super::annotation;
use super::verification::{counted, how};
use super::verified::{Judged, PLAIN, Place, Verification, Verified};

/// How many lines of one call the summary shows.
const LINES: usize = 40;

/// How many bytes of calls the summary shows; GitHub takes 1 MiB from all steps of a job.
const BYTES: usize = 512 * 1024;

/// A command for each line of the script and of a snapshot that shows something wrong. The files
/// are below this folder of the repository, which is empty or ends with a slash.
pub fn annotations(found: &Verification, folder: &str) -> String {
    let mut text = String::new();
    for judged in found.bad() {
        let title = heading(&judged);
        let mut lines = vec![judged.call().request(), judged.headline()];
        lines.extend(judged.lines(PLAIN));
        lines.dedup();
        let message = lines.join("\n");
        text += &annotated(Some(&judged.script()), folder, &title, &message);
        if let Some(place) = judged.snapshot() {
            text += &annotated(Some(&place), folder, &title, &message);
        }
    }
    if let Some(stopped) = &found.stopped {
        text += &annotated(stopped.place.as_ref(), folder, "workbook verify", &stopped.message);
    }
    text
}

/// `14 · missing-item`.
fn heading(judged: &Judged<'_>) -> String {
    format!("{} · {}", judged.lesson.number, judged.call().name)
}

fn annotated(place: Option<&Place>, folder: &str, title: &str, message: &str) -> String {
    let place = place.map(|place| (format!("{folder}{}", place.file), place.line));
    annotation::error(place, title, message)
}

/// The job's summary, in GitHub's Markdown.
pub fn summary(found: &Verification) -> String {
    let count = found.count();
    let all =
        format!("{}, {}", counted(found.lessons.len(), "lesson"), counted(count.calls, "call"));
    let (mark, verdict) = match (&found.stopped, count.bad) {
        (Some(_), _) => ("❌", "ended before the end".to_owned()),
        (None, 0) => ("✅", "all as they should be".to_owned()),
        (None, bad) => ("❌", format!("{bad} not as they should be")),
    };
    let took = found.took.as_millis();
    let mut text =
        format!("### {mark} workbook verify: {all}, {verdict}\n\nTook {took} ms{}\n\n", how(found));
    if let Some(stopped) = &found.stopped {
        text += &format!("{}\n", fenced(&stopped.message));
    }
    if !found.lessons.is_empty() {
        text += "| | Lesson | Calls | Not good | Time |\n| --- | --- | ---: | ---: | ---: |\n";
        text.extend(found.lessons.iter().map(row));
        let skipped = found.not_run.iter();
        text.extend(skipped.map(|lesson| {
            let title = cell(&super::verified::title(lesson));
            format!("| ⏭️ | {title} | | | not run |\n")
        }));
        text.push('\n');
    }
    for judged in found.bad() {
        let details = details(&judged);
        if text.len() + details.len() > BYTES {
            text += "What else is not as it should be does not fit here; the log has it.\n";
            break;
        }
        text += &details;
    }
    text
}

fn row(verified: &Verified) -> String {
    let count = verified.count();
    let mark = if verified.is_good() { "✅" } else { "❌" };
    let (title, took) = (cell(&verified.title()), verified.run.took.as_millis());
    format!("| {mark} | {title} | {} | {} | {took} ms |\n", count.calls, count.bad)
}

fn details(judged: &Judged<'_>) -> String {
    let heading = html(&format!("{}: {}", heading(judged), judged.headline()));
    let mut lines = vec![judged.call().request()];
    lines.extend(judged.lines(PLAIN));
    let hidden = lines.len().saturating_sub(LINES);
    lines.truncate(LINES);
    if hidden > 0 {
        lines.push(format!("… {}", counted(hidden, "more line")));
    }
    lines.push(String::new());
    lines.push(judged.script().to_string());
    lines.extend(judged.snapshot().map(|place| place.to_string()));
    let shown = fenced(&lines.join("\n"));
    format!("<details><summary>{heading}</summary>\n\n{shown}\n</details>\n\n")
}

/// A block of code whose fence is longer than any in it.
fn fenced(text: &str) -> String {
    let mut fence = "```".to_owned();
    while text.contains(&fence) {
        fence.push('`');
    }
    format!("{fence}text\n{text}\n{fence}\n")
}

/// A text in a table.
fn cell(text: &str) -> String {
    html(text).replace('|', "\\|")
}

fn html(text: &str) -> String {
    let text = text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
    text.replace(|character: char| character.is_control(), " ")
}

#[cfg(test)]
mod tests {
    use super::{cell, fenced};

    #[test]
    fn a_table_and_a_fence_hold_whatever_is_in_them() {
        assert_eq!(cell("a|b <i>\nc"), "a\\|b &lt;i&gt; c");
        assert_eq!(fenced("a ```` b"), "`````text\na ```` b\n`````\n");
    }
}

//! `verify` for people: one line a lesson, details only for what differs, the sum last.

use std::time::Duration;

use textwrap::core::display_width;

use super::curl;
use super::diff::findings;
use super::exchange::divergences;
use super::palette::Palette;
use super::prose::Look;
use crate::course::Lesson;
use crate::engine::LessonRun;

/// The line of one lesson, and below it the calls that differ.
pub fn lesson(lesson: &Lesson, run: &LessonRun, look: Look) -> String {
    let palette = Palette::of(look);
    let mark = if run.is_good() { palette.good("✓") } else { palette.bad("✗") };
    let title = &lesson.script.title;
    let width = look.width.clamp(50, 80) - 30;
    let pad = " ".repeat(width.saturating_sub(display_width(title)));
    let figures = format!("{:>3} calls  {:>5} ms", run.results.len(), run.took.as_millis());
    let mut text =
        format!("{mark} {:>3} · {title}{pad}  {}\n", lesson.number, palette.aside(&figures));
    for result in run.results.iter().filter(|result| !result.is_good()) {
        let call = &result.exchange.call;
        text += &format!("      {}  {}\n", palette.name(&call.name), call.request());
        for line in findings(result, look) {
            text += &format!("        {line}\n");
        }
        text += &palette.aside(&format!(
            "        {}:{}\n        {}\n        {}\n",
            lesson.script_name(),
            call.line,
            lesson.snapshot_name(&call.name),
            curl::command(call, &result.exchange.base_url)
        ));
    }
    text
}

/// The last line: lessons, calls, time.
pub fn summary(runs: &[(Lesson, LessonRun)], took: Duration, look: Look) -> String {
    let palette = Palette::of(look);
    let results = || runs.iter().flat_map(|(_, run)| &run.results);
    let calls = results().count();
    let wrong = results().filter(|result| !result.is_good()).count();
    let lessons = match runs.len() {
        1 => "1 lesson".to_owned(),
        many => format!("{many} lessons"),
    };
    let diverging = results().filter(|result| result.diverges()).count();
    let words = match (wrong, diverging) {
        (0, 0) => palette.good(&format!("{lessons}, {calls} calls: all as recorded")),
        (0, _) => palette.good(&format!(
            "{lessons}, {calls} calls: {} as recorded, {}",
            calls - diverging,
            divergences(diverging)
        )),
        _ => palette.bad(&format!("{lessons}, {calls} calls: {wrong} not as they should be")),
    };
    format!("\n{words} · {} ms\n", took.as_millis())
}

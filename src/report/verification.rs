//! `verify` for people: one line a lesson, details only for what differs, the sum last.

use textwrap::core::display_width;

use super::exchange::divergences;
use super::palette::Palette;
use super::prose::Look;
use super::verified::{Verification, Verified};

/// The line of one lesson, and below it the calls that are not as they should be.
pub fn lesson(verified: &Verified, look: Look) -> String {
    let palette = Palette::of(look);
    let mark = if verified.is_good() { palette.good("✓") } else { palette.bad("✗") };
    let (lesson, run) = (&verified.lesson, &verified.run);
    let title = &lesson.script.title;
    let width = look.width.clamp(50, 80) - 30;
    let pad = " ".repeat(width.saturating_sub(display_width(title)));
    let figures = format!("{:>3} calls  {:>5} ms", run.results.len(), run.took.as_millis());
    let mut text =
        format!("{mark} {:>3} · {title}{pad}  {}\n", lesson.number, palette.aside(&figures));
    for judged in verified.calls().filter(|judged| !judged.is_good()) {
        let call = judged.call();
        text += &format!("      {}  {}\n", palette.name(&call.name), call.request());
        for line in judged.lines(look) {
            text += &format!("        {line}\n");
        }
        let snapshot = judged.snapshot().map(|place| place.to_string());
        text += &palette.aside(&format!(
            "        {}\n        {}\n        {}\n",
            judged.script(),
            snapshot.unwrap_or_else(|| judged.snapshot_file()),
            judged.curl()
        ));
    }
    text
}

/// The last lines: what was not run, then lessons, calls, time.
pub fn summary(found: &Verification, look: Look) -> String {
    let palette = Palette::of(look);
    let count = found.count();
    let lessons = counted(found.lessons.len(), "lesson");
    let calls = format!("{lessons}, {}", counted(count.calls, "call"));
    let words = match (count.bad, count.diverging) {
        _ if found.lessons.is_empty() => "nothing was run".to_owned(),
        (0, 0) => palette.good(&format!("{calls}: all as recorded")),
        (0, diverging) => palette.good(&format!(
            "{calls}: {} as recorded, {}",
            count.calls - diverging,
            divergences(diverging)
        )),
        (bad, _) => palette.bad(&format!("{calls}: {bad} not as they should be")),
    };
    format!("\n{}{words}{} · {} ms\n", not_run(found, look), how(found), found.took.as_millis())
}

/// The lessons whose turn did not come.
fn not_run(found: &Verification, look: Look) -> String {
    if found.not_run.is_empty() {
        return String::new();
    }
    let numbers: Vec<String> =
        found.not_run.iter().map(|lesson| lesson.number.to_string()).collect();
    let width = look.width.clamp(50, 100);
    textwrap::fill(&format!("not run, {}: {}", found.why_not_run(), numbers.join(", ")), width)
        + "\n"
}

/// In which way it was checked, where that is not once in the order of the course.
pub fn how(found: &Verification) -> String {
    let mut words = String::new();
    if found.rounds > 1 {
        words += &format!(", {} times", found.rounds);
    }
    if let Some(seed) = found.seed {
        words += &format!(", in a random order (--shuffle --seed {seed})");
    }
    if let Some(shard) = &found.shard {
        words += &format!(", shard {shard}");
    }
    if let Some(target) = &found.target {
        words += &format!(", at {target}");
    }
    words
}

/// `1 lesson`, `2 lessons`.
pub fn counted(count: usize, noun: &str) -> String {
    match count {
        1 => format!("1 {noun}"),
        many => format!("{many} {noun}s"),
    }
}

//! One call as a learner reads it, in the order in which it happened: the request, what is said
//! about it, what the server printed, the reply, the verdict, what the server printed later.

use textwrap::core::display_width;

use super::diff::findings;
use super::palette::Palette;
use super::prints;
use super::prose::Look;
use super::{arrivals, conversation, curl};
use crate::course::part::{self, Part};
use crate::course::{Call, Lesson, Message, Says, StatusLine, visible};
use crate::engine::{CallResult, Finding, LessonRun};

/// Headers that every reply has and no learner looks for.
const USUAL_HEADERS: [&str; 2] = ["content-length", "content-type"];

/// How many lines of a body a brief view shows.
const FOLDED_LINES: usize = 6;

/// How much of an exchange is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Detail {
    /// One line for the request, one for the reply, more only for what differs.
    Brief,
    /// All headers, the whole body and the curl command.
    Full,
}

/// Where the server is that answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// It is ours, and ends with this process.
    ThisProcess,
    /// Someone else has started it.
    Elsewhere,
}

/// The lines above a lesson's calls.
pub fn heading(lesson: &Lesson, server: &str, place: Place, look: Look) -> String {
    let palette = Palette::of(look);
    let title = format!("{} · {}", lesson.number, lesson.script.title);
    let group = &lesson.script.group;
    let gap = look.width.min(88).saturating_sub(display_width(&title) + display_width(group));
    let first = if gap < 2 {
        format!("{}\n     {}", palette.name(&title), palette.aside(group))
    } else {
        format!("{}{}{}", palette.name(&title), " ".repeat(gap), palette.aside(group))
    };
    let whose = match place {
        Place::ThisProcess => "in this process",
        Place::Elsewhere => "not the lesson's own",
    };
    format!("{first}\n{}\n", palette.aside(&format!("     server {server} ({whose})")))
}

/// The request of a call: its line, and the headers and the body that go with it.
pub fn request(number: usize, call: &Call, look: Look, detail: Detail) -> String {
    let palette = Palette::of(look);
    let copies = match call.copies {
        1 => String::new(),
        copies => format!(" × {copies}"),
    };
    let together = if call.concurrent.is_some() { "  (at the same moment)" } else { "" };
    let socket = if call.socket.is_some() { "  (WebSocket)" } else { "" };
    let mut lines = vec![format!(
        "{number:>2} › {}{copies}{}",
        palette.name(&call.request()),
        palette.aside(&format!("{socket}{together}"))
    )];
    // What a JSON body brings along by itself is shown only where all headers are.
    let usual = |name: &str, value: &str| name == "content-type" && value == "application/json";
    let headers = call.headers.iter();
    let headers = headers.filter(|(name, value)| detail == Detail::Full || !usual(name, value));
    lines.extend(headers.map(|(name, value)| palette.aside(&format!("     {name}: {value}"))));
    let body = body(call);
    let body = match detail {
        Detail::Brief if !body.is_empty() => {
            folded(&body.join("\n"), look.width.clamp(40, 120) - 5)
        }
        Detail::Brief | Detail::Full => body,
    };
    lines.extend(body.iter().map(|line| format!("     {line}").trim_end().to_owned()));
    lines.join("\n") + "\n"
}

/// The lines of what is sent. A file that is no text is not shown: a terminal could take it for
/// orders.
fn body(call: &Call) -> Vec<String> {
    let text = match call.form() {
        Some(parts) => {
            let part = |part: &Part| format!("{}\r\n\r\n{}\r\n", part.head(), shown(&part.content));
            parts.iter().map(part).chain([part::end()]).collect()
        }
        None => call.body.as_deref().map(shown).unwrap_or_default(),
    };
    text.lines().map(visible::line).collect()
}

fn shown(content: &[u8]) -> String {
    let binary = || format!("<{} bytes>", content.len());
    String::from_utf8(content.to_vec()).unwrap_or_else(|_| binary())
}

/// What is said about a call, by the tutorial or, after a `+`, by the course.
pub fn said(call: &Call, look: Look) -> String {
    let palette = Palette::of(look);
    let text = match &call.says {
        Says::Document(text) => text.clone(),
        Says::Extra(text) => format!("+ {text}"),
    };
    let lines = wrapped(&text, look, 5);
    lines.iter().fold(String::new(), |text, line| text + "     " + &palette.aside(line) + "\n")
}

/// A text in lines that leave room for an indentation.
pub(super) fn wrapped(text: &str, look: Look, indentation: usize) -> Vec<String> {
    let width = look.width.clamp(30, 100) - indentation;
    textwrap::wrap(text, width).iter().map(ToString::to_string).collect()
}

/// The reply to a call and its verdict, between what the server printed before and after it.
pub fn reply(lesson: &Lesson, result: &CallResult, look: Look, detail: Detail) -> String {
    let palette = Palette::of(look);
    let mut lines = answer(result, &verdict(result, palette), look, detail);
    let mut notes = findings(result, look);
    let mut remark = |text: String| {
        notes.extend(wrapped(&text, look, 7).iter().map(|line| palette.notice(line)));
    };
    let divergence = result.exchange.call.diverges.as_ref();
    if let Some((divergence, _)) = divergence.filter(|_| result.diverges()) {
        remark(format!("FastAPI answers otherwise: {}", divergence.reason));
    }
    if let Some(erratum) = lesson.erratum(&result.exchange.call.name) {
        remark(format!("the {} says: {}", lesson.script.document.name(), erratum.says));
        remark(format!("FastAPI does: {}", erratum.fastapi));
    }
    lines.extend(notes.iter().map(|note| format!("       {note}")));
    if !result.is_good() {
        let place = lesson.snapshot_name(&result.exchange.call.name);
        lines.push(palette.aside(&format!("     {place}")));
    }
    if detail == Detail::Full || !result.is_good() {
        let command = curl::command(&result.exchange.call, &result.exchange.base_url);
        lines.push(palette.aside(&format!("     {command}")));
    }
    lines.join("\n") + "\n"
}

/// The reply with its verdict beside it, between what the server printed before and after it.
pub(super) fn answer(
    result: &CallResult,
    verdict: &str,
    look: Look,
    detail: Detail,
) -> Vec<String> {
    let palette = Palette::of(look);
    let printed = result.prints();
    let before = prints::lines(&printed.before, look, detail);
    let socket = result.actual.as_ref().filter(|reply| conversation::is_open(reply, result));
    // What is printed while a socket is open, mostly is when it ends.
    let (mut lines, then) =
        if socket.is_some() { (Vec::new(), before) } else { (before, Vec::new()) };
    lines.extend(match (&result.actual, detail) {
        (Some(reply), Detail::Brief) if socket.is_some() => {
            conversation::brief(reply, verdict, look)
        }
        (Some(reply), Detail::Brief) => brief(reply, verdict, look),
        (Some(reply), Detail::Full) => full(reply, result, verdict, palette),
        (None, _) => vec![format!("   ‹ no reply  {verdict}")],
    });
    lines.extend(then);
    if !printed.later.is_empty() {
        lines.push(palette.aside("     after the reply"));
        lines.extend(prints::lines(&printed.later, look, detail));
    }
    lines
}

/// What the server printed that belongs to no single call, if anything.
pub fn output(printed: &[String], look: Look, detail: Detail) -> String {
    if printed.is_empty() {
        return String::new();
    }
    let heading = Palette::of(look).aside("     the server also printed");
    let lines = [vec![heading], prints::lines(printed, look, detail)].concat();
    format!("{}\n\n", lines.join("\n"))
}

/// The last line of a run.
pub fn summary(run: &LessonRun, look: Look) -> String {
    let palette = Palette::of(look);
    let calls = run.results.len();
    let wrong = run.results.iter().filter(|result| !result.is_good()).count();
    let diverging = run.results.iter().filter(|result| result.diverges()).count();
    let words = match (wrong, diverging, calls) {
        (0, 0, 1) => palette.good("the call came back as recorded"),
        (0, 0, _) => palette.good(&format!("all {calls} calls came back as recorded")),
        (0, 1, 1) => palette.good("the call diverges as listed"),
        (0, _, _) => palette.good(&format!(
            "{} of {calls} calls came back as recorded, {}",
            calls - diverging,
            divergences(diverging)
        )),
        (_, _, 1) => palette.bad("the call differs"),
        _ => palette.bad(&format!("{wrong} of {calls} calls differ")),
    };
    format!("{words} · {} ms\n", run.took.as_millis())
}

/// So many calls that came out as their divergences declare.
pub fn divergences(count: usize) -> String {
    match count {
        1 => "1 diverges as listed".to_owned(),
        count => format!("{count} diverge as listed"),
    }
}

pub(super) fn verdict(result: &CallResult, palette: Palette) -> String {
    let worst = result.findings.first();
    match worst {
        None if result.diverges() => palette.notice("≠ diverges as listed"),
        None => palette.good("✓ as recorded"),
        Some(Finding::Differs(_) | Finding::NotAsDiverging(_)) => palette.bad("✗ differs"),
        Some(Finding::NotRecorded) => palette.bad("✗ not recorded"),
        Some(Finding::NotAsDocumented(_)) => palette.bad("✗ not as documented"),
        Some(Finding::ErratumNoLongerHolds) => palette.bad("✗ erratum gone"),
        Some(Finding::DivergenceNoLongerHolds) => palette.bad("✗ divergence gone"),
        Some(Finding::MaskMissed(_)) => palette.bad("✗ mask missed"),
        Some(Finding::Panicked(_)) => palette.bad("✗ handler panicked"),
        Some(Finding::StillBusy(_)) => palette.bad("✗ still busy"),
        Some(Finding::TimedOut(_)) => palette.bad("✗ timed out"),
        Some(Finding::Broken(_)) => palette.bad("✗ connection broke"),
        Some(Finding::Chunks(unpaced)) => palette.bad(arrivals::verdict(unpaced)),
        Some(Finding::TooEarly { .. }) => palette.bad("✗ too early"),
        Some(Finding::TooLate { .. }) => palette.bad("✗ too late"),
    }
}

fn brief(reply: &Message, verdict: &str, look: Look) -> Vec<String> {
    let palette = Palette::of(look);
    let kind = reply.header("content-type").unwrap_or("no content type");
    let width = look.width.clamp(40, 120);
    let fixed = "   ‹ 200 ".len() - 2 + display_width(kind) + display_width(verdict);
    let body = one_line(reply);
    let inline = fixed + display_width(&body) + 4 <= width;
    let beside = if inline { body.as_str() } else { "" };
    let pad = width.saturating_sub(fixed + display_width(beside) + 2);
    let status = coloured_status(reply.status, palette);
    let kind = palette.aside(kind);
    let line = format!("   ‹ {status} {kind}  {beside}{}{verdict}", " ".repeat(pad));
    let mut lines = interim(reply, palette);
    lines.push(line.trim_end().to_owned());
    let telling = reply.headers.iter().filter(|(name, _)| !USUAL_HEADERS.contains(&name.as_str()));
    lines.extend(telling.map(|(name, value)| palette.aside(&format!("     {name}: {value}"))));
    if !inline {
        lines.extend(folded(&body, width - 5).iter().map(|line| format!("     {line}")));
    }
    lines
}

fn full(reply: &Message, result: &CallResult, verdict: &str, palette: Palette) -> Vec<String> {
    let status = coloured_status(reply.status, palette);
    let reason = &reply.reason;
    let took = result.exchange.took.as_millis();
    let line = format!("   ‹ {status} {reason} · {took} ms  {verdict}");
    let mut lines = interim(reply, palette);
    lines.push(line.trim_end().to_owned());
    lines.extend(arrivals::line(result).map(|line| palette.aside(&format!("     {line}"))));
    let headers = reply.headers.iter();
    lines.extend(headers.map(|(name, value)| format!("     {}: {value}", palette.aside(name))));
    if !reply.body.is_empty() {
        lines.push(String::new());
        let shown = |line: &str| format!("     {}", visible::line(line)).trim_end().to_owned();
        lines.extend(reply.body.lines().map(shown));
    }
    lines
}

/// The interim replies, each as the final one is shown.
fn interim(reply: &Message, palette: Palette) -> Vec<String> {
    let shown = |line: &StatusLine| {
        format!("   ‹ {} {}", coloured_status(line.status, palette), palette.aside(&line.reason))
    };
    reply.interim.iter().map(shown).collect()
}

fn coloured_status(status: u16, palette: Palette) -> String {
    let text = status.to_string();
    match status {
        200..300 => palette.good(&text),
        300..500 => palette.notice(&text),
        _ => palette.bad(&text),
    }
}

/// A body on one line: JSON without its indentation, text without its line breaks.
fn one_line(reply: &Message) -> String {
    match reply.json() {
        Some(_) => reply.body.lines().fold(String::new(), |line, next| {
            let next = next.trim_start();
            let gap = if line.ends_with(',') { " " } else { "" };
            line + gap + next
        }),
        None => visible::line(&reply.body.split_whitespace().collect::<Vec<_>>().join(" ")),
    }
}

/// A long line in at most [`FOLDED_LINES`] lines of so many columns.
fn folded(text: &str, width: usize) -> Vec<String> {
    let options = textwrap::Options::new(width).break_words(true);
    let lines = textwrap::wrap(text, options);
    let hidden: usize = lines.iter().skip(FOLDED_LINES).map(|line| line.chars().count()).sum();
    let shown = lines.iter().take(FOLDED_LINES).map(ToString::to_string);
    let rest = (hidden > 0).then(|| format!("… {hidden} characters more, `--verbose` shows all"));
    shown.chain(rest).collect()
}

//! Why a call is not good, line by line, with the place and the next step.

use textwrap::Options;

use super::arrivals;
use super::explanation::{self, Kind};
use super::palette::Palette;
use super::prose::Look;
use crate::course::expectation::Unmet;
use crate::engine::compare::{Difference, Line, Side, line_diff};
use crate::engine::{CallResult, Finding};

/// The longest value shown on one line, in characters.
const VALUE: usize = 300;

/// All findings of a call, unindented.
pub fn findings(result: &CallResult, look: Look) -> Vec<String> {
    result.findings.iter().flat_map(|one| finding(one, result, look)).collect()
}

/// One of the findings of a call.
pub fn lines_of(one: &Finding, result: &CallResult, look: Look) -> Vec<String> {
    finding(one, result, look)
}

/// The changed lines between two texts, each marked with its side.
pub fn text_lines(before: &str, after: &str, look: Look) -> Vec<String> {
    let palette = Palette::of(look);
    line_diff(before, after).iter().map(|one| line(one, palette)).collect()
}

fn finding(finding: &Finding, result: &CallResult, look: Look) -> Vec<String> {
    match finding {
        Finding::Differs(all) => differences(all, ("recorded", "actual"), look),
        Finding::NotRecorded => vec![
            "nothing is recorded for this call".to_owned(),
            "record FastAPI's reply with `workbook record` and the lesson's number".to_owned(),
        ],
        Finding::NotAsDocumented(unmet) => claims(
            "something else is documented, and no erratum says so",
            ("documented", "recorded"),
            unmet,
            look,
        ),
        Finding::ErratumNoLongerHolds => vec![
            "FastAPI now does what is documented: the erratum no longer holds".to_owned(),
            "remove the `[[erratum]]` of this call from lesson.toml".to_owned(),
        ],
        Finding::DivergenceNoLongerHolds => vec![
            "the reply is the recorded one: the divergence no longer holds".to_owned(),
            "remove `diverges` of this call from lesson.toml".to_owned(),
        ],
        Finding::NotAsDiverging(unmet) => claims(
            "the reply is neither the recorded one nor what the divergence declares",
            ("declared", "actual"),
            unmet,
            look,
        ),
        Finding::MaskMissed(name) => {
            vec![format!("the value behind the mask `{name}` does not look as its pattern says")]
        }
        Finding::Panicked(message) => vec![format!("the handler panicked: {message}")],
        Finding::StillBusy(limit) => vec![
            format!("the server was still busy {} ms after the reply", limit.as_millis()),
            "look for a background task that does not end".to_owned(),
        ],
        Finding::TimedOut(limit) => {
            vec![format!("no reply within {} ms", limit.as_millis())]
        }
        Finding::Broken(cause) => vec![format!("the connection broke: {cause}")],
        Finding::Chunks(unpaced) => vec![arrivals::sentence(unpaced)],
        Finding::TooEarly { bound, took } => vec![format!(
            "the reply took {} ms, at least {} ms are documented",
            took.as_millis(),
            bound.as_millis()
        )],
        Finding::TooLate { bound, took } => vec![format!(
            "the reply took {} ms, at most {} ms are documented",
            took.as_millis(),
            bound.as_millis()
        )],
    }
    .into_iter()
    .chain(hint(result, finding))
    .collect()
}

fn hint(result: &CallResult, finding: &Finding) -> Option<String> {
    let wrong_reply = matches!(finding, Finding::Differs(_) | Finding::TooLate { .. });
    let hint = result.exchange.call.hint.as_ref().filter(|_| wrong_reply);
    hint.map(|hint| format!("hint: {hint}"))
}

/// Differences between two replies, whose sides have these names, each with what it usually means.
pub fn differences(all: &[Difference], sides: (&str, &str), look: Look) -> Vec<String> {
    let palette = Palette::of(look);
    let shown = all.iter().map(|one| difference(one, sides, palette));
    let said = explanation::of(all).into_iter().map(|kind| explained(kind, look));
    shown.zip(said).flat_map(|(shown, said)| [shown, said].concat()).collect()
}

/// The same without what they mean: the replies belong to different requests.
pub fn between_requests(all: &[Difference], sides: (&str, &str), look: Look) -> Vec<String> {
    let palette = Palette::of(look);
    all.iter().flat_map(|one| difference(one, sides, palette)).collect()
}

/// The sentence below a difference, if anything is to be said about it.
fn explained(kind: Option<Kind>, look: Look) -> Vec<String> {
    kind.map(|kind| note("  ", kind.sentence(), look)).unwrap_or_default()
}

/// A note in as many lines as it needs, marked as Rust's compiler marks its own.
pub fn note(margin: &str, text: &str, look: Look) -> Vec<String> {
    let width = look.width.clamp(40, 100) - 10;
    let (first, others) = (format!("{margin}= "), format!("{margin}  "));
    let options = Options::new(width).initial_indent(&first).subsequent_indent(&others);
    textwrap::wrap(text, options).iter().map(ToString::to_string).collect()
}

fn difference(
    difference: &Difference,
    (before, after): (&str, &str),
    palette: Palette,
) -> Vec<String> {
    match difference {
        Difference::Value { place, recorded, actual } => {
            two_values(place, (before, recorded), (after, actual), palette)
        }
        Difference::Lines { place, lines } => {
            let changed = lines.iter().map(|one| format!("  {}", line(one, palette)));
            [palette.name(place)].into_iter().chain(changed).collect()
        }
    }
}

fn line(Line { side, text }: &Line, palette: Palette) -> String {
    match side {
        Side::Both => format!("  {text}").trim_end().to_owned(),
        Side::Recorded => palette.good(&format!("- {text}")),
        Side::Actual => palette.bad(&format!("+ {text}")),
    }
}

fn claims(fact: &str, sides: (&str, &str), parts: &[Unmet], look: Look) -> Vec<String> {
    [vec![fact.to_owned()], unmet(parts, sides, look)].concat()
}

/// The parts of a claim that a reply does not meet; the sides are the claim's and the reply's.
pub fn unmet(parts: &[Unmet], (claimed, found): (&str, &str), look: Look) -> Vec<String> {
    let palette = Palette::of(look);
    let shown = parts.iter().map(|part| {
        let claim = Some(part.claimed.clone());
        two_values(&part.place, (claimed, &claim), (found, &part.found), palette)
    });
    let said = explanation::of_unmet(parts).into_iter().map(|kind| explained(kind, look));
    shown.zip(said).flat_map(|(shown, said)| [shown, said].concat()).collect()
}

fn two_values(
    place: &str,
    (one, before): (&str, &Option<String>),
    (other, after): (&str, &Option<String>),
    palette: Palette,
) -> Vec<String> {
    let width = one.len().max(other.len());
    // A value of several lines goes on below its first one.
    let rows = |side: &str, value: &Option<String>, paint: &dyn Fn(&str) -> String| {
        let lines: Vec<&str> = value.as_deref().unwrap_or("(absent)").split('\n').collect();
        let sides = [side].into_iter().chain(std::iter::repeat(""));
        let row = |(side, line)| format!("  {side:<width$}  {}", paint(&shortened(line)));
        sides.zip(lines).map(row).collect::<Vec<_>>()
    };
    let before = rows(one, before, &|text| palette.good(text));
    let after = rows(other, after, &|text| palette.bad(text));
    [vec![palette.name(place)], before, after].concat()
}

fn shortened(value: &str) -> String {
    match value.char_indices().nth(VALUE) {
        Some((end, _)) => format!("{}…", &value[..end]),
        None => value.to_owned(),
    }
}

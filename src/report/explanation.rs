//! What a difference usually means: for each kind of difference one plain sentence, the same
//! whichever side is right. Which kind it is follows from the differences alone.

mod body;
mod header;
mod status;
mod value;

use crate::course::expectation::{self, Unmet};
use crate::engine::compare::{Difference, Side, compare_values, line_diff};

/// The kinds of differences.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs, reason = "the sentence of each says what it is")]
pub enum Kind {
    // Interim replies.
    Interim,
    // Statuses of different classes.
    Validation,
    NotFound,
    NoMethod,
    NotLetIn,
    Refused,
    Redirected,
    ServerFailed,
    // Statuses of the same class.
    OtherSuccess,
    OtherRedirect,
    OtherRefusal,
    OtherFailure,
    // Headers.
    MissingHeader,
    HeaderOrder,
    OtherHeader,
    MediaType,
    MediaTypeParameter,
    SizeOnly,
    NoLength,
    // Values in JSON.
    MissingKey,
    NullLeftOut,
    NullValue,
    Quotes,
    WholeOrFraction,
    OtherType,
    OtherValue,
    ArrayLength,
    ListOrder,
    KeyOrder,
    Spelling,
    // Texts anywhere.
    Masked,
    LetterCase,
    WhiteSpace,
    LastLineFeed,
    // Bodies and printed lines.
    LineOrder,
    MissingBody,
    Bytes,
    OtherText,
    MissingPrint,
    PrintMoment,
    OtherPrint,
    // What is said over a socket.
    OtherFrames,
}

/// For each of a reply's differences what is to be said below it. Nothing is said of what only
/// follows from another difference, and nothing twice in a row.
pub fn of(all: &[Difference]) -> Vec<Option<Kind>> {
    let mut kinds: Vec<Option<Kind>> = all.iter().map(|one| kind(one, all)).collect();
    // With another class of status all the rest is another reply.
    let class = |kind: &Option<Kind>| kind.is_some_and(Kind::is_another_class);
    if let Some(status) = kinds.iter().position(class) {
        kinds.iter_mut().enumerate().filter(|(at, _)| *at != status).for_each(|(_, it)| *it = None);
    }
    for at in 1..kinds.len() {
        if kinds[at].is_some() && kinds[at] == kinds[at - 1] {
            kinds[at - 1] = None;
        }
    }
    kinds
}

/// The same for the parts of a claim that a reply does not meet.
pub fn of_unmet(unmet: &[Unmet]) -> Vec<Option<Kind>> {
    let mut kinds = of(&unmet.iter().map(difference).collect::<Vec<_>>());
    // A claim on a whole body is not met for what is inside of it.
    let of_json =
        |(kind, part): &(&mut Option<Kind>, &Unmet)| kind.is_some() && part.place.starts_with('$');
    for (kind, part) in kinds.iter_mut().zip(unmet).filter(of_json) {
        let read = |text: &str| serde_json::from_str(text).ok();
        let inside = read(&part.claimed).zip(part.found.as_deref().and_then(read));
        let inside = inside.map(|(claimed, found)| compare_values(&claimed, &found));
        *kind = of(&inside.unwrap_or_default()).into_iter().flatten().next().or(*kind);
    }
    kinds
}

/// A part of a claim that is not met, as the difference that it is.
fn difference(part: &Unmet) -> Difference {
    let (place, claimed) = (part.place.clone(), part.claimed.clone());
    let text = |lines: &str| lines.replace(expectation::NOTHING, "");
    match place.as_str() {
        "body" | "printed" | "printed later" => {
            let found = part.found.as_deref().unwrap_or_default();
            Difference::Lines { place, lines: line_diff(&text(&claimed), &text(found)) }
        }
        _ => Difference::Value { place, recorded: Some(claimed), actual: part.found.clone() },
    }
}

fn kind(difference: &Difference, all: &[Difference]) -> Option<Kind> {
    match difference {
        Difference::Value { place, recorded, actual } => {
            let sides = (recorded.as_deref(), actual.as_deref());
            if place == "interim" {
                return Some(Kind::Interim);
            }
            if place == "status" {
                return status::kind(sides);
            }
            match place.strip_prefix("header ") {
                Some(name) => header::kind(name, sides, all),
                None => Some(value::kind(place, sides, all)),
            }
        }
        Difference::Lines { place, lines } => {
            let of = |side: Side| {
                let lines = lines.iter().filter(|line| line.side == side);
                lines.map(|line| line.text.as_str()).collect::<Vec<_>>()
            };
            let changed = (of(Side::Recorded), of(Side::Actual));
            Some(body::kind(place, &changed, !of(Side::Both).is_empty(), all))
        }
    }
}

/// Two texts that differ in nothing but this, wherever they stand.
fn text(before: &str, after: &str) -> Option<Kind> {
    let letters = |text: &str| text.chars().filter(|c| !is_blank(*c)).collect::<String>();
    let without_end = |text: &str| text.trim_end_matches(['\n', '␊']).to_owned();
    if placeholders(before) != placeholders(after) {
        Some(Kind::Masked)
    } else if without_end(before) == without_end(after) {
        Some(Kind::LastLineFeed)
    } else if letters(before) == letters(after) {
        Some(Kind::WhiteSpace)
    } else if before.to_lowercase() == after.to_lowercase() {
        Some(Kind::LetterCase)
    } else {
        None
    }
}

/// White space, and the pictures of it that snapshots have.
fn is_blank(character: char) -> bool {
    character.is_whitespace() || "␠␉␍␊".contains(character)
}

/// The names of masks in a text: `{uuid}` stands for a value that varies.
fn placeholders(text: &str) -> Vec<&str> {
    let parts = text.split('{').skip(1).filter_map(|rest| rest.split_once('}'));
    let name = |name: &&str| {
        name.starts_with(|c: char| c.is_ascii_lowercase())
            && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '-' || c == '_')
    };
    parts.map(|(inside, _)| inside).filter(name).collect()
}

impl Kind {
    /// Whether the two statuses say different things of the request, so that nothing else needs
    /// to be explained.
    fn is_another_class(self) -> bool {
        matches!(
            self,
            Self::Validation
                | Self::NotFound
                | Self::NoMethod
                | Self::NotLetIn
                | Self::Refused
                | Self::Redirected
                | Self::ServerFailed
        )
    }

    /// What it usually means.
    #[rustfmt::skip]
    pub fn sentence(self) -> &'static str {
        match self {
            Self::Interim => "Only one side sends an interim reply: 100 Continue lets a client send the body that it holds back, and a server may do without.",
            Self::Validation => "Validation refuses on one side what it lets pass on the other: compare the types, limits and required fields of the arguments.",
            Self::NotFound => "One side finds nothing there: no route has this path, or the handler knows no such id.",
            Self::NoMethod => "On one side the path has no handler for this method: a route is missing, or another one takes the path first.",
            Self::NotLetIn => "One side does not let the caller in: compare what checks the credentials, and whether it runs at all.",
            Self::Refused => "One side does what is asked and the other refuses: compare what the handler and its dependencies check.",
            Self::Redirected => "One side sends the caller elsewhere: usually for a slash at the end of the path, which the route has or lacks.",
            Self::ServerFailed => "A 5xx is a mistake in the server, not in the request: what it printed often says where it failed.",
            Self::OtherSuccess => "Both succeed, with different codes: the one that the route or the handler names, 200 where neither does.",
            Self::OtherRedirect => "Both send the caller elsewhere, with different codes: 301 and 308 are for good, 307 and 308 keep the method.",
            Self::OtherRefusal => "Both refuse, for different reasons: the checks come in another order, or an exception has another status.",
            Self::OtherFailure => "Both are mistakes in the server, with different codes: it failed in another place.",
            Self::MissingHeader => "Only one side sends this header: a handler, a middleware or the framework sets it there.",
            Self::HeaderOrder => "The same parts in another order: to a program that reads this header it is usually the same.",
            Self::OtherHeader => "Both send this header, with different values: look where it is set, or mask it if it varies.",
            Self::MediaType => "The body is declared as something else: the handler returns another kind of reply, be it JSON, text, HTML or a file.",
            Self::MediaTypeParameter => "The same kind of body with another parameter: usually the charset, which is named or left out.",
            Self::SizeOnly => "Only the size differs: white space between the tokens of JSON or, for HEAD, the body that is left out.",
            Self::NoLength => "Only one side knows the body's length in advance: the other sends it piece by piece, or sends none.",
            Self::MissingKey => "Only one side has this: a field is missing in the model, or a response model or an option leaves it out.",
            Self::NullLeftOut => "null on one side, nothing on the other: an empty field is written on one and left out on the other.",
            Self::NullValue => "null on one side: an optional value was not given, not found, or not filled in by its default.",
            Self::Quotes => "The same value with quotes and without: a text on one side, on the other a number, true, false or null; the field's types differ.",
            Self::WholeOrFraction => "The same number, whole and with a fraction: the field is an int on one side and a float on the other.",
            Self::OtherType => "The values are of different types: the field is declared otherwise, or something is not converted.",
            Self::OtherValue => "The types are the same, the values are not: something is computed, stored or worded otherwise.",
            Self::ArrayLength => "The lists differ in length: something is filtered, limited or stored on one side and not on the other.",
            Self::ListOrder => "The same elements in another order: the list is not sorted, or comes from a set or a map.",
            Self::KeyOrder => "The same keys and values in another order: the fields are declared in another order. Programs that read JSON do not mind.",
            Self::Spelling => "The same JSON, spelled otherwise: numbers such as 1e16 and 1e+16, or a character and its escape.",
            Self::Masked => "The value varies, so a mask covers it, and on one side it does not look as the mask's pattern in lesson.toml says.",
            Self::LetterCase => "The same words but for capital letters.",
            Self::WhiteSpace => "The same but for white space: blanks, tabs or line breaks (␠ ␉ ␍ ␊ stand for those that are not seen).",
            Self::LastLineFeed => "The same but for the line feed at the end (␊).",
            Self::LineOrder => "The same lines in another order: they come from a set or a map, or from tasks that run at once.",
            Self::MissingBody => "Only one side has a body: usual for HEAD, 204 and 304, otherwise the handler returns nothing on one side.",
            Self::Bytes => "This is no text, so it is shown by length and digest: another file is sent, or another part of it.",
            Self::OtherText => "The text differs in these lines: the handler, its template or its file says something else.",
            Self::MissingPrint => "Only one side prints here: a log line, a middleware or a background task is missing or comes at another moment.",
            Self::PrintMoment => "The same lines at another moment: before the reply on one side, on the other after it, as background tasks print.",
            Self::OtherFrames => "Something else is said over the socket, or at another moment: compare what the handlers send, and how they end.",
            Self::OtherPrint => "The server prints something else: the words of a log line or a value in it; mask the value if it varies.",
        }
    }
}

#[cfg(test)]
mod tests;

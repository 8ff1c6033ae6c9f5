//! What stands inside a paragraph, a heading or a cell: words, code, emphasis, links. Each word
//! carries its own escape codes, so that lines can be broken between any two.

use colored::{Color, Styles};
use pulldown_cmark::{Event, Tag};

use super::block::Events;
use crate::report::ink::Ink;

/// A piece of text, with all that is inside it.
#[derive(Debug)]
pub(super) enum Inline {
    Text(String),
    Code(String),
    Emphasis(Vec<Inline>),
    Strong(Vec<Inline>),
    /// A link or an image. An address within the course is left out: it says nothing here.
    Link {
        text: Vec<Inline>,
        address: Option<String>,
    },
    Break,
}

/// The text in one string, whose lines are still to be wrapped: in this ink, or without any and
/// with Markdown's marks instead.
pub(super) fn render(inlines: &[Inline], ink: Option<Ink>) -> String {
    let mut text = String::new();
    for inline in inlines {
        inline.render_to(&mut text, ink);
    }
    text.trim().to_owned()
}

impl Inline {
    fn render_to(&self, out: &mut String, ink: Option<Ink>) {
        match self {
            // What was dropped between two blanks must not leave both.
            Self::Text(text) if out.ends_with([' ', '\n']) => {
                *out += &words(text.trim_start(), ink);
            }
            Self::Text(text) => *out += &words(text, ink),
            Self::Code(code) => *out += &self::code(code, ink),
            Self::Emphasis(text) => {
                marked(out, "*", text, ink.map(|ink| ink.style(Styles::Italic)));
            }
            Self::Strong(text) => marked(out, "**", text, ink.map(|ink| ink.style(Styles::Bold))),
            Self::Link { text, address: None } => marked(out, "", text, ink),
            Self::Link { text, address: Some(address) } => link(out, text, address, ink),
            Self::Break => out.push('\n'),
        }
    }
}

fn marked(out: &mut String, mark: &str, text: &[Inline], ink: Option<Ink>) {
    let mark = if ink.is_some() { "" } else { mark };
    *out += mark;
    for inline in text {
        inline.render_to(out, ink);
    }
    *out += mark;
}

/// The text, and the address behind it unless that is what the text says.
fn link(out: &mut String, text: &[Inline], address: &str, ink: Option<Ink>) {
    marked(out, "", text, ink.map(|ink| ink.style(Styles::Underline)));
    let said = render(text, Some(Ink::default()));
    if said != address && Some(said.as_str()) != address.strip_prefix("mailto:") {
        let dim = ink.map(|_| Ink::default().style(Styles::Dimmed));
        *out += &words(&format!(" ({address})"), dim);
    }
}

fn code(code: &str, ink: Option<Ink>) -> String {
    match ink {
        Some(ink) => words(code, Some(ink.colour(Color::Cyan))),
        None if code.contains('`') => format!("`` {code} ``"),
        None => format!("`{code}`"),
    }
}

/// The text with each of its words in this ink.
fn words(text: &str, ink: Option<Ink>) -> String {
    let ink = ink.unwrap_or_default();
    text.split(' ').map(|word| ink.paint(word)).collect::<Vec<_>>().join(" ")
}

/// Whether a tag is about a piece of text and not about a block.
pub(super) fn is_inline(tag: &Tag) -> bool {
    matches!(tag, Tag::Emphasis | Tag::Strong | Tag::Link { .. } | Tag::Image { .. })
}

/// The text up to the next block, or to the end of what it is in.
pub(super) fn parse(events: &mut Events) -> Vec<Inline> {
    match next(events) {
        Some(first) => parse_from(first, events),
        None => Vec::new(),
    }
}

/// The same for a text whose first event has already been taken.
pub(super) fn parse_from<'a>(first: Event<'a>, events: &mut Events<'a>) -> Vec<Inline> {
    let mut inlines = vec![inline(first, events)];
    while let Some(event) = next(events) {
        inlines.push(inline(event, events));
    }
    inlines
}

fn next<'a>(events: &mut Events<'a>) -> Option<Event<'a>> {
    events.next_if(|event| match event {
        Event::Start(tag) => is_inline(tag),
        Event::End(_) | Event::Rule => false,
        _ => true,
    })
}

fn inline<'a>(event: Event<'a>, events: &mut Events<'a>) -> Inline {
    match event {
        Event::Start(tag) => {
            let text = parse(events);
            events.next();
            tagged(tag, text)
        }
        Event::Code(code) => Inline::Code(code.into_string()),
        Event::HardBreak => Inline::Break,
        Event::InlineHtml(tag) if tag.starts_with("<br") => Inline::Break,
        Event::InlineHtml(_) => Inline::Text(String::new()),
        Event::Text(text) => Inline::Text(text.into_string()),
        _ => Inline::Text(" ".to_owned()),
    }
}

fn tagged(tag: Tag, text: Vec<Inline>) -> Inline {
    match tag {
        Tag::Emphasis => Inline::Emphasis(text),
        Tag::Strong => Inline::Strong(text),
        Tag::Link { dest_url, .. } | Tag::Image { dest_url, .. } => {
            let address = Some(dest_url.into_string()).filter(|address| is_absolute(address));
            Inline::Link { text, address }
        }
        _ => unreachable!("`is_inline` names the tags that come here"),
    }
}

fn is_absolute(address: &str) -> bool {
    address.contains("://") || address.starts_with("mailto:")
}

/// What remains of HTML when its comments and tags are dropped.
pub(super) fn html(html: &str) -> Vec<Inline> {
    let mut text = String::new();
    let mut rest = html;
    while let Some((before, markup)) = rest.split_once('<') {
        text += before;
        let end = if markup.starts_with("!--") { "-->" } else { ">" };
        rest = markup.split_once(end).map_or("", |(_, after)| after);
    }
    text += rest;
    let words: Vec<_> = text.split_whitespace().collect();
    vec![Inline::Text(words.join(" "))]
}

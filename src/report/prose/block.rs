//! The blocks of a Markdown text, read from the events of `pulldown-cmark` into a tree. How they
//! look is decided elsewhere.

use std::iter::Peekable;

use pulldown_cmark::{CodeBlockKind, Event, Options, Parser, Tag};

use super::inline::{self, Inline};
use super::table::Table;

/// The events of a text, of which the next can be seen.
pub(super) type Events<'a> = Peekable<Parser<'a>>;

/// A block, with all that is inside it.
#[derive(Debug)]
pub(super) enum Block {
    Heading {
        level: usize,
        text: Vec<Inline>,
    },
    Paragraph(Vec<Inline>),
    /// The text of an item whose list is written without blank lines.
    Line(Vec<Inline>),
    Code {
        language: String,
        code: String,
    },
    Quote(Vec<Block>),
    List {
        first: Option<u64>,
        items: Vec<Vec<Block>>,
    },
    Table(Table),
    Rule,
}

/// The blocks of a text in their order.
pub(super) fn parse(markdown: &str) -> Vec<Block> {
    blocks(&mut Parser::new_ext(markdown, Options::ENABLE_TABLES).peekable())
}

/// The blocks up to the end of what they are in.
fn blocks(events: &mut Events) -> Vec<Block> {
    let mut blocks = Vec::new();
    while let Some(event) = events.next_if(|event| !matches!(event, Event::End(_))) {
        match event {
            Event::Rule => blocks.push(Block::Rule),
            Event::Start(tag) if !inline::is_inline(&tag) => {
                blocks.push(block(tag, events));
                events.next();
            }
            first => blocks.push(Block::Line(inline::parse_from(first, events))),
        }
    }
    blocks
}

/// One block, up to its end.
fn block(tag: Tag, events: &mut Events) -> Block {
    match tag {
        Tag::Heading { level, .. } => {
            Block::Heading { level: level as usize, text: inline::parse(events) }
        }
        Tag::CodeBlock(kind) => Block::Code { language: language(&kind), code: raw(events) },
        Tag::HtmlBlock => Block::Paragraph(inline::html(&raw(events))),
        Tag::BlockQuote(_) => Block::Quote(blocks(events)),
        Tag::List(first) => Block::List { first, items: parts(events, blocks) },
        Tag::Table(alignments) => Block::Table(Table { alignments, rows: parts(events, row) }),
        _ => Block::Paragraph(inline::parse(events)),
    }
}

fn row(events: &mut Events) -> Vec<Vec<Inline>> {
    parts(events, inline::parse)
}

/// The items of a list, the rows of a table or the cells of a row, up to the end of the whole.
fn parts<T>(events: &mut Events, part: fn(&mut Events) -> T) -> Vec<T> {
    let mut parts = Vec::new();
    while events.next_if(|event| matches!(event, Event::Start(_))).is_some() {
        parts.push(part(events));
        events.next();
    }
    parts
}

/// The text of a block in which nothing is Markdown.
fn raw(events: &mut Events) -> String {
    let mut raw = String::new();
    while let Some(event) = events.next_if(|event| !matches!(event, Event::End(_))) {
        if let Event::Text(text) | Event::Html(text) = event {
            raw += &text;
        }
    }
    raw
}

/// The language of a code block, without what else may be said there (`rust,no_run`).
fn language(kind: &CodeBlockKind) -> String {
    match kind {
        CodeBlockKind::Indented => String::new(),
        CodeBlockKind::Fenced(info) => {
            info.split([',', ' ', '{']).next().unwrap_or_default().to_owned()
        }
    }
}

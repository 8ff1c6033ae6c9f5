//! Blocks as lines of text: what is wrapped, indented, underlined, and where blank lines stand.

use std::iter;

use colored::Styles;
use textwrap::core::display_width;
use textwrap::{Options, WordSeparator, WordSplitter, WrapAlgorithm};

use super::Look;
use super::block::Block;
use super::inline::{self, Inline};
use crate::report::highlight::highlight;
use crate::report::ink::Ink;

/// What stands between two blocks.
pub(super) const BLANK: &[String] = &[String::new()];

/// The blocks with one blank line between each two.
pub(super) fn lines(blocks: &[Block], look: Look) -> Vec<String> {
    let blocks = blocks.iter().map(|block| block_lines(block, look));
    joined(blocks, BLANK)
}

/// The text in lines of at most `width` columns, broken at blanks only.
pub(super) fn wrap(text: &str, width: usize) -> Vec<String> {
    let options = Options::new(width)
        .break_words(false)
        .word_separator(WordSeparator::AsciiSpace)
        .word_splitter(WordSplitter::NoHyphenation)
        .wrap_algorithm(WrapAlgorithm::FirstFit);
    match text {
        "" => Vec::new(),
        text => textwrap::wrap(text, options).into_iter().map(String::from).collect(),
    }
}

/// The lines behind a prefix: `first` before the first of them, `rest` before the others.
pub(super) fn hang(lines: &[String], first: &str, rest: &str) -> Vec<String> {
    let prefixes = iter::once(first).chain(iter::repeat(rest));
    let hung = prefixes.zip(lines).map(|(prefix, line)| format!("{prefix}{line}"));
    hung.map(|line| line.trim_end().to_owned()).collect()
}

/// The ink for a text in these styles, if there is to be any.
pub(super) fn ink(look: Look, styles: &[Styles]) -> Option<Ink> {
    look.colour.then(|| styles.iter().fold(Ink::default(), |ink, style| ink.style(*style)))
}

/// What frames text without being text: rules and the bars of quotes.
pub(super) fn frame(look: Look, text: &str) -> String {
    ink(look, &[Styles::Dimmed]).unwrap_or_default().paint(text)
}

/// Lists of lines one after the other, with `between` between each two that are not empty.
pub(super) fn joined(parts: impl Iterator<Item = Vec<String>>, between: &[String]) -> Vec<String> {
    let mut lines = Vec::new();
    for part in parts.filter(|part| !part.is_empty()) {
        if !lines.is_empty() {
            lines.extend_from_slice(between);
        }
        lines.extend(part);
    }
    lines
}

fn block_lines(block: &Block, look: Look) -> Vec<String> {
    match block {
        Block::Heading { level, text } => heading(*level, text, look),
        Block::Paragraph(text) | Block::Line(text) => {
            wrap(&inline::render(text, ink(look, &[])), look.width)
        }
        Block::Code { language, code } => self::code(code, language, look),
        Block::Quote(blocks) => {
            let bar = frame(look, "│") + " ";
            hang(&lines(blocks, look.indented(2)), &bar, &bar)
        }
        Block::List { first, items } => list(*first, items, look),
        Block::Table(table) => table.lines(look),
        Block::Rule => vec![frame(look, &"─".repeat(look.width.max(1)))],
    }
}

/// A heading: underlined, or on the deeper levels with Markdown's mark unless it can be bold.
fn heading(level: usize, text: &[Inline], look: Look) -> Vec<String> {
    let text = inline::render(text, ink(look, &[Styles::Bold]));
    match level {
        1 => underlined(&text, "═", look),
        2 => underlined(&text, "─", look),
        _ if look.colour => wrap(&text, look.width),
        _ => {
            let mark = "#".repeat(level) + " ";
            let lines = wrap(&text, look.indented(mark.len()).width);
            hang(&lines, &mark, &" ".repeat(mark.len()))
        }
    }
}

fn underlined(text: &str, mark: &str, look: Look) -> Vec<String> {
    let mut lines = wrap(text, look.width);
    let longest = lines.iter().map(|line| display_width(line)).max();
    lines.extend(longest.map(|width| frame(look, &mark.repeat(width))));
    lines
}

fn code(code: &str, language: &str, look: Look) -> Vec<String> {
    let lines: Vec<_> = code.lines().map(str::trim_end).collect();
    let code = lines.join("\n");
    let code = code.trim_matches('\n');
    let code = if look.colour { highlight(code, language) } else { code.to_owned() };
    let lines: Vec<_> = code.lines().map(str::to_owned).collect();
    hang(&lines, "    ", "    ")
}

fn list(first: Option<u64>, items: &[Vec<Block>], look: Look) -> Vec<String> {
    let between = if is_tight(items) { &[] } else { BLANK };
    let markers = markers(first, items.len());
    let items = markers.iter().zip(items).map(|(marker, blocks)| {
        let indent = display_width(marker);
        let look = look.indented(indent);
        let blocks = blocks.iter().map(|block| block_lines(block, look));
        let mut lines = joined(blocks, between);
        if lines.is_empty() {
            lines.push(String::new());
        }
        hang(&lines, marker, &" ".repeat(indent))
    });
    joined(items, between)
}

/// A bullet for each item, or its number, the numbers right below each other.
fn markers(first: Option<u64>, count: usize) -> Vec<String> {
    let Some(first) = first else {
        return vec!["• ".to_owned(); count];
    };
    let numbers: Vec<_> = (first..).take(count).map(|number| format!("{number}. ")).collect();
    let width = numbers.last().map_or(0, String::len);
    numbers.iter().map(|number| format!("{number:>width$}")).collect()
}

/// Whether the items are lines and lists of lines, which need no blank lines between them.
fn is_tight(items: &[Vec<Block>]) -> bool {
    items.iter().flatten().all(|block| match block {
        Block::Line(_) => true,
        Block::List { items, .. } => is_tight(items),
        _ => false,
    })
}

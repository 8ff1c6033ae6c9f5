//! Tables: columns side by side where the width allows it, and otherwise a list that names the
//! column before each value.

use std::iter;

use colored::Styles;
use pulldown_cmark::Alignment;
use textwrap::core::display_width;

use super::Look;
use super::inline::{self, Inline};
use super::layout::{BLANK, frame, hang, ink, joined, wrap};

/// What stands between two columns.
const GAP: &str = "  ";

/// A column whose text is longer is never narrower than this, however little room there is.
const NARROW: usize = 12;

/// A table, whose first row is its head. All rows have as many cells as there are alignments.
#[derive(Debug)]
pub(super) struct Table {
    pub(super) alignments: Vec<Alignment>,
    pub(super) rows: Vec<Vec<Vec<Inline>>>,
}

impl Table {
    /// The table in lines of at most the look's width.
    pub(super) fn lines(&self, look: Look) -> Vec<String> {
        let rows: Vec<_> = (0..self.rows.len()).map(|row| self.texts(row, look)).collect();
        match widths(&rows, look.width) {
            Some(widths) => self.grid(&rows, &widths, look),
            None => records(&rows, look),
        }
    }

    fn texts(&self, row: usize, look: Look) -> Vec<String> {
        let styles: &[_] = if row == 0 { &[Styles::Bold] } else { &[] };
        self.rows[row].iter().map(|cell| inline::render(cell, ink(look, styles))).collect()
    }

    fn grid(&self, rows: &[Vec<String>], widths: &[usize], look: Look) -> Vec<String> {
        let mut rows = rows.iter().map(|row| self.row(row, widths));
        let mut lines = rows.next().unwrap_or_default();
        let rules: Vec<_> = widths.iter().map(|width| frame(look, &"─".repeat(*width))).collect();
        lines.push(rules.join(GAP));
        let rows: Vec<_> = rows.collect();
        // Where a row has several lines, only a blank line shows where the next one begins.
        let is_high = rows.iter().any(|row| row.len() > 1);
        lines.extend(joined(rows.into_iter(), if is_high { BLANK } else { &[] }));
        lines
    }

    /// The lines of one row, as many as its highest cell has.
    fn row(&self, cells: &[String], widths: &[usize]) -> Vec<String> {
        let cells: Vec<_> =
            iter::zip(cells, widths).map(|(cell, width)| wrap(cell, *width)).collect();
        let height = cells.iter().map(Vec::len).max().unwrap_or_default();
        let line = |at| {
            let columns = cells.iter().zip(widths).zip(&self.alignments);
            let columns = columns.map(|((cell, width), alignment)| {
                align(cell.get(at).map_or("", String::as_str), *width, *alignment)
            });
            columns.collect::<Vec<_>>().join(GAP).trim_end().to_owned()
        };
        (0..height).map(line).collect()
    }
}

fn align(text: &str, width: usize, alignment: Alignment) -> String {
    let blanks = width.saturating_sub(display_width(text));
    let before = match alignment {
        Alignment::Right => blanks,
        Alignment::Center => blanks / 2,
        Alignment::Left | Alignment::None => 0,
    };
    format!("{}{text}{}", " ".repeat(before), " ".repeat(blanks - before))
}

/// The width of each column: that of its longest text if there is room, and otherwise a share of
/// the room. None if there is less than the columns need at least.
fn widths(rows: &[Vec<String>], width: usize) -> Option<Vec<usize>> {
    let wanted = columns(rows, |text| text.lines().map(display_width).max().unwrap_or_default());
    let longest_word =
        columns(rows, |text| text.split_whitespace().map(display_width).max().unwrap_or_default());
    let needed: Vec<_> = iter::zip(&wanted, longest_word)
        .map(|(wanted, word)| word.max(NARROW.min(*wanted)))
        .collect();
    let gaps = GAP.len() * wanted.len().saturating_sub(1);
    let room = width.saturating_sub(gaps);
    if wanted.iter().sum::<usize>() <= room {
        return Some(wanted);
    }
    let spare = room.checked_sub(needed.iter().sum())?;
    Some(shared(needed, &wanted, spare))
}

/// The largest measure of each column.
fn columns(rows: &[Vec<String>], measure: fn(&str) -> usize) -> Vec<usize> {
    let count = rows.first().map_or(0, Vec::len);
    let column = |at: usize| rows.iter().filter_map(|row| Some(measure(row.get(at)?))).max();
    (0..count).map(|at| column(at).unwrap_or_default()).collect()
}

/// The widths with the spare room shared out, each column of it to whoever is narrowest and wants
/// more. There is less room than all of them want.
fn shared(mut widths: Vec<usize>, wanted: &[usize], spare: usize) -> Vec<usize> {
    for _ in 0..spare {
        let hungry = (0..widths.len()).filter(|at| widths[*at] < wanted[*at]);
        if let Some(narrowest) = hungry.min_by_key(|at| widths[*at]) {
            widths[narrowest] += 1;
        }
    }
    widths
}

/// The rows as items of a list, every value behind the name of its column.
fn records(rows: &[Vec<String>], look: Look) -> Vec<String> {
    match rows {
        [] => Vec::new(),
        [head] => hang(head, "• ", "• "),
        [head, rows @ ..] => {
            rows.iter().flat_map(|row| hang(&record(head, row, look), "• ", "  ")).collect()
        }
    }
}

fn record(head: &[String], row: &[String], look: Look) -> Vec<String> {
    let values = iter::zip(head, row).filter(|(_, value)| !value.is_empty());
    let lines = values.flat_map(|(name, value)| {
        let text = if name.is_empty() { value.clone() } else { format!("{name}: {value}") };
        hang(&wrap(&text, look.width.saturating_sub(4)), "", "  ")
    });
    lines.collect()
}

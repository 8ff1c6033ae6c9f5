//! What a server printed, behind a gutter that tells it from what came over the wire.

use textwrap::Options;

use super::exchange::Detail;
use super::palette::Palette;
use super::prose::Look;

/// How many lines a brief view shows.
const LINES: usize = 20;

/// Printed lines behind their gutter. A brief view breaks long ones and leaves out the last of
/// many.
pub fn lines(printed: &[String], look: Look, detail: Detail) -> Vec<String> {
    let palette = Palette::of(look);
    let limit = if detail == Detail::Full { printed.len() } else { LINES };
    let shown = printed.iter().take(limit).flat_map(|line| broken(line, look, detail));
    let hidden = printed.len().saturating_sub(limit);
    let rest = (hidden > 0).then(|| format!("… {hidden} lines more, `--verbose` shows all"));
    let gutter = palette.aside("   │");
    shown.chain(rest).map(|line| format!("{gutter} {line}").trim_end().to_owned()).collect()
}

/// A line in as many as it needs behind the gutter, which is 5 columns wide.
fn broken(line: &str, look: Look, detail: Detail) -> Vec<String> {
    let width = look.width.clamp(40, 120) - 5;
    if detail == Detail::Full || line.is_empty() {
        return vec![line.to_owned()];
    }
    let options = Options::new(width).break_words(true).subsequent_indent("  ");
    textwrap::wrap(line, options).iter().map(ToString::to_string).collect()
}

#[cfg(test)]
mod tests {
    use super::{Detail, LINES, Look, lines};

    fn shown(printed: &[String], detail: Detail) -> Vec<String> {
        lines(printed, Look { width: 40, colour: false }, detail)
    }

    #[test]
    fn a_line_that_is_too_long_goes_on_behind_the_gutter() {
        let printed = ["short".to_owned(), String::new(), "word ".repeat(9).trim().to_owned()];
        let expected = ["short", "", "word word word word word word word", "  word word"];
        let expected = expected.map(|line| format!("   │ {line}").trim_end().to_owned());
        assert_eq!(shown(&printed, Detail::Brief), expected);
        assert_eq!(shown(&printed, Detail::Full)[2], format!("   │ {}", printed[2]));
    }

    #[test]
    fn many_lines_are_cut_where_brevity_is_wanted() {
        let printed: Vec<String> = (0..LINES + 5).map(|number| number.to_string()).collect();
        let brief = shown(&printed, Detail::Brief);
        assert_eq!(
            (brief.len(), brief[LINES].as_str()),
            (LINES + 1, "   │ … 5 lines more, `--verbose` shows all")
        );
        assert_eq!(shown(&printed, Detail::Full).len(), printed.len());
    }
}

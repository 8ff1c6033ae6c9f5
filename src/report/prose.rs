//! A lesson's page on a terminal: Markdown (`CommonMark` and tables) as wrapped text. Where
//! there is no colour, the marks stay that colour would replace. What a page includes from
//! elsewhere has been put into it before.

mod block;
mod inline;
mod layout;
mod table;

/// The longest line of prose, in columns, however wide the terminal is.
const MEASURE: usize = 88;

/// What the text is written for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Look {
    /// The width of the terminal in columns.
    pub width: usize,
    /// Whether ANSI colours and styles are wanted.
    pub colour: bool,
}

impl Look {
    /// The same for a part of the page that is indented by so many columns.
    fn indented(self, columns: usize) -> Self {
        Self { width: self.width.saturating_sub(columns), ..self }
    }
}

/// The page as text: one blank line between its blocks, no blanks at the end of a line, one
/// newline at the end. Lines keep to the width, except code and words that are longer: they
/// stay whole, so that they can be copied.
pub fn render(markdown: &str, look: Look) -> String {
    let look = Look { width: look.width.min(MEASURE), ..look };
    let mut text = layout::lines(&block::parse(markdown), look).join("\n");
    text.push('\n');
    text
}

#[cfg(test)]
mod tests {
    use textwrap::core::display_width;

    use super::*;

    /// Checks the plain text in twenty columns.
    #[track_caller]
    fn check(markdown: &str, expected: &[&str]) {
        let text = render(markdown, Look { width: 20, colour: false });
        assert_eq!(text, expected.join("\n") + "\n");
    }

    /// Checks the text in colour, where `[1;36mx[m` stands for a painted x.
    #[track_caller]
    fn check_colour(markdown: &str, expected: &[&str]) {
        let text = render(markdown, Look { width: 20, colour: true });
        let text = text.replace("\x1b[0m", "[m").replace('\x1b', "");
        assert_eq!(text, expected.join("\n") + "\n");
    }

    #[test]
    fn paragraphs_are_wrapped_at_blanks() {
        check("one two\nthree four five", &["one two three four", "five"]);
        check("a line  \nbroken by hand", &["a line", "broken by hand"]);
        check("日本語 日本語 日本語 ab", &["日本語 日本語 日本語", "ab"]);
        check("see <https://example.com/long> now", &["see", "https://example.com/long", "now"]);
        check("", &[""]);
    }

    #[test]
    fn prose_is_no_wider_than_its_measure() {
        let text = render(&"word ".repeat(100), Look { width: 200, colour: false });
        assert_eq!(text.lines().map(str::len).max(), Some(84));
    }

    #[test]
    fn without_colour_the_marks_stay() {
        check("`a b` *c* **d `e`**", &["`a b` *c* **d `e`**"]);
        check("`` a`b ``", &["`` a`b ``"]);
        check("# A title\nText", &["A title", "═══════", "", "Text"]);
        check("## A long title of two", &["A long title of two", &"─".repeat(19)]);
        check("### A long title of two", &["### A long title of", "    two"]);
    }

    #[test]
    fn with_colour_every_word_has_its_own() {
        check_colour("`a b` *c* **d `e`**.", &["[36ma[m [36mb[m [3mc[m [1md[m [1;36me[m."]);
        check_colour("# A b", &["[1mA[m [1mb[m", "[2m═══[m"]);
        check_colour("### A b", &["[1mA[m [1mb[m"]);
        check_colour("> a", &["[2m│[m a"]);
        check_colour("[a](b.md) [a](x://b)", &["a [4ma[m [2m(x://b)[m"]);
    }

    #[test]
    fn links_show_where_they_lead_unless_it_is_said_or_near() {
        check("[a `b`](http://c.d)", &["a `b` (http://c.d)"]);
        check("[a](../b/README.md), [c](#d)", &["a, c"]);
        check("<http://c.d> [http://c.d](http://c.d)", &["http://c.d", "http://c.d"]);
        check("<a@b.c>", &["a@b.c"]);
        check("![a picture](a.png)", &["a picture"]);
    }

    #[test]
    fn html_leaves_its_text() {
        check("a\n\n<!-- b\n\nc -->\n\nd", &["a", "", "d"]);
        check("a <!-- b --> <kbd>c</kbd><br>d", &["a c", "d"]);
        check("a <br> b", &["a", "b"]);
        check("<details>\n<summary>Hint</summary>\n\na\n\n</details>", &["Hint", "", "a"]);
    }

    #[test]
    fn lists_hang_below_their_markers() {
        check("- one two three four five\n- six", &["• one two three four", "  five", "• six"]);
        check("- a\n  - b\n    1. c\n- d", &["• a", "  • b", "    1. c", "• d"]);
        check("9. a\n10. b\n    - c", &[" 9. a", "10. b", "    • c"]);
        check("-\n- a", &["•", "• a"]);
    }

    #[test]
    fn lists_with_more_than_lines_are_spaced() {
        check("- a\n\n  b\n- c", &["• a", "", "  b", "", "• c"]);
        check("- a\n  ```\n  b\n  ```\n- c", &["• a", "", "      b", "", "• c"]);
    }

    #[test]
    fn quotes_and_rules_have_their_frames() {
        check("> one two three four five", &["│ one two three four", "│ five"]);
        check("> a\n>\n> - b", &["│ a", "│", "│ • b"]);
        check("a\n\n---\n\nb", &["a", "", &"─".repeat(20), "", "b"]);
    }

    #[test]
    fn code_is_indented_and_never_wrapped() {
        let long = "let x = \"one two three\";";
        check(
            &format!("```rust\n\n{long}  \n\n\ny\n```"),
            &[&format!("    {long}"), "", "", "    y"],
        );
        check("a\n\n    b\n\n\n\nc", &["a", "", "    b", "", "c"]);
        check("```\n```\n\na", &["a"]);
    }

    #[test]
    fn code_is_highlighted_in_colour() {
        check_colour("```rust,no_run\nlet x;\n```", &["    [35mlet[m x;"]);
        check_colour("```\nlet x;\n```", &["    let x;"]);
    }

    #[test]
    fn tables_have_aligned_columns() {
        let table = "|a|b|c|\n|-|-:|:-:|\n|`dd`|1|e|\n|f|23|ggg|";
        check(table, &["a      b   c", "────  ──  ───", "`dd`   1   e", "f     23  ggg"]);
        check("|a|b|\n|-|-|\n|c||\n||d|", &["a  b", "─  ─", "c", "   d"]);
        check_colour("|a|b|\n|-|-|\n|`c`|d|", &["[1ma[m  [1mb[m", "[2m─[m  [2m─[m", "[36mc[m  d"]);
    }

    #[test]
    fn cells_are_wrapped_and_their_rows_set_apart() {
        let rule = format!("─  {}", "─".repeat(17));
        check(
            "|a|b|\n|-|-|\n|c|one two three four five|\n|d|e|",
            &["a  b", &rule, "c  one two three", "   four five", "", "d  e"],
        );
    }

    #[test]
    fn a_table_without_room_is_a_list() {
        check(
            "|Name|Meaning|\n|-|-|\n|path_parameter|a part of the path|\n|query||",
            &[
                "• Name:",
                "    path_parameter",
                "  Meaning: a part",
                "    of the path",
                "• Name: query",
            ],
        );
    }

    #[test]
    fn no_line_ends_in_a_blank() {
        for page in pages() {
            let visible = page.replace("\x1b[0m", "");
            assert!(!visible.contains(" \n"), "{page}");
        }
    }

    #[test]
    fn blocks_are_one_blank_line_apart() {
        for page in pages() {
            assert!(!page.contains("\n\n\n") && !page.starts_with('\n'), "{page}");
            assert!(page.ends_with('\n') && !page.ends_with("\n\n"), "{page}");
        }
    }

    #[test]
    fn colour_changes_no_width() {
        let page = "- a\n- b\n  > c\n\n---\n| d |\n|--:|\n| e |\n\n```rust\nlet x = 1;\n```\n";
        let [plain, coloured] = [false, true].map(|colour| {
            let page = render(page, Look { width: 40, colour });
            page.lines().map(display_width).collect::<Vec<_>>()
        });
        assert_eq!(plain, coloured);
    }

    /// A page with one of each, in every look.
    fn pages() -> impl Iterator<Item = String> {
        let widths = [0, 1, 2, 7, 20, 40, 80, 200, usize::MAX];
        let looks = widths.map(|width| [false, true].map(|colour| Look { width, colour }));
        looks.into_iter().flatten().map(|look| render(PAGE, look))
    }

    const PAGE: &str = "# Title\nText of *some* length, with `code`  \nand a [link](https://a.b).
<!-- why -->\n\n- a\n  - b\n\n    ```rust\n    let x = 1;  \n\n\n    ```\n-  \n\n1. c\n2. > d\n
> quote\n>\n> ```http\n> GET / HTTP/1.1\n>\n> {}\n> ```\n\n***\n
| a | b |\n|:--|--:|\n| one two three four five | |\n| | six seven eight nine ten eleven |\n
```python\n\ndef f():   \n    '''a\n\n    b'''   \n```\n<p>html</p>\n\n###### end\n\n#\n\n\n";
}

//! The one line that a terminal shows while `verify` works.

use std::time::Duration;

use textwrap::core::display_width;

/// How far it is.
#[derive(Clone, Debug, Default)]
pub struct Standing {
    /// Lessons that are done.
    pub done: usize,
    /// Lessons to do.
    pub total: usize,
    /// Calls that were made.
    pub calls: usize,
    /// Those that are not as they should be.
    pub bad: usize,
    /// The lesson that has been running for longest: its title and for how long.
    pub longest: Option<(String, Duration)>,
}

/// The line, cut to so many columns.
pub fn line(standing: &Standing, width: usize) -> String {
    let Standing { done, total, calls, bad, longest } = standing;
    let mut text = format!("{done}/{total} lessons · {calls} calls · {bad} not good");
    if let Some((title, time)) = longest {
        text += &format!(" · {:.1} s in {title}", time.as_secs_f64());
    }
    cut(&text, width)
}

fn cut(text: &str, width: usize) -> String {
    if display_width(text) <= width {
        return text.to_owned();
    }
    let mut kept = String::new();
    for character in text.chars() {
        if display_width(&kept) + 2 > width {
            break;
        }
        kept.push(character);
    }
    kept + "…"
}

#[cfg(test)]
mod tests {
    use super::{Standing, line};
    use std::time::Duration;

    #[test]
    fn the_line_says_how_far_it_is_and_fits() {
        let standing = Standing {
            done: 3,
            total: 27,
            calls: 41,
            bad: 1,
            longest: Some(("3 · Async and blocking".to_owned(), Duration::from_millis(1234))),
        };
        let whole = "3/27 lessons · 41 calls · 1 not good · 1.2 s in 3 · Async and blocking";
        assert_eq!(line(&standing, 80), whole);
        assert_eq!(line(&standing, 20), "3/27 lessons · 41 c…");
        assert_eq!(line(&Standing::default(), 80), "0/0 lessons · 0 calls · 0 not good");
    }
}

//! Workflow commands of GitHub Actions that annotate a line of a file.
//!
//! The escapes are those of actions/toolkit (`packages/core/src/command.ts`).

/// An error on a line of a file, named relative to the repository; or on none.
pub fn error(place: Option<(String, usize)>, title: &str, message: &str) -> String {
    let at = place.map(|(file, line)| format!("file={},line={line},", property(&file)));
    format!("::error {}title={}::{}\n", at.unwrap_or_default(), property(title), data(message))
}

/// What stands after the second `::` of a command.
fn data(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

/// The value of a command's property.
fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}

#[cfg(test)]
mod tests {
    use super::error;

    #[test]
    fn what_means_something_to_the_runner_is_escaped() {
        let place = ("a,b:c.toml".to_owned(), 7);
        assert_eq!(
            error(Some(place), "1 · 100%: a, b", "50%\r\nnext, ::line"),
            "::error file=a%2Cb%3Ac.toml,line=7,title=1 · 100%25%3A a%2C b::50%25%0D%0Anext, ::line\n"
        );
        assert_eq!(error(None, "t", "m"), "::error title=t::m\n");
    }
}

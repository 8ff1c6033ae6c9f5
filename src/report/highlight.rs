//! The colours of a piece of code on a terminal: the sixteen that every terminal has, so that
//! light and dark ones show them in their own way. The languages come from `syntect`; the few
//! that it does not know are read here by hand. Nothing but colour is added to the code.

mod message;
mod session;
mod syntax;
mod toml;

use colored::{Color, Styles};

use super::ink::Ink;

/// The code with ANSI colours. A language that is not known gives the code as it is.
pub fn highlight(code: &str, language: &str) -> String {
    match language.to_ascii_lowercase().as_str() {
        "http" => message::highlight(code),
        "console" => session::highlight(code),
        "toml" => toml::highlight(code),
        language => syntax::highlight(code, language),
    }
}

/// What a piece of code is, as far as colours tell it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Part {
    Comment,
    Constant,
    Function,
    Key,
    Keyword,
    Other,
    StartLine,
    Text,
    Type,
}

impl Part {
    fn paint(self, text: &str) -> String {
        self.ink().paint(text)
    }

    fn ink(self) -> Ink {
        let ink = Ink::default();
        match self {
            Self::Comment => ink.style(Styles::Dimmed),
            Self::Constant => ink.colour(Color::Yellow),
            Self::Function => ink.colour(Color::Blue),
            Self::Key | Self::Type => ink.colour(Color::Cyan),
            Self::Keyword => ink.colour(Color::Magenta),
            Self::Other => ink,
            Self::StartLine => ink.style(Styles::Bold),
            Self::Text => ink.colour(Color::Green),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SAMPLES: [(&str, &str); 9] = [
        ("rust", "/// An item\npub async fn get(id: i64) -> Item {\n    \"é\\n\" // end\n}\n"),
        (
            "python",
            "@app.get(\"/\")\ndef f() -> Item:\n    \"\"\"One\n\n    two\"\"\"\n    return 1",
        ),
        ("json", "{\"a\": [1, 2.5, null],\n \"b\": \"x\"}\n"),
        ("toml", "[[call]]\nname = \"x\" # why\njson = '''\n{\"a\": 1}\n'''\n"),
        ("http", "GET / HTTP/1.1\nhost: x\n\nHTTP/1.1 200 OK\n\n{\"a\": 1}\n\nfree text"),
        ("html", "<!-- c -->\n<p class=\"a\">R&amp;B</p>\n"),
        ("sh", "for x in 1 2; do echo \"$x\"; done # twice"),
        ("console", "$ curl -i \\\n    localhost\nHTTP/1.1 200 OK\n"),
        ("klingon", "a < b && \"c\"\n\n"),
    ];

    /// Checks how the code is painted, where `‹cyan:x›` stands for a painted x.
    #[track_caller]
    fn check(language: &str, code: &str, expected: &str) {
        assert_eq!(readable(&highlight(code, language)), expected);
    }

    fn readable(painted: &str) -> String {
        let names = [
            ("1", "bold"),
            ("2", "dim"),
            ("32", "green"),
            ("33", "yellow"),
            ("34", "blue"),
            ("35", "magenta"),
            ("36", "cyan"),
        ];
        let start = |text: String, (code, name): (&str, &str)| {
            text.replace(&format!("\x1b[{code}m"), &format!("‹{name}:"))
        };
        names.into_iter().fold(painted.replace("\x1b[0m", "›"), start)
    }

    fn without_colour(painted: &str) -> String {
        let mut pieces = painted.split('\x1b');
        let first = pieces.next().unwrap_or_default();
        let rest = pieces.filter_map(|piece| Some(piece.split_once('m')?.1));
        std::iter::once(first).chain(rest).collect()
    }

    #[test]
    fn nothing_but_colour_is_added() {
        for (language, code) in SAMPLES {
            assert_eq!(without_colour(&highlight(code, language)), code, "{language}");
        }
    }

    #[test]
    fn no_style_runs_over_the_end_of_a_line() {
        for (language, code) in SAMPLES {
            for line in highlight(code, language).lines() {
                let (on, all) = (line.matches("\x1b[0m").count(), line.matches('\x1b').count());
                assert_eq!(on * 2, all, "{language}: {line:?}");
            }
        }
    }

    #[test]
    fn an_unknown_language_is_left_as_it_is() {
        check("klingon", "let x = 1", "let x = 1");
        check("", "let x = 1", "let x = 1");
        check("text", "HTTP/1.1 200 OK", "HTTP/1.1 200 OK");
    }

    #[test]
    fn rust_shows_its_keywords_types_and_texts() {
        check("rust", "let x = 1; // one", "‹magenta:let› x = ‹yellow:1›; ‹dim:// one›");
        check(
            "rs",
            "pub async fn get() -> Item {",
            "‹magenta:pub› ‹magenta:async› ‹magenta:fn› ‹blue:get›() -> ‹cyan:Item› {",
        );
        check("rust", "Err(\"a\\n\")", "‹cyan:Err›(‹green:\"a\\n\"›)");
    }

    #[test]
    fn python_shows_its_keywords_types_and_texts() {
        check(
            "python",
            "raise HTTPException(404, detail='no')  # c",
            "‹magenta:raise› ‹cyan:HTTPException›(‹yellow:404›, detail=‹green:'no'›)  ‹dim:# c›",
        );
        check(
            "py",
            "def get(q: str | None):",
            "‹magenta:def› ‹blue:get›(q: ‹cyan:str› | ‹yellow:None›):",
        );
    }

    #[test]
    fn json_tells_keys_from_texts() {
        check(
            "json",
            r#"{"a": ["x", 1.0, true]}"#,
            "{‹cyan:\"a\"›: [‹green:\"x\"›, ‹yellow:1.0›, ‹yellow:true›]}",
        );
    }

    #[test]
    fn html_and_shell_have_their_colours() {
        check("html", "<p id=\"a\">x", "<‹magenta:p› ‹cyan:id›=‹green:\"a\"›>x");
        check("sh", "curl -d 'x' # c", "‹blue:curl› -d ‹green:'x'› ‹dim:# c›");
    }
    #[test]
    fn messages_have_heads_and_bodies() {
        check(
            "http",
            "POST /items HTTP/1.1\nhost: a:1\n\n{\"a\": 1}",
            "‹bold:POST /items HTTP/1.1›\n‹cyan:host›: a:1\n\n{‹cyan:\"a\"›: ‹yellow:1›}",
        );
        check(
            "http",
            "GET /\n\nHTTP/1.1 200 OK\n\na: text",
            "‹bold:GET /›\n\n‹bold:HTTP/1.1 200 OK›\n\na: text",
        );
        check("http", "[true]", "[‹yellow:true›]");
    }

    #[test]
    fn sessions_have_commands_and_replies() {
        check("console", "$ echo 'a\n", "‹dim:$› ‹blue:echo› ‹green:'a›\n");
        check("console", "$ a \\\n  'b'\n'c'", "‹dim:$› ‹blue:a› \\\n  ‹green:'b'›\n'c'");
        check("console", "echo 'a'", "echo 'a'");
    }
}

//! A lesson's script, `lesson.toml`: read strictly, mistakes shown where they are.

mod capture;
mod claim;
mod fill;
mod form;
mod raw;
mod source;
mod steps;
mod stream;

use std::path::Path;

use super::call::Call;
use super::diagnostic::{self, CourseError, Diagnostic};
pub use fill::filled_in;

/// A lesson's title, its calls and what its document gets wrong.
#[derive(Clone, Debug)]
pub struct Script {
    /// What the lesson is about.
    pub title: String,
    /// The group of the course that it belongs to.
    pub group: String,
    /// The document that it follows.
    pub document: Document,
    /// Where that treats it: `Example 14`.
    pub section: String,
    /// The calls in the order in which they are made.
    pub calls: Vec<Call>,
    /// What the document says and FastAPI does not do.
    pub errata: Vec<Erratum>,
}

/// A document that lessons follow; each is a part of the course.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Document {
    /// The tutorial of 27 examples.
    Tutorial,
    /// The notes on a wider field.
    Handbook,
}

impl Document {
    /// Its name within a sentence.
    pub fn name(self) -> &'static str {
        match self {
            Self::Tutorial => "tutorial",
            Self::Handbook => "handbook",
        }
    }
}

/// A claim of the document that is not true.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Erratum {
    /// The call that shows it.
    pub call: String,
    /// What the document says.
    pub says: String,
    /// What FastAPI does.
    pub fastapi: String,
    /// The version on which that was seen.
    pub seen_on: String,
}

/// Reads a script from its file.
pub fn read(path: &Path) -> Result<Script, CourseError> {
    Ok(parse(path, &diagnostic::read(path)?)?)
}

/// Reads a script from its text; the path is for messages.
pub fn parse(path: &Path, text: &str) -> Result<Script, Diagnostic> {
    check(path, text).map_err(|mut mistakes| mistakes.swap_remove(0))
}

/// The same with every mistake, at least one, in the order of the text.
pub fn check(path: &Path, text: &str) -> Result<Script, Vec<Diagnostic>> {
    raw::script(&source::Source { path, text }).map_err(|mut mistakes| {
        mistakes.sort_by_key(|mistake| (mistake.line, mistake.column));
        mistakes
    })
}

#[cfg(test)]
mod tests {
    use super::{check, parse};
    use crate::course::socket::{Action, Step};
    use std::path::Path;

    fn script(call: &str) -> String {
        format!("title = \"T\"\ngroup = \"G\"\ntutorial = \"Example 1\"\n[[call]]\n{call}")
    }

    #[test]
    fn a_call_is_read_with_its_request_split() {
        let text = script("name = \"a-b\"\nrequest = \"GET /items/99?q=%zz\"\nextra = \"x\"\n");
        let script = parse(Path::new("lesson.toml"), &text).unwrap();
        let call = &script.calls[0];
        assert_eq!((call.method.as_str(), call.target.as_str()), ("GET", "/items/99?q=%zz"));
        assert_eq!((call.copies, call.line), (1, 4));
    }

    #[test]
    fn json_is_sent_as_it_is_written_with_its_content_type() {
        let text =
            script("name = \"a\"\nrequest = \"POST /\"\njson = '{\"a\": nul'\nextra = \"x\"\n");
        let script = parse(Path::new("lesson.toml"), &text).unwrap();
        let call = &script.calls[0];
        assert_eq!(call.body.as_deref(), Some(b"{\"a\": nul".as_slice()));
        assert_eq!(call.headers, [("content-type".to_owned(), "application/json".to_owned())]);
    }

    #[test]
    fn forms_are_sent_as_browsers_send_them() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("a.txt"), "A").unwrap();
        let path = folder.path().join("lesson.toml");
        let sent = |keys: &str| {
            let text =
                script(&format!("name = \"a\"\nrequest = \"POST /\"\nextra = \"x\"\n{keys}"));
            let call = parse(&path, &text)?.calls.remove(0);
            let body = String::from_utf8(call.body.unwrap()).unwrap();
            Ok::<_, super::Diagnostic>((call.headers[0].1.clone(), body))
        };
        let (kind, body) = sent("form = { b = \"1 &é\", a = [\"x\", \"y\"] }").unwrap();
        assert_eq!(kind, "application/x-www-form-urlencoded");
        assert_eq!(body, "b=1+%26%C3%A9&a=x&a=y");
        let (kind, body) = sent(
            "multipart = [{ name = \"f\", file = \"a.txt\", type = \"text/plain\" }, { name = \"n\", value = \"v\" }]",
        )
        .unwrap();
        assert_eq!(kind, "multipart/form-data; boundary=workbook-boundary");
        assert_eq!(body.matches("--workbook-boundary").count(), 3);
        assert!(
            body.contains(
                "name=\"f\"; filename=\"a.txt\"\r\nContent-Type: text/plain\r\n\r\nA\r\n"
            )
        );
        let outside = sent("multipart = [{ name = \"f\", file = \"../a.txt\" }]").unwrap_err();
        assert!(outside.message.contains("outside"), "{outside}");
        let two = sent("body = \"x\"\nform = { a = \"b\" }").unwrap_err();
        assert!(two.message.contains("one body"), "{two}");
    }

    #[test]
    fn a_scripts_masks_are_those_of_all_calls_but_where_a_call_has_its_own() {
        let masks = |call: &str| {
            let mask = |at: &str| format!("[[mask]]\nat = '{at}'\npattern = 'p'\nas = 'n'\n");
            let text = script("name = 'a'\nrequest = 'GET /'\nextra = 'x'\n");
            let text = format!("{text}{call}\n{}{}", mask("header etag"), mask("printed"));
            let masks = parse(Path::new(""), &text).unwrap().calls.remove(0).masks;
            masks.iter().map(|mask| (mask.name.clone(), mask.of_script)).collect::<Vec<_>>()
        };
        let row = |name: &str, of_script| (name.to_owned(), of_script);
        assert_eq!(masks(""), [row("n", true), row("n", true)]);
        let own = "mask = [{ at = 'header etag', pattern = 'q', as = 'own' }]";
        assert_eq!(masks(own), [row("own", false), row("n", true)]);
    }

    #[test]
    fn the_steps_over_a_socket_are_read_and_what_they_expect_is_a_claim() {
        let text = script(
            "name = \"a\"\nrequest = \"GET /\"\nsays = \"x\"\nsocket = [{ send = \"a\" }, \
             { receive = 2 }, { client = \"ben\", open = \"/b\" }, { client = \"ben\", \
             expect = \"b\" }, { expect = \"c\" }, { close = 1000 }, { raw = \"00 Ff\" }]",
        );
        let call = parse(Path::new("lesson.toml"), &text).unwrap().calls.remove(0);
        let steps = call.socket.unwrap();
        assert_eq!(steps[0], Step { client: String::new(), action: Action::Send("a".to_owned()) });
        assert_eq!(steps[5].action, Action::Close(Some((1000, String::new()))));
        assert_eq!(steps[6].action, Action::Raw(vec![0, 255]));
        let heard = call.expect.unwrap().hears;
        let heard = heard.iter().map(|it| (it.client.as_str(), it.number, it.text.as_str()));
        assert_eq!(heard.collect::<Vec<_>>(), [("ben", 1, "b"), ("", 3, "c")]);
    }

    #[test]
    fn every_mistake_in_a_step_is_told_at_the_step() {
        for (step, column, message) in [
            ("{ send = \"a\", ping = \"b\" }", 11, "one thing"),
            ("{ }", 11, "one thing"),
            ("{ client = \"ben\" }", 11, "one thing"),
            ("{ send = 1 }", 20, "string"),
            ("{ sent = \"a\" }", 13, "unknown field"),
            ("{ send_bytes = \"0\" }", 11, "two hexadecimal digits"),
            ("{ raw = \"é0\" }", 11, "two hexadecimal digits"),
            ("{ client = \"ben\", send = \"a\" }", 11, "no connection"),
            ("{ client = \"a b\", open = \"/\" }", 11, "letters and digits"),
            ("{ client = \"ben\", open = \"ws\" }", 11, "slash"),
            ("{ open = \"/\" }", 11, "open already"),
            ("{ reason = \"a\", hang_up = true }", 11, "`close`"),
            ("{ close = 1005, reason = \"a\" }", 11, "`close`"),
        ] {
            let call = "name = \"a\"\nrequest = \"GET /\"\nextra = \"x\"";
            let text = script(&format!("{call}\nsocket = [{step}]"));
            let mistake = parse(Path::new("l.toml"), &text).unwrap_err().to_string();
            assert!(mistake.starts_with(&format!("l.toml:8:{column}: ")), "{mistake}");
            assert!(mistake.contains(message), "{message}: {mistake}");
        }
        let post = script("name = \"a\"\nrequest = \"POST /\"\nextra = \"x\"\nsocket = []");
        let mistake = parse(Path::new("l.toml"), &post).unwrap_err().to_string();
        assert!(mistake.starts_with("l.toml:6:11: a socket is asked for with GET"), "{mistake}");
    }

    #[test]
    fn every_mistake_names_its_line_and_column() {
        for (call, place, message) in [
            ("name = \"a\"\nrequest = \"GET /\"\n", "4:1", "`says`"),
            ("name = \"A b\"\nrequest = \"GET /\"\nextra = \"x\"", "5:8", "kebab-case"),
            ("name = \"a\"\nrequest = \"GET items\"\nextra = \"x\"", "6:11", "target"),
            ("name = \"a\"\nrequest = \"get /\"\nextra = \"x\"", "6:11", "method"),
            ("name = \"a\"\nrequest = \"GET /a b\"\nextra = \"x\"", "6:11", "blank"),
            ("name = \"a\"\nrequest = \"GET /é\"\nextra = \"x\"", "6:11", "percent-encoded"),
            ("name = \"a\"\nrequest = \"GET /\"\nextra = \"x\"\nsurprise = 1", "8:1", "surprise"),
            ("name = \"a\"\nrequest = \"GET /\"\nsays = \"x\"\nextra = \"y\"", "8:9", "both"),
            (
                "name = \"a\"\nrequest = \"GET /\"\nsays = \"x\"\nexpect = { json = '{' }",
                "8:19",
                "no JSON",
            ),
            (
                "name = \"a\"\nrequest = \"GET /\"\nsays = \"x\"\nexpect = { has = { \"a\" = '1' } }",
                "8:20",
                "starts with `$`",
            ),
            ("name = \"a\"\nrequest = \"GET /\"\nextra = \"x\"\ncopies = 0", "8:10", "at least 1"),
            (
                "name = \"a\"\nrequest = \"GET /\"\nextra = \"x\"\ncapture = { a = \"etag\" }",
                "8:17",
                "starts with `$`",
            ),
            (
                "name = \"a\"\nrequest = \"GET /\"\nextra = \"x\"\ncapture = { a = \"header e tag\" }",
                "8:17",
                "no header's name",
            ),
            (
                "name = \"a\"\nrequest = \"GET /\"\nextra = \"x\"\nmask = [{ at = \"prints\", pattern = \"\", as = \"\" }]",
                "8:16",
                "starts with `$`",
            ),
            (
                "name = \"a\"\nrequest = \"GET /\"\nsays = \"x\"\nexpect = { prints = \"x\" }",
                "8:21",
                "sequence",
            ),
            ("name = \"a\"\nrequest = \"GET /\"\nextra = \"x\"\nbody = 3", "8:8", "string"),
            (
                "name = \"a\"\nrequest = \"GET /\"\nextra = \"x\"\n[call.diverges]\nbecause = \"z\"",
                "9:11",
                "no divergence",
            ),
            (
                "name = \"a\"\nrequest = \"GET /\"\nextra = \"x\"\n[[call]]\nname = \"a\"\nrequest = \"GET /\"\nextra = \"x\"",
                "9:8",
                "second call",
            ),
            (
                "name = \"a\"\nrequest = \"GET /\"\nextra = \"x\"\n[[erratum]]\ncall = \"b\"\nsays = \"\"\nfastapi = \"\"\nseen_on = \"\"",
                "9:8",
                "no call",
            ),
            (
                "name = \"a\"\nrequest = \"GET /\"\nextra = \"x\"\n[[mask]]\nat = \"body\"\npattern = \"(\"\nas = \"\"",
                "10:11",
                "open group",
            ),
        ] {
            let mistake = parse(Path::new("l.toml"), &script(call)).unwrap_err().to_string();
            assert!(mistake.starts_with(&format!("l.toml:{place}: ")), "{mistake}");
            assert!(mistake.contains(message), "{message}: {mistake}");
        }
    }

    #[test]
    fn a_capture_is_a_place_or_a_pattern_at_one() {
        let parsed = |capture: &str| {
            let keys = "name = \"a\"\nrequest = \"GET /\"\nextra = \"x\"";
            parse(Path::new("l.toml"), &script(&format!("{keys}\ncapture = {{ a = {capture} }}")))
        };
        for capture in ["'$.a[0]'", "'header ETag'", "{ at = 'header a', pattern = '[^;]+' }"] {
            assert_eq!(parsed(capture).unwrap().calls[0].captures.len(), 1);
        }
        for (capture, message) in [
            ("'etag'", "starts with `$`"),
            ("{ at = 'etag', pattern = 'a' }", "starts with `$`"),
            ("{ at = 'header a b', pattern = 'a' }", "no header's name"),
            ("{ at = '$.a', pattern = '(' }", "open group"),
            ("{ at = '$.a' }", "`{ at = …, pattern = … }`"),
            ("{ at = '$.a', pattern = 'a', as = 'b' }", "`{ at = …, pattern = … }`"),
        ] {
            let mistake = parsed(capture).unwrap_err().to_string();
            assert!(mistake.starts_with("l.toml:8:17: ") && mistake.contains(message), "{mistake}");
        }
    }

    #[test]
    fn a_script_is_checked_to_its_end() {
        let text = "title = 3\n\
            [[call]]\nname = \"a\"\nrequest = \"GET /\"\n\
            [[call]]\nname = \"b\"\nrequest = \"GET /\"\nextra = \"x\"\nsurprise = 1\n\
            [[call]]\nname = \"c\"\nrequest = \"GET\"\nextra = \"x\"\n\
            [[erratum]]\ncall = \"d\"\n";
        let mistakes = check(Path::new("l.toml"), text).unwrap_err();
        let lines: Vec<usize> = mistakes.iter().map(|mistake| mistake.line).collect();
        assert_eq!(lines, [1, 2, 9, 12, 14], "{mistakes:?}");
        let text = "title = \"T\"\ngroup = \"G\"\ntutorial = \"E\"\ncall = 3";
        let mistake = check(Path::new("l.toml"), text).unwrap_err().remove(0).to_string();
        assert!(mistake.contains("no list"), "{mistake}");
    }
}

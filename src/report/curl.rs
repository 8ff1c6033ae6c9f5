//! A call as a curl command that can be pasted into a shell.
//!
//! What arrives is what the engine's client sends, byte for byte. A body that cannot stand between
//! quotes is printed into curl's standard input.

use super::shell::{self, word};
use super::template::{BASE_URL, Piece, pieces};
use crate::course::Call;
use crate::course::call::TIMEOUT;

/// The command line that sends a call to a server.
pub fn command(call: &Call, base_url: &str) -> String {
    let url = format!("{base_url}{}", call.target);
    let line = Line { call, names: &[], in_script: false };
    line.join(&word(&[Piece::Text(&url)]), line.body())
}

/// The command line of a script, in which `$BASE_URL` says where the server is and the values that
/// were captured under these names are variables. With `form`, these are its words for a body.
pub fn in_script(call: &Call, names: &[&str], form: Option<Vec<String>>) -> String {
    let mut url = vec![Piece::Variable(BASE_URL)];
    url.extend(pieces(&call.target, names));
    let line = Line { call, names, in_script: true };
    let body = match form {
        Some(words) => Sent { words, is_form: true, input: None },
        None => line.body(),
    };
    line.join(&word(&url), body)
}

/// Whether a server might be asked for another target than the script has, without a word against
/// it: curl resolves dots, encoded ones too.
pub fn has_dots(target: &str) -> bool {
    let path = target.split('?').next().unwrap_or_default().to_ascii_lowercase();
    path.replace("%2e", ".").split('/').any(|segment| matches!(segment, "." | ".."))
}

struct Line<'a> {
    call: &'a Call,
    names: &'a [&'a str],
    in_script: bool,
}

/// How a body is sent.
struct Sent {
    words: Vec<String>,
    /// curl puts a form together and names its content type.
    is_form: bool,
    /// The command that prints it into curl's standard input.
    input: Option<String>,
}

impl Line<'_> {
    fn join(&self, url: &str, body: Sent) -> String {
        let call = self.call;
        let mut words = vec!["curl".to_owned()];
        if self.in_script {
            // No progress, but errors; and a line of its own for what comes next.
            words.push(r"-sS -w '\n'".to_owned());
        }
        words.push(self.method());
        if self.in_script && call.timeout != TIMEOUT {
            words.push(format!("--max-time {}", call.timeout.as_secs_f64()));
        }
        if has_dots(&call.target) {
            words.push("--path-as-is".to_owned());
        }
        if call.target.contains(['[', ']', '{', '}']) {
            words.push("--globoff".to_owned());
        }
        let of_form = |name: &str| body.is_form && name == "content-type";
        let headers = call.headers.iter().filter(|(name, _)| !of_form(name));
        words.extend(headers.map(|(name, value)| self.header(name, value)));
        if !body.is_form && call.body.is_some() && !names_content_type(call) {
            // Without this word curl would say that it sends a form.
            words.push("-H content-type:".to_owned());
        }
        words.extend(body.words);
        words.push(url.to_owned());
        let input = body.input.map(|input| format!("{input} | ")).unwrap_or_default();
        input + &words.join(" ")
    }

    fn method(&self) -> String {
        match (self.call.method.as_str(), &self.call.body) {
            ("HEAD", None) => "-I".to_owned(),
            ("GET", None) | ("POST", Some(_)) => "-i".to_owned(),
            // curl waits for the body whose length the reply tells, and which does not come.
            ("HEAD", Some(_)) => {
                "-i -X HEAD --ignore-content-length -H connection:close".to_owned()
            }
            (method, _) => format!("-i -X {method}"),
        }
    }

    fn header(&self, name: &str, value: &str) -> String {
        // curl's way to send a header without a value; with a colon it would send none at all.
        if value.trim().is_empty() {
            return format!("-H {}", word(&[Piece::Text(&format!("{name};"))]));
        }
        let start = format!("{name}: ");
        let mut all = vec![Piece::Text(&start)];
        all.extend(pieces(value, self.names));
        format!("-H {}", word(&all))
    }

    fn body(&self) -> Sent {
        let Some(body) = &self.call.body else {
            return Sent { words: Vec::new(), is_form: false, input: None };
        };
        match std::str::from_utf8(body) {
            Ok(text) if shell::can_quote(body) => {
                // `--data-binary @name` would send a file, and who knows what a variable holds.
                let option =
                    if text.starts_with(['@', '$']) { "--data-raw" } else { "--data-binary" };
                let words = vec![format!("{option} {}", word(&pieces(text, self.names)))];
                Sent { words, is_form: false, input: None }
            }
            _ => Sent {
                words: vec!["--data-binary @-".to_owned()],
                is_form: false,
                input: Some(shell::printf(body, self.names)),
            },
        }
    }
}

fn names_content_type(call: &Call) -> bool {
    call.headers.iter().any(|(name, _)| name == "content-type")
}
#[cfg(test)]
mod tests {
    use super::command;
    use crate::course::script::parse;
    use std::path::Path;

    fn check(call: &str, expected: &str) {
        let script = format!(
            "title = ''\ngroup = ''\ntutorial = ''\n[[call]]\nname = 'a'\nextra = ''\n{call}"
        );
        let script = parse(Path::new(""), &script).unwrap();
        assert_eq!(command(&script.calls[0], "http://h"), expected);
    }

    #[test]
    fn a_command_says_what_curl_does_not_do_by_itself() {
        check("request = 'GET /items/1'", "curl -i http://h/items/1");
        check("request = 'HEAD /'", "curl -I http://h/");
        check("request = 'DELETE /a?b=1&c=2'", "curl -i -X DELETE 'http://h/a?b=1&c=2'");
        check("request = 'GET /a/../b'", "curl -i --path-as-is http://h/a/../b");
        check("request = 'GET /a/%2E%2e/b'", "curl -i --path-as-is http://h/a/%2E%2e/b");
        check("request = 'GET /?a[0]=1'", "curl -i --globoff 'http://h/?a[0]=1'");
    }

    #[test]
    fn quotes_in_a_body_survive_the_shell() {
        check(
            "request = 'POST /'\njson = '''{\"a\": \"it's\"}'''",
            r#"curl -i -H 'content-type: application/json' --data-binary '{"a": "it'\''s"}' http://h/"#,
        );
    }
}

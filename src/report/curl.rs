//! A call as a curl command that can be pasted into a shell.
//!
//! What arrives is what the engine's client sends, byte for byte but for a form's boundary. A body
//! that cannot stand between quotes is printed into curl's standard input.

use super::shell::{self, word};
use super::template::{BASE_URL, Piece, pieces};
use crate::course::Call;
use crate::course::call::TIMEOUT;
use crate::course::part::Part;
use crate::course::socket::handshake;

/// The command line that sends a call to a server. A socket that is talked over needs another
/// program, into which the texts are typed.
pub fn command(call: &Call, base_url: &str) -> String {
    let url = format!("{base_url}{}", call.target);
    match call.socket.as_deref() {
        Some([]) => return command(&handshake(call), base_url),
        Some(_) => return websocat(call, &url, &[]),
        None => {}
    }
    Line { call, names: &[], in_script: false }.text(&[Piece::Text(&url)])
}

/// The command line that opens the first socket of a call.
pub fn websocat(call: &Call, url: &str, names: &[&str]) -> String {
    let url = url.replacen("http", "ws", 1);
    let header = |(name, value): &(String, String)| {
        format!("-H={} ", word(&pieces(&format!("{name}: {value}"), names)))
    };
    let headers: String = call.headers.iter().map(header).collect();
    format!("websocat {headers}{}", word(&pieces(&url, names)))
}

/// The command line of a script, in which `$BASE_URL` says where the server is and the values that
/// were captured under these names are variables.
pub fn in_script(call: &Call, names: &[&str]) -> String {
    let mut url = vec![Piece::Variable(BASE_URL)];
    url.extend(pieces(&call.target, names));
    Line { call, names, in_script: true }.text(&url)
}

/// Whether a target has segments that curl would resolve, encoded or not.
pub fn has_dots(target: &str) -> bool {
    let path = target.split('?').next().unwrap_or_default().to_ascii_lowercase();
    path.replace("%2e", ".").split('/').any(|segment| matches!(segment, "." | ".."))
}

struct Line<'a> {
    call: &'a Call,
    names: &'a [&'a str],
    in_script: bool,
}

impl Line<'_> {
    fn text(&self, url: &[Piece<'_>]) -> String {
        let call = self.call;
        let form = call.form().and_then(|parts| self.form(parts));
        let input = call.body.as_ref().filter(|body| form.is_none() && !shell::can_quote(body));
        let mut words = vec!["curl".to_owned()];
        if self.in_script {
            // No progress, but errors; and a line of its own for what comes next.
            words.push(r"-sS -w '\n'".to_owned());
        }
        words.push(self.method());
        let said = &call.streaming;
        if said.chunks.is_some() || said.leave_after.is_some() {
            // Each chunk is shown when it comes.
            words.push("-N".to_owned());
        }
        if self.is_upgrade() || self.in_script && said.leave_after.is_some() {
            // Of itself curl would stay, at a socket that is not refused as well.
            words.push("--max-time 1".to_owned());
        } else if self.in_script && call.timeout != TIMEOUT {
            words.push(format!("--max-time {}", call.timeout.as_secs_f64()));
        }
        if has_dots(&call.target) {
            words.push("--path-as-is".to_owned());
        }
        if call.target.contains(['[', ']', '{', '}']) {
            words.push("--globoff".to_owned());
        }
        // curl names a form's content type itself, because it chooses the boundary.
        let of_form = |name: &str| form.is_some() && name == "content-type";
        let headers = call.headers.iter().filter(|(name, _)| !of_form(name));
        words.extend(headers.map(|(name, value)| self.header(name, value)));
        match (form, &call.body) {
            (Some(form), _) => words.extend(form),
            (None, Some(body)) => words.extend(self.data(body)),
            (None, None) => {}
        }
        words.push(word(url));
        let printed = input.map(|body| shell::printf(body, self.names) + " | ");
        let mut line = printed.unwrap_or_default() + &words.join(" ");
        if self.in_script && said.leave_after.is_some() {
            // curl leaves by the clock, and says so.
            line += " || [ $? -eq 28 ]";
        }
        line
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

    fn data(&self, body: &[u8]) -> Vec<String> {
        let data = match std::str::from_utf8(body).ok().filter(|_| shell::can_quote(body)) {
            // `--data-binary @name` would send a file, and who knows what a variable holds.
            Some(text) if text.starts_with(['@', '$']) => self.option("--data-raw", text),
            Some(text) => self.option("--data-binary", text),
            None => "--data-binary @-".to_owned(),
        };
        // Without this word curl would say that it sends a form.
        let untyped = self.call.header("content-type").is_none();
        untyped.then(|| "-H content-type:".to_owned()).into_iter().chain([data]).collect()
    }

    /// The words for a multipart form, if curl makes the same parts of them.
    fn form(&self, parts: &[Part]) -> Option<Vec<String>> {
        parts.iter().map(|part| self.part(part)).collect()
    }

    fn is_upgrade(&self) -> bool {
        self.call.header("upgrade").is_some_and(|value| value.eq_ignore_ascii_case("websocket"))
    }

    fn part(&self, part: &Part) -> Option<String> {
        let Part { name, content, file, filename, content_type } = part;
        // What curl would take for more than a text, or escape.
        let simple = |text: &str| {
            let special = |c: char| "\"\\;,=".contains(c) || c.is_control();
            !text.is_empty() && !text.contains(special)
        };
        match (file, filename, content_type) {
            (Some(file), Some(filename), Some(kind)) => {
                let path = file.to_str()?;
                if ![name, path, filename, kind].into_iter().all(simple) {
                    return None;
                }
                let other = (file.file_name()?.to_str()? != filename).then_some(filename);
                let other = other.map(|name| format!(";filename={name}")).unwrap_or_default();
                let text = format!("{name}=@{path};type={kind}{other}");
                Some(format!("-F {}", word(&[Piece::Text(&text)])))
            }
            (None, None, None) if simple(name) && shell::can_quote(content) => {
                let text = std::str::from_utf8(content).ok()?;
                Some(self.option("--form-string", &format!("{name}={text}")))
            }
            _ => None,
        }
    }

    fn option(&self, option: &str, text: &str) -> String {
        format!("{option} {}", word(&pieces(text, self.names)))
    }
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

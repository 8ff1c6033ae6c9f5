//! A call as a curl command that can be pasted into a shell.

use crate::course::Call;

/// The command line that sends a call to a server.
pub fn command(call: &Call, base_url: &str) -> String {
    let mut words = vec!["curl -i".to_owned()];
    match (call.method.as_str(), &call.body) {
        ("HEAD", None) => "curl -I".clone_into(&mut words[0]),
        ("GET", None) | ("POST", Some(_)) => {}
        (method, _) => words.push(format!("-X {method}")),
    }
    let path = call.target.split('?').next().unwrap_or_default().to_ascii_lowercase();
    if path.replace("%2e", ".").split('/').any(|segment| matches!(segment, "." | "..")) {
        words.push("--path-as-is".to_owned());
    }
    if call.target.contains(['[', ']', '{', '}']) {
        words.push("--globoff".to_owned());
    }
    for (name, value) in &call.headers {
        words.push(format!("-H {}", quoted(&format!("{name}: {value}"))));
    }
    if let Some(body) = &call.body {
        words.push(format!("--data-binary {}", quoted(&String::from_utf8_lossy(body))));
    }
    words.push(quoted(&format!("{base_url}{}", call.target)));
    words.join(" ")
}

/// A word for a POSIX shell: bare where it can be, else in single quotes.
fn quoted(word: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "/:._-+%@,=".contains(c);
    if !word.is_empty() && word.chars().all(plain) {
        return word.to_owned();
    }
    format!("'{}'", word.replace('\'', r"'\''"))
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

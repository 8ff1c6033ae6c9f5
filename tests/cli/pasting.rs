//! The curl commands that `run` prints, pasted into a shell: what arrives is what the script says.
//!
//! Without curl nothing is tested here; `.ci/export` installs it and runs this.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::process::{Command, Stdio};
use std::thread;

use regex::Regex;
use workbook::course::{Call, script};

use super::program::Place;

const FOLDER: &str = "lessons/01-minimal-application";

/// What the calls send, as keys of the script; each is a call of its own.
const CALLS: &[&str] = &[
    "request = 'GET /hello?a=1&b=2;c=$HOME'",
    "request = 'DELETE /hello'",
    "request = 'HEAD /hello'",
    "request = 'BREW /a/../%2E%2e/./b//c'",
    "request = 'GET /?a[0]=1&b={c,d}&e=!!*~(f)'\nheaders = { X-A = '' }",
    r#"request = 'GET /%zz%ff'
headers = { A = "$HOME `id` \\ \" ' !! # é", B = "b;c" }"#,
    "request = 'OPTIONS /hello'\nheaders = { Accept = '', User-Agent = 'me', Host = 'a.example' }",
    "request = 'POST /hello'",
    r"request = 'POST /hello'
body = '''it's $HOME `id` $(id) \n \\ \' !! %s %% é 🦀 ''''",
    "request = 'POST /hello'\nbody = \"two\\n\\nlines\\n\"",
    "request = 'POST /hello'\nbody = '@lesson.toml'\nheaders = { Content-Type = 'text/plain' }",
    "request = 'POST /hello'\nbody = '-'",
    "request = 'POST /hello'\nbody = ''",
    "request = 'GET /hello'\njson = 'nul'",
    "request = 'HEAD /hello'\njson = '{}'",
    r#"request = 'PUT /hello'
body = "-e NUL \u0000001 %d \\x41 \\101 '\r\n\t\u001b[1m \u007f""#,
    "request = 'POST /hello'\nform = { a = ['1 &é', '='], '+' = '%' }",
    r#"request = "POST /hello"
multipart = [{ name = "f", file = "a b$'.txt", type = "text/plain" }, { name = "t", value = "@<it's;" }]"#,
    r#"request = "POST /hello"
multipart = [{ name = "f", file = "bytes", type = "image/png", filename = "x.png" }, { name = "t", value = "" }]"#,
    r#"request = "POST /hello"
multipart = [{ name = "f", file = "bytes" }, { name = "t", value = "v", type = "text/x" }]"#,
    r#"request = "POST /hello"
multipart = [{ name = "f", file = "bytes", type = "text/x; a=b" }, { name = 'q\', value = "\r" }]"#,
];

#[test]
fn a_printed_command_sends_what_the_script_says() {
    if Command::new("curl").arg("--version").stdout(Stdio::null()).status().is_err() {
        return;
    }
    let place = Place::with_course();
    let text = written(CALLS);
    place.write(&format!("{FOLDER}/lesson.toml"), &text);
    place.write(&format!("{FOLDER}/a b$'.txt"), "a\r\n");
    let folder = place.path("work").join(FOLDER);
    std::fs::write(folder.join("bytes"), (0..=255).collect::<Vec<u8>>()).unwrap();
    let script = script::parse(&folder.join("lesson.toml"), &text).unwrap();
    let shown = place.run(&["run", "1", "--verbose"]).stdout;
    let commands = commands(&shown);
    assert_eq!(commands.len(), CALLS.len(), "{shown}");
    for (call, command) in script.calls.iter().zip(commands) {
        let sent = pasted(&command, &folder);
        assert_eq!(sent, Sent::by(call), "{command}");
    }
}

fn written(calls: &[&str]) -> String {
    let mut text = "title = 'A'\ngroup = 'B'\ntutorial = 'C'\n".to_owned();
    for (number, keys) in calls.iter().enumerate() {
        text += &format!("[[call]]\nname = 'c{number}'\nextra = ''\n{keys}\n");
    }
    text
}

/// The commands of a run: each stands last in what is shown of its call.
fn commands(shown: &str) -> Vec<String> {
    let end = Regex::new(r"\n\n(?: *\d+ › |\d+ of |all )").unwrap();
    let start = Regex::new(r"(?m)^     (?:curl -|printf ')").unwrap();
    let command = |part: &str| {
        let at = start.find_iter(part).last()?.start();
        Some(part[at..].trim_start().to_owned())
    };
    end.split(shown).filter_map(command).collect()
}

/// A request as it arrives, without what every client adds by itself.
#[derive(Debug, PartialEq)]
struct Sent {
    request: String,
    headers: Vec<(String, String)>,
    body: String,
}

impl Sent {
    fn by(call: &Call) -> Self {
        let body = call.body.clone().unwrap_or_default();
        Self::new(call.request(), call.headers.clone(), &body)
    }

    fn new(request: String, mut headers: Vec<(String, String)>, body: &[u8]) -> Self {
        let mut body = body.escape_ascii().to_string();
        for (name, value) in &mut headers {
            // A form's boundary is curl's own.
            if let Some((start, boundary)) = value.clone().split_once("boundary=")
                && name == "content-type"
            {
                *value = format!("{start}boundary=B");
                body = body.replace(boundary, "B");
            }
        }
        headers.sort();
        Self { request, headers, body }
    }
}

/// Runs a command in a shell, in a folder, with a server that keeps what arrives.
fn pasted(command: &str, folder: &Path) -> Sent {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let server = listener.local_addr().unwrap().to_string();
    let address = Regex::new(r"127\.0\.0\.1:\d+").unwrap();
    let command = address.replace_all(command, server.as_str()).into_owned();
    let receiving = thread::spawn(move || received(&listener.accept().unwrap().0));
    let mut shell = Command::new("sh");
    let ended = shell.args(["-c", &command]).current_dir(folder).output().unwrap();
    let said = String::from_utf8_lossy(&ended.stderr);
    assert!(ended.status.success(), "{command}\n{said}");
    receiving.join().unwrap()
}

/// Reads a request and answers it.
fn received(mut stream: &TcpStream) -> Sent {
    let mut reader = BufReader::new(stream);
    let mut lines = Vec::new();
    loop {
        let mut line = Vec::new();
        reader.read_until(b'\n', &mut line).unwrap();
        let line = String::from_utf8(line).unwrap().trim_end_matches(['\r', '\n']).to_owned();
        if line.is_empty() {
            break;
        }
        lines.push(line);
    }
    let request = lines.remove(0).strip_suffix(" HTTP/1.1").unwrap().to_owned();
    let header = |line: &String| {
        let (name, value) = line.split_once(':').unwrap();
        (name.to_ascii_lowercase(), value.trim().to_owned())
    };
    let mut headers: Vec<_> = lines.iter().map(header).collect();
    let length = headers.iter().find(|(name, _)| name == "content-length");
    let mut body = vec![0; length.map_or(0, |(_, length)| length.parse().unwrap())];
    reader.read_exact(&mut body).unwrap();
    stream.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n").unwrap();
    headers.retain(|(name, value)| match name.as_str() {
        "content-length" | "connection" => false,
        "host" => !value.starts_with("127.0.0.1"),
        "user-agent" => !value.starts_with("curl/"),
        "accept" => value != "*/*",
        _ => true,
    });
    Sent::new(request, headers, &body)
}

//! One lesson's `app.py` under uvicorn: started, told to stop, and never left behind.
//! `launch.py` is the other half. Asking the server questions is for others.

use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;

use tokio::io::{AsyncBufRead, AsyncWriteExt, BufReader};
use tokio::process::{Child, ChildStderr, Command};
use tokio::time::timeout;

use super::output::{Lines, Output, next_line};
use super::printed::Printed;
use super::{Environment, ReferenceError};
use crate::course::Prints;

/// Our side of the process, passed as text: nothing is written into the lesson's folder.
const LAUNCH: &str = include_str!("launch.py");

/// What stands before the port in the line that `launch.py` writes when it is listening.
const READY: &str = "\0ready ";

/// How long a lesson may take to accept requests.
const START: Duration = Duration::from_secs(30);

/// What `launch.py` reads on its stdin as the question whether everything has come to its end.
const QUESTION: &[u8] = b"settle\n";

/// How long a lesson may be busy after its last reply.
const PATIENCE: Duration = Duration::from_secs(30);

/// How long a lesson may take to stop before `launch.py` ends it.
const GRACE: Duration = Duration::from_secs(5);

/// How much longer a process gets that does not even run `launch.py` any more.
const SLACK: Duration = Duration::from_secs(1);

/// How many lines of stderr are kept for messages.
const STDERR_LINES: usize = 200;

/// What a lesson's process inherits. Nothing else: a reply must not depend on who records it.
const INHERITED: [&str; 8] =
    ["PATH", "HOME", "TMPDIR", "TMP", "TEMP", "SYSTEMROOT", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH"];

/// A running reference server. Dropping it kills its process; `stop` lets it finish.
///
/// What the lesson prints before its first request belongs to none, and is forgotten.
#[derive(Debug)]
pub struct Server {
    /// Where it listens, such as `http://127.0.0.1:49321`.
    pub base_url: String,
    app: PathBuf,
    child: Child,
    printed: Printed,
    stderr: Output,
}

impl Server {
    /// Serves the `app.py` of the folder `lesson`, which is also its working directory, on
    /// 127.0.0.1 and a port that the system chooses. Returns when requests are accepted.
    #[allow(clippy::missing_panics_doc, reason = "both pipes are requested when it is spawned")]
    pub async fn start(environment: &Environment, lesson: &Path) -> Result<Self, ReferenceError> {
        let app = lesson.join("app.py");
        if !app.is_file() {
            return Err(ReferenceError::NoApp { path: app });
        }
        let spawned = command(environment, lesson).spawn();
        let mut child = spawned.map_err(|cause| ReferenceError::Spawn {
            app: app.clone(),
            home: environment.home().to_owned(),
            cause,
        })?;
        let stdout = child.stdout.take().expect("stdout was requested as a pipe");
        let printed = Printed::collect(BufReader::new(stdout));
        let stderr = child.stderr.take().expect("stderr was requested as a pipe");
        let mut stderr = BufReader::new(stderr);
        let said = Lines::new(STDERR_LINES);
        let port = wait_until_ready(&app, &mut child, &mut stderr, &said).await?;
        let base_url = format!("http://127.0.0.1:{port}");
        let stderr = Output::collect(stderr, said);
        let mut server = Self { base_url, app, child, printed, stderr };
        server.settle().await?;
        Ok(server)
    }

    /// Waits until every reply is out and every background task has ended, at most 30 s, and
    /// gives what the lesson has printed since the last time.
    pub async fn settle(&mut self) -> Result<Prints, ReferenceError> {
        let settled = async {
            let control = self.child.stdin.as_mut()?;
            control.write_all(QUESTION).await.ok()?;
            self.printed.until_settled().await
        };
        match timeout(PATIENCE, settled).await {
            Ok(Some(prints)) => Ok(prints),
            Ok(None) => {
                let status = end(&mut self.child).await.err();
                let status = status.unwrap_or_else(|| "it ended by itself".to_owned());
                let (app, stderr) = (self.app.clone(), self.stderr.lines());
                Err(ReferenceError::Unfinished { app, status, stderr })
            }
            Err(_) => {
                let (app, stderr) = (self.app.clone(), self.stderr.lines());
                Err(ReferenceError::Busy { app, seconds: PATIENCE.as_secs(), stderr })
            }
        }
    }

    /// What the server has complained about since it started: its last lines of stderr.
    pub fn stderr(&self) -> Vec<String> {
        self.stderr.lines()
    }

    /// Lets open replies, background tasks and the lifespan finish, and ends the process by
    /// force if they take longer than 5 s.
    pub async fn stop(mut self) -> Result<(), ReferenceError> {
        drop(self.child.stdin.take());
        match end(&mut self.child).await {
            Ok(()) => Ok(()),
            Err(status) => {
                let stderr = self.stderr.finish().await;
                Err(ReferenceError::Unfinished { app: self.app, status, stderr })
            }
        }
    }
}

/// The command that serves `lesson`. It has a process group of its own, so that Ctrl-C
/// reaches us alone; we then close its stdin, on purpose or by ending.
fn command(environment: &Environment, lesson: &Path) -> Command {
    let mut command = Command::new(environment.python());
    command.args(["-c", LAUNCH, &GRACE.as_secs().to_string()]);
    command.current_dir(lesson).kill_on_drop(true);
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    command.env_clear();
    command.envs(INHERITED.iter().filter_map(|name| Some((name, std::env::var_os(name)?))));
    // The order of a Python set, and so of `Allow`, follows the seed.
    command.env("PYTHONHASHSEED", "0");
    command.env("PYTHONDONTWRITEBYTECODE", "1");
    command.env("PYTHONIOENCODING", "utf-8").env("PYTHONUTF8", "1");
    command.env("TZ", "UTC");
    #[cfg(unix)]
    command.process_group(0);
    command
}

/// The port on which `child` accepts requests, with what it says before that in `said`.
async fn wait_until_ready(
    app: &Path,
    child: &mut Child,
    stderr: &mut BufReader<ChildStderr>,
    said: &Lines,
) -> Result<u16, ReferenceError> {
    let ready = async {
        match read_port(stderr, said).await {
            Some(port) => Ok(port),
            None => Err(child.wait().await),
        }
    };
    let outcome = timeout(START, ready).await;
    let (app, stderr) = (app.to_owned(), said.to_vec());
    match outcome {
        Ok(Ok(port)) => Ok(port),
        Ok(Err(ended)) => {
            let status = ended.map_or_else(|error| error.to_string(), |it| it.to_string());
            Err(ReferenceError::Broken { app, status, stderr })
        }
        Err(_) => {
            let seconds = START.as_secs();
            Err(ReferenceError::Slow { app, seconds, stderr })
        }
    }
}

/// Reads to the line that tells the port; what stands before it goes to `said`. `None` if
/// `stderr` ends without that line.
async fn read_port(stderr: &mut (impl AsyncBufRead + Unpin), said: &Lines) -> Option<u16> {
    while let Some(line) = next_line(stderr).await {
        let Some((before, port)) = line.split_once(READY) else {
            said.push(line);
            continue;
        };
        if !before.is_empty() {
            said.push(before.to_owned());
        }
        return port.parse().ok();
    }
    None
}

/// Waits for the end of `child`, by force if it takes too long. Fails with how it ended.
async fn end(child: &mut Child) -> Result<(), String> {
    match timeout(GRACE + SLACK, child.wait()).await {
        Ok(Ok(status)) if status.success() => Ok(()),
        Ok(Ok(status)) => Err(status.to_string()),
        Ok(Err(error)) => Err(error.to_string()),
        Err(_) => {
            let killed = child.kill().await;
            Err(killed.map_or_else(|error| error.to_string(), |()| "killed".to_owned()))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::printed::{REPLIED, SETTLED};
    use super::*;

    async fn check(stderr: &'static str, port: Option<u16>, said: &[&str]) {
        let lines = Lines::new(STDERR_LINES);
        assert_eq!(read_port(&mut stderr.as_bytes(), &lines).await, port, "{stderr:?}");
        assert_eq!(lines.to_vec(), said);
    }

    #[tokio::test]
    async fn the_port_comes_after_whatever_the_lesson_says() {
        check("\0ready 8001\n", Some(8001), &[]).await;
        check("a warning\n\0ready 8001\nlater\n", Some(8001), &["a warning"]).await;
        check("no line end\0ready 8001\n", Some(8001), &["no line end"]).await;
    }

    #[tokio::test]
    async fn a_lesson_that_ends_early_has_no_port_but_a_reason() {
        check("", None, &[]).await;
        check("Traceback\nNameError: x\n", None, &["Traceback", "NameError: x"]).await;
        check("ready 8001\n", None, &["ready 8001"]).await;
    }

    #[test]
    fn both_halves_agree_on_the_line_that_tells_the_port() {
        assert!(LAUNCH.contains(r#"f"\0ready {port}\n""#));
    }

    #[test]
    fn both_halves_agree_on_the_marks_between_printed_lines() {
        assert!(LAUNCH.contains(r#"f"\0{word}\n""#));
        for mark in [REPLIED, SETTLED] {
            let word = mark.strip_prefix('\0').unwrap();
            assert!(LAUNCH.contains(&format!("self.mark(\"{word}\")")), "{word}");
        }
        assert_eq!(QUESTION.split(|byte| *byte == b'\n').count(), 2);
        assert!(LAUNCH.contains(r#"asked.count(b"\n")"#));
    }
}

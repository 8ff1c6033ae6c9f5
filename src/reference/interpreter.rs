//! A Python interpreter as a program to run: whether it will do, and what it says.

use std::path::Path;
use std::process::{Output, Stdio};

use tokio::process::Command;

use super::ReferenceError;

/// The oldest Python for which `requirements.txt` lists everything that FastAPI needs.
const OLDEST: (u32, u32) = (3, 11);

/// What `python --version` prints, if that is new enough.
pub(super) async fn version(python: &Path) -> Result<String, ReferenceError> {
    let mut command = Command::new(python);
    let output = run(command.arg("--version").stdin(Stdio::null())).await?;
    let found = lines(&output).join("\n");
    if output.status.success() && parse_version(&found).is_some_and(|it| it >= OLDEST) {
        return Ok(found);
    }
    Err(ReferenceError::OldPython { python: python.to_owned(), found })
}

/// A command for `python -m module`, undisturbed by the user's `PYTHON…` variables.
pub(super) fn isolated(python: &Path, module: &str) -> Command {
    let mut command = Command::new(python);
    command.args(["-I", "-m", module]);
    command
}

/// Runs a command to its end, or kills it when the future is dropped.
pub(super) async fn run(command: &mut Command) -> Result<Output, ReferenceError> {
    let output = command.kill_on_drop(true).output().await;
    output.map_err(|cause| ReferenceError::NoPython {
        python: command.as_std().get_program().into(),
        cause,
    })
}

/// What a command wrote, its errors last.
pub(super) fn lines(output: &Output) -> Vec<String> {
    [&output.stdout, &output.stderr]
        .into_iter()
        .flat_map(|bytes| bytes.split(|byte| *byte == b'\n'))
        .map(|line| String::from_utf8_lossy(line).trim_end().to_owned())
        .filter(|line| !line.is_empty())
        .collect()
}

/// Major and minor version of an interpreter that calls itself `Python 3.11.7`.
fn parse_version(found: &str) -> Option<(u32, u32)> {
    let mut numbers = found.strip_prefix("Python ")?.split('.');
    let major = numbers.next()?.parse().ok()?;
    let minor = numbers.next()?.parse().ok()?;
    Some((major, minor))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(found: &str, expected: Option<(u32, u32)>) {
        assert_eq!(parse_version(found), expected, "{found:?}");
    }

    #[test]
    fn an_interpreter_says_its_version_in_many_ways() {
        check("Python 3.11.7", Some((3, 11)));
        check("Python 3.14.0rc2", Some((3, 14)));
        check("Python 3.13.0+", Some((3, 13)));
        check("Python 3.10.14 (75b3de9d9035, Apr 21 2024)\n[PyPy 7.3.16]", Some((3, 10)));
        check("Python 2.7.18", Some((2, 7)));
    }

    #[test]
    fn what_is_no_python_has_no_version() {
        check("", None);
        check("pyenv: python3: command not found", None);
        check("Python was not found; run without arguments to install", None);
        check("3.11.7", None);
        check("Python 3", None);
    }

    #[test]
    fn minor_versions_compare_as_numbers() {
        assert!(parse_version("Python 3.9.1") < Some(OLDEST));
        assert!(parse_version("Python 3.11.0") >= Some(OLDEST));
    }
}

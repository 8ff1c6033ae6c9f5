//! Every way in which the reference can fail, in words that end with what to do next.

use std::io;
use std::path::PathBuf;

use super::version;

/// Why the reference could not be asked.
#[derive(Debug, thiserror::Error)]
#[allow(missing_docs, reason = "each message shows what its fields are")]
pub enum ReferenceError {
    /// There is no interpreter of that name.
    #[error(
        "{}: cannot be run: {cause}\n\
         python3 3.11 or newer is needed by `record` and `compare` only: \
         install it, or set WORKBOOK_PYTHON to its path",
        .python.display()
    )]
    NoPython { python: PathBuf, cause: io::Error },

    /// The interpreter is too old, or something else.
    #[error(
        "{}: is no python3 3.11 or newer, its `--version` says {found:?}\n\
         python3 3.11 or newer is needed by `record` and `compare` only: \
         install it, or set WORKBOOK_PYTHON to its path",
        .python.display()
    )]
    OldPython { python: PathBuf, found: String },

    /// The folder of the environments cannot be used.
    #[error(
        "{}: {cause}\n\
         the reference needs this path: make it writable, or set XDG_CACHE_HOME to another folder",
        .path.display()
    )]
    Cache { path: PathBuf, cause: io::Error },

    /// `python -m venv` failed.
    #[error(
        "{}: python could not make a virtual environment\n{}\n\
         settle what it says (on Debian, `apt install python3-venv` may be all), \
         then run the same command again",
        .home.display(),
        quote(.output)
    )]
    Venv { home: PathBuf, output: Vec<String> },

    /// pip found no package index.
    #[error(
        "{}: pip could not reach its package index to install {}\n{}\n\
         only this first set-up needs the network: connect, then run the same command again",
        .home.display(),
        version(),
        quote(.output)
    )]
    Offline { home: PathBuf, output: Vec<String> },

    /// pip failed for another reason.
    #[error(
        "{}: pip could not install {}\n{}\n\
         settle what pip says, then run the same command again",
        .home.display(),
        version(),
        quote(.output)
    )]
    Pip { home: PathBuf, output: Vec<String> },

    /// The lesson has no `app.py`.
    #[error("{}: no such file\nwrite the lesson's FastAPI version there", .path.display())]
    NoApp { path: PathBuf },

    /// The environment's interpreter does not run.
    #[error(
        "{}: its process cannot be started: {cause}\n\
         remove the folder {} and run the same command again, which makes it anew",
        .app.display(),
        .home.display()
    )]
    Spawn { app: PathBuf, home: PathBuf, cause: io::Error },

    /// The process ended before it listened.
    #[error(
        "{}: ended before it accepted requests ({status})\n{}\n\
         repair app.py, then run the same command again",
        .app.display(),
        quote(.stderr)
    )]
    Broken { app: PathBuf, status: String, stderr: Vec<String> },

    /// The process never listened.
    #[error(
        "{}: did not accept requests within {seconds} s\n{}\n\
         look for what its import or its lifespan waits for",
        .app.display(),
        quote(.stderr)
    )]
    Slow { app: PathBuf, seconds: u64, stderr: Vec<String> },

    /// A request did not come to its end.
    #[error(
        "{}: still busy {seconds} s after its last reply\n{}\n\
         look for a background task or open reply that does not end",
        .app.display(),
        quote(.stderr)
    )]
    Busy { app: PathBuf, seconds: u64, stderr: Vec<String> },

    /// The process did not end well, so that its output cannot be trusted.
    #[error(
        "{}: did not stop cleanly ({status}), so what it printed may be incomplete\n{}\n\
         look for a crash, or a background task or open reply that does not end",
        .app.display(),
        quote(.stderr)
    )]
    Unfinished { app: PathBuf, status: String, stderr: Vec<String> },
}

/// The last lines of another program's output, set off from our own words. A line of more
/// than 300 characters (pip lists every version there is) is cut.
fn quote(output: &[String]) -> String {
    const LINES: usize = 20;
    const WIDTH: usize = 300;
    let last = &output[output.len().saturating_sub(LINES)..];
    if last.is_empty() {
        return "  | (it said nothing)".to_owned();
    }
    let cut = |line: &String| match line.char_indices().nth(WIDTH) {
        Some((end, _)) => format!("  | {}…", &line[..end]),
        None => format!("  | {line}"),
    };
    last.iter().map(cut).collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_quotation_keeps_the_last_lines_which_name_the_cause() {
        let output: Vec<_> = (1..=25).map(|line| line.to_string()).collect();
        let quotation = quote(&output);
        assert_eq!(quotation.lines().count(), 20);
        assert!(quotation.starts_with("  | 6\n") && quotation.ends_with("  | 25"));
        assert_eq!(quote(&[]), "  | (it said nothing)");
    }

    #[test]
    fn a_long_line_is_cut_between_characters() {
        let line = "é".repeat(300);
        assert_eq!(quote(std::slice::from_ref(&line)), format!("  | {line}"));
        assert_eq!(quote(&[format!("{line}é")]), format!("  | {line}…"));
    }
}

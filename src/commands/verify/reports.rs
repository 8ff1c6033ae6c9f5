//! Where the reports of `verify` go: files, stdout, and what GitHub names for a job's summary.

use std::io;
use std::path::Path;

use crate::cli::verify::{Kind, Report};
use crate::cli::{Format, Verify};
use crate::commands::{Failure, in_repository, named};
use crate::course::Course;
use crate::file;
use crate::report::json::verification as json;
use crate::report::verified::Verification;
use crate::report::{github, junit, tap, verification};
use crate::terminal::Terminal;

/// The reports that are wanted.
pub struct Reports {
    /// Whether there is one for people, on stdout.
    pub people: bool,
    /// The others.
    others: Vec<Report>,
}

impl Reports {
    /// What the arguments ask for. Two reports in one place make no sense.
    pub fn wanted(arguments: &Verify) -> Result<Self, Failure> {
        let mut others: Vec<Report> = Vec::new();
        let format = Report { kind: Kind::Json, file: None };
        let format = (arguments.format == Format::Json).then_some(format);
        for report in arguments.report.iter().cloned().chain(format) {
            match others.iter().find(|other| other.file == report.file) {
                None => others.push(report),
                Some(other) if other.kind == report.kind => {}
                Some(other) => return Err(clash(other, &report)),
            }
        }
        let taken = |report: &Report| report.file.is_none() && report.kind != Kind::Github;
        Ok(Self { people: !others.iter().any(taken), others })
    }

    /// Writes all of them, as far as possible; the first mistake is told.
    pub fn write(
        &self,
        found: &Verification,
        course: &Course,
        terminal: Terminal,
    ) -> Result<(), Failure> {
        let mut written = Ok(());
        if self.people {
            written = terminal.tell(&for_people(found, terminal)).map_err(Failure::from);
        }
        for Report { kind, file } in &self.others {
            let text = match kind {
                Kind::Junit => junit::render(found),
                Kind::Json => json::render(found),
                Kind::Tap => tap::render(found),
                Kind::Github => github::annotations(found, &in_repository(course)),
            };
            let one = match file {
                None => terminal.tell(&text).map_err(Failure::from),
                Some(path) => file::write(path, &text).map_err(|cause| unwritable(path, &cause)),
            };
            written = written.and(one);
            if *kind == Kind::Github {
                written = written.and(summarise(found));
            }
        }
        written
    }
}

fn clash(one: &Report, other: &Report) -> Failure {
    let place = one.file.as_ref().map_or("stdout".to_owned(), |path| path.display().to_string());
    let (one, other) = (one.kind, other.kind);
    Failure::Usage(format!(
        "two reports go to {place}: {one} and {other}\n\
         give one of them another file: `--report {other}=FILE`"
    ))
}

/// The end of the report for people, and all of it where it could not be shown before.
fn for_people(found: &Verification, terminal: Terminal) -> String {
    let look = terminal.look;
    if found.lessons.is_empty() && found.stopped.is_some() {
        return String::new();
    }
    let mut text = String::new();
    if found.rounds > 1 {
        text.extend(found.lessons.iter().map(|verified| verification::lesson(verified, look)));
    }
    text + &verification::summary(found, look)
}

/// The job's summary, if this is a job of GitHub's. Other steps write to the same file.
fn summarise(found: &Verification) -> Result<(), Failure> {
    let Some(path) = named("GITHUB_STEP_SUMMARY") else { return Ok(()) };
    file::append(&path, &github::summary(found)).map_err(|cause| unwritable(&path, &cause))
}

fn unwritable(path: &Path, cause: &io::Error) -> Failure {
    let path = path.display();
    Failure::CouldNotRun(format!(
        "{path}: the report cannot be written: {cause}\nname another file, or `-` for stdout"
    ))
}

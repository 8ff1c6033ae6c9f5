//! `workbook export`: scripts in the formats that other people's tools read.

use std::fs;
use std::path::Path;
use std::sync::Arc;

use super::{Exit, Failure};
use crate::cli::Export;
use crate::cli::export::Format;
use crate::course::{Course, Lesson, socket};
use crate::engine::Recorded;
use crate::file;
use crate::report::export::{self, curl, http, hurl};
use crate::snapshot::Snapshots;
use crate::terminal::Terminal;

/// Exports the named lessons: to stdout, to a file, or to a folder with a file for each.
pub fn export(arguments: &Export, course: &Course, terminal: Terminal) -> Result<Exit, Failure> {
    let base_url = arguments.base_url.trim_end_matches('/');
    require_url(base_url)?;
    let lessons = course.select(&arguments.lessons)?;
    let folder = arguments.output.as_ref().filter(|path| is_folder(path));
    match (lessons.as_slice(), &arguments.output, folder) {
        ([lesson], None, _) => terminal.out(&text(lesson, arguments.format, base_url)?)?,
        ([lesson], Some(file), None) => {
            write(file, &text(lesson, arguments.format, base_url)?, terminal)?;
        }
        (lessons, Some(_), Some(folder)) => {
            fs::create_dir_all(folder).map_err(|cause| unwritten(folder, &cause))?;
            for lesson in lessons {
                let extension = extension(arguments.format);
                let file = folder.join(format!("{}.{extension}", lesson.folder_name()));
                write(&file, &text(lesson, arguments.format, base_url)?, terminal)?;
            }
        }
        _ => return Err(Failure::Usage(SEVERAL.to_owned())),
    }
    Ok(Exit::Good)
}

const SEVERAL: &str = "\
several lessons do not fit into one file, because each has a server of its own
name a folder, `--output FOLDER/`, and each lesson gets a file in it";

fn text(lesson: &Lesson, format: Format, base_url: &str) -> Result<String, Failure> {
    let recorded = Snapshots::read(lesson)?.into_messages();
    let lesson = &with_plain_refusals(lesson, &recorded);
    let export = export::Export { lesson, recorded: &recorded, base_url };
    Ok(match format {
        Format::Curl => curl::script(&export),
        Format::Http => http::file(&export),
        Format::Hurl => hurl::file(&export),
    })
}

/// The lesson with the sockets that are refused as the plain requests that they are.
fn with_plain_refusals(lesson: &Lesson, recorded: &Recorded) -> Lesson {
    let mut lesson = lesson.clone();
    for call in &mut Arc::make_mut(&mut lesson.script).calls {
        let reply = recorded.get(&call.name);
        if call.socket.is_some() && reply.is_some_and(|reply| reply.status != 101) {
            *call = socket::handshake(call);
        }
    }
    lesson
}

fn extension(format: Format) -> &'static str {
    match format {
        Format::Curl => "sh",
        Format::Http => "http",
        Format::Hurl => "hurl",
    }
}

/// An existing folder, or a path that ends with a slash.
fn is_folder(path: &Path) -> bool {
    path.is_dir() || path.as_os_str().to_string_lossy().ends_with('/')
}

fn write(path: &Path, text: &str, terminal: Terminal) -> Result<(), Failure> {
    file::replace(path, text).map_err(|cause| unwritten(path, &cause))?;
    terminal.note(&format!("wrote {}", path.display()));
    Ok(())
}

fn unwritten(path: &Path, cause: &std::io::Error) -> Failure {
    let path = path.display();
    Failure::CouldNotRun(format!(
        "{path}: cannot be written: {cause}\n\
         name another file with `--output FILE`, or leave it out to print the text"
    ))
}

/// The calls' targets are put behind it as they are, and a shell script has it in double quotes.
fn require_url(base_url: &str) -> Result<(), Failure> {
    let authority = base_url.strip_prefix("http://").or(base_url.strip_prefix("https://"));
    let plain = |c: char| c.is_ascii_alphanumeric() || "-._~:/[]@%+".contains(c);
    if authority.is_some_and(|rest| !rest.is_empty() && rest.chars().all(plain)) {
        return Ok(());
    }
    Err(Failure::Usage(format!(
        "`--base-url {base_url}`: this is not where a server can be\n\
         write it as `http://127.0.0.1:8000`, without a query"
    )))
}

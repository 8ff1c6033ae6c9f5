//! `workbook show`: a lesson's prose, code, calls and recorded replies.

use super::{Exit, Failure};
use crate::cli::Show;
use crate::course::diagnostic;
use crate::course::{Course, Lesson, page};
use crate::report::highlight::highlight;
use crate::report::{overview, prose};
use crate::snapshot::Snapshots;
use crate::terminal::Terminal;

/// The base URL in the curl commands of calls: where `serve --port 8000` listens.
const BASE_URL: &str = "http://127.0.0.1:8000";

/// Shows the parts that are asked for; the prose if none is.
pub fn show(arguments: &Show, course: &Course, terminal: Terminal) -> Result<Exit, Failure> {
    let lesson = course.lesson(&arguments.lesson)?;
    let mut parts = Vec::new();
    if arguments.rust {
        parts.push(code(&lesson, "app.rs", "rust", terminal)?);
    }
    if arguments.python {
        parts.push(code(&lesson, "app.py", "python", terminal)?);
    }
    if arguments.calls {
        parts.push(overview::calls(&lesson, BASE_URL, terminal.look));
    }
    if arguments.snapshots {
        parts.push(snapshots(&lesson, terminal)?);
    }
    if parts.is_empty() {
        parts.push(prose::render(&page::read(&lesson)?, terminal.look));
    }
    terminal.out(&parts.join("\n"))?;
    Ok(Exit::Good)
}

fn code(
    lesson: &Lesson,
    file: &str,
    language: &str,
    terminal: Terminal,
) -> Result<String, Failure> {
    let code = page::without_anchors(&diagnostic::read(&lesson.folder().join(file))?);
    Ok(if terminal.look.colour { highlight(&code, language) } else { code })
}

fn snapshots(lesson: &Lesson, terminal: Terminal) -> Result<String, Failure> {
    let snapshots = Snapshots::read(lesson)?;
    let mut text = String::new();
    for call in &lesson.script.calls {
        let Some(snapshot) = snapshots.get(&call.name) else { continue };
        let reply = snapshot.message.to_text() + "\n";
        let reply = if terminal.look.colour { highlight(&reply, "http") } else { reply };
        text += &format!("# {} ({})\n{reply}\n", call.request(), call.name);
    }
    Ok(text)
}

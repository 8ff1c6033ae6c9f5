//! `workbook serve`: a lesson's server stays up until it is told to end.

use tokio::signal::unix::{SignalKind, signal};

use super::{Exit, Failure};
use crate::cli::Serve;
use crate::course::Course;
use crate::engine;
use crate::fastapi::{Console, Printed};
use crate::terminal::Terminal;

/// Serves a lesson; its lines go to stdout, everything else to stderr.
pub async fn serve(
    arguments: &Serve,
    course: &Course,
    terminal: Terminal,
) -> Result<Exit, Failure> {
    let lesson = course.lesson(&arguments.lesson)?;
    require_loopback(&arguments.host)?;
    let console = Console::new(move |printed| match printed {
        // Nobody reads any more; the server goes on for its other clients.
        Printed::Line(line) => drop(terminal.out(&format!("{line}\n"))),
        Printed::Fault(message) | Printed::Failed(_, message) => terminal.note(&message),
        // The panic hook has told it already, with its place.
        Printed::Panic(_) | Printed::Replied => {}
    });
    let mut terminated = signal(SignalKind::terminate())?;
    let server = engine::serve(&lesson, arguments.port, console)?;
    let base_url = format!("http://{}", server.address());
    terminal.note(&format!("{} · {}", lesson.number, lesson.script.title));
    terminal.note(&format!("serving on {base_url}"));
    terminal.note(&format!("     docs  {base_url}/docs"));
    if let Some(call) = lesson.script.calls.first() {
        let command = crate::report::curl::command(call, &base_url);
        terminal.note(&format!("      try  {command}"));
    }
    terminal.note("Ctrl-C ends it");
    let exit = tokio::select! {
        interrupted = tokio::signal::ctrl_c() => interrupted.map(|()| Exit::Good)?,
        _ = terminated.recv() => Exit::Good,
    };
    server.stop().await?;
    Ok(exit)
}

/// Other loopback addresses are refused as well: a server that listens elsewhere than it was told
/// to is a riddle.
fn require_loopback(host: &str) -> Result<(), Failure> {
    if ["127.0.0.1", "localhost"].contains(&host) {
        return Ok(());
    }
    Err(Failure::Usage(format!(
        "`--host {host}`: lessons are served on 127.0.0.1 only, they have no protection at all\n\
         leave `--host` out, and forward the port if another machine must reach it"
    )))
}

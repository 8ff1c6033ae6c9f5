//! A lesson's script in the formats that other people's tools read.
//!
//! Each format is a function from an [`Export`] to the text of a file. What they share is here:
//! which values are captured when, which cookies have come, what stands above a call.

pub mod curl;
pub mod http;
pub mod hurl;
mod literal;
mod recorded;
mod reply;

use super::curl as command_line;
use super::template::{self, Piece};
use crate::course::call::batches;
use crate::course::{Call, Lesson, socket};
use crate::engine::Recorded;

/// What is exported.
#[derive(Clone, Copy, Debug)]
pub struct Export<'a> {
    /// The lesson.
    pub lesson: &'a Lesson,
    /// The recorded replies to its calls.
    pub recorded: &'a Recorded,
    /// Where its server will listen: `http://127.0.0.1:8000`.
    pub base_url: &'a str,
}

/// A call and what the calls before it have left behind.
struct Step<'a> {
    /// Its number, from 1.
    number: usize,
    call: &'a Call,
    /// The names of the values that have been captured.
    names: Vec<&'a str>,
    /// Whether a reply has set a cookie. The course's client keeps none; most tools do.
    has_cookies: bool,
    /// The calls that are sent at the same moment.
    beside: Vec<&'a str>,
}

impl<'a> Export<'a> {
    fn steps(&self) -> Vec<Step<'a>> {
        let mut steps = Vec::new();
        let (mut names, mut has_cookies) = (Vec::new(), false);
        for batch in batches(&self.lesson.script.calls) {
            for call in batch {
                let others = batch.iter().filter(|other| other.name != call.name);
                let beside = others.map(|other| other.name.as_str()).collect();
                let number = steps.len() + 1;
                steps.push(Step { number, call, names: names.clone(), has_cookies, beside });
            }
            for call in batch {
                names.extend(call.captures.iter().map(|(name, _)| name.as_str()));
                let reply = self.recorded.get(&call.name);
                has_cookies |= reply.is_some_and(|reply| reply.header("set-cookie").is_some());
            }
        }
        steps
    }

    /// The title, where it comes from, and how to use it.
    fn heading(&self, format: &str, usage: &[String]) -> String {
        let Lesson { number, script, .. } = self.lesson;
        let mut lines = vec![
            format!("{number} · {}", script.title),
            format!("The calls of {}, exported by", self.lesson.script_name()),
            format!("  workbook export {number} --as {format}"),
            String::new(),
            "Start its server anew each time, because calls change what it holds:".to_owned(),
            format!("  workbook serve {number} --port {}", self.port()),
        ];
        lines.extend(usage.iter().cloned());
        comment(&lines.join("\n"))
    }

    fn port(&self) -> &'a str {
        let authority = self.base_url.split('/').nth(2).unwrap_or_default();
        authority.rsplit_once(':').map_or("80", |(_, port)| port)
    }
}

impl Step<'_> {
    fn url(&self) -> Vec<Piece<'_>> {
        let mut pieces = vec![Piece::Variable(template::BASE_URL)];
        pieces.extend(self.pieces(&self.call.target));
        pieces
    }

    fn pieces<'b>(&'b self, text: &'b str) -> Vec<Piece<'b>> {
        template::pieces(text, &self.names)
    }

    /// What is said about the call, and what a list of requests cannot say by itself.
    fn remarks(&self) -> Vec<String> {
        let mut remarks = vec![self.call.says.text().to_owned()];
        if !self.beside.is_empty() {
            let others = self.beside.join(", ");
            remarks.push(format!("The course sends it at the same moment as {others}."));
        }
        match self.call.copies {
            1 => {}
            copies => remarks.push(format!("The course sends it {copies} times at once.")),
        }
        remarks.extend(self.streaming());
        if let Some((divergence, _)) = &self.call.diverges {
            remarks.push(format!("FastAPI answers otherwise: {}.", divergence.reason));
        }
        remarks.retain(|remark| !remark.is_empty());
        remarks
    }

    /// What the course's client does with a stream and other tools do not.
    fn streaming(&self) -> impl Iterator<Item = String> {
        let said = &self.call.streaming;
        let leaves = said.leave_after.map(|count| {
            let chunks = if count == 1 { "1 chunk".to_owned() } else { format!("{count} chunks") };
            format!("The course leaves after {chunks} of the reply.")
        });
        let (count, pause) = (said.pieces.len(), said.pause.as_millis());
        let pieces = (count > 1)
            .then(|| format!("The course sends the body in {count} pieces, {pause} ms apart."));
        leaves.into_iter().chain(pieces)
    }
}

/// What is said over a socket, where a format has no way to say it.
fn conversation(step: &Step<'_>, base_url: &str) -> String {
    let steps = step.call.socket.as_deref().unwrap_or_default();
    let url = format!("{base_url}{}", step.call.target);
    let mut lines = vec![
        "This is said over a WebSocket, for which this format has no words; websocat has:"
            .to_owned(),
        format!("  {}", command_line::websocat(step.call, &url, &step.names)),
    ];
    lines.extend(socket::plan(steps));
    comment(&lines.join("\n"))
}

/// A text as comments, one a line.
fn comment(text: &str) -> String {
    let line = |line: &str| format!("# {line}").trim_end().to_owned() + "\n";
    text.lines().map(line).collect()
}

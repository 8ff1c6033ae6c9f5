//! A lesson served by the program itself, in a process of its own, for the benchmarks that load it.

use std::fs;
use std::io::{BufRead, BufReader};
use std::net::TcpStream;
use std::process::{Child, Command, Stdio};
use std::thread;

/// Serves a lesson, where the system lets it with more open files than the usual 1,024.
const SERVE: &str = "ulimit -n 4096; exec \"$0\" serve \"$1\"";

/// The program, serving a lesson until this is dropped.
pub struct Served {
    process: Child,
    address: String,
}

impl Served {
    pub fn start(lesson: &str) -> Self {
        let mut process = Command::new("sh")
            .args(["-c", SERVE, env!("CARGO_BIN_EXE_workbook"), lesson])
            .current_dir(env!("CARGO_MANIFEST_DIR"))
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let lines = BufReader::new(process.stderr.take().unwrap()).lines();
        let mut lines = lines.map(Result::unwrap);
        let found =
            lines.find_map(|line| Some(line.split_once("serving on http://")?.1.to_owned()));
        let address = found.unwrap();
        thread::spawn(move || lines.for_each(drop));
        Self { process, address }
    }

    pub fn connect(&self) -> TcpStream {
        TcpStream::connect(&self.address).unwrap()
    }

    /// A line of the process's status; only Linux tells.
    pub fn memory(&self, name: &str) -> String {
        memory(&self.process.id().to_string(), name)
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        // It has no state to lose.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// A line of the status of a process, `self` for this one; only Linux tells.
pub fn memory(process: &str, name: &str) -> String {
    let status = fs::read_to_string(format!("/proc/{process}/status")).unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(':'));
    line.map_or_else(|| "unknown here".to_owned(), |value| value.trim().to_owned())
}

/// Prints a figure.
pub fn row(what: &str, figure: &str) {
    println!("{what:<44} {figure}");
}

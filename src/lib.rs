//! A course on web APIs between FastAPI and Rust: lessons that are real servers, called and
//! checked.
//!
//! The path of `workbook run 14`:
//!
//! 1. [`cli`] reads the command line, [`commands`] looks up the command's file.
//! 2. [`home`] finds the course, [`course`] reads the lesson's script, [`snapshot`] the replies.
//! 3. [`engine`] starts the lesson's application ([`lessons`], [`fastapi`]) on a free port.
//! 4. Its client sends each call exactly as the script has it and keeps what comes back.
//! 5. Each reply is judged: actual against recorded, recorded against documented.
//! 6. [`report`] makes text of the verdicts, [`terminal`] prints it, the exit code tells the rest.
//!
//! `run --target` leaves the third step out: the server is someone else's. `try` replaces the
//! script by requests of the learner's own.
//!
//! Layers, each importing only downwards:
//!
//! ```text
//! main → commands → report → fuzz → engine → course → lessons → fastapi
//!                     ↘ lint, snapshot, reference ↗
//! ```
//!
//! [`fastapi`] is a crate of its own: it compiles beside what the others need, and not again when a
//! lesson changes.
//!
//! Invariants, kept by a test that reads the `use` lines: the engine never prints and never writes
//! files; lessons never import the engine; `fastapi` knows no lesson and no engine; there is no
//! global mutable state; every server binds 127.0.0.1; a running lesson's state dies with its
//! server; a snapshot is only ever recorded from the real FastAPI.

pub mod cli;
pub mod commands;
pub mod course;
pub mod engine;
pub mod file;
pub mod fuzz;
pub mod home;
#[allow(dead_code, reason = "a model declares more than its handler reads")]
#[path = "../lessons/mod.rs"]
pub mod lessons;
pub mod lint;
pub mod progress;
pub mod reference;
pub mod report;
pub mod scaffold;
pub mod snapshot;
pub mod terminal;

pub use fastapi;

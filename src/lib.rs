//! stub
pub mod cli;
pub mod commands;
pub mod course;
pub mod engine;
pub mod fastapi;
pub mod home;
#[path = "../lessons/mod.rs"]
pub mod lessons;
pub mod progress;
pub mod reference;
pub mod report;
pub mod snapshot;
pub mod terminal;

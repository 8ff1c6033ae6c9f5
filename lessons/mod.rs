//! The registry: each lesson's module and the row that names it.
//!
//! A lesson is a folder here, a folder under `snapshots/` and two lines below. The text of a lesson
//! (title, calls, prose) is read from its folder; only its server is code.

use crate::fastapi::Api;

#[path = "03-async-and-blocking/app.rs"]
pub mod async_and_blocking;
#[path = "06-enum-path-parameters/app.rs"]
pub mod enum_path_parameters;
#[path = "02-metadata-and-docs/app.rs"]
pub mod metadata_and_docs;
#[path = "01-minimal-application/app.rs"]
pub mod minimal_application;
#[path = "04-path-parameters/app.rs"]
pub mod path_parameters;
#[path = "05-query-parameters/app.rs"]
pub mod query_parameters;

/// A lesson as the registry knows it.
#[derive(Clone, Copy, Debug)]
pub struct Entry {
    /// The folder's name under `lessons/` and `snapshots/`: number, dash, slug.
    pub folder: &'static str,
    /// Makes the lesson's application, fresh on each call.
    pub app: fn() -> Api,
}

/// All lessons in the order of the course.
pub const ALL: &[Entry] = &[
    Entry { folder: "01-minimal-application", app: minimal_application::app },
    Entry { folder: "02-metadata-and-docs", app: metadata_and_docs::app },
    Entry { folder: "03-async-and-blocking", app: async_and_blocking::app },
    Entry { folder: "04-path-parameters", app: path_parameters::app },
    Entry { folder: "05-query-parameters", app: query_parameters::app },
    Entry { folder: "06-enum-path-parameters", app: enum_path_parameters::app },
];

//! The registry: each lesson's module and the row that names it.
//!
//! A lesson is a folder here, a folder under `snapshots/` and two lines below. The text of a lesson
//! (title, calls, prose) is read from its folder; only its server is code. `workbook new` writes
//! the lines.

use crate::fastapi::Api;

#[path = "03-async-and-blocking/app.rs"]
pub mod async_and_blocking;
#[path = "38-async-await/app.rs"]
pub mod async_await;
#[path = "24-background-tasks/app.rs"]
pub mod background_tasks;
#[path = "19-cors/app.rs"]
pub mod cors;
#[path = "35-database/app.rs"]
pub mod database;
#[path = "26-dependencies/app.rs"]
pub mod dependencies;
#[path = "31-documented-models/app.rs"]
pub mod documented_models;
#[path = "06-enum-path-parameters/app.rs"]
pub mod enum_path_parameters;
#[path = "13-exclude-unset/app.rs"]
pub mod exclude_unset;
#[path = "09-field-constraints/app.rs"]
pub mod field_constraints;
#[path = "17-file-upload/app.rs"]
pub mod file_upload;
#[path = "16-form-data/app.rs"]
pub mod form_data;
#[path = "23-headers-and-cookies/app.rs"]
pub mod headers_and_cookies;
#[path = "14-http-exception/app.rs"]
pub mod http_exception;
#[path = "34-json-web-tokens/app.rs"]
pub mod json_web_tokens;
#[path = "27-lifecycle/app.rs"]
pub mod lifecycle;
#[path = "37-logging/app.rs"]
pub mod logging;
#[path = "02-metadata-and-docs/app.rs"]
pub mod metadata_and_docs;
#[path = "01-minimal-application/app.rs"]
pub mod minimal_application;
#[path = "10-nested-models/app.rs"]
pub mod nested_models;
#[path = "32-partial-update/app.rs"]
pub mod partial_update;
#[path = "29-path-and-query/app.rs"]
pub mod path_and_query;
#[path = "04-path-parameters/app.rs"]
pub mod path_parameters;
#[path = "07-query-constraints/app.rs"]
pub mod query_constraints;
#[path = "05-query-parameters/app.rs"]
pub mod query_parameters;
#[path = "08-request-body/app.rs"]
pub mod request_body;
#[path = "11-response-model/app.rs"]
pub mod response_model;
#[path = "22-response-types/app.rs"]
pub mod response_types;
#[path = "28-rest-verbs/app.rs"]
pub mod rest_verbs;
#[path = "25-routers-and-tags/app.rs"]
pub mod routers_and_tags;
#[path = "33-sessions/app.rs"]
pub mod sessions;
#[path = "20-static-files/app.rs"]
pub mod static_files;
#[path = "12-status-codes/app.rs"]
pub mod status_codes;
#[path = "30-status-families/app.rs"]
pub mod status_families;
#[path = "40-streaming/app.rs"]
pub mod streaming;
#[path = "36-sub-routers/app.rs"]
pub mod sub_routers;
#[path = "template/app.rs"]
pub mod template;
#[path = "21-templates/app.rs"]
pub mod templates;
#[path = "18-timing-middleware/app.rs"]
pub mod timing_middleware;
#[path = "15-validation-errors/app.rs"]
pub mod validation_errors;
#[path = "39-websockets/app.rs"]
pub mod websockets;

/// The folder of what a new lesson starts from: a lesson like the others, but in no list.
pub const TEMPLATE: &str = "template";

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
    Entry { folder: "07-query-constraints", app: query_constraints::app },
    Entry { folder: "08-request-body", app: request_body::app },
    Entry { folder: "09-field-constraints", app: field_constraints::app },
    Entry { folder: "10-nested-models", app: nested_models::app },
    Entry { folder: "11-response-model", app: response_model::app },
    Entry { folder: "12-status-codes", app: status_codes::app },
    Entry { folder: "13-exclude-unset", app: exclude_unset::app },
    Entry { folder: "14-http-exception", app: http_exception::app },
    Entry { folder: "15-validation-errors", app: validation_errors::app },
    Entry { folder: "16-form-data", app: form_data::app },
    Entry { folder: "17-file-upload", app: file_upload::app },
    Entry { folder: "18-timing-middleware", app: timing_middleware::app },
    Entry { folder: "19-cors", app: cors::app },
    Entry { folder: "20-static-files", app: static_files::app },
    Entry { folder: "21-templates", app: templates::app },
    Entry { folder: "22-response-types", app: response_types::app },
    Entry { folder: "23-headers-and-cookies", app: headers_and_cookies::app },
    Entry { folder: "24-background-tasks", app: background_tasks::app },
    Entry { folder: "25-routers-and-tags", app: routers_and_tags::app },
    Entry { folder: "26-dependencies", app: dependencies::app },
    Entry { folder: "27-lifecycle", app: lifecycle::app },
    Entry { folder: "28-rest-verbs", app: rest_verbs::app },
    Entry { folder: "29-path-and-query", app: path_and_query::app },
    Entry { folder: "30-status-families", app: status_families::app },
    Entry { folder: "31-documented-models", app: documented_models::app },
    Entry { folder: "32-partial-update", app: partial_update::app },
    Entry { folder: "33-sessions", app: sessions::app },
    Entry { folder: "34-json-web-tokens", app: json_web_tokens::app },
    Entry { folder: "35-database", app: database::app },
    Entry { folder: "36-sub-routers", app: sub_routers::app },
    Entry { folder: "37-logging", app: logging::app },
    Entry { folder: "38-async-await", app: async_await::app },
    Entry { folder: "39-websockets", app: websockets::app },
    Entry { folder: "40-streaming", app: streaming::app },
];

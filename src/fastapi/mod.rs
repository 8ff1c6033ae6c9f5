//! FastAPI's semantics on actix-web, and the only module that lessons import.
//!
//! One struct with `#[derive(Deserialize, Serialize, JsonSchema)]` declares an interface, validates
//! its input and documents it. [`Api`] holds routes; a handler is an `async fn` (or a [`blocking`]
//! `fn`) whose arguments say what they take from the request and how OpenAPI describes it.
//! Everything answers as FastAPI 0.165.0 does, down to the order of keys. It knows nothing of
//! lessons or of the engine that calls them.
//!
//! | To learn | read |
//! | --- | --- |
//! | how an application is declared | [`Api`], [`route`] |
//! | what a handler may ask for | [`argument`], [`depends`], [`state`] |
//! | what forms and uploads are | [`form`], [`upload`] |
//! | what a handler may do beside its reply | [`background`], [`console`], [`logging`] |
//! | what blocks, and what lasts as a server does | [`threadpool`], [`threads`], [`lifespan`] |
//! | what it may return | [`reply`], [`response`], [`response_headers`], [`cookie`] |
//! | how bodies of any size go in and out | [`request_stream`], [`streaming`], [`sse`] |
//! | how a socket is talked over | [`mod@websocket`] |
//! | how files and templates are served | [`static_files`], [`file_response`], [`templates`] |
//! | how models become dictionaries and back | [`dump`], [`unset`] |
//! | how a value is judged | [`schema`], [`validate`], [`error`], [`value`] |
//! | what is around all handlers | [`middleware`], [`cors`] |
//! | how a server knows its callers | [`session`], [`security`], [`jwt`] |
//! | how a request finds its handler | [`pattern`], [`router`], [`server`] |
//! | how it is documented | [`openapi`], [`pages`] |

pub mod accept;
mod activity;
pub mod api;
pub mod argument;
mod arguments;
pub mod background;
pub mod body;
pub mod console;
pub mod cookie;
pub mod cors;
pub mod depends;
pub mod dump;
pub mod error;
pub mod file_response;
pub mod form;
pub mod handler;
mod http_date;
pub mod json;
pub mod json_schema;
pub mod jwt;
pub mod lifespan;
mod location;
pub mod logging;
mod media_type;
pub mod middleware;
pub mod openapi;
pub mod pages;
pub mod pattern;
mod release;
pub mod reply;
pub mod request;
pub mod request_body;
pub mod request_stream;
mod requirement;
pub mod response;
pub mod response_headers;
pub mod route;
pub mod router;
pub mod schema;
pub mod security;
pub mod server;
mod service;
pub mod session;
pub mod sse;
pub mod stack;
pub mod state;
pub mod static_files;
pub mod streaming;
pub mod templates;
pub mod text;
pub mod threadpool;
pub mod threads;
pub mod unset;
pub mod upload;
pub mod validate;
pub mod value;
pub mod websocket;

pub use actix_web::http::StatusCode;
pub use api::Api;
pub use argument::{Argument, Cookie, Header, Path, Query};
pub use background::BackgroundTasks;
pub use console::{Console, Printed};
pub use cookie::{SameSite, SetCookie};
pub use cors::Cors;
pub use depends::{Dependency, Depends, Outcome, Scope};
pub use dump::{BaseModel, Dict};
pub use error::HttpException;
pub use file_response::FileResponse;
pub use form::Form;
pub use handler::blocking;
pub use lifespan::Lifespan;
pub use openapi::{Contact, License};
pub use reply::{Fault, IntoReply, Json};
pub use request_stream::{ClientDisconnect, RequestStream};
pub use response::{Html, PlainText, Redirect, Response, ResponseClass};
pub use response_headers::ResponseHeaders;
pub use route::{Declared, delete, get, patch, post, put, websocket};
pub use router::Router;
pub use security::{OAuth2PasswordBearer, OAuth2PasswordRequestForm, OAuthFlowPassword};
pub use server::Server;
pub use session::{Session, SessionMiddleware};
pub use sse::{EventSourceResponse, ServerSentEvent};
pub use state::State;
pub use static_files::StaticFiles;
pub use streaming::StreamingResponse;
pub use templates::Templates;
pub use threadpool::run_in_threadpool;
pub use unset::MaybeUnset;
pub use upload::{FileBytes, UploadFile};
pub use websocket::{WebSocket, WebSocketDisconnect, WebSocketError, WebSocketException};

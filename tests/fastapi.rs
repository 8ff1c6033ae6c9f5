//! FastAPI's semantics on the wire, where no lesson goes: each claim was seen on FastAPI 0.165.0.

mod background;
mod cookies;
mod dependencies;
mod files;
mod forms;
mod lifespan;
mod logging;
mod middleware;
mod models;
mod releases;
mod routers;
mod security;
mod served;
mod sessions;
mod socket_dependencies;
mod socket_endings;
mod sockets;
mod streaming;

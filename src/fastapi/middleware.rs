//! What a middleware function is written with: actix-web's types under the names used here.
//!
//! The function gets each request before the routes do and each reply after them. What it does not
//! get is a failure: that leaves `next.call(request).await?` as an error and becomes a bare 500.

use actix_web::body::BoxBody;
use percent_encoding::percent_decode_str;

pub use actix_web::Error;
pub use actix_web::dev::{ServiceRequest, ServiceResponse};
pub use actix_web::http::header::{HeaderName, HeaderValue};

/// What comes after a middleware: the next one, or the routes.
pub type Next = actix_web::middleware::Next<BoxBody>;

/// A request's path as Starlette's `request.url.path` has it: decoded, but `?`, `#` and `\` are
/// escaped again, and tabs and line ends are left out.
pub fn url_path(request: &ServiceRequest) -> String {
    let path = percent_decode_str(request.uri().path()).decode_utf8_lossy();
    let path = path.replace(['\t', '\r', '\n'], "");
    let path = path.replace('?', "%3F").replace('#', "%23").replace('\\', "%5C");
    if path.starts_with('/') { path } else { format!("/{path}") }
}

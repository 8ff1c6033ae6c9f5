//! What a handler sets beside the value it returns: headers, cookies, another status.
//!
//! FastAPI injects a `Response` for this. It counts for a returned value only: a reply that the
//! handler has made itself, or an error, goes out without it.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use actix_web::http::StatusCode;
use actix_web::http::header::{HeaderMap, HeaderName, HeaderValue, SET_COOKIE, VARY};

use super::cookie::SetCookie;

/// A handler's argument: the head of the reply to come.
#[derive(Clone, Debug, Default)]
pub struct ResponseHeaders(Arc<Mutex<Head>>);

#[derive(Debug, Default)]
struct Head {
    status: Option<StatusCode>,
    headers: HeaderMap,
}

impl ResponseHeaders {
    /// Sets a header, in place of one of this name that was set before.
    ///
    /// # Panics
    ///
    /// If the name or the value cannot stand in a header.
    pub fn set(&self, name: &str, value: &str) {
        let name = HeaderName::from_bytes(name.as_bytes());
        match (name, HeaderValue::from_str(value)) {
            (Ok(name), Ok(value)) => {
                self.head().headers.insert(name, value);
            }
            _ => panic!("a header's name is a token and its value printable ASCII"),
        }
    }

    /// Sets a cookie.
    ///
    /// # Panics
    ///
    /// If its name, domain or path cannot stand in a header.
    pub fn set_cookie(&self, cookie: SetCookie) {
        let value = HeaderValue::from_str(&cookie.to_header());
        let value = value.unwrap_or_else(|_| panic!("{cookie:?} cannot stand in a header"));
        self.head().headers.append(SET_COOKIE, value);
    }

    /// Makes the browser forget a cookie.
    pub fn delete_cookie(&self, name: &str) {
        self.set_cookie(SetCookie::removal(name));
    }

    /// Sets the reply's status, in place of its route's.
    pub fn set_status(&self, status: StatusCode) {
        self.head().status = Some(status);
    }

    pub(super) fn status(&self) -> Option<StatusCode> {
        self.head().status
    }

    /// Adds the headers to those that a reply has.
    pub(super) fn add_to(&self, headers: &mut HeaderMap) {
        for (name, value) in &self.head().headers {
            headers.append(name.clone(), value.clone());
        }
    }

    fn head(&self) -> MutexGuard<'_, Head> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Tells caches that the reply depends on this header of the request, too.
pub(super) fn add_vary(headers: &mut HeaderMap, name: &str) {
    let mut vary: Vec<&[u8]> = headers.get_all(VARY).map(HeaderValue::as_bytes).collect();
    vary.push(name.as_bytes());
    if let Ok(vary) = HeaderValue::from_bytes(&vary.join(b", ".as_slice())) {
        headers.insert(VARY, vary);
    }
}

//! Sessions: what a client carries from request to request in a signed cookie, as Starlette's
//! `SessionMiddleware` has it. The cookie can be read by everyone and changed by nobody.
//!
//! actix-session is not used: it knows nothing of a cookie's age, answers with another `Set-Cookie`
//! and no `Vary`, and brings 34 crates. The cookies here are itsdangerous's, so that FastAPI and
//! this crate read each other's.

mod signer;
#[cfg(test)]
mod tests;

use std::future::{Ready, ready};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use actix_web::body::BoxBody;
use actix_web::dev::{Service, ServiceRequest, ServiceResponse, Transform, forward_ready};
use actix_web::http::header::{HeaderMap, HeaderValue, SET_COOKIE};
use actix_web::{Error, HttpMessage};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use futures_util::future::LocalBoxFuture;
use indexmap::IndexMap;
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::argument::{Argument, Rejection};
use super::cookie::{self, SameSite};
use super::json;
use super::openapi::Operation;
use super::pattern::Pattern;
use super::reply::Fault;
use super::request::Request;
use super::response_headers::add_vary;
use super::value::{Value, from_value, to_value};
use signer::{Signer, decode};

/// A handler's argument: what the client's session holds, by name. What a handler changes goes back
/// to the client with the reply, also with that of an error.
#[derive(Clone, Debug, Default)]
pub struct Session(Arc<Mutex<State>>);

#[derive(Debug, Default)]
struct State {
    values: IndexMap<String, Value>,
    /// Whether the request has brought it.
    is_known: bool,
    is_accessed: bool,
    is_modified: bool,
}

impl Session {
    /// A value; `None` if there is none of this name, or one of another type.
    pub fn get<T: DeserializeOwned>(&self, name: &str) -> Option<T> {
        self.access().values.get(name).and_then(|value| from_value(value).ok())
    }

    /// Sets a value, in place of one of this name.
    ///
    /// # Panics
    ///
    /// If it cannot be written as JSON.
    pub fn set(&self, name: &str, value: impl Serialize) {
        let value = to_value(&value).unwrap_or_else(|error| panic!("{name} is no JSON: {error}"));
        let mut state = self.access();
        state.is_modified = true;
        state.values.insert(name.to_owned(), value);
    }

    /// Removes a value, if there is one of this name.
    pub fn remove(&self, name: &str) {
        let mut state = self.access();
        state.is_modified |= state.values.shift_remove(name).is_some();
    }

    /// Removes all values.
    pub fn clear(&self) {
        let mut state = self.access();
        state.is_modified = true;
        state.values.clear();
    }

    fn access(&self) -> MutexGuard<'_, State> {
        let mut state = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        state.is_accessed = true;
        state
    }
}

impl Argument for Session {
    type Plan = ();

    fn plan(_path: &Pattern) {}

    fn describe((): &(), _operation: &mut Operation) {}

    async fn extract((): &(), request: &Request) -> Result<Self, Rejection> {
        let session = request.http().extensions().get::<Self>().cloned();
        session.ok_or_else(|| Rejection::Fault("there is no `SessionMiddleware`".to_owned()))
    }
}

/// Reads each request's session from its cookie and sets the cookie anew where it was changed.
#[derive(Clone)]
pub struct SessionMiddleware {
    signer: Signer,
    cookie: String,
    max_age: Option<Duration>,
    path: String,
    same_site: SameSite,
    https_only: bool,
    domain: Option<String>,
}

impl SessionMiddleware {
    /// Sessions that are signed with this secret: a cookie `session` for the path `/`, for 14 days.
    pub fn new(secret_key: &str) -> Self {
        Self {
            signer: Signer::new(secret_key),
            cookie: "session".to_owned(),
            max_age: Some(Duration::from_hours(14 * 24)),
            path: "/".to_owned(),
            same_site: SameSite::Lax,
            https_only: false,
            domain: None,
        }
    }

    /// The cookie's name.
    pub fn session_cookie(self, name: &str) -> Self {
        Self { cookie: name.to_owned(), ..self }
    }

    /// How long a session lasts after its last change, in whole seconds; `None` is until the
    /// browser is closed.
    pub fn max_age(self, max_age: Option<Duration>) -> Self {
        Self { max_age, ..self }
    }

    /// Below which path the cookie is sent.
    pub fn path(self, path: &str) -> Self {
        Self { path: path.to_owned(), ..self }
    }

    /// Whether other sites' requests carry the cookie.
    pub fn same_site(self, same_site: SameSite) -> Self {
        Self { same_site, ..self }
    }

    /// Sends the cookie over HTTPS only.
    pub fn https_only(self) -> Self {
        Self { https_only: true, ..self }
    }

    /// The host, with its subdomains, that gets the cookie.
    pub fn domain(self, domain: &str) -> Self {
        Self { domain: Some(domain.to_owned()), ..self }
    }

    /// The session that a request has brought; an empty one if it has none that is valid.
    fn open(&self, headers: &HeaderMap, now: u64) -> Result<Session, Fault> {
        let mut cookies = cookie::of_request(headers);
        let Some(at) = cookies.iter().rposition(|(name, _)| *name == self.cookie) else {
            return Ok(Session::default());
        };
        let (_, signed) = cookies.swap_remove(at);
        let Some(data) = self.signer.unsign(&signed, self.max_age, now) else {
            return Ok(Session::default());
        };
        // Nobody but this signer makes data that cannot be read; Starlette fails there, too.
        let json = decode(data).and_then(|json| json::read::from_slice(&json).ok());
        let Some(Value::Object(values)) = json else {
            return Err(Fault(
                "the session's cookie is signed, but holds no JSON object".to_owned(),
            ));
        };
        let state = State { values, is_known: true, is_accessed: false, is_modified: false };
        Ok(Session(Arc::new(Mutex::new(state))))
    }

    /// Tells the client what has become of its session.
    fn close(&self, session: &Session, headers: &mut HeaderMap, now: u64) -> Result<(), Fault> {
        let state = session.0.lock().unwrap_or_else(PoisonError::into_inner);
        if state.is_accessed {
            add_vary(headers, "Cookie");
        }
        let cookie = match (state.is_modified, state.values.is_empty()) {
            (true, false) => {
                let data = json::dumps(&Value::Object(state.values.clone()))?;
                let value = self.signer.sign(&STANDARD.encode(data), now);
                let max_age = self.max_age.map(|age| format!("Max-Age={}; ", age.as_secs()));
                self.header(&value, &max_age.unwrap_or_default())
            }
            (true, true) if state.is_known => {
                self.header("null", "expires=Thu, 01 Jan 1970 00:00:00 GMT; ")
            }
            _ => return Ok(()),
        };
        let cookie = HeaderValue::from_str(&cookie).map_err(|error| Fault(error.to_string()))?;
        headers.append(SET_COOKIE, cookie);
        Ok(())
    }

    /// The value of the `set-cookie` header.
    fn header(&self, value: &str, lifetime: &str) -> String {
        let Self { cookie, path, same_site, .. } = self;
        let secure = if self.https_only { "; secure" } else { "" };
        let domain = self.domain.as_ref().map(|domain| format!("; domain={domain}"));
        format!(
            "{cookie}={value}; path={path}; {lifetime}httponly; samesite={}{secure}{}",
            same_site.name(),
            domain.unwrap_or_default()
        )
    }
}

/// Seconds since 1970.
fn now() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |time| time.as_secs())
}

impl<S> Transform<S, ServiceRequest> for SessionMiddleware
where
    S: Service<ServiceRequest, Response = ServiceResponse, Error = Error>,
    S::Future: 'static,
{
    type Response = ServiceResponse<BoxBody>;
    type Error = Error;
    type Transform = SessionService<S>;
    type InitError = ();
    type Future = Ready<Result<Self::Transform, ()>>;

    fn new_transform(&self, inner: S) -> Self::Future {
        ready(Ok(SessionService { sessions: self.clone(), inner }))
    }
}

/// An application behind a [`SessionMiddleware`].
pub struct SessionService<S> {
    sessions: SessionMiddleware,
    inner: S,
}

impl<S> Service<ServiceRequest> for SessionService<S>
where
    S: Service<ServiceRequest, Response = ServiceResponse, Error = Error>,
    S::Future: 'static,
{
    type Response = ServiceResponse<BoxBody>;
    type Error = Error;
    type Future = LocalBoxFuture<'static, Result<Self::Response, Error>>;

    forward_ready!(inner);

    fn call(&self, request: ServiceRequest) -> Self::Future {
        let session = match self.sessions.open(request.headers(), now()) {
            Ok(session) => session,
            Err(fault) => return Box::pin(ready(Err(fault.into()))),
        };
        request.extensions_mut().insert(session.clone());
        let (sessions, answering) = (self.sessions.clone(), self.inner.call(request));
        Box::pin(async move {
            let mut reply = answering.await?;
            sessions.close(&session, reply.headers_mut(), now())?;
            Ok(reply)
        })
    }
}

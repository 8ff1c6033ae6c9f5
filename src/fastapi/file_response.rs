//! Files as replies: validators, ranges, `content-disposition`, as Starlette's `FileResponse` has
//! them. A file is read piece by piece on a pool of threads, never on the event loop, and never
//! more of it than the connection takes. Which file a path means is `static_files`'s.

mod range;
mod stream;

use std::fmt::Display;
use std::fs::Metadata;
use std::io;
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::time::{SystemTime, UNIX_EPOCH};

use actix_web::body::SizedStream;
use actix_web::http::header::{self, HeaderMap, HeaderName, HeaderValue};
use actix_web::http::{Method, StatusCode};
use actix_web::rt::task::spawn_blocking;
use actix_web::{HttpRequest, HttpResponse};
use futures_util::stream::empty;
use md5::{Digest, Md5};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

use super::http_date;
use super::json::float_repr;
use super::media_type;
use super::reply::{Fault, IntoReply, Reply};
use super::response::{Head, Response, header_value, is_bodiless};
use super::text::from_latin_1;

use range::Refusal;
use stream::{Segment, file_stream};

/// Characters that a file's name keeps in `content-disposition`, beside letters and digits.
const NAME_SAFE: &AsciiSet =
    &NON_ALPHANUMERIC.remove(b'_').remove(b'.').remove(b'-').remove(b'~').remove(b'/');

/// A file of this machine as a reply. It is looked for when the reply is made; one that is not
/// there, or is no file, ends in a 500, as in Starlette.
#[derive(Clone, Debug)]
pub struct FileResponse {
    path: PathBuf,
    filename: Option<String>,
    head: Head,
}

impl FileResponse {
    /// The file at a path, with the media type that its name suggests.
    pub fn new(path: impl Into<PathBuf>) -> Self {
        Self { path: path.into(), filename: None, head: Head::default() }
    }

    /// Makes it a download under this name.
    pub fn filename(mut self, name: impl Into<String>) -> Self {
        self.filename = Some(name.into());
        self
    }

    /// Sets the content type; a `text/` type that names no charset gets `charset=utf-8`.
    pub fn media_type(mut self, media_type: &str) -> Self {
        self.head.media_type = Some(media_type.to_owned());
        self
    }

    /// Sets the status. Only a 200 heeds a request's `range`.
    pub fn status(mut self, status: StatusCode) -> Self {
        self.head.status = status;
        self
    }

    /// Sets a header. A name or value that cannot stand in a header ends in a 500.
    pub fn header(mut self, name: &str, value: &str) -> Self {
        self.head.set(name, value);
        self
    }

    /// The reply to a request.
    pub(super) async fn respond(self, request: &HttpRequest) -> Result<HttpResponse, Fault> {
        let path = self.path.clone();
        let metadata = unblocked(move || path.metadata()).await;
        let metadata = metadata.map_err(|error| fault(&self.path, error))?;
        if !metadata.is_file() {
            return Err(fault(&self.path, "is not a file"));
        }
        let state = FileState::of(&self.path, &metadata)?;
        self.send(request, &state)
    }

    /// The reply to a request, from a file that was looked at already.
    pub(super) fn send(
        mut self,
        request: &HttpRequest,
        state: &FileState,
    ) -> Result<HttpResponse, Fault> {
        let headers = self.headers(state)?;
        let ranges = match self.ranges(request, &headers, state.size) {
            Ok(ranges) => ranges,
            Err(refusal) => return refuse(refusal, state.size),
        };
        let (status, headers, segments) = match &ranges[..] {
            [] => (self.head.status, headers, vec![Segment::File(0..state.size)]),
            [part] => one_part(part.clone(), headers, state.size),
            parts => many_parts(parts, headers, state.size),
        };
        let length = segments.iter().map(Segment::len).sum();
        let mut reply = HttpResponse::new(status);
        *reply.headers_mut() = headers;
        Ok(if is_bodiless(status) {
            reply.drop_body().map_into_boxed_body()
        } else if request.method() == Method::HEAD {
            let nothing = empty::<io::Result<_>>();
            reply.set_body(SizedStream::new(length, nothing)).map_into_boxed_body()
        } else {
            let body = SizedStream::new(length, Box::pin(file_stream(self.path, segments)));
            reply.set_body(body).map_into_boxed_body()
        })
    }

    fn headers(&mut self, state: &FileState) -> Result<HeaderMap, Fault> {
        let path = self.path.to_string_lossy();
        let named = self.filename.as_deref().filter(|name| !name.is_empty()).unwrap_or(&path);
        let guessed = || media_type::guess(named).unwrap_or("application/octet-stream").to_owned();
        self.head.media_type.get_or_insert_with(guessed);
        let mut headers = self.head.headers()?;
        let mut add = |name: HeaderName, value: &str| {
            let value = header_value(name.as_str(), value)?;
            if !headers.contains_key(&name) {
                headers.insert(name, value);
            }
            Ok::<_, Fault>(())
        };
        add(header::ACCEPT_RANGES, "bytes")?;
        if let Some(name) = &self.filename {
            add(header::CONTENT_DISPOSITION, &attachment(name))?;
        }
        add(header::LAST_MODIFIED, &state.last_modified)?;
        add(header::ETAG, &state.etag)?;
        Ok(headers)
    }

    /// The parts that a request asks for; none for the whole file.
    fn ranges(
        &self,
        request: &HttpRequest,
        headers: &HeaderMap,
        size: u64,
    ) -> Result<Vec<Range<u64>>, Refusal> {
        let readable = [Method::GET, Method::HEAD].contains(request.method());
        let Some(wanted) = request.headers().get(header::RANGE) else { return Ok(Vec::new()) };
        let condition = request.headers().get(header::IF_RANGE);
        let holds = condition.is_none_or(|condition| {
            let validators = [headers.get(header::LAST_MODIFIED), headers.get(header::ETAG)];
            !condition.as_bytes().starts_with(b"W/") && validators.contains(&Some(condition))
        });
        if self.head.status != StatusCode::OK || !readable || !holds {
            return Ok(Vec::new());
        }
        range::parse(&from_latin_1(wanted.as_bytes()), size)
    }
}

impl IntoReply for FileResponse {
    fn into_reply(self) -> Result<Reply, Fault> {
        Ok(Reply::File(self))
    }
}

/// What tells one state of a file from another.
pub(super) struct FileState {
    size: u64,
    pub(super) etag: String,
    pub(super) last_modified: String,
}

impl FileState {
    /// Fails if the file was last changed in a year that no date can name.
    pub(super) fn of(path: &Path, metadata: &Metadata) -> Result<Self, Fault> {
        let modified = metadata.modified().map_err(|error| fault(path, error))?;
        let (size, modified) = (metadata.len(), python_time(modified));
        let digest = Md5::digest(format!("{}-{size}", float_repr(modified)));
        let digits =
            digest.iter().fold(String::new(), |digits, byte| format!("{digits}{byte:02x}"));
        // Python rounds to microseconds before it leaves the fraction out.
        let rounded = ((modified.fract() * 1e6).round_ties_even() / 1e6).floor();
        let seconds = modified.trunc() + rounded;
        #[allow(clippy::cast_possible_truncation, reason = "a time in seconds is no large number")]
        let last_modified = http_date::render(seconds as i64);
        let last_modified = last_modified.ok_or_else(|| fault(path, "its date is no year's"))?;
        Ok(Self { size, etag: format!("\"{digits}\""), last_modified })
    }
}

fn fault(path: &Path, reason: impl Display) -> Fault {
    Fault(format!("{}: {reason}", path.display()))
}

/// A file's time as Python has it in `st_mtime`: seconds since 1970 as a float.
fn python_time(time: SystemTime) -> f64 {
    match time.duration_since(UNIX_EPOCH) {
        Ok(after) => after.as_secs() as f64 + 1e-9 * f64::from(after.subsec_nanos()),
        Err(before) => {
            let before = before.duration();
            let nanos = f64::from(before.subsec_nanos());
            let whole = before.as_secs() as f64;
            if nanos == 0.0 { -whole } else { -whole - 1.0 + 1e-9 * (1e9 - nanos) }
        }
    }
}

/// `content-disposition` for a download under a name.
fn attachment(name: &str) -> String {
    let quoted = utf8_percent_encode(name, NAME_SAFE).to_string();
    if quoted == name {
        format!("attachment; filename=\"{name}\"")
    } else {
        format!("attachment; filename*=utf-8''{quoted}")
    }
}

fn refuse(refusal: Refusal, size: u64) -> Result<HttpResponse, Fault> {
    match refusal {
        Refusal::Malformed(text) => Response::new(text).status(StatusCode::BAD_REQUEST),
        Refusal::Unsatisfiable => Response::empty()
            .status(StatusCode::RANGE_NOT_SATISFIABLE)
            .header("content-range", &format!("bytes */{size}")),
    }
    .media_type("text/plain")
    .finish()
}

type Parts = (StatusCode, HeaderMap, Vec<Segment>);

fn one_part(part: Range<u64>, mut headers: HeaderMap, size: u64) -> Parts {
    let range = format!("bytes {}-{}/{size}", part.start, part.end - 1);
    insert(&mut headers, header::CONTENT_RANGE, range);
    (StatusCode::PARTIAL_CONTENT, headers, vec![Segment::File(part)])
}

/// `multipart/byteranges`: each part under its own type and range, between random boundaries.
fn many_parts(parts: &[Range<u64>], mut headers: HeaderMap, size: u64) -> Parts {
    let boundary: String = (0..26).map(|_| fastrand::digit(16)).collect();
    let content_type = headers.get(header::CONTENT_TYPE).cloned();
    let content_type = content_type.map_or_else(Vec::new, |value| value.as_bytes().to_vec());
    let mut segments = Vec::new();
    for part in parts {
        let mut text = format!("--{boundary}\r\nContent-Type: ").into_bytes();
        text.extend(&content_type);
        let range = format!("bytes {}-{}/{size}", part.start, part.end - 1);
        text.extend(format!("\r\nContent-Range: {range}\r\n\r\n").into_bytes());
        segments.push(Segment::Text(text.into()));
        segments.push(Segment::File(part.clone()));
        segments.push(Segment::Text("\r\n".into()));
    }
    segments.push(Segment::Text(format!("--{boundary}--").into()));
    let multipart = format!("multipart/byteranges; boundary={boundary}");
    insert(&mut headers, header::CONTENT_TYPE, multipart);
    (StatusCode::PARTIAL_CONTENT, headers, segments)
}

/// Sets a header whose value is made of digits and letters.
fn insert(headers: &mut HeaderMap, name: HeaderName, value: String) {
    if let Ok(value) = HeaderValue::try_from(value) {
        headers.insert(name, value);
    }
}

/// Runs what may block on a pool of threads.
pub(super) async fn unblocked<T: Send + 'static>(
    work: impl FnOnce() -> io::Result<T> + Send + 'static,
) -> io::Result<T> {
    spawn_blocking(work).await.unwrap_or_else(|error| Err(io::Error::other(error)))
}

//! Files as replies: validators, ranges, `content-disposition`, as Starlette's `FileResponse` has
//! them. A file is read piece by piece on a pool of threads, never on the event loop, and never
//! more of it than the connection takes. Which file a path means is `static_files`'s.

#[cfg(test)]
mod observed;
mod range;
mod state;
mod stream;

use std::io;
use std::ops::Range;
use std::path::PathBuf;

use actix_web::body::SizedStream;
use actix_web::http::header::{self, HeaderMap, HeaderName, HeaderValue};
use actix_web::http::{Method, StatusCode};
use actix_web::rt::task::spawn_blocking;
use actix_web::{HttpRequest, HttpResponse};
use futures_util::stream::empty;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

use super::media_type;
use super::reply::{Fault, IntoReply, Reply};
use super::response::{Head, Response, header_value, is_bodiless};
use super::text::from_latin_1;

use range::Refusal;
pub(super) use state::FileState;
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
        let fault = |reason: &str| Fault(format!("{}: {reason}", self.path.display()));
        let metadata = metadata.map_err(|error| fault(&error.to_string()))?;
        if !metadata.is_file() {
            return Err(fault("is not a file"));
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

#[cfg(test)]
mod tests {
    use std::path::Path;

    use actix_web::HttpResponse;
    use actix_web::body::to_bytes;
    use actix_web::rt::System;
    use actix_web::test::TestRequest;

    use super::{FileResponse, FileState};

    /// A file of ten digits, and the reply to a request for it: its status, the headers asked for
    /// and its body.
    fn reply(request: TestRequest, names: &[&str]) -> (u16, Vec<String>, String) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("digits.csv");
        std::fs::write(&path, "0123456789").unwrap();
        System::new().block_on(async {
            let response = FileResponse::new(path).filename("ä.csv");
            let reply = response.respond(&request.to_http_request()).await.unwrap();
            let header = |name: &&str| {
                let value = reply.headers().get(*name);
                value.map_or("none", |value| value.to_str().unwrap()).to_owned()
            };
            let (status, headers) = (reply.status().as_u16(), names.iter().map(header).collect());
            (status, headers, body(reply).await.unwrap())
        })
    }

    async fn body(reply: HttpResponse) -> Result<String, Box<dyn std::error::Error>> {
        Ok(String::from_utf8(to_bytes(reply.into_body()).await?.to_vec())?)
    }

    #[test]
    fn a_download_has_a_name_a_type_and_validators() {
        let names = ["content-disposition", "content-type", "accept-ranges", "content-range"];
        let (status, headers, body) = reply(TestRequest::get(), &names);
        let expected =
            ["attachment; filename*=utf-8''%C3%A4.csv", "text/csv; charset=utf-8", "bytes", "none"];
        assert_eq!((status, body.as_str()), (200, "0123456789"));
        assert_eq!(headers, expected);
    }

    #[test]
    fn a_range_is_a_part_of_the_file_unless_its_condition_fails() {
        let ranged = |method: TestRequest, range: &str, condition: Option<&str>| {
            let request = method.insert_header(("range", range));
            let request = match condition {
                Some(condition) => request.insert_header(("if-range", condition)),
                None => request,
            };
            let (status, headers, body) = reply(request, &["content-range"]);
            (status, headers[0].clone(), body)
        };
        for (method, range, condition, status, content_range, body) in [
            (TestRequest::get(), "bytes=2-4", None, 206, "bytes 2-4/10", "234"),
            (TestRequest::get(), "bytes=-3", None, 206, "bytes 7-9/10", "789"),
            (TestRequest::get(), "bytes=4-5,0-1,2-3", None, 206, "bytes 0-5/10", "012345"),
            (
                TestRequest::default().method("HEAD".parse().unwrap()),
                "bytes=2-4",
                None,
                206,
                "bytes 2-4/10",
                "",
            ),
            (TestRequest::get(), "bytes=10-", None, 416, "bytes */10", ""),
            (
                TestRequest::get(),
                "bytes=5-4",
                None,
                400,
                "none",
                "Range header: start must be less than end",
            ),
            (TestRequest::get(), "", None, 400, "none", "Malformed range header."),
            (TestRequest::get(), "bytes=2-4", Some("\"other\""), 200, "none", "0123456789"),
            (TestRequest::post(), "bytes=2-4", None, 200, "none", "0123456789"),
        ] {
            let expected = (status, content_range.to_owned(), body.to_owned());
            assert_eq!(ranged(method, range, condition), expected, "{range} {condition:?}");
        }
    }

    #[test]
    fn several_ranges_come_between_boundaries() {
        let request = TestRequest::get().insert_header(("range", "bytes=7-,0-1"));
        let (status, headers, body) = reply(request, &["content-type"]);
        let boundary = headers[0].strip_prefix("multipart/byteranges; boundary=").unwrap();
        let part = |range: &str, text: &str| {
            let content_type = "text/csv; charset=utf-8";
            format!(
                "--{boundary}\r\nContent-Type: {content_type}\r\n\
                 Content-Range: bytes {range}/10\r\n\r\n{text}\r\n"
            )
        };
        let expected = part("0-1", "01") + &part("7-9", "789") + &format!("--{boundary}--");
        assert_eq!((status, body), (206, expected));
        assert!(boundary.len() == 26 && boundary.bytes().all(|b| b.is_ascii_hexdigit()));
    }

    #[test]
    fn what_is_no_file_is_a_fault_that_names_it() {
        let folder = tempfile::tempdir().unwrap();
        for (path, reason) in
            [("", "is not a file"), ("missing.csv", "No such file"), ("a\0b", "NUL")]
        {
            let path = folder.path().join(path);
            let request = TestRequest::get().to_http_request();
            let response = FileResponse::new(&path);
            let fault = System::new().block_on(response.respond(&request)).unwrap_err();
            assert!(fault.0.starts_with(&format!("{}: ", path.display())), "{fault}");
            assert!(fault.0.contains(reason), "{fault}");
        }
    }

    #[test]
    fn a_file_that_shrinks_under_way_cuts_its_reply_off() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("short");
        std::fs::write(&path, "0123456789").unwrap();
        let state = FileState::of(Path::new(""), &path.metadata().unwrap()).unwrap();
        std::fs::write(&path, "01234").unwrap();
        let request = TestRequest::get().to_http_request();
        let reply = FileResponse::new(path).send(&request, &state).unwrap();
        assert!(System::new().block_on(body(reply)).is_err());
    }

    #[test]
    fn a_header_that_cannot_be_is_a_fault() {
        for (name, value) in [("x y", "a"), ("x", "a\r\nb"), ("x", "日"), ("x", " a")] {
            let folder = tempfile::tempdir().unwrap();
            let path = folder.path().join("a");
            std::fs::write(&path, "").unwrap();
            let request = TestRequest::get().to_http_request();
            let response = FileResponse::new(path).header(name, value);
            assert!(System::new().block_on(response.respond(&request)).is_err(), "{name}: {value}");
        }
    }
}

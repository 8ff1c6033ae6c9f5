//! A directory served below a path, as Starlette's `StaticFiles` serves it.
//!
//! It finds the file that a path means and never one outside of its directory, whatever the path
//! or the links in the way say. How a file becomes a reply is `file_response`'s; under which path
//! the directory is mounted, the application's.

use std::fs::{self, Metadata};
use std::io::{self, ErrorKind};
use std::path::{Component, Path, PathBuf};

use actix_web::http::header::{self, HeaderMap};
use actix_web::http::{Method, StatusCode};
use actix_web::{HttpRequest, HttpResponse};

use super::error::HttpException;
use super::file_response::{FileResponse, FileState, unblocked};
use super::http_date;
use super::location::own_url;
use super::reply::Fault;
use super::request::decoded_path;
use super::response::{Redirect, Response};
use super::text::{from_latin_1, strip};

/// How many links may lead from a path to its file; more are taken for a circle.
const MAX_LINKS: usize = 100;

/// A directory whose files are served.
#[derive(Clone, Debug)]
pub struct StaticFiles {
    directory: PathBuf,
    html: bool,
}

impl StaticFiles {
    /// The files of a directory, named relative to the application's folder.
    pub fn new(directory: impl Into<PathBuf>) -> Self {
        Self { directory: directory.into(), html: false }
    }

    /// Serves websites: a directory answers with its `index.html`, what is not there with the
    /// `404.html` of the topmost directory, where there is one.
    pub fn html(mut self) -> Self {
        self.html = true;
        self
    }

    /// The same with its directory found from `root`.
    pub fn at(self, root: &Path) -> io::Result<Self> {
        Ok(Self { directory: existing_directory(root, &self.directory)?, ..self })
    }

    /// Answers a request for a path below the mount.
    pub async fn answer(&self, request: &HttpRequest, path: &str) -> Result<HttpResponse, Fault> {
        if ![Method::GET, Method::HEAD].contains(request.method()) {
            let status = StatusCode::METHOD_NOT_ALLOWED;
            return HttpException::of(status).header("allow", "GET, HEAD").reply();
        }
        let path = normal(path);
        match self.look_up(&path).await {
            Ok(Some((file, metadata))) if metadata.is_file() => serve(request, file, &metadata),
            Ok(Some((_, metadata))) if metadata.is_dir() && self.html => {
                self.answer_directory(request, &path).await
            }
            Ok(_) => self.not_found(request).await,
            Err(error) => match error.kind() {
                ErrorKind::PermissionDenied => HttpException::of(StatusCode::UNAUTHORIZED).reply(),
                // A name too long, or with a NUL in it, is no file's.
                ErrorKind::InvalidFilename | ErrorKind::InvalidInput => {
                    HttpException::of(StatusCode::NOT_FOUND).reply()
                }
                _ => Err(self.fault(&path, &error)),
            },
        }
    }

    async fn answer_directory(
        &self,
        request: &HttpRequest,
        path: &str,
    ) -> Result<HttpResponse, Fault> {
        let index = format!("{path}/index.html");
        let found = self.look_up(&index).await.map_err(|error| self.fault(&index, &error))?;
        let Some((file, metadata)) = found.filter(|(_, metadata)| metadata.is_file()) else {
            return self.not_found(request).await;
        };
        let asked = decoded_path(request);
        if asked.ends_with('/') {
            return serve(request, file, &metadata);
        }
        // A blank that would break a line does not survive in a URL that Python takes apart.
        let url = own_url(request, &format!("{asked}/")).replace(['\t', '\r', '\n'], "");
        Redirect::temporary(url).finish()
    }

    async fn not_found(&self, request: &HttpRequest) -> Result<HttpResponse, Fault> {
        if self.html {
            let page = "404.html";
            let found = self.look_up(page).await.map_err(|error| self.fault(page, &error))?;
            if let Some((file, metadata)) = found.filter(|(_, metadata)| metadata.is_file()) {
                let state = FileState::of(&file, &metadata)?;
                let reply = FileResponse::new(file).status(StatusCode::NOT_FOUND);
                return reply.send(request, &state);
            }
        }
        HttpException::of(StatusCode::NOT_FOUND).reply()
    }

    async fn look_up(&self, path: &str) -> io::Result<Option<(PathBuf, Metadata)>> {
        let (directory, path) = (self.directory.clone(), path.to_owned());
        unblocked(move || look_up(&directory, &path)).await
    }

    fn fault(&self, path: &str, error: &io::Error) -> Fault {
        Fault(format!("{}: {error}", self.directory.join(path).display()))
    }
}

/// A directory found from `root`; an error that names it if there is none.
pub(super) fn existing_directory(root: &Path, directory: &Path) -> io::Result<PathBuf> {
    let directory = std::path::absolute(root.join(directory))?;
    let named = |error: io::Error| {
        let advice = "create it, or name another directory";
        io::Error::new(error.kind(), format!("{}: {error}; {advice}", directory.display()))
    };
    match fs::metadata(&directory) {
        Ok(metadata) if metadata.is_dir() => Ok(directory),
        Ok(_) => Err(named(ErrorKind::NotADirectory.into())),
        Err(error) => Err(named(error)),
    }
}

/// The path without empty and `.` segments, and with each `..` taken back, as far as it goes.
fn normal(path: &str) -> String {
    let mut segments: Vec<&str> = Vec::new();
    for segment in path.split('/') {
        match segment {
            "" | "." => {}
            ".." if segments.last().is_some_and(|last| *last != "..") => {
                segments.pop();
            }
            segment => segments.push(segment),
        }
    }
    if segments.is_empty() { ".".to_owned() } else { segments.join("/") }
}

/// What is at a path inside of a directory; nothing if the path leads out of it.
fn look_up(directory: &Path, path: &str) -> io::Result<Option<(PathBuf, Metadata)>> {
    let (real, is_whole) = real_path(&directory.join(path));
    if path.starts_with('\\') || !real.starts_with(real_path(directory).0) {
        return Ok(None);
    }
    if !is_whole {
        return Err(io::Error::other("links lead in a circle"));
    }
    match fs::metadata(&real) {
        Ok(metadata) => Ok(Some((real, metadata))),
        Err(error) => match error.kind() {
            ErrorKind::NotFound | ErrorKind::NotADirectory => Ok(None),
            _ => Err(error),
        },
    }
}

/// An absolute path without links, whether or not it exists, and whether that is all of it: after
/// too many links it ends at the next one.
fn real_path(path: &Path) -> (PathBuf, bool) {
    let mut real = PathBuf::new();
    let mut links = 0;
    let mut rest: Vec<PathBuf> = reversed(path);
    while let Some(component) = rest.pop() {
        if component == Path::new("..") {
            real.pop();
            continue;
        }
        let here = real.join(component);
        match fs::read_link(&here) {
            Ok(_) if links == MAX_LINKS => return (here, false),
            Ok(target) => {
                links += 1;
                rest.extend(reversed(&target));
            }
            Err(_) => real = here,
        }
    }
    (real, true)
}

/// The components of a path, the last one first; an absolute path's root replaces what it is
/// joined to.
fn reversed(path: &Path) -> Vec<PathBuf> {
    let components = path.components().filter(|component| *component != Component::CurDir);
    components.rev().map(|component| PathBuf::from(component.as_os_str())).collect()
}

fn serve(request: &HttpRequest, file: PathBuf, metadata: &Metadata) -> Result<HttpResponse, Fault> {
    let state = FileState::of(&file, metadata)?;
    if is_unmodified(request.headers(), &state) {
        let reply = Response::empty().status(StatusCode::NOT_MODIFIED);
        return reply.header("etag", &state.etag).finish();
    }
    FileResponse::new(file).send(request, &state)
}

/// Whether the client has this state of the file already.
fn is_unmodified(headers: &HeaderMap, state: &FileState) -> bool {
    let text = |name| headers.get(name).map(|value| from_latin_1(value.as_bytes()));
    match text(header::IF_NONE_MATCH).filter(|tags| !tags.is_empty()) {
        Some(tags) if strip(&tags) == "*" => true,
        Some(tags) => tags.split(',').map(strip).any(|tag| {
            let strong = tag.strip_prefix("W/").unwrap_or(tag);
            strong == state.etag
        }),
        None => {
            let since = text(header::IF_MODIFIED_SINCE).and_then(|date| http_date::parse(&date));
            let modified = http_date::parse(&state.last_modified);
            since.zip(modified).is_some_and(|(since, modified)| since >= modified)
        }
    }
}

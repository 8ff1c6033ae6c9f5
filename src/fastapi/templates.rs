//! HTML pages from templates, FastAPI's `Jinja2Templates`.
//!
//! minijinja reads and runs a template; how a value is printed in it, Python's way, is `print`'s.

mod print;

use std::error::Error as _;
use std::fs;
use std::io::{self, ErrorKind as IoErrorKind};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use minijinja::value::Serde;
use minijinja::{AutoEscape, Environment, Error, ErrorKind, Value};
use minijinja_contrib::pycompat::unknown_method_callback;
use serde::Serialize;

use super::argument::{Argument, Rejection};
use super::file_response::unblocked;
use super::openapi::Operation;
use super::pattern::Pattern;
use super::reply::Fault;
use super::request::Request;
use super::response::Html;
use super::static_files::existing_directory;

/// A handler's argument: the application's templates.
#[derive(Clone)]
pub struct Templates {
    directory: Arc<Path>,
    environment: Environment<'static>,
}

impl Templates {
    /// The templates of a directory, named relative to `root`.
    pub fn open(root: &Path, directory: &Path) -> io::Result<Self> {
        let directory: Arc<Path> = existing_directory(root, directory)?.into();
        let mut environment = print::environment();
        environment.set_unknown_method_callback(unknown_method_callback);
        environment.set_auto_escape_callback(auto_escape);
        let folder = directory.clone();
        environment.set_loader(move |name| load(&folder, name));
        Ok(Self { directory, environment })
    }

    /// The page that a template makes of a context, a struct or a map. The template is read
    /// each time, so that a change shows at once, and off the event loop.
    pub async fn render(&self, name: &str, context: impl Serialize) -> Result<Html, Fault> {
        let (templates, name) = (self.clone(), name.to_owned());
        let context = Value::from(Serde(context));
        let rendered = unblocked(move || {
            let page = templates.environment.get_template(&name);
            Ok(page.and_then(|page| page.render(context)).map_err(|error| templates.fault(&error)))
        });
        rendered.await.unwrap_or_else(|error| Err(Fault(error.to_string()))).map(Html)
    }

    /// The innermost of an error's causes that knows its template, as one line.
    fn fault(&self, error: &Error) -> Fault {
        let mut innermost = error;
        while let Some(cause) = innermost.source().and_then(|cause| cause.downcast_ref::<Error>()) {
            innermost = cause;
        }
        let place = [innermost, error].into_iter().find_map(|error| Some((error.name()?, error)));
        let reason = match innermost.detail() {
            Some(detail) => format!("{}: {detail}", innermost.kind()),
            None => innermost.kind().to_string(),
        };
        let Some((name, error)) = place else {
            return Fault(format!("{}: {reason}", self.directory.display()));
        };
        let path = self.directory.join(name);
        Fault(format!("{}:{}: {reason}", path.display(), error.line().unwrap_or(1)))
    }
}

impl Argument for Templates {
    type Plan = ();

    fn plan(_path: &Pattern) {}

    fn describe((): &(), _operation: &mut Operation) {}

    async fn extract((): &(), request: &Request) -> Result<Self, Rejection> {
        let missing = || Rejection::Fault("no `Api::templates` was given".to_owned());
        request.state::<Self>().map(|templates| (*templates).clone()).ok_or_else(missing)
    }
}

/// Jinja2 escapes in templates that are named as HTML or XML.
fn auto_escape(name: &str) -> AutoEscape {
    let name = name.to_lowercase();
    if [".html", ".htm", ".xml"].iter().any(|extension| name.ends_with(extension)) {
        AutoEscape::Html
    } else {
        AutoEscape::None
    }
}

/// The text of a template, its line breaks made line feeds; nothing if there is no such file.
fn load(directory: &Path, name: &str) -> Result<Option<String>, Error> {
    let Some(path) = path_of(directory, name) else { return Ok(None) };
    match fs::read_to_string(&path) {
        Ok(text) => Ok(Some(text.replace("\r\n", "\n").replace('\r', "\n"))),
        Err(error) => match error.kind() {
            IoErrorKind::NotFound | IoErrorKind::NotADirectory | IoErrorKind::IsADirectory => {
                Ok(None)
            }
            _ => Err(Error::new(ErrorKind::TemplateNotFound, error.to_string())),
        },
    }
}

/// Where a template is; a name with `..` is nowhere.
fn path_of(directory: &Path, name: &str) -> Option<PathBuf> {
    let segments = name.split('/').filter(|segment| !segment.is_empty() && *segment != ".");
    let mut path = directory.to_path_buf();
    for segment in segments {
        if segment == ".." {
            return None;
        }
        path.push(segment);
    }
    Some(path)
}

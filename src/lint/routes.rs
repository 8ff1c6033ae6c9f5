//! Both languages declare the same routes, under the same handler names, in the same order, and the
//! script calls each of them. The Rust side is asked; the Python side is read by [`super::python`].

use percent_encoding::percent_decode_str;

use super::finding::{Finding, Text};
use super::folder::Folder;
use super::python::{self, Route};
use crate::course::socket::Action;
use crate::course::{Call, Lesson};
use crate::fastapi::Declared;

/// Checks the routes; whether each is called only if the script can be read.
pub fn check(folder: &Folder, read: Option<&Lesson>, found: &mut Vec<Finding>) {
    let declared = (folder.app)().declared();
    if let (Some(rust), Some(python)) = (&folder.rust, &folder.python) {
        compare(&declared, rust, python, found);
    }
    if let (Some(rust), Some(lesson)) = (&folder.rust, read) {
        let calls = &lesson.script.calls;
        for route in uncalled(&declared, calls) {
            let fact = format!("no call gets to `{}`", shown(route));
            let next = "add a `[[call]]` for it to lesson.toml; an earlier route may be in its way";
            found.push(rust.finding(line_of(route, rust), fact, next));
        }
    }
}

fn compare(declared: &[Declared], rust: &Text, python: &Text, found: &mut Vec<Finding>) {
    let read = python::routes(&python.text);
    let unread = read.unread.into_iter();
    let next = "routes are read from lines such as `@app.get(\"/items\")` in this one file";
    found.extend(unread.map(|(line, fact)| python.finding(line, fact, next)));
    let before = found.len();
    for route in &read.routes {
        match declared.iter().find(|known| key(known) == python_key(route)) {
            None => {
                let fact = format!("`{}` is not in app.rs", python_shown(route));
                found.push(python.finding(
                    route.line,
                    fact,
                    "add it to `app()`, or remove it here",
                ));
            }
            Some(known) if known.name != route.name => {
                let fact = format!(
                    "the handler of `{}` is `{}` here and `{}` in app.rs",
                    python_shown(route),
                    route.name,
                    known.name
                );
                let next = "give both one name: FastAPI makes the operation id of it";
                found.push(python.finding(route.line, fact, next));
            }
            Some(_) => {}
        }
    }
    let missing = |known: &&Declared| !read.routes.iter().any(|r| key(known) == python_key(r));
    for known in declared.iter().filter(missing) {
        let fact = format!("`{}` is not in app.py", shown(known));
        let next = "add it to app.py, the reference, or remove it here";
        found.push(rust.finding(line_of(known, rust), fact, next));
    }
    if found.len() > before {
        return;
    }
    let moved = read.routes.iter().zip(declared).find(|(r, known)| key(known) != python_key(r));
    if let Some((route, known)) = moved {
        let (here, there) = (python_shown(route), shown(known));
        let fact = format!("`{here}` comes where app.rs has `{there}`");
        let next = "declare the routes in one order: the first that matches a request answers it";
        found.push(python.finding(route.line, fact, next));
    } else if read.routes.len() != declared.len() {
        let fact = format!(
            "app.py declares {} routes, app.rs {}: one is there twice",
            read.routes.len(),
            declared.len()
        );
        found.push(python.finding(1, fact, "declare it once in each"));
    }
}

/// The routes that no call of the script gets to, asked in order as a server asks them.
fn uncalled<'a>(declared: &'a [Declared], calls: &[Call]) -> Vec<&'a Declared> {
    let mut called = vec![false; declared.len()];
    for call in calls {
        for (method, target) in requests(call) {
            let path = target.split('?').next().unwrap_or_default();
            let path = percent_decode_str(path).decode_utf8_lossy();
            let answers = |known: &Declared| {
                known.method.as_deref().is_none_or(|known| known == method)
                    && known.pattern.is_match(&path)
            };
            if let Some(index) = declared.iter().position(answers) {
                called[index] = true;
            }
        }
    }
    declared.iter().zip(called).filter(|(_, called)| !called).map(|(known, _)| known).collect()
}

/// The methods and targets of a call: one, or those of all its sockets.
fn requests(call: &Call) -> Vec<(&str, &str)> {
    let Some(steps) = &call.socket else { return vec![(&call.method, &call.target)] };
    let opened = steps.iter().filter_map(|step| match &step.action {
        Action::Open(target) => Some(target.as_str()),
        _ => None,
    });
    let targets = [call.target.as_str()].into_iter().chain(opened);
    targets.map(|target| ("WEBSOCKET", target)).collect()
}

fn key(declared: &Declared) -> (Option<&str>, &str) {
    (declared.method.as_deref(), declared.pattern.template())
}

fn python_key(route: &Route) -> (Option<&str>, &str) {
    (route.method.as_deref(), &route.path)
}

fn shown(declared: &Declared) -> String {
    let (method, path) = key(declared);
    format!("{} {path}", method.unwrap_or("mount"))
}

fn python_shown(route: &Route) -> String {
    format!("{} {}", route.method.as_deref().unwrap_or("mount"), route.path)
}

/// The line that names a route's handler, or the beginning of its path.
fn line_of(route: &Declared, rust: &Text) -> usize {
    match route.name.as_str() {
        "" => rust.line_of(route.pattern.template().trim_end_matches("/{path}")),
        name => rust.line_of(name),
    }
}

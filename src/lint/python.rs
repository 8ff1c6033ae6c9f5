//! The routes of an `app.py`, read from its text: decorators such as `@app.get("/items")`, mounted
//! directories, and routers with their prefixes.
//!
//! This is no Python: what stands at the start of a line is read, from the first line to the last.
//! A path that is no text in quotes and a router from elsewhere are told. What is not seen at all
//! is a route that is added in a function, a loop or another file; what FastAPI itself makes of the
//! file is in the recorded `/openapi.json`, with which `verify` compares ours.

use regex_lite::Captures;

use super::finding::line_at;
use super::pattern::pattern;

/// A route or a mounted directory.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Route {
    /// The method in upper case; `None` for a directory.
    pub method: Option<String>,
    /// The whole path, parameters as OpenAPI writes them.
    pub path: String,
    /// The handler's name; empty for a directory.
    pub name: String,
    /// The line of its decorator.
    pub line: usize,
}

/// What was read, and the lines that could not be.
#[derive(Debug, Default)]
pub struct Routes {
    /// The routes of `app`, in order.
    pub routes: Vec<Route>,
    /// Lines that declare something that is not read, and what it is.
    pub unread: Vec<(usize, String)>,
}

/// A `FastAPI()` or an `APIRouter()`.
struct Router {
    name: String,
    prefix: String,
    routes: Vec<Route>,
}

/// A statement that makes an application or a router, a decorator, or a call of a method.
const STATEMENT: &str = r"(?mx)^(?:
    (?<made>[A-Za-z0-9_]+) (?:\x20*:[^=\n]+)? \x20*=\x20* (?:fastapi\.)?(?:FastAPI|APIRouter)
    | @(?<by>[A-Za-z0-9_]+)\.(?<verb>[A-Za-z0-9_]+)
    | (?<on>[A-Za-z0-9_]+)\.(?<act>[A-Za-z0-9_]+)
    )\(";

const METHODS: [&str; 9] =
    ["get", "post", "put", "patch", "delete", "options", "head", "trace", "websocket"];

/// Decorators and calls that add routes in ways that are not read.
const UNREAD: [&str; 5] =
    ["api_route", "add_api_route", "add_route", "route", "add_api_websocket_route"];

/// Reads the routes of the application that is called `app`.
pub fn routes(text: &str) -> Routes {
    let statement = pattern(STATEMENT);
    let mut read = Routes::default();
    let mut routers: Vec<Router> = Vec::new();
    for captures in statement.captures_iter(text) {
        let line = line_at(text, captures.get(0).map_or(0, |all| all.start()));
        let rest = &text[captures.get(0).map_or(0, |all| all.end())..];
        let arguments = arguments(rest);
        if let Err(why) = follow(&captures, (line, rest, arguments), &mut routers) {
            read.unread.push((line, why));
        }
    }
    match routers.into_iter().find(|router| router.name == "app") {
        Some(app) => read.routes = app.routes,
        None => read.unread.push((1, "there is no `app = FastAPI(…)`".to_owned())),
    }
    read
}

/// Does what one statement says.
fn follow(
    captures: &Captures<'_>,
    (line, rest, arguments): (usize, &str, &str),
    routers: &mut Vec<Router>,
) -> Result<(), String> {
    let named = |group: &str| captures.name(group).map(|found| found.as_str());
    if let Some(name) = named("made") {
        let prefix = keyword(arguments, "prefix").unwrap_or_default();
        routers.push(Router { name: name.to_owned(), prefix, routes: Vec::new() });
        return Ok(());
    }
    let on = named("by").or(named("on")).unwrap_or_default();
    let action = named("verb").or(named("act")).unwrap_or_default();
    let Some(index) = routers.iter().position(|router| router.name == on) else { return Ok(()) };
    if UNREAD.contains(&action) {
        let why = format!("`{action}` is not read; write a decorator such as `@{on}.get(\"/\")`");
        return Err(why);
    }
    let route = match action {
        "include_router" => return include(index, arguments, routers),
        "mount" => {
            Route { method: None, path: path(arguments)? + "/{path}", name: String::new(), line }
        }
        method if METHODS.contains(&method) && named("by").is_some() => Route {
            method: Some(method.to_ascii_uppercase()),
            path: path(arguments)?,
            name: handler(rest),
            line,
        },
        _ => return Ok(()),
    };
    let router = &mut routers[index];
    let path = format!("{}{}", router.prefix, route.path);
    router.routes.push(Route { path, ..route });
    Ok(())
}

/// Adds the routes that a router has by now, as FastAPI does.
fn include(index: usize, arguments: &str, routers: &mut [Router]) -> Result<(), String> {
    let name: String =
        arguments.trim_start().chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
    let Some(included) = routers.iter().find(|router| router.name == name) else {
        return Err(format!("the router `{name}` is not made in this file"));
    };
    let prefix = keyword(arguments, "prefix").unwrap_or_default();
    let below = format!("{}{prefix}", routers[index].prefix);
    let moved = included.routes.iter().map(|route| {
        let path = format!("{below}{}", route.path);
        Route { path, ..route.clone() }
    });
    let moved: Vec<Route> = moved.collect();
    routers[index].routes.extend(moved);
    Ok(())
}

/// The first argument, a text in quotes, as a path of OpenAPI: without converters.
fn path(arguments: &str) -> Result<String, String> {
    let first = arguments.trim_start();
    let path = quoted(first).or_else(|| keyword(arguments, "path"));
    let path = path.ok_or("the path is no text in quotes")?;
    let converter = pattern(r"\{([A-Za-z0-9_]+):[A-Za-z0-9_]+\}");
    Ok(converter.replace_all(&path, "{$1}").into_owned())
}

/// The value of a keyword argument, if it is a text in quotes.
fn keyword(arguments: &str, name: &str) -> Option<String> {
    let found = pattern(&format!(r"(?-u:\b){name} *= *")).find(arguments)?;
    quoted(&arguments[found.end()..])
}

/// The text in quotes with which this starts.
fn quoted(text: &str) -> Option<String> {
    let quote = text.chars().next().filter(|c| *c == '"' || *c == '\'')?;
    text[1..].split_once(quote).map(|(inside, _)| inside.to_owned())
}

/// The name of the next function.
fn handler(rest: &str) -> String {
    let function = pattern(r"(?m)^(?:async )?def ([A-Za-z0-9_]+)");
    function.captures(rest).map(|found| found[1].to_owned()).unwrap_or_default()
}

/// What stands before the parenthesis that closes an open one.
fn arguments(rest: &str) -> &str {
    let (mut depth, mut quote) = (0, None);
    for (at, character) in rest.char_indices() {
        match (quote, character) {
            (Some(open), _) if open == character => quote = None,
            (None, '"' | '\'') => quote = Some(character),
            (None, '(' | '[' | '{') => depth += 1,
            (None, ')') if depth == 0 => return &rest[..at],
            (None, ')' | ']' | '}') => depth -= 1,
            _ => {}
        }
    }
    rest
}

#[cfg(test)]
mod tests {
    use super::routes;

    #[track_caller]
    fn check(text: &str, expected: &[&str]) {
        let read = routes(&format!("app = FastAPI(\n    title=\"A (b\",\n)\n{text}"));
        let row = |route: &super::Route| {
            let method = route.method.as_deref().unwrap_or("MOUNT");
            format!("{} {method} {} {}", route.line, route.path, route.name)
        };
        let rows = read.routes.iter().map(row);
        let unread = read.unread.iter().map(|(line, why)| format!("{line} ! {why}"));
        assert_eq!(rows.chain(unread).collect::<Vec<_>>(), expected, "{text}");
    }

    #[test]
    fn a_decorator_is_a_route() {
        check("@app.get(\"/a\")\ndef a():\n    pass\n", &["4 GET /a a"]);
        check("@app.post(\n    '/a/{b:path}',\n    x=(1),\n)\nasync def c(", &["4 POST /a/{b} c"]);
        check("@app.put(path=\"\")\n@other\ndef a(): ...", &["4 PUT  a"]);
    }

    #[test]
    fn what_is_no_route_is_passed_over() {
        let text = "@app.middleware(\"http\")\ndef a(): ...\n# @app.get(\"/a\")\n\
            @field_validator(\"name\")\napp.add_middleware(X)\nitems.get(\"/b\")\n";
        check(text, &[]);
    }

    #[test]
    fn routers_are_followed_in_the_order_of_the_lines() {
        check(
            "r = APIRouter(prefix=\"/r\")\n\
             s: APIRouter = APIRouter(tags=[\"x\"], prefix='/s')\n\
             @s.get(\"/a\")\ndef a(): ...\n\
             r.include_router(s)\n\
             @r.get(\"\")\ndef b(): ...\n\
             app.include_router(r, prefix=\"/v1\")\n\
             @r.get(\"/late\")\ndef c(): ...\n\
             app.mount(\"/static\", StaticFiles(directory=\"static\"))\n",
            &["6 GET /v1/r/s/a a", "9 GET /v1/r b", "14 MOUNT /static/{path} "],
        );
    }

    #[test]
    fn what_cannot_be_read_is_told() {
        check("@app.get(PATH)\ndef a(): ...\n", &["4 ! the path is no text in quotes"]);
        check(
            "app.include_router(other.router)",
            &["4 ! the router `other` is not made in this file"],
        );
        let unread = routes("@app.get(\"/\")\ndef a(): ...").unread;
        assert_eq!(unread, [(1, "there is no `app = FastAPI(…)`".to_owned())]);
        let read = routes("app = FastAPI()\napp.add_api_route(\"/\", a)");
        assert_eq!((read.unread.len(), read.unread[0].0), (1, 2));
    }
}

//! Makes requests: a route of the OpenAPI document or a call of the script, then a few oddities.

use fastrand::Rng;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_encode, utf8_percent_encode};
use serde_json::Value;

use super::form::{self, Encoding};
use super::pool;
use crate::course::mask::Mask;
use crate::course::{Call, Lesson};

/// What is left as it is in a target.
const UNRESERVED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// Letters that need no encoding are encoded all the same.
const EVERYTHING: &AsciiSet = &NON_ALPHANUMERIC.add(b'a').add(b'e').add(b'l').add(b'x').add(b't');

/// An endless source of requests to one lesson.
pub struct Generator {
    rng: Rng,
    routes: Vec<Route>,
    calls: Vec<Call>,
    /// All masks of the script: what varies in one reply may vary in any.
    masks: Vec<Mask>,
    schemas: Value,
}

#[derive(Clone)]
struct Route {
    method: String,
    path: String,
    query: Vec<String>,
    headers: Vec<String>,
    cookies: Vec<String>,
    body: Option<Value>,
    form: Option<(Encoding, Value)>,
}

impl Generator {
    /// A source for a lesson whose OpenAPI document this is.
    pub fn new(lesson: &Lesson, document: &Value, seed: u64) -> Self {
        let items = document["paths"].as_object().into_iter().flatten();
        let routes = items.flat_map(|(path, item)| {
            let operations = item.as_object().into_iter().flatten();
            operations.map(move |(method, operation)| route(method, path, operation))
        });
        Self {
            rng: Rng::with_seed(seed),
            routes: routes.collect(),
            calls: plain(&lesson.script.calls),
            masks: all_masks(&lesson.script.calls),
            schemas: document["components"]["schemas"].clone(),
        }
    }

    /// The next request.
    pub fn request(&mut self) -> Call {
        let mut call = if self.chance(25) { self.scripted() } else { self.documented() };
        call.masks.clone_from(&self.masks);
        // A stream may go on for long, or for ever; its beginning says enough.
        call.streaming.leave_after = Some(1);
        if self.chance(8) {
            self.pick(pool::METHODS).clone_into(&mut call.method);
        }
        if self.chance(8) {
            call.target = self.other_slashes(&call.target);
        }
        if self.chance(10) {
            call.headers.push(self.odd_header());
        }
        if let Some(body) = &mut call.body {
            if self.rng.u8(..100) < 30 {
                spoil(&mut self.rng, body);
            }
            self.retype(&mut call);
        }
        call
    }

    fn chance(&mut self, percent: u8) -> bool {
        self.rng.u8(..100) < percent
    }

    fn pick<'a, T: ?Sized>(&mut self, items: &[&'a T]) -> &'a T {
        items[self.rng.usize(..items.len())]
    }

    fn scripted(&mut self) -> Call {
        let call = self.calls[self.rng.usize(..self.calls.len())].clone();
        let mut sketch = Call::sketch(&call.method, &call.target);
        sketch.headers = call.headers;
        sketch.body = call.body;
        if self.chance(10) && !sketch.headers.is_empty() {
            let index = self.rng.usize(..sketch.headers.len());
            sketch.headers[index].1 = self.odd_header().1;
        }
        if self.chance(15) {
            sketch.target = self.other_segments(&sketch.target);
        }
        sketch
    }

    fn documented(&mut self) -> Call {
        if self.routes.is_empty() {
            return self.scripted();
        }
        let route = self.routes[self.rng.usize(..self.routes.len())].clone();
        let path = self.path(&route.path);
        let target = format!("{path}{}", self.query(&route.query));
        let mut call = Call::sketch(&route.method, &target);
        self.fill_head(&route, &mut call);
        match (&route.body, &route.form) {
            (Some(schema), _) if !self.chance(4) => {
                call.body = Some(self.json(schema).into_bytes());
            }
            (None, Some((encoding, schema))) if !self.chance(4) => {
                let schema = self.resolved(schema);
                form::fill(&mut self.rng, &mut call, *encoding, &schema);
            }
            (None, None) if self.chance(3) => {
                call.body = Some(self.pick(pool::JSON).as_bytes().to_vec());
            }
            _ => {}
        }
        call
    }

    /// The parameters that are headers or cookies, most of the time.
    fn fill_head(&mut self, route: &Route, call: &mut Call) {
        for name in &route.headers {
            let times = self.pick::<[usize; 1]>(&[&[0], &[1], &[1], &[1], &[2]])[0];
            for _ in 0..times {
                call.headers.push((name.clone(), self.pick(pool::HEADER_VALUES).to_owned()));
            }
        }
        let mut cookies = Vec::new();
        for name in &route.cookies {
            if !self.chance(15) {
                cookies.push(format!("{name}={}", self.pick(pool::HEADER_VALUES)));
            }
        }
        if self.chance(20) {
            cookies.push(self.pick(pool::HEADER_VALUES).to_owned());
        }
        if !cookies.is_empty() {
            let separator = self.pick(&["; ", ";", ", "]);
            call.headers.push(("cookie".to_owned(), cookies.join(separator)));
        }
    }

    /// A header at which servers look although no route declares it.
    fn odd_header(&mut self) -> (String, String) {
        let (name, values) = pool::HEADERS[self.rng.usize(..pool::HEADERS.len())];
        (name.to_owned(), self.pick(values).to_owned())
    }

    /// A target with a segment more or less.
    fn other_segments(&mut self, target: &str) -> String {
        let (path, query) = target.split_once('?').unwrap_or((target, ""));
        let query = if query.is_empty() { String::new() } else { format!("?{query}") };
        let mut segments: Vec<&str> = path.split('/').skip(1).collect();
        let at = self.rng.usize(..=segments.len());
        if self.chance(30) && at < segments.len() {
            segments.remove(at);
        } else {
            segments.insert(at, self.pick(pool::SEGMENTS));
        }
        format!("/{}{query}", segments.join("/"))
    }

    /// A schema, or the one that it refers to.
    fn resolved(&self, schema: &Value) -> Value {
        match schema["$ref"].as_str() {
            Some(reference) => {
                let name = reference.rsplit('/').next().unwrap_or_default();
                self.schemas[name].clone()
            }
            None => schema.clone(),
        }
    }

    fn path(&mut self, template: &str) -> String {
        let mut path = String::new();
        let mut rest = template;
        while let Some((literal, tail)) = rest.split_once('{') {
            path += literal;
            let plain = self.rng.u8(1..4).to_string();
            let value = if self.chance(40) { plain } else { self.encoded_text() };
            path += &value;
            rest = tail.split_once('}').map_or("", |(_, rest)| rest);
        }
        path + rest
    }

    fn query(&mut self, parameters: &[String]) -> String {
        let mut pairs = Vec::new();
        for name in parameters {
            let times = self.pick::<[usize; 1]>(&[&[0], &[1], &[1], &[1], &[2]])[0];
            for _ in 0..times {
                let value = self.encoded_text();
                pairs.push(if self.chance(4) { name.clone() } else { format!("{name}={value}") });
            }
        }
        if self.chance(8) {
            pairs.push(format!("{}={}", self.encoded_text(), self.encoded_text()));
        }
        if self.chance(10) {
            self.rng.shuffle(&mut pairs);
        }
        let question = if pairs.is_empty() && !self.chance(3) { "" } else { "?" };
        format!("{question}{}", pairs.join(self.pick(&["&", "&", "&", "&", "&&", ";"])))
    }

    /// A text for a path or a query, encoded rightly, needlessly or wrongly.
    fn encoded_text(&mut self) -> String {
        let text = self.pick(pool::TEXTS);
        match self.rng.u8(..20) {
            0 => utf8_percent_encode(text, NON_ALPHANUMERIC).to_string(),
            1 => utf8_percent_encode(text, UNRESERVED).to_string().replace("%20", "+"),
            2 => percent_encode(b"\xff\xc3x", UNRESERVED).to_string(),
            3 => "%zz%4".to_owned(),
            4 => utf8_percent_encode(text, EVERYTHING).to_string(),
            _ => utf8_percent_encode(text, UNRESERVED).to_string(),
        }
    }

    fn other_slashes(&mut self, target: &str) -> String {
        let (path, query) = target.split_once('?').unwrap_or((target, ""));
        let query = if query.is_empty() { String::new() } else { format!("?{query}") };
        match self.rng.u8(..6) {
            0 => format!("{path}/{query}"),
            1 => format!("{path}//{query}"),
            2 => format!("/{path}{query}"),
            3 => format!("{}{query}", path.replacen('/', "/./", 1)),
            4 => format!("{}{query}", path.replace('/', "%2F").replacen("%2F", "/", 1)),
            _ => format!("/{}{query}", path.trim_matches('/')),
        }
    }

    /// JSON for a schema, with a wrong value here and there.
    fn json(&mut self, schema: &Value) -> String {
        if self.chance(12) {
            return self.pick(pool::JSON).to_owned();
        }
        if schema["$ref"].is_string() {
            let schema = self.resolved(schema);
            return self.json(&schema);
        }
        if let Some(choices) = schema["anyOf"].as_array() {
            let choice = choices[self.rng.usize(..choices.len())].clone();
            return self.json(&choice);
        }
        match schema["type"].as_str() {
            Some("object") => self.object(schema),
            Some("array") => {
                let items: Vec<_> =
                    (0..self.rng.usize(..3)).map(|_| self.json(&schema["items"])).collect();
                format!("[{}]", items.join(", "))
            }
            Some("integer") => self.rng.i32(0..50).to_string(),
            Some("number") => format!("{:?}", f64::from(self.rng.i32(1..5000)) / 100.0),
            Some("string") => serde_json::json!(self.pick(pool::TEXTS)).to_string(),
            Some("boolean") => self.rng.bool().to_string(),
            _ => self.pick(pool::JSON).to_owned(),
        }
    }

    fn object(&mut self, schema: &Value) -> String {
        let mut fields = Vec::new();
        for (name, property) in schema["properties"].as_object().cloned().into_iter().flatten() {
            if self.chance(8) {
                continue;
            }
            fields.push(format!("\"{name}\": {}", self.json(&property)));
            if self.chance(3) {
                fields.push(format!("\"{name}\": {}", self.pick(pool::JSON)));
            }
        }
        if self.chance(5) {
            fields.push(format!("\"extra\": {}", self.pick(pool::JSON)));
        }
        if self.chance(10) {
            self.rng.shuffle(&mut fields);
        }
        format!("{{{}}}", fields.join(self.pick(&[", ", ",", " , "])))
    }

    /// Says that a body is JSON, unless it has a type already; or that it is something else.
    fn retype(&mut self, call: &mut Call) {
        let typed = |header: &(String, String)| header.0.eq_ignore_ascii_case("content-type");
        let content_type = match self.rng.u8(..100) {
            0..88 if call.headers.iter().any(typed) => return,
            0..88 => "application/json",
            88..92 => return,
            _ => self.pick(pool::CONTENT_TYPES),
        };
        call.headers.retain(|header| !typed(header));
        call.headers.push(("content-type".to_owned(), content_type.to_owned()));
    }
}

/// The calls that ask for no socket, or at least one request.
fn plain(calls: &[Call]) -> Vec<Call> {
    let is_plain = |call: &&Call| call.socket.is_none() && call.header("upgrade").is_none();
    let plain: Vec<Call> = calls.iter().filter(is_plain).cloned().collect();
    if plain.is_empty() { vec![Call::sketch("GET", "/")] } else { plain }
}

/// Each mask once.
fn all_masks(calls: &[Call]) -> Vec<Mask> {
    let mut masks: Vec<Mask> = Vec::new();
    for mask in calls.iter().flat_map(|call| &call.masks) {
        let same = |known: &Mask| {
            known.place == mask.place && known.pattern.as_str() == mask.pattern.as_str()
        };
        if !masks.iter().any(same) {
            masks.push(mask.clone());
        }
    }
    masks
}

/// Cuts, doubles or breaks a body somewhere.
fn spoil(rng: &mut Rng, body: &mut Vec<u8>) {
    if body.is_empty() {
        return;
    }
    let at = rng.usize(..body.len());
    match rng.u8(..8) {
        0 => body.truncate(at),
        1 => {
            body.remove(at);
        }
        2 => body.extend_from_slice(pool::PIECES[rng.usize(..pool::PIECES.len())]),
        3 => body.splice(..0, [0xef, 0xbb, 0xbf]).for_each(drop),
        4 => {
            let text = String::from_utf8_lossy(body).into_owned();
            *body = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
        }
        5 => {
            let depth = [3, 200, 900, 2000][rng.usize(..4)];
            let nested = [vec![b'['; depth], vec![b']'; depth]].concat();
            body.splice(at..at, nested).for_each(drop);
        }
        _ => {
            let piece = pool::PIECES[rng.usize(..pool::PIECES.len())];
            body.splice(at..at, piece.iter().copied()).for_each(drop);
        }
    }
}

fn route(method: &str, path: &str, operation: &Value) -> Route {
    let named = |place: &str| {
        let parameters = operation["parameters"].as_array().into_iter().flatten();
        let there = parameters.filter(|parameter| parameter["in"] == place);
        there.map(|parameter| parameter["name"].as_str().unwrap_or_default().to_owned()).collect()
    };
    let content = |media_type: &str| {
        let schema = &operation["requestBody"]["content"][media_type]["schema"];
        (!schema.is_null()).then(|| schema.clone())
    };
    let form = Encoding::ALL.iter().find_map(|kind| Some((*kind, content(kind.media_type())?)));
    Route {
        method: method.to_ascii_uppercase(),
        path: path.to_owned(),
        query: named("query"),
        headers: named("header"),
        cookies: named("cookie"),
        body: content("application/json"),
        form,
    }
}

#[cfg(test)]
mod tests {
    use super::Generator;
    use crate::course::Course;

    #[test]
    fn the_same_seed_makes_the_same_requests() {
        let course = Course::new(env!("CARGO_MANIFEST_DIR"));
        let lesson = course.lesson("5").unwrap();
        let document = serde_json::json!({"paths": {"/items/{id}": {"get": {"parameters": [
            {"name": "q", "in": "query", "schema": {"type": "string"}},
        ]}}}});
        let requests = |seed| {
            let mut generator = Generator::new(&lesson, &document, seed);
            (0..50).map(|_| generator.request().request()).collect::<Vec<_>>()
        };
        assert_eq!(requests(7), requests(7));
        assert_ne!(requests(7), requests(8));
    }
}

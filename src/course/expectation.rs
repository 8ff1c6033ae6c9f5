//! What is claimed about a reply: by the tutorial, or for a deliberate divergence.

use serde_json::Value;

use super::json_path::JsonPath;
use super::message::Message;
use super::socket;

/// What stands for no printed lines and for no interim replies.
pub const NOTHING: &str = "(nothing)";

/// A partial claim about a reply; what is not named is not claimed.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Expectation {
    /// The status codes of all interim replies before it.
    pub interim: Option<Vec<u16>>,
    /// The status code.
    pub status: Option<u16>,
    /// The whole body, as JSON.
    pub json: Option<Value>,
    /// Values at places in a JSON body.
    pub has: Vec<(JsonPath, Value)>,
    /// Headers, by lower-case name.
    pub headers: Vec<(String, String)>,
    /// The whole body, as text.
    pub body: Option<String>,
    /// All lines that the server printed before the reply was complete.
    pub prints: Option<Vec<String>>,
    /// All lines that it printed after that.
    pub prints_later: Option<Vec<String>>,
    /// Messages that come over a socket.
    pub hears: Vec<Heard>,
}

/// A text that a client hears over its socket.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Heard {
    /// The client's name; empty for the one that makes the call's request.
    pub client: String,
    /// Which of its messages, from 1.
    pub number: usize,
    /// The text.
    pub text: String,
}

/// One part of a claim that a reply does not meet.
#[derive(Clone, Debug, PartialEq)]
pub struct Unmet {
    /// Which part: `interim`, `status`, `header allow`, `$.detail`, `body`, `printed`,
    /// `printed later`, or `message 2` over a socket.
    pub place: String,
    /// What is claimed.
    pub claimed: String,
    /// What the reply has there; `None` where it has nothing.
    pub found: Option<String>,
}

impl Expectation {
    /// The same without a claim about what the server prints.
    pub fn without_prints(self) -> Self {
        Self { prints: None, prints_later: None, ..self }
    }

    /// What of the claim the reply does not meet.
    pub fn unmet(&self, reply: &Message) -> Vec<Unmet> {
        let json = reply.json();
        let mut unmet = Vec::new();
        let mut check = |place: String, claimed: String, found: Option<String>| {
            if found.as_ref() != Some(&claimed) {
                unmet.push(Unmet { place, claimed, found });
            }
        };
        if let Some(codes) = &self.interim {
            let found = reply.interim_codes();
            check("interim".to_owned(), codes_listed(codes), Some(codes_listed(&found)));
        }
        if let Some(status) = self.status {
            check("status".to_owned(), status.to_string(), Some(reply.status.to_string()));
        }
        for (name, value) in &self.headers {
            let found = reply.header(name).map(str::to_owned);
            check(format!("header {name}"), value.clone(), found);
        }
        if let Some(whole) = &self.json {
            check("$".to_owned(), whole.to_string(), json.as_ref().map(Value::to_string));
        }
        for (path, value) in &self.has {
            let found = json.as_ref().and_then(|json| path.get(json));
            check(path.to_string(), value.to_string(), found.map(Value::to_string));
        }
        if let Some(body) = &self.body {
            check("body".to_owned(), body.clone(), Some(reply.body.clone()));
        }
        for heard in &self.hears {
            let found = socket::received(&reply.body, &heard.client).nth(heard.number - 1);
            check(heard.place(), socket::shown(&heard.text), found.map(str::to_owned));
        }
        let claims = [&self.prints, &self.prints_later];
        for (claim, (place, printed)) in claims.into_iter().zip(reply.prints.lists()) {
            if let Some(lines) = claim.as_ref().filter(|lines| *lines != printed) {
                let (claimed, found) = (listed(lines), Some(listed(printed)));
                unmet.push(Unmet { place: place.to_owned(), claimed, found });
            }
        }
        unmet
    }
}

impl Heard {
    fn place(&self) -> String {
        let client = match self.client.as_str() {
            "" => String::new(),
            client => format!(" of {client}"),
        };
        format!("message {}{client}", self.number)
    }
}

fn codes_listed(codes: &[u16]) -> String {
    if codes.is_empty() {
        return NOTHING.to_owned();
    }
    codes.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ")
}

fn listed(lines: &[String]) -> String {
    if lines.is_empty() { NOTHING.to_owned() } else { lines.join("\n") }
}

#[cfg(test)]
mod tests {
    use super::Expectation;
    use crate::course::{Message, Prints, StatusLine};
    use serde_json::json;

    fn reply() -> Message {
        let headers = vec![("content-type".to_owned(), "application/json".to_owned())];
        Message::new((404, "Not Found"), headers, br#"{"detail":"x","n":10.0}"#)
    }

    #[test]
    fn only_what_is_claimed_is_checked() {
        assert_eq!(Expectation::default().unmet(&reply()), []);
        let met = Expectation {
            status: Some(404),
            has: vec![("$.n".parse().unwrap(), json!(10.0))],
            ..Expectation::default()
        };
        assert_eq!(met.unmet(&reply()), []);
    }

    #[test]
    fn each_unmet_part_is_told_with_its_place() {
        let claim = Expectation {
            status: Some(200),
            json: Some(json!({"detail": "x"})),
            has: vec![("$.n".parse().unwrap(), json!(10))],
            headers: vec![("allow".to_owned(), "GET".to_owned())],
            ..Expectation::default()
        };
        let places: Vec<_> = claim.unmet(&reply()).into_iter().map(|unmet| unmet.place).collect();
        assert_eq!(places, ["status", "header allow", "$", "$.n"]);
    }

    #[test]
    fn interim_replies_are_claimed_as_a_whole_list() {
        let mut reply = reply();
        reply.interim = vec![StatusLine::new(100, "Continue")];
        for (codes, is_met) in [(vec![100], true), (vec![], false), (vec![100, 100], false)] {
            let claim = Expectation { interim: Some(codes), ..Expectation::default() };
            assert_eq!(claim.unmet(&reply).is_empty(), is_met, "{claim:?}");
        }
    }

    #[test]
    fn printed_lines_are_claimed_as_whole_lists() {
        let lines = |text: &str| text.lines().map(str::to_owned).collect::<Vec<_>>();
        let mut reply = reply();
        reply.prints = Prints::new(&lines("a\nb"), &[]);
        for (prints, prints_later, expected) in [
            (None, None, vec![]),
            (Some("a\nb"), Some(""), vec![]),
            (Some("a"), None, vec![("printed", "a", "a\nb")]),
            (
                Some("b\na"),
                Some("b"),
                vec![("printed", "b\na", "a\nb"), ("printed later", "b", "(nothing)")],
            ),
        ] {
            let (prints, prints_later) = (prints.map(lines), prints_later.map(lines));
            let claim = Expectation { prints, prints_later, ..Expectation::default() };
            let unmet = claim.unmet(&reply);
            let found: Vec<_> = unmet
                .iter()
                .map(|it| (it.place.as_str(), it.claimed.as_str(), it.found.as_deref().unwrap()))
                .collect();
            assert_eq!(found, expected);
        }
    }
}

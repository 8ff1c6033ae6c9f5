//! What a script claims about a reply: the keys of `expect` and of `diverges`, and their checks.

use indexmap::IndexMap;
use serde::Deserialize;
use toml::Spanned;

use super::source::{Checked, Source};
use crate::course::{divergence, expectation};

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Expectation {
    interim: Option<Vec<u16>>,
    status: Option<u16>,
    json: Option<Spanned<String>>,
    #[serde(default)]
    has: IndexMap<Spanned<String>, Spanned<String>>,
    #[serde(default)]
    headers: IndexMap<String, String>,
    body: Option<String>,
    prints: Option<Vec<String>>,
    prints_later: Option<Vec<String>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Divergence {
    because: Spanned<String>,
    interim: Option<Vec<u16>>,
    status: Option<u16>,
    json: Option<Spanned<String>>,
    #[serde(default)]
    has: IndexMap<Spanned<String>, Spanned<String>>,
    prints: Option<Vec<String>>,
    prints_later: Option<Vec<String>>,
}

impl Expectation {
    /// The claim, its JSON read.
    pub fn check(self, source: &Source<'_>) -> Checked<expectation::Expectation> {
        let has = self
            .has
            .into_iter()
            .map(|(path, value)| Ok((source.json_path(&path)?, source.json(&value)?)));
        Ok(expectation::Expectation {
            interim: self.interim,
            status: self.status,
            json: self.json.map(|text| source.json(&text)).transpose()?,
            has: has.collect::<Checked<_>>()?,
            headers: self
                .headers
                .into_iter()
                .map(|(name, value)| (name.to_ascii_lowercase(), value))
                .collect(),
            body: self.body,
            prints: self.prints,
            prints_later: self.prints_later,
            hears: Vec::new(),
        })
    }
}

impl Divergence {
    /// The divergence that is named, and what is claimed instead.
    pub fn check(
        self,
        source: &Source<'_>,
    ) -> Checked<(&'static divergence::Divergence, expectation::Expectation)> {
        let Some(divergence) = divergence::find(self.because.get_ref()) else {
            let message = format!("there is no divergence `{}`", self.because.get_ref());
            let known: Vec<_> = divergence::ALL.iter().map(|row| row.name).collect();
            let help = format!("src/course/divergence.rs lists them: {}", known.join(", "));
            return Err(source.mistake(self.because.span(), message).help(help));
        };
        let Self { interim, status, json, has, prints, prints_later, .. } = self;
        let claim =
            Expectation { interim, status, json, has, prints, prints_later, ..Default::default() };
        Ok((divergence, claim.check(source)?))
    }
}

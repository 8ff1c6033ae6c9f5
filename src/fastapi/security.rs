//! Who is calling: OAuth2 with a password and a bearer token, as FastAPI's `fastapi.security` has
//! it. What a token is, and whether it is good, is left to the application; see `jwt`.

use std::marker::PhantomData;
use std::ops::Deref;

use actix_web::http::StatusCode;
use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::{Map, Value as Json, json};

use super::argument::{Argument, Rejection, Turn};
use super::error::HttpException;
use super::form::Form;
use super::json_schema::present;
use super::openapi::{Operation, Place};
use super::pattern::Pattern;
use super::request::Request;
use super::schema::Schema;
use super::text;

/// Where and how a client gets its token: the arguments of Python's `OAuth2PasswordBearer`.
pub trait OAuthFlowPassword: 'static {
    /// The path that gives out tokens, relative to the document.
    const TOKEN_URL: &'static str;

    /// The path that renews tokens.
    const REFRESH_URL: Option<&'static str> = None;

    /// The scheme's name in the document.
    const SCHEME_NAME: &'static str = "OAuth2PasswordBearer";

    /// A sentence about the scheme.
    const DESCRIPTION: Option<&'static str> = None;

    /// The scopes that a token may have, each with a sentence.
    const SCOPES: &'static [(&'static str, &'static str)] = &[];
}

/// A handler's argument: the token of the header `Authorization: Bearer …`, unchecked. A request
/// without it is a 401, unless the argument is an `Option`: Python's `auto_error=False`.
pub struct OAuth2PasswordBearer<Flow> {
    token: String,
    flow: PhantomData<Flow>,
}

impl<Flow> Deref for OAuth2PasswordBearer<Flow> {
    type Target = str;

    fn deref(&self) -> &str {
        &self.token
    }
}

impl<Flow: OAuthFlowPassword> Argument for Option<OAuth2PasswordBearer<Flow>> {
    type Plan = ();

    const TURN: Turn = Turn::Dependency;

    fn plan(_path: &Pattern) {}

    fn describe((): &(), operation: &mut Operation) {
        operation.add_security(Security::password::<Flow>());
    }

    async fn extract((): &(), request: &Request) -> Result<Self, Rejection> {
        let headers = request.values(Place::Header, "authorization");
        let header = headers.first().map_or("", String::as_str);
        let (scheme, token) = header.split_once(' ').unwrap_or((header, ""));
        Ok((scheme.to_lowercase() == "bearer").then(|| {
            let token = text::strip(token).to_owned();
            OAuth2PasswordBearer { token, flow: PhantomData }
        }))
    }
}

impl<Flow: OAuthFlowPassword> Argument for OAuth2PasswordBearer<Flow> {
    type Plan = ();

    const TURN: Turn = Turn::Dependency;

    fn plan(_path: &Pattern) {}

    fn describe((): &(), operation: &mut Operation) {
        Option::<Self>::describe(&(), operation);
    }

    async fn extract((): &(), request: &Request) -> Result<Self, Rejection> {
        Option::<Self>::extract(&(), request).await?.ok_or_else(|| {
            let refusal = HttpException::new(StatusCode::UNAUTHORIZED, "Not authenticated");
            Rejection::Abort(refusal.header("WWW-Authenticate", "Bearer"))
        })
    }
}

/// A handler's argument: the form with which OAuth2 asks for a token.
#[derive(Clone, Debug)]
pub struct OAuth2PasswordRequestForm {
    /// `password`, if the client says so.
    pub grant_type: Option<String>,
    /// Who asks.
    pub username: String,
    /// The password, as it was typed.
    pub password: String,
    /// What the token should be good for.
    pub scopes: Vec<String>,
    /// The program that asks.
    pub client_id: Option<String>,
    /// Its own password.
    pub client_secret: Option<String>,
}

/// The form's fields, in the order in which errors are told.
#[derive(Deserialize, JsonSchema)]
struct Fields {
    #[schemars(regex(pattern = "^password$"))]
    grant_type: Option<String>,
    username: String,
    #[schemars(extend("format" = "password"))]
    password: String,
    #[serde(default)]
    scope: String,
    client_id: Option<String>,
    #[schemars(extend("format" = "password"))]
    client_secret: Option<String>,
}

impl Argument for OAuth2PasswordRequestForm {
    type Plan = Schema;

    const TURN: Turn = Turn::Dependency;

    fn plan(path: &Pattern) -> Schema {
        Form::<Fields>::plan(path)
    }

    fn describe(plan: &Schema, operation: &mut Operation) {
        Form::<Fields>::describe(plan, operation);
    }

    async fn extract(plan: &Schema, request: &Request) -> Result<Self, Rejection> {
        let Form(fields) = Form::<Fields>::extract(plan, request).await?;
        Ok(Self {
            grant_type: fields.grant_type,
            username: fields.username,
            password: fields.password,
            scopes: text::words(&fields.scope).map(str::to_owned).collect(),
            client_id: fields.client_id,
            client_secret: fields.client_secret,
        })
    }
}

/// A way to authenticate, as the document has it.
#[derive(Clone, Debug)]
pub struct Security {
    /// Its name, by which operations ask for it.
    pub name: &'static str,
    scheme: Json,
}

impl Security {
    fn password<Flow: OAuthFlowPassword>() -> Self {
        let scopes = Flow::SCOPES.iter().map(|(name, text)| ((*name).to_owned(), json!(text)));
        let flow = present([
            ("refreshUrl", Flow::REFRESH_URL.map(|url| json!(url))),
            ("scopes", Some(Json::Object(scopes.collect()))),
            ("tokenUrl", Some(json!(Flow::TOKEN_URL))),
        ]);
        let scheme = present([
            ("type", Some(json!("oauth2"))),
            ("description", Flow::DESCRIPTION.map(|text| json!(text))),
            ("flows", Some(json!({"password": flow}))),
        ]);
        Self { name: Flow::SCHEME_NAME, scheme }
    }
}

/// What an operation asks for, without any scope.
pub fn requirements(securities: &[Security]) -> Option<Json> {
    let named = securities.iter().map(|security| json!({security.name: []}));
    (!securities.is_empty()).then(|| named.collect())
}

/// The schemes of all operations; of several of one name the last is documented.
pub fn schemes(operations: &[Operation]) -> Option<Json> {
    let all = operations.iter().flat_map(|operation| &operation.securities);
    let schemes: Map<String, Json> =
        all.map(|security| (security.name.to_owned(), security.scheme.clone())).collect();
    (!schemes.is_empty()).then_some(Json::Object(schemes))
}

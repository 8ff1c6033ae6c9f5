//! Tokens that say who is calling and until when, signed by the server that reads them.

use schemars::JsonSchema;
use serde::Serialize;

use crate::fastapi::jwt::{self, TokenError};
use crate::fastapi::text;
use crate::fastapi::value::Value;
use crate::fastapi::{
    Api, Dependency, Depends, HttpException, Json, OAuth2PasswordBearer, OAuth2PasswordRequestForm,
    OAuthFlowPassword, StatusCode, get, post,
};

// Examples, and in no use anywhere else.
const SECRET_KEY: &str = "example-key-of-lesson-34-32-bytes-or-more";
const PASSWORDS: [(&str, &str); 2] = [("alice", "wonderland"), ("bob", "builder")];
const LIFETIME: i64 = 30 * 60;

/// Gives out tokens, and three routes that read them.
pub fn app() -> Api {
    Api::new()
        .route("/token", post(login).response_model::<Token>())
        .route("/users/me", get(read_me))
        .route("/token/parts", get(read_parts))
        .route("/greeting", get(greet))
}

// ANCHOR: dependencies
struct Scheme;

impl OAuthFlowPassword for Scheme {
    const TOKEN_URL: &'static str = "token";
}

type Bearer = OAuth2PasswordBearer<Scheme>;

fn unauthorized(detail: &str) -> HttpException {
    HttpException::new(StatusCode::UNAUTHORIZED, detail).header("WWW-Authenticate", "Bearer")
}

fn verify(token: &str) -> Result<jwt::Token, HttpException> {
    jwt::decode(token, SECRET_KEY, &["exp", "sub"]).map_err(|error| match error {
        TokenError::Expired => unauthorized("Token has expired"),
        TokenError::Invalid(_) => unauthorized("Could not validate credentials"),
    })
}

#[derive(Clone)]
struct Verified(jwt::Token);

impl Dependency for Verified {
    type Needs = Bearer;

    async fn resolve(token: Bearer) -> Result<Self, HttpException> {
        verify(&token).map(Self)
    }
}

#[derive(Clone)]
struct CurrentUser(String);

impl Dependency for CurrentUser {
    type Needs = Depends<Verified>;

    async fn resolve(Depends(Verified(token)): Depends<Verified>) -> Result<Self, HttpException> {
        let known = |user: &String| PASSWORDS.iter().any(|(name, _)| name == user);
        let user = token.get("sub").filter(known).map(Self);
        user.ok_or_else(|| unauthorized("Could not validate credentials"))
    }
}
// ANCHOR_END: dependencies

// ANCHOR: handlers
async fn login(form: OAuth2PasswordRequestForm) -> Result<Json<Token>, HttpException> {
    if !PASSWORDS.contains(&(&form.username, &form.password)) {
        return Err(unauthorized("Incorrect username or password"));
    }
    let claims = Claims { sub: form.username, exp: jwt::now() + LIFETIME };
    let access_token = jwt::encode(&claims, SECRET_KEY);
    Ok(Json(Token { access_token, token_type: "bearer".to_owned() }))
}

async fn read_me(Depends(CurrentUser(username)): Depends<CurrentUser>) -> Json<User> {
    Json(User { username })
}

async fn read_parts(Depends(Verified(token)): Depends<Verified>) -> Json<Parts> {
    let jwt::Token { header, payload, signature } = token;
    Json(Parts { header, payload, signature: text::hex(&signature) })
}

async fn greet(token: Option<Bearer>) -> Result<Json<Greeting>, HttpException> {
    let name = match token {
        Some(token) => verify(&token)?.get("sub"),
        None => Some("stranger".to_owned()),
    };
    Ok(Json(Greeting { message: format!("Hello, {}", name.unwrap_or_default()) }))
}
// ANCHOR_END: handlers

#[derive(Serialize)]
struct Claims {
    sub: String,
    exp: i64,
}

#[derive(Serialize, JsonSchema)]
struct Token {
    access_token: String,
    token_type: String,
}

#[derive(Serialize)]
struct User {
    username: String,
}

#[derive(Serialize)]
struct Parts {
    header: Value,
    payload: Value,
    signature: String,
}

#[derive(Serialize)]
struct Greeting {
    message: String,
}

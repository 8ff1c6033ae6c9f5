//! OAuth2: bearer tokens, the form that asks for them, and both in the document.

use reqwest::Method;
use serde_json::{Value, json};
use workbook::fastapi::{
    Api, Json, OAuth2PasswordBearer, OAuth2PasswordRequestForm, OAuthFlowPassword, Path, get, post,
};

use super::served::Served;

struct Plain;

impl OAuthFlowPassword for Plain {
    const TOKEN_URL: &'static str = "token";
}

struct Full;

impl OAuthFlowPassword for Full {
    const TOKEN_URL: &'static str = "t";
    const REFRESH_URL: Option<&'static str> = Some("r");
    const SCHEME_NAME: &'static str = "Mine";
    const DESCRIPTION: Option<&'static str> = Some("Words");
    const SCOPES: &'static [(&'static str, &'static str)] = &[("b", "Bee"), ("a", "Ay")];
}

type Optional = Option<OAuth2PasswordBearer<Plain>>;

fn app() -> Api {
    Api::new()
        .route("/form", post(form))
        .route("/x/{i}", get(both))
        .route("/token", get(token))
        .route("/maybe", get(maybe))
}

async fn form(form: OAuth2PasswordRequestForm) -> Json<Vec<Option<String>>> {
    let OAuth2PasswordRequestForm { grant_type, username, password, .. } = form;
    let scopes = Some(form.scopes.join("|"));
    let given = [Some(username), Some(password), scopes];
    Json(given.into_iter().chain([grant_type, form.client_id, form.client_secret]).collect())
}

async fn both(Path(i): Path<i64>, _: Optional, _: OAuth2PasswordBearer<Full>) -> Json<i64> {
    Json(i)
}

async fn token(token: OAuth2PasswordBearer<Plain>) -> Json<String> {
    Json(token.to_owned())
}

async fn maybe(token: Optional) -> Json<Option<String>> {
    Json(token.map(|token| token.to_owned()))
}

#[tokio::test]
async fn a_bearer_token_is_what_follows_the_scheme() {
    let served = Served::start(app());
    for (header, expected) in [
        (None, None),
        (Some(""), None),
        (Some("Basic abc"), None),
        (Some("Bearerabc"), None),
        (Some("Bearer\tabc"), None),
        (Some("Bearer"), Some("")),
        (Some("Bearer abc"), Some("abc")),
        (Some("bEARER  a b "), Some("a b")),
    ] {
        for path in ["/token", "/maybe"] {
            let mut request = served.request(Method::GET, path);
            if let Some(header) = header {
                request = request.header("authorization", header);
            }
            let reply = request.send().await.unwrap();
            if path == "/token" && expected.is_none() {
                assert_eq!(reply.status(), 401, "{header:?}");
                assert_eq!(reply.headers()["www-authenticate"], "Bearer");
                assert_eq!(reply.text().await.unwrap(), r#"{"detail":"Not authenticated"}"#);
            } else {
                assert_eq!(reply.text().await.unwrap(), json!(expected).to_string(), "{header:?}");
            }
        }
    }
    let request = served.request(Method::GET, "/x/one").header("authorization", "none");
    assert_eq!(request.send().await.unwrap().status(), 401, "a refusal beats a bad path");
}

#[tokio::test]
async fn the_form_of_oauth2_has_a_name_a_password_and_scopes() {
    let served = Served::start(app());
    for (body, expected) in [
        ("username=a&password=b", r#"["a","b","",null,null,null]"#),
        (
            "username=a&password=b&scope=+x:y%1Fz+&grant_type=password&client_id=c&client_secret=d",
            r#"["a","b","x:y|z","password","c","d"]"#,
        ),
        ("username=a&password=b&grant_type=", r#"["a","b","",null,null,null]"#),
    ] {
        let request = served.request(Method::POST, "/form").body(body);
        let request = request.header("content-type", "application/x-www-form-urlencoded");
        assert_eq!(request.send().await.unwrap().text().await.unwrap(), expected, "{body}");
    }
}

#[tokio::test]
async fn the_document_tells_how_to_authenticate() {
    let served = Served::start(app());
    let (_, document) = served.body("/openapi.json").await;
    let document: Value = serde_json::from_str(&document).unwrap();
    let keys = |operation: &Value| {
        operation.as_object().unwrap().keys().map(String::as_str).collect::<Vec<_>>().join(" ")
    };
    // FastAPI's own model of a path, through which paths without parameters go, has another order.
    let with_parameters = &document["paths"]["/x/{i}"]["get"];
    assert_eq!(keys(with_parameters), "summary operationId security parameters responses");
    let named = json!([{"OAuth2PasswordBearer": []}, {"Mine": []}]);
    assert_eq!(with_parameters["security"], named);
    let without = &document["paths"]["/maybe"]["get"];
    assert_eq!(keys(without), "summary operationId responses security");
    assert_eq!(without["security"], json!([{"OAuth2PasswordBearer": []}]));
    assert_eq!(
        document["components"]["securitySchemes"].to_string(),
        concat!(
            r#"{"OAuth2PasswordBearer":{"type":"oauth2","flows":{"password":"#,
            r#"{"scopes":{},"tokenUrl":"token"}}},"Mine":{"type":"oauth2","description":"Words","#,
            r#""flows":{"password":{"refreshUrl":"r","scopes":{"b":"Bee","a":"Ay"},"#,
            r#""tokenUrl":"t"}}}}"#
        )
    );
}

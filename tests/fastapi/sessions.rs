//! Sessions in signed cookies.

use reqwest::Method;
use reqwest::header::{HeaderMap, HeaderValue};
use workbook::fastapi::{
    Api, Cors, HttpException, Json, ResponseHeaders, SameSite, Session, SessionMiddleware,
    StatusCode, get,
};

use super::served::Served;

/// Everything that can be set is not as it is by itself.
fn app() -> Api {
    let sessions = SessionMiddleware::new("k")
        .session_cookie("s")
        .max_age(None)
        .path("/x")
        .same_site(SameSite::Strict)
        .https_only()
        .domain("example.com");
    routes(Api::new().wrap(sessions))
}

fn routes(api: Api) -> Api {
    api.route("/read", get(read))
        .route("/set", get(set))
        .route("/clear", get(clear))
        .route("/ask", get(ask))
        .route("/ignore", get(ignore))
        .route("/refuse", get(refuse))
        .route("/fail", get(fail))
}

async fn read(session: Session) -> Json<(Option<i64>, Option<String>)> {
    Json((session.get("a"), session.get("a")))
}

async fn set(session: Session, headers: ResponseHeaders) {
    headers.set("Vary", "Accept");
    session.set("a", 1);
}

async fn clear(session: Session) {
    session.clear();
}

async fn ask(_: Session) {}

async fn ignore() {}

async fn refuse(session: Session) -> HttpException {
    session.set("a", 1);
    HttpException::of(StatusCode::CONFLICT)
}

async fn fail(session: Session) {
    session.set("a", 1);
    panic!("a handler that fails");
}

const ATTRIBUTES: &str = "httponly; samesite=strict; secure; domain=example.com";

/// The status, what it varies with, and the cookie: its data and its attributes.
async fn answer(served: &Served, path: &str, cookies: &[&str]) -> (u16, String, Option<String>) {
    let mut headers = HeaderMap::new();
    for cookie in cookies {
        headers.append("cookie", HeaderValue::from_str(cookie).unwrap());
    }
    let reply = served.request(Method::GET, path).headers(headers).send().await.unwrap();
    let header = |name| reply.headers().get(name).map(|value| value.to_str().unwrap().to_owned());
    let cookie = header("set-cookie").map(|cookie| {
        let (signed, attributes) = cookie.split_once("; ").unwrap();
        format!("{}; {attributes}", signed.split('.').next().unwrap())
    });
    (reply.status().as_u16(), header("vary").unwrap_or_default(), cookie)
}

#[tokio::test]
async fn a_cookie_is_set_where_a_session_has_changed_and_vary_where_it_was_asked() {
    let served = Served::start(app());
    let set = || Some(format!("s=eyJhIjogMX0=; path=/x; {ATTRIBUTES}"));
    for (path, expected) in [
        ("/set", (200, "Accept, Cookie", set())),
        ("/refuse", (409, "Cookie", set())),
        ("/read", (200, "Cookie", None)),
        ("/clear", (200, "Cookie", None)),
        ("/ask", (200, "", None)),
        ("/ignore", (200, "", None)),
        ("/fail", (500, "", None)),
        ("/nowhere", (404, "", None)),
    ] {
        let (status, vary, cookie) = answer(&served, path, &[]).await;
        assert_eq!((status, vary.as_str(), cookie), expected, "{path}");
    }
}

#[tokio::test]
async fn a_cookie_that_was_emptied_is_taken_back_if_it_was_good() {
    let served = Served::start(app());
    let good = "s=eyJhIjogMn0=.awHP5w.ZBMEA3oDKmKki-z08yeKC0y-F3o";
    let empty = "s=e30=.awHP5w.8SgM_D_U-sIB3HAr8GzbMYI61WI";
    let back =
        || Some(format!("s=null; path=/x; expires=Thu, 01 Jan 1970 00:00:00 GMT; {ATTRIBUTES}"));
    for (cookies, expected) in [
        (vec![good], back()),
        (vec![empty], back()),
        (vec!["s=x", good], back()),
        (vec![good, "s=x"], None),
        (vec!["s=eyJhIjogM30=.awHP5w.ZBMEA3oDKmKki-z08yeKC0y-F3o"], None),
        (vec!["t=eyJhIjogMn0=.awHP5w.ZBMEA3oDKmKki-z08yeKC0y-F3o"], None),
    ] {
        let seen = answer(&served, "/clear", &cookies).await;
        assert_eq!(seen, (200, "Cookie".to_owned(), expected), "{cookies:?}");
    }
    let reply = served.request(Method::GET, "/read").header("cookie", good).send().await.unwrap();
    assert_eq!(reply.text().await.unwrap(), "[2,null]", "a value is read as its type or not");
}

#[tokio::test]
async fn what_was_signed_and_is_no_session_is_a_failure_on_every_route() {
    let served = Served::start(app());
    for cookie in [
        "s=!.awHP5w.0I8tllOf0ou8CJ0HvJottt1feWY",
        "s=MQ==.awHP5w.G6jByCVygbdHlN8zOMfgLjSGdOc",
        "s=e30.awHP5w.c7XK_Egq-rZD9lFe2RhpIKLVTaI",
    ] {
        for path in ["/read", "/ignore"] {
            assert_eq!(answer(&served, path, &[cookie]).await.0, 500, "{path} {cookie}");
        }
    }
    let bare = Served::start(routes(Api::new()));
    assert_eq!(answer(&bare, "/ignore", &[]).await.0, 200);
    assert_eq!(answer(&bare, "/ask", &[]).await.0, 500, "nobody has put sessions around it");
}

#[tokio::test]
async fn a_session_lasts_two_weeks_if_nobody_says_otherwise() {
    let cors = Cors::new().allow_origins(["https://a.example"]);
    let served = Served::start(routes(Api::new().wrap(SessionMiddleware::new("k")).wrap(cors)));
    let (_, vary, cookie) = answer(&served, "/set", &[]).await;
    assert_eq!(vary, "Accept, Cookie, Origin");
    let attributes = "path=/; Max-Age=1209600; httponly; samesite=lax";
    assert_eq!(cookie.unwrap(), format!("session=eyJhIjogMX0=; {attributes}"));
}

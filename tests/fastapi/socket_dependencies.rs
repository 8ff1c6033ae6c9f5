//! What routers and dependencies are to a socket. The lines and their order were seen on FastAPI
//! 0.165.0 under uvicorn: an open socket keeps its dependencies until its handler has ended, and
//! they are released before the client or the log hears of the end.

use schemars::JsonSchema;
use serde::Deserialize;
use workbook::course::Call;
use workbook::course::socket::Frame;
use workbook::engine::socket::{Opened, Socket};
use workbook::fastapi::reply::Reply;
use workbook::fastapi::{
    Api, BackgroundTasks, Console, Dependency, Depends, Fault, Header, HttpException, IntoReply,
    Outcome, Path, ResponseHeaders, Router, Scope, StatusCode, WebSocket, WebSocketError,
    WebSocketException, websocket,
};

use super::served::Served;

/// A dependency that prints when it is made and when it is released.
#[derive(Clone)]
struct Yields<const NAME: char, const EARLY: bool>(Console);

impl<const NAME: char, const EARLY: bool> Dependency for Yields<NAME, EARLY> {
    type Needs = Console;

    const SCOPE: Scope = if EARLY { Scope::Function } else { Scope::Request };

    async fn resolve(console: Console) -> Result<Self, HttpException> {
        console.print(format!("{NAME} enter"));
        Ok(Self(console))
    }

    async fn release(self, outcome: Outcome) -> Result<(), HttpException> {
        self.0.print(format!("{NAME} {outcome:?}"));
        match NAME {
            'x' => Err(HttpException::new(StatusCode::FORBIDDEN, "exit fails")),
            _ => Ok(()),
        }
    }
}

#[derive(Deserialize, JsonSchema)]
struct XKey {
    x_key: Option<String>,
}

/// Lets nobody in without a key.
#[derive(Clone)]
struct Key;

impl Dependency for Key {
    type Needs = Header<XKey>;

    async fn resolve(Header(XKey { x_key }): Self::Needs) -> Result<Self, HttpException> {
        let no_key = || HttpException::new(StatusCode::UNAUTHORIZED, "no key");
        x_key.map(|_| Self).ok_or_else(no_key)
    }
}

/// Opens the socket before the handler is called.
#[derive(Clone)]
struct Accepted;

impl Dependency for Accepted {
    type Needs = WebSocket;

    async fn resolve(websocket: WebSocket) -> Result<Self, HttpException> {
        let lost = |error: WebSocketError| HttpException::from(Fault(error.to_string()));
        websocket.accept().await.map(|()| Self).map_err(lost)
    }
}

enum Ends {
    Socket(WebSocketError),
    Http(HttpException),
    Fault(Fault),
}

impl From<WebSocketError> for Ends {
    fn from(error: WebSocketError) -> Self {
        Self::Socket(error)
    }
}

impl IntoReply for Ends {
    fn into_reply(self) -> Result<Reply, Fault> {
        match self {
            Self::Socket(error) => error.into_reply(),
            Self::Http(exception) => exception.into_reply(),
            Self::Fault(fault) => fault.into_reply(),
        }
    }
}

async fn ends(
    websocket: WebSocket,
    Path(how): Path<String>,
    _: Depends<Yields<'f', true>>,
    _: Depends<Yields<'l', false>>,
    console: Console,
) -> Result<(), Ends> {
    console.print("handler");
    let teapot = || Ends::Http(HttpException::new(StatusCode::IM_A_TEAPOT, "tea"));
    let leave = || Ends::Socket(WebSocketException::new(4001, "why").into());
    match how.as_str() {
        "refuse" => return Err(teapot()),
        "close" => return Ok(websocket.close(1000, "").await?),
        "return" => return Ok(()),
        "leave" => return Err(leave()),
        _ => websocket.accept().await?,
    }
    match how.as_str() {
        "open-refuse" => Err(teapot()),
        "open-close" => Ok(websocket.close(4002, "").await?),
        "open-leave" => Err(leave()),
        "open-fail" => Err(Ends::Fault(Fault("boom".to_owned()))),
        "open-panic" => panic!("ouch"),
        "open-receive" | "open-abandoned" => Ok(websocket.receive_text().await.map(drop)?),
        _ => Ok(()),
    }
}

async fn number(websocket: WebSocket, Path(n): Path<i64>) -> Result<(), WebSocketError> {
    websocket.accept().await?;
    websocket.send_text(n.to_string()).await
}

async fn accepted(websocket: WebSocket, Path(n): Path<i64>) -> Result<(), WebSocketError> {
    websocket.send_text(n.to_string()).await
}

async fn exit_fails(
    websocket: WebSocket,
    Path(how): Path<String>,
    _: Depends<Yields<'f', false>>,
    _: Depends<Yields<'x', true>>,
) -> Result<(), WebSocketError> {
    if how == "open" { websocket.accept().await } else { Ok(()) }
}

async fn later(
    websocket: WebSocket,
    tasks: BackgroundTasks,
    headers: ResponseHeaders,
    console: Console,
) -> Result<(), WebSocketError> {
    tasks.add_task(async move { console.print("task") });
    headers.set("x-a", "b");
    websocket.accept().await
}

fn app() -> Api {
    let inner = Router::new().prefix("/locked").depends::<Key>().route("/{n}", websocket(number));
    let accepted = websocket(accepted).depends::<Accepted>();
    let router = Router::new().prefix("/r").depends::<Yields<'r', false>>();
    let router = router.route("/ends/{how}", websocket(ends).depends::<Yields<'o', false>>());
    let router = router.route("/accepted/{n}", accepted).include_router(inner);
    let router = router.route("/exit-fails/{how}", websocket(exit_fails));
    let router = router.route("/later", websocket(later));
    Api::new().depends::<Yields<'a', false>>().include_router(router)
}

/// The status of the reply to a wish for a socket, its body or what comes first over the socket,
/// and what a server has printed that got nothing else.
async fn ask(target: &str, headers: &[(&str, &str)]) -> (u16, String, String) {
    let served = Served::start(app());
    let mut call = Call::sketch("GET", target);
    let header = |(name, value): &(&str, &str)| ((*name).to_owned(), (*value).to_owned());
    call.headers.extend(headers.iter().map(header));
    let base_url = format!("http://{}", served.server.address());
    let Opened { socket, reply } = Socket::open(&call, target, &base_url).await.unwrap();
    assert_eq!(reply.headers.iter().find(|(name, _)| name == "x-a"), None, "{target}");
    let heard = match socket {
        None => String::from_utf8(reply.body).unwrap(),
        Some(mut socket) => {
            if target.ends_with("receive") {
                let close = Frame::Close(Some((1000, String::new())));
                socket.send(close).await.unwrap();
            }
            socket.receive().await.to_string()
        }
    };
    (reply.status, heard, served.printed().await.join(", "))
}

#[tokio::test]
async fn dependencies_last_as_long_as_the_handler_and_learn_how_it_ended() {
    let failed = "failed: HTTPException 418 I'm a teapot in a socket that is open";
    for (how, status, heard, ended, told) in [
        ("refuse", 418, "{\"detail\":\"tea\"}", "Failed", ""),
        ("close", 403, "", "Returned", ""),
        ("return", 500, "Internal Server Error", "Returned", NOT_ACCEPTED),
        ("leave", 403, "", "Failed", ""),
        ("open-return", 101, GONE, "Returned", ""),
        ("open-close", 101, "(close 4002)", "Returned", ""),
        ("open-leave", 101, "(close 4001 why)", "Failed", ""),
        ("open-refuse", 101, GONE, "Failed", failed),
        ("open-fail", 101, GONE, "Failed", "failed: boom"),
        ("open-panic", 101, GONE, "Failed", "panic: ouch"),
        ("open-receive", 101, "(close 1000)", "Failed", LEFT),
    ] {
        let mut lines: Vec<String> = "arofl".chars().map(|name| format!("{name} enter")).collect();
        lines.push("handler".to_owned());
        lines.extend("flora".chars().map(|name| format!("{name} {ended}")));
        lines.extend([told].iter().filter(|told| !told.is_empty()).map(ToString::to_string));
        let expected = (status, heard.to_owned(), lines.join(", "));
        assert_eq!(ask(&format!("/r/ends/{how}"), &[]).await, expected, "{how}");
    }
}

const GONE: &str = "(gone without a close frame)";
const NOT_ACCEPTED: &str =
    "fault: the handler has returned without accepting or closing its socket";
const LEFT: &str = "failed: WebSocketDisconnect: (1000, \"\")";

#[tokio::test]
async fn what_routers_require_is_met_before_the_arguments_are_looked_at() {
    let key = [("x-key", "k")].as_slice();
    for (target, headers, status, heard, outcome) in [
        ("/r/locked/1", key, 101, "1", "Returned"),
        ("/r/locked/x", key, 403, "", "Failed"),
        ("/r/locked/1", &[], 401, "{\"detail\":\"no key\"}", "Failed"),
        ("/r/locked/x", &[], 401, "{\"detail\":\"no key\"}", "Failed"),
        ("/r/accepted/1", &[], 101, "1", "Returned"),
    ] {
        let printed = format!("a enter, r enter, r {outcome}, a {outcome}");
        let expected = (status, heard.to_owned(), printed);
        assert_eq!(ask(target, headers).await, expected, "{target} {headers:?}");
    }
    let (status, heard, printed) = ask("/r/accepted/x", &[]).await;
    assert_eq!((status, heard.as_str()), (101, GONE));
    let failed = "failed: a request whose socket is open does not fit its handler's arguments";
    assert_eq!(printed, format!("a enter, r enter, r Failed, a Failed, {failed}"));
}

#[tokio::test]
async fn a_release_may_still_refuse_a_socket_that_is_not_open() {
    let before = "a enter, r enter, f enter, x enter, x Returned, f Failed, r Failed, a Failed";
    let refused = (403, "{\"detail\":\"exit fails\"}".to_owned(), before.to_owned());
    assert_eq!(ask("/r/exit-fails/early", &[]).await, refused);
    let failed = format!("{before}, failed: HTTPException 403 Forbidden in a socket that is open");
    let open = (101, GONE.to_owned(), failed);
    assert_eq!(ask("/r/exit-fails/open", &[]).await, open);
}

#[tokio::test]
async fn a_socket_has_no_headers_for_a_reply_and_no_tasks_after_it() {
    let printed = "a enter, r enter, r Returned, a Returned".to_owned();
    assert_eq!(ask("/r/later", &[]).await, (101, GONE.to_owned(), printed));
}

#[tokio::test]
async fn a_server_may_be_abandoned_while_sockets_are_open() {
    let served = Served::start(app());
    let base_url = format!("http://{}", served.server.address());
    let call = Call::sketch("GET", "/r/ends/open-abandoned");
    let opened = Socket::open(&call, &call.target, &base_url).await.unwrap();
    served.server.abandon().await.unwrap();
    assert_eq!(opened.socket.unwrap().receive().await, Frame::Gone);
}

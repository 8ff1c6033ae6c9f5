//! Sockets as their handlers have them: what may be done when, what others may do with them, and
//! what becomes of them when their server stops.

use std::sync::{Arc, Mutex};

use workbook::course::Call;
use workbook::course::socket::Frame;
use workbook::engine::socket::{Opened, Socket};
use workbook::fastapi::{
    Api, Json, State, WebSocket, WebSocketDisconnect, WebSocketError, get, websocket,
};

use super::served::Served;

async fn open(served: &Served, target: &str) -> Opened {
    let base_url = format!("http://{}", served.server.address());
    Socket::open(&Call::sketch("GET", target), target, &base_url).await.unwrap()
}

async fn connect(served: &Served, target: &str) -> Socket {
    let Opened { socket, reply } = open(served, target).await;
    socket.unwrap_or_else(|| panic!("{reply:?}"))
}

fn text(text: &str) -> Frame {
    Frame::Text(text.to_owned())
}

fn close(code: u16) -> Frame {
    Frame::Close(Some((code, String::new())))
}

#[tokio::test]
async fn what_the_socket_does_not_allow_is_an_error_that_says_so() {
    async fn early(websocket: WebSocket) -> Result<(), WebSocketError> {
        websocket.receive_text().await.map(drop)
    }
    async fn twice(websocket: WebSocket) -> Result<(), WebSocketError> {
        websocket.accept().await?;
        websocket.accept().await
    }
    async fn late(websocket: WebSocket) -> Result<(), WebSocketError> {
        websocket.accept().await?;
        websocket.close(1000, "").await?;
        websocket.send_text("late").await
    }
    async fn deaf(websocket: WebSocket) -> Result<(), WebSocketError> {
        websocket.accept().await?;
        while websocket.receive().await.is_ok() {}
        websocket.receive_text().await.map(drop)
    }
    async fn mute(websocket: WebSocket) -> Result<(), WebSocketError> {
        websocket.accept().await?;
        while websocket.receive().await.is_ok() {}
        websocket.send_text("nobody there").await
    }
    async fn wrong(websocket: WebSocket) -> Result<(), WebSocketError> {
        websocket.accept_with(None, &[("a b", "c")]).await
    }
    async fn no_json(websocket: WebSocket) -> Result<(), WebSocketError> {
        websocket.accept().await?;
        websocket.receive_json::<u8>().await.map(drop)
    }
    let served = Served::start(
        Api::new()
            .route("/early", websocket(early))
            .route("/twice", websocket(twice))
            .route("/late", websocket(late))
            .route("/deaf", websocket(deaf))
            .route("/mute", websocket(mute))
            .route("/wrong", websocket(wrong))
            .route("/no-json", websocket(no_json)),
    );
    for (target, status, expected) in [
        ("/early", 500, "WebSocket is not connected. Need to call \"accept\" first."),
        ("/twice", 101, "Cannot call \"accept\" twice, nor once the socket is refused or closed."),
        ("/late", 101, "Cannot call \"send\" once a close message has been sent."),
        ("/deaf", 101, "Cannot call \"receive\" once a disconnect message has been received."),
        ("/mute", 101, "WebSocketDisconnect: (1006, \"\")"),
        ("/wrong", 500, "no header is called \"a b\""),
        ("/no-json", 101, "invalid type: string \"x\", expected u8 at line 1 column 3"),
    ] {
        let Opened { socket, reply } = open(&served, target).await;
        assert_eq!(reply.status, status, "{target}");
        if let Some(mut socket) = socket {
            // The handler may have ended before it reads these.
            let _ = socket.send(text("\"x\"")).await;
            let _ = socket.send(close(1000)).await;
        }
        let printed = served.printed().await;
        assert_eq!(printed.last().unwrap(), &format!("failed: {expected}"), "{target}");
    }
}

#[tokio::test]
async fn a_plain_route_has_no_socket_and_a_handler_that_panics_only_ends_its_own() {
    async fn plain(_: WebSocket) -> Json<u8> {
        Json(1)
    }
    async fn panics(websocket: WebSocket) -> Result<(), WebSocketError> {
        websocket.accept().await?;
        panic!("{}", websocket.receive_text().await?)
    }
    let api = Api::new().route("/plain", get(plain)).route("/panics", websocket(panics));
    let served = Served::start(api);
    let mut one = connect(&served, "/panics").await;
    let mut other = connect(&served, "/panics").await;
    one.send(text("one")).await.unwrap();
    assert_eq!(one.receive().await, Frame::Gone);
    other.send(text("other")).await.unwrap();
    assert_eq!(other.receive().await, Frame::Gone);
    assert_eq!(served.printed().await, ["panic: one", "panic: other"]);
    assert_eq!(open(&served, "/plain").await.reply.status, 403);
}

#[tokio::test]
async fn a_socket_ends_with_its_handler_whoever_else_keeps_it() {
    type Kept = Mutex<Vec<WebSocket>>;
    async fn leave(websocket: WebSocket, kept: State<Kept>) -> Result<(), WebSocketError> {
        websocket.accept().await?;
        kept.lock().unwrap().push(websocket.clone());
        Ok(())
    }
    async fn visit(websocket: WebSocket, kept: State<Kept>) -> Result<(), WebSocketError> {
        websocket.accept().await?;
        let left = kept.lock().unwrap()[0].clone();
        assert!(left != websocket);
        left.send_text("still there?").await
    }
    let api = Api::new().state(Kept::default());
    let api = api.route("/leave", websocket(leave)).route("/visit", websocket(visit));
    let served = Served::start(api);
    assert_eq!(connect(&served, "/leave").await.receive().await, Frame::Gone);
    assert_eq!(connect(&served, "/visit").await.receive().await, Frame::Gone);
    assert_eq!(served.printed().await, ["failed: WebSocketDisconnect: (1006, \"\")"]);
}

#[tokio::test]
async fn a_handler_that_only_sends_notices_that_its_client_has_gone() {
    async fn flood(websocket: WebSocket) -> Result<(), WebSocketError> {
        websocket.accept().await?;
        loop {
            websocket.send_bytes(vec![0; 10_000]).await?;
        }
    }
    let served = Served::start(Api::new().route("/flood", websocket(flood)));
    let mut socket = connect(&served, "/flood").await;
    assert_eq!(socket.receive().await, Frame::Bytes(vec![0; 10_000]));
    drop(socket);
    assert_eq!(served.printed().await, ["failed: WebSocketDisconnect: (1006, \"\")"]);
}

#[tokio::test]
async fn a_handler_waits_for_a_client_that_does_not_read() {
    struct Sent(Arc<Mutex<usize>>);
    async fn flood(websocket: WebSocket, sent: State<Sent>) -> Result<(), WebSocketError> {
        websocket.accept().await?;
        for _ in 0..1000 {
            websocket.send_bytes(vec![0; 100_000]).await?;
            *sent.0.0.lock().unwrap() += 1;
        }
        websocket.close(1000, "").await
    }
    let sent = Arc::new(Mutex::new(0));
    let api = Api::new().state(Sent(sent.clone())).route("/flood", websocket(flood));
    let served = Served::start(api);
    let mut socket = connect(&served, "/flood").await;
    let mut received = 0;
    while let Frame::Bytes(_) = socket.receive().await {
        received += 1;
        // What is under way is in the buffers of both systems, a few megabytes at most.
        assert!(*sent.lock().unwrap() <= received + 200, "{received}");
    }
    assert_eq!((received, served.printed().await), (1000, vec![]));
}

#[tokio::test]
async fn a_server_that_stops_closes_its_sockets_with_1012() {
    struct Left(Arc<Mutex<Option<WebSocketError>>>);
    async fn wait(websocket: WebSocket, left: State<Left>) -> Result<(), WebSocketError> {
        websocket.accept().await?;
        *left.0.0.lock().unwrap() = websocket.receive().await.err();
        Ok(())
    }
    let left = Arc::new(Mutex::new(None));
    let api = Api::new().state(Left(left.clone())).route("/wait", websocket(wait));
    let served = Served::start(api);
    let mut socket = connect(&served, "/wait").await;
    served.server.stop().await.unwrap();
    assert_eq!(socket.receive().await, close(1012));
    let disconnect = WebSocketDisconnect { code: 1012, reason: String::new() };
    assert_eq!(left.lock().unwrap().take(), Some(disconnect.into()));
}

//! Where lines go that are logged with tracing.

use tracing::{Instrument, info, info_span};
use tracing_subscriber::fmt::layer;
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::registry;
use workbook::course::Call;
use workbook::course::socket::Frame;
use workbook::engine::socket::Socket;
use workbook::fastapi::middleware::{Error, Next, ServiceRequest, ServiceResponse};
use workbook::fastapi::{
    Api, BackgroundTasks, Console, Dependency, Depends, HttpException, Outcome, Printed, WebSocket,
    WebSocketError, blocking, get, run_in_threadpool, websocket,
};

use super::served::Served;

#[derive(Clone)]
struct Logs;

impl Dependency for Logs {
    type Needs = ();

    async fn resolve((): ()) -> Result<Self, HttpException> {
        info!("made");
        Ok(Self)
    }

    async fn release(self, _: Outcome) -> Result<(), HttpException> {
        info!("released");
        Ok(())
    }
}

async fn everywhere(_: Depends<Logs>, tasks: BackgroundTasks) {
    info!("handler");
    run_in_threadpool(|| info!("thread")).await;
    tasks.add_task(async { info!("task") });
    tasks.add_blocking_task(|| info!("blocking task"));
}

fn in_thread() {
    info!("blocking handler");
}

async fn open(websocket: WebSocket, _: Depends<Logs>) -> Result<(), WebSocketError> {
    info!("handler");
    websocket.accept().await?;
    run_in_threadpool(|| info!("thread")).await;
    websocket.receive_text().await.map(|text| info!("{text}"))
}

async fn around(_: Console, request: ServiceRequest, next: Next) -> Result<ServiceResponse, Error> {
    let span = info_span!("request", path = request.path());
    next.call(request).instrument(span).await
}

fn app(name: &'static str) -> Api {
    let quiet =
        || Api::new().route("/all", get(everywhere)).route("/def", get(blocking(in_thread)));
    let quiet = || quiet().route("/open", websocket(open));
    if name.is_empty() {
        return quiet();
    }
    quiet().middleware(around).subscriber(move |console| {
        let console = Console::new(move |line| {
            if let Printed::Line(line) = line {
                console.print(format!("{name}: {line}"));
            }
        });
        let lines = layer().without_time().with_level(false).with_target(false);
        registry().with(lines.with_writer(console))
    })
}

#[tokio::test]
async fn each_server_has_its_own_lines_and_they_keep_their_span() {
    let [one, two, none] = ["one", "two", ""].map(|name| Served::start(app(name)));
    let (first, second) = tokio::join!(one.body("/all"), two.body("/def"));
    assert_eq!((first.0, second.0, none.body("/all").await.0), (200, 200, 200));
    let expected = ["made", "handler", "thread", "", "task", "blocking task", "released"];
    let line = |name: &&str| match *name {
        "" => "replied".to_owned(),
        name => format!("one: request{{path=\"/all\"}}: {name}"),
    };
    assert_eq!(one.printed().await, expected.iter().map(line).collect::<Vec<_>>());
    let blocking = "two: request{path=\"/def\"}: blocking handler";
    assert_eq!(two.printed().await, [blocking, "replied"]);
    assert_eq!(none.printed().await, ["replied"]);
}

#[tokio::test]
async fn a_socket_logs_to_its_own_server_until_it_ends_and_without_the_middlewares_span() {
    let [one, two] = ["one", "two"].map(|name| Served::start(app(name)));
    for served in [&one, &two] {
        let base_url = format!("http://{}", served.server.address());
        let opened = Socket::open(&Call::sketch("GET", "/open"), "/open", &base_url).await.unwrap();
        opened.socket.unwrap().send(Frame::Text("hello".to_owned())).await.unwrap();
    }
    let lines = |name| {
        ["made", "handler", "thread", "hello", "released"].map(|line| format!("{name}: {line}"))
    };
    assert_eq!(one.printed().await, lines("one"));
    assert_eq!(two.printed().await, lines("two"));
}

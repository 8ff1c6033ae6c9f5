//! Tasks that run after the reply.

use std::io::Write;
use std::net::TcpStream;

use workbook::fastapi::{Api, BackgroundTasks, Console, HttpException, Json, StatusCode, get};

use super::served::Served;

fn app() -> Api {
    Api::new()
        .route("/two", get(two))
        .route("/panics", get(panics))
        .route("/refuses", get(refuses))
        .route("/slow", get(slow))
}

async fn two(tasks: BackgroundTasks, console: Console) -> Json<()> {
    let blocking = console.clone();
    tasks.add_blocking_task(move || blocking.print("first"));
    tasks.add_task(async move { console.print("second") });
    Json(())
}

async fn panics(tasks: BackgroundTasks, console: Console) -> Json<()> {
    tasks.add_blocking_task(|| panic!("the mail server is down"));
    tasks.add_task(async move { console.print("never") });
    Json(())
}

async fn refuses(tasks: BackgroundTasks, console: Console) -> Result<(), HttpException> {
    tasks.add_task(async move { console.print("never") });
    Err(HttpException::new(StatusCode::CONFLICT, "taken"))
}

async fn slow(tasks: BackgroundTasks, console: Console) -> Json<()> {
    console.print("started");
    tasks.add_task(async move { console.print("done") });
    tokio::task::yield_now().await;
    Json(())
}

#[tokio::test]
async fn tasks_run_in_order_after_the_reply() {
    let served = Served::start(app());
    assert_eq!(served.body("/two").await, (200, "null".to_owned()));
    assert_eq!(served.printed().await, ["replied", "first", "second"]);
}

#[tokio::test]
async fn a_task_that_panics_ends_the_tasks_behind_it_and_nothing_else() {
    let served = Served::start(app());
    assert_eq!(served.body("/panics").await, (200, "null".to_owned()));
    assert_eq!(served.printed().await, ["replied", "panic: the mail server is down"]);
    assert_eq!(served.body("/two").await.0, 200);
}

#[tokio::test]
async fn an_error_takes_the_tasks_of_its_handler_with_it() {
    let served = Served::start(app());
    assert_eq!(served.body("/refuses").await, (409, r#"{"detail":"taken"}"#.to_owned()));
    assert_eq!(served.printed().await, ["replied"]);
}

#[tokio::test]
async fn tasks_run_although_the_client_hangs_up() {
    let served = Served::start(app());
    let mut stream = TcpStream::connect(served.server.address()).unwrap();
    stream.write_all(b"GET /slow HTTP/1.1\r\nhost: a\r\n\r\n").unwrap();
    drop(stream);
    while !served.printed().await.contains(&"done".to_owned()) {
        tokio::task::yield_now().await;
    }
}

#[tokio::test]
async fn a_server_that_stops_waits_for_its_tasks() {
    let served = Served::start(app());
    assert_eq!(served.body("/two").await.0, 200);
    let Served { server, .. } = served;
    server.stop().await.unwrap();
}

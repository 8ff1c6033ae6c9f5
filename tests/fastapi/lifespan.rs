//! What lasts as long as a server.

use std::io;
use std::net::TcpListener;
use std::path::Path;
use std::sync::{Arc, Mutex};

use workbook::fastapi::{Api, Console, Json, Lifespan, Server, State, get};

use super::served::Served;

/// Notes when it is dropped.
struct Kept(&'static str, Arc<Mutex<Vec<&'static str>>>);

impl Drop for Kept {
    fn drop(&mut self) {
        self.1.lock().unwrap().push(self.0);
    }
}

async fn answer(state: State<i64>) -> Json<i64> {
    Json(*state)
}

#[tokio::test]
async fn what_the_start_makes_is_there_for_handlers_and_kept_until_the_end() {
    let dropped = Arc::new(Mutex::new(Vec::new()));
    let notes = dropped.clone();
    let start = move |lifespan: &mut Lifespan| {
        lifespan.state(42_i64);
        lifespan.keep(Kept("first", notes.clone()));
        lifespan.keep(Kept("last", notes));
        Ok(())
    };
    let served = Served::start(Api::new().lifespan(start).route("/", get(answer)));
    assert_eq!(served.body("/").await, (200, "42".to_owned()));
    assert_eq!(*dropped.lock().unwrap(), [""; 0]);
    let Served { server, .. } = served;
    server.stop().await.unwrap();
    assert_eq!(*dropped.lock().unwrap(), ["last", "first"]);
}

#[test]
fn a_start_that_fails_is_why_the_server_does_not_start() {
    let fails = |_: &mut Lifespan| Err(io::Error::other("the disk is full"));
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let api = Api::new().lifespan(fails);
    let started = Server::start(api, Path::new("."), listener, Console::new(|_| {}));
    assert_eq!(started.err().unwrap().to_string(), "the disk is full");
}

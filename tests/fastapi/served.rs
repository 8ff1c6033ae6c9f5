//! An application that is up for one test.

use std::net::TcpListener;
use std::path::Path;
use std::sync::{Arc, Mutex};

use reqwest::{Method, RequestBuilder, Response, redirect};
use workbook::fastapi::{Api, Console, Printed, Server};

/// A running application and what it has printed.
pub struct Served {
    pub server: Server,
    client: reqwest::Client,
    printed: Arc<Mutex<Vec<Printed>>>,
}

// ANCHOR: start
impl Served {
    pub fn start(api: Api) -> Self {
        Self::start_in(api, Path::new("."))
    }

    /// The same with a folder for what the application serves.
    pub fn start_in(api: Api, root: &Path) -> Self {
        let printed = Arc::new(Mutex::new(Vec::new()));
        let sink = printed.clone();
        let console = Console::new(move |line| sink.lock().unwrap().push(line));
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let server = Server::start(api, root, listener, console).unwrap();
        let client = reqwest::Client::builder().no_proxy().redirect(redirect::Policy::none());
        Self { server, client: client.build().unwrap(), printed }
    }
}
// ANCHOR_END: start

impl Served {
    pub fn request(&self, method: Method, target: &str) -> RequestBuilder {
        self.client.request(method, format!("http://{}{target}", self.server.address()))
    }

    pub async fn get(&self, target: &str) -> Response {
        self.request(Method::GET, target).send().await.unwrap()
    }

    /// The status and the body of a GET.
    pub async fn body(&self, target: &str) -> (u16, String) {
        let reply = self.get(target).await;
        (reply.status().as_u16(), reply.text().await.unwrap())
    }

    /// What was printed so far, once nothing more is under way: lines, `panic: …`, `replied`.
    pub async fn printed(&self) -> Vec<String> {
        self.server.idle().await;
        self.so_far()
    }

    /// The same, whatever is still under way.
    pub fn so_far(&self) -> Vec<String> {
        let told = |printed: &Printed| match printed {
            Printed::Line(line) => line.clone(),
            Printed::Fault(message) => format!("fault: {message}"),
            Printed::Failed(_, message) => format!("failed: {message}"),
            Printed::Panic(message) => format!("panic: {message}"),
            Printed::Replied => "replied".to_owned(),
        };
        self.printed.lock().unwrap().iter().map(told).collect()
    }
}

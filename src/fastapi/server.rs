//! Runs an [`Api`] on actix-web: one worker, loopback, a clean stop.

use std::io;
use std::net::{SocketAddr, TcpListener};
use std::sync::Arc;
use std::thread;

use actix_web::dev::ServerHandle;
use actix_web::{App, HttpRequest, HttpServer, rt, web};

use super::api::Api;
use super::console::Console;
use super::service::Service;

/// A server that answers until it is stopped.
pub struct Server {
    address: SocketAddr,
    handle: ServerHandle,
    thread: thread::JoinHandle<io::Result<()>>,
}

impl Server {
    /// Starts answering on a listener. The port is open when this returns.
    pub fn start(api: Api, listener: TcpListener, console: Console) -> io::Result<Self> {
        let address = listener.local_addr()?;
        let service = Arc::new(api.into_service());
        let (sender, receiver) = std::sync::mpsc::channel();
        let thread = thread::Builder::new().name(format!("server {address}")).spawn(move || {
            rt::System::new().block_on(async move {
                let server = HttpServer::new(move || {
                    let (service, console) = (service.clone(), console.clone());
                    App::new().default_service(web::to(move |http: HttpRequest, payload| {
                        answer((service.clone(), console.clone()), http, payload)
                    }))
                });
                let server = server.workers(1).disable_signals().listen(listener)?.run();
                // The starter has gone only if it panicked; the server then ends with its handle.
                let _ = sender.send(server.handle());
                server.await
            })
        })?;
        match receiver.recv() {
            Ok(handle) => Ok(Self { address, handle, thread }),
            Err(_) => Err(join(thread).err().unwrap_or_else(|| io::ErrorKind::Other.into())),
        }
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Stops at once, open connections included; the port is free when this returns.
    pub async fn stop(self) -> io::Result<()> {
        self.handle.stop(false).await;
        join(self.thread)
    }
}

async fn answer(
    (service, console): (Arc<Service>, Console),
    http: HttpRequest,
    payload: web::Payload,
) -> actix_web::HttpResponse {
    service.answer(http, payload, &console).await
}

fn join(thread: thread::JoinHandle<io::Result<()>>) -> io::Result<()> {
    thread.join().unwrap_or_else(|_| Err(io::Error::other("the server's thread panicked")))
}

//! Runs an [`Api`] on actix-web: one worker, loopback, a clean stop.

use std::any::Any;
use std::io;
use std::net::{SocketAddr, TcpListener};
use std::path::Path;
use std::sync::Arc;
use std::thread;
use std::time::Duration;

use actix_web::dev::ServerHandle;
use actix_web::rt::net::TcpStream;
use actix_web::{App, HttpServer, rt};
use tokio::time::timeout;

use super::activity::Activity;
use super::api::Api;
use super::console::Console;
use super::lifespan::Kept;
use super::stack::stack;
use super::websocket::hang_up;

/// A server that answers until it is stopped.
pub struct Server {
    address: SocketAddr,
    activity: Activity,
    handle: ServerHandle,
    thread: thread::JoinHandle<io::Result<()>>,
    /// Last, and so dropped when all else of the server is.
    kept: Kept,
}

/// How long a client may go on sending a body that its reply did not wait for, before the
/// connection is closed. uvicorn reads such a body to its end. Sockets end without: see `hang_up`.
const PATIENCE: Duration = Duration::from_secs(5);

/// How long tasks may go on when their server is stopped.
const GRACE: Duration = Duration::from_secs(5);

impl Server {
    /// Starts answering on a listener. The port is open when this returns. The application finds
    /// its directories in the folder `root`.
    pub fn start(
        api: Api,
        root: &Path,
        listener: TcpListener,
        console: Console,
    ) -> io::Result<Self> {
        let address = listener.local_addr()?;
        let (service, kept) = api.into_service(console, root)?;
        let service = Arc::new(service);
        let activity = service.host.activity.clone();
        let has_sockets = service.has_sockets();
        let (sender, receiver) = std::sync::mpsc::channel();
        let thread = thread::Builder::new().name(format!("server {address}")).spawn(move || {
            rt::System::new().block_on(async move {
                let server = HttpServer::new(move || {
                    let console = service.host.console.clone();
                    App::new().app_data(console).default_service(stack(&service))
                });
                let server = server.workers(1).disable_signals();
                let server = server.on_connect(move |connection, extensions| {
                    send_at_once(connection);
                    if has_sockets {
                        hang_up::prepare(connection, extensions);
                    }
                });
                // A client that sends no more has left: nobody makes a reply that nobody reads.
                let server = server.h1_allow_half_closed(false);
                let server = server.client_disconnect_timeout(PATIENCE);
                let server = server.listen(listener)?.run();
                // The starter has gone only if it panicked; the server then ends with its handle.
                let _ = sender.send(server.handle());
                server.await
            })
        })?;
        match receiver.recv() {
            Ok(handle) => Ok(Self { address, activity, handle, thread, kept }),
            Err(_) => Err(join(thread).err().unwrap_or_else(|| io::ErrorKind::Other.into())),
        }
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Waits until every reply is out and every background task has ended.
    pub async fn idle(&self) {
        self.activity.idle().await;
    }

    /// Stops accepting and answering, open connections included, once background tasks have ended
    /// or had 5 s for it. Sockets are closed with 1012. The port is free when this returns.
    pub async fn stop(self) -> io::Result<()> {
        self.activity.stop();
        // Tasks that take longer end with the server's thread.
        let _ = timeout(GRACE, self.activity.tasks_done()).await;
        self.abandon().await
    }

    /// Stops at once: background tasks end with the server's thread, wherever they are.
    pub async fn abandon(self) -> io::Result<()> {
        self.handle.stop(false).await;
        let ended = join(self.thread);
        drop(self.kept);
        ended
    }
}

/// The end of a body does not wait until the client has confirmed its beginning; on loopback, too,
/// that is 40 ms. Where this cannot be set, replies come all the same.
fn send_at_once(connection: &dyn Any) {
    if let Some(stream) = connection.downcast_ref::<TcpStream>() {
        let _ = stream.set_nodelay(true);
    }
}

fn join(thread: thread::JoinHandle<io::Result<()>>) -> io::Result<()> {
    thread.join().unwrap_or_else(|_| Err(io::Error::other("the server's thread panicked")))
}

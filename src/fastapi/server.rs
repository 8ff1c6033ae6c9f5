//! Runs an [`Api`] on actix-web: one thread, loopback, a clean stop.

use std::io;
use std::net::{SocketAddr, TcpListener};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use actix_http::HttpService;
use actix_service::{
    IntoServiceFactory, Service as _, ServiceFactory, ServiceFactoryExt, map_config,
};
use actix_web::dev::{AppConfig, Extensions};
use actix_web::rt::net::TcpStream;
use actix_web::{App, Error, rt};
use tokio::runtime::Runtime;
use tokio::sync::oneshot;
use tokio::task::{JoinSet, LocalSet};
use tokio::time::{sleep, timeout};

use super::activity::Activity;
use super::api::Api;
use super::console::Console;
use super::lifespan::Kept;
use super::service::Service;
use super::stack::stack;
use super::threads::Threads;
use super::websocket::hang_up;

/// A server that answers until it is stopped.
pub struct Server {
    address: SocketAddr,
    activity: Activity,
    stop: oneshot::Sender<()>,
    ended: Ended,
    /// Last, and so dropped when all else of the server is.
    kept: Kept,
}

/// Told how the server's thread has ended; nothing is told if that panicked.
type Ended = oneshot::Receiver<io::Result<()>>;

/// How long a client may go on sending a body that its reply did not wait for, before the
/// connection is closed. uvicorn reads such a body to its end. Sockets end without: see `hang_up`.
const PATIENCE: Duration = Duration::from_secs(5);

/// How long nobody is let in after a connection could not be.
const RETRY: Duration = Duration::from_millis(100);

/// How long tasks may go on when their server is stopped.
const GRACE: Duration = Duration::from_secs(5);

/// What is left to do for a server: answer.
struct Serving {
    service: Service,
    listener: TcpListener,
    address: SocketAddr,
    stopped: oneshot::Receiver<()>,
    end: oneshot::Sender<io::Result<()>>,
}

impl Server {
    /// Starts answering on a listener. The port is open when this returns. The application finds
    /// its directories in the folder `root`.
    pub fn start(
        api: Api,
        root: &Path,
        listener: TcpListener,
        console: Console,
    ) -> io::Result<Self> {
        let (server, serving) = Self::ready(api, root, listener, console)?;
        Threads::default().run(|runtime| serving.run(runtime))?;
        Ok(server)
    }

    /// The same on one of these threads, where the application is made as well.
    pub async fn start_on(
        threads: &Threads,
        app: impl FnOnce() -> Api + Send + 'static,
        root: PathBuf,
        listener: TcpListener,
        console: Console,
    ) -> io::Result<Self> {
        let (sender, started) = oneshot::channel();
        threads.run(move |runtime| match Self::ready(app(), &root, listener, console) {
            Ok((server, serving)) => {
                // Else nobody waits for it any more.
                if sender.send(Ok(server)).is_ok() {
                    serving.run(runtime);
                }
            }
            Err(error) => drop(sender.send(Err(error))),
        })?;
        started.await.unwrap_or_else(|_| Err(panicked()))
    }

    fn ready(
        api: Api,
        root: &Path,
        listener: TcpListener,
        console: Console,
    ) -> io::Result<(Self, Serving)> {
        let address = listener.local_addr()?;
        listener.set_nonblocking(true)?;
        let (service, kept) = api.into_service(console, root)?;
        let activity = service.host.activity.clone();
        let (stop, stopped) = oneshot::channel();
        let (end, ended) = oneshot::channel();
        let serving = Serving { service, listener, address, stopped, end };
        Ok((Self { address, activity, stop, ended, kept }, serving))
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
        // One that has failed has stopped.
        let _ = self.stop.send(());
        let result = self.ended.await.unwrap_or_else(|_| Err(panicked()));
        drop(self.kept);
        result
    }
}

impl Serving {
    /// Answers until the server is stopped, on this thread, which handlers may block.
    fn run(self, runtime: &Runtime) {
        let Self { service, listener, address, stopped, end } = self;
        let tasks = LocalSet::new();
        let service = Arc::new(service);
        let served = tasks.block_on(runtime, serve(service, listener, address, stopped));
        // Nobody has to know of it, nor to wait for handlers that block and are dropped last.
        let _ = end.send(served);
    }
}

/// Answers on all connections, each for itself, until it is told to stop.
///
/// actix-web's `HttpServer` does the same with two threads more, which takes longer to start than a
/// lesson takes to run.
async fn serve(
    service: Arc<Service>,
    listener: TcpListener,
    address: SocketAddr,
    mut stopped: oneshot::Receiver<()>,
) -> io::Result<()> {
    let listener = rt::net::TcpListener::from_std(listener)?;
    let (console, has_sockets) = (service.host.console.clone(), service.has_sockets());
    let app = App::new().app_data(console).app_data(address).default_service(stack(&service));
    let app = app.into_factory().map_err(|error: Error| error.error_response());
    let http = HttpService::build()
        // A client that sends no more has left: nobody makes a reply that nobody reads.
        .h1_allow_half_closed(false)
        .client_disconnect_timeout(PATIENCE)
        // The end of a body does not wait until the client has confirmed its beginning; on
        // loopback, too, that is 40 ms.
        .tcp_nodelay(true)
        .local_addr(address)
        .on_connect_ext(move |connection: &TcpStream, extensions: &mut Extensions| {
            if has_sockets {
                hang_up::prepare(connection, extensions);
            }
        })
        .finish(map_config(app, |()| AppConfig::default()))
        .tcp();
    let http = http.new_service(()).await.map_err(|()| io::Error::other("no service"))?;
    let mut connections = JoinSet::new();
    loop {
        tokio::select! {
            accepted = listener.accept() => match accepted {
                Ok((connection, _)) => {
                    connections.spawn_local(http.call(connection));
                }
                // There are too many of them, or this one has gone already.
                Err(_) => sleep(RETRY).await,
            },
            Some(_) = connections.join_next() => {}
            _ = &mut stopped => break,
        }
    }
    connections.shutdown().await;
    Ok(())
}

fn panicked() -> io::Error {
    io::Error::other("the server's thread panicked")
}

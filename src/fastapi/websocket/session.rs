//! A socket from its request to its end: the handshake, the handler, and how the handler's end
//! shows. A handler runs on, whatever its client does, until it returns.

use std::sync::Arc;

use actix_web::body::{BodyStream, MessageBody};
use actix_web::http::StatusCode;
use actix_web::http::header::{CONTENT_TYPE, HeaderValue, SEC_WEBSOCKET_ACCEPT};
use actix_web::http::header::{HeaderName, SEC_WEBSOCKET_PROTOCOL};
use actix_web::web::{Bytes, Payload};
use actix_web::{HttpRequest, HttpResponse, rt};
use futures_util::{FutureExt, Stream, stream};
use tokio::sync::{mpsc, oneshot};

use super::connection::Connection;
use super::handshake::{self, Refusal};
use super::{Decision, Ends, WebSocket, WebSocketDisconnect, WebSocketException};
use crate::body::Body;
use crate::console::{Console, panic_message};
use crate::depends::Scope;
use crate::logging::Context;
use crate::release::Failure;
use crate::reply::{Fault, IntoReply, Reply};
use crate::request::Request;
use crate::requirement;
use crate::route::BoundRoute;
use crate::service::Host;
use crate::stack::{ToTheEnd, keeping};

/// The route that a socket is for, with the values of its path.
pub(in super::super) type Target = (Arc<BoundRoute>, Vec<String>);

/// Answers a request for a socket: with the open socket, or with a refusal.
pub(in super::super) async fn answer(
    target: Option<Target>,
    http: &HttpRequest,
    payload: Payload,
    host: &Host,
) -> HttpResponse {
    let key = match handshake::check(http.method(), http.headers()) {
        Ok(key) => key,
        Err(refusal) => return refused(refusal),
    };
    let Some((route, path_values)) = target else { return forbidden() };
    let (socket, ends) = WebSocket::new(handshake::subprotocols(http.headers()));
    let Ends { mut decision, incoming, outgoing } = ends;
    let request = Request::new(http, path_values, Body::Absent, host).with_websocket(socket);
    let (denied, mut denial) = oneshot::channel();
    let (ended, handler) = oneshot::channel();
    rt::spawn(Context::current().around(run(route, request, host.clone(), (denied, ended))));
    let decided = tokio::select! {
        biased;
        decided = &mut decision => decided.ok(),
        reply = &mut denial => return reply.unwrap_or_else(|_| forbidden()),
    };
    match decided {
        Some(Decision::Accept { subprotocol, headers }) => {
            let (body, frames) = mpsc::channel(1);
            let stopping = host.activity.stopping();
            let connection = Connection { payload, body, incoming, outgoing, handler, stopping };
            let busy = host.activity.socket();
            let reply = accepted(&key, subprotocol, headers, running(connection, frames));
            reply.map_body(|_, body| keeping(body, busy))
        }
        Some(Decision::Refuse) => forbidden(),
        None => denial.await.unwrap_or_else(|_| forbidden()),
    }
}

/// Runs a handler and makes its end known: to the server, which waits for it, and to whoever waits
/// for its decision, if it has made none.
async fn run(
    route: Arc<BoundRoute>,
    request: Request,
    host: Host,
    (denied, ended): (oneshot::Sender<HttpResponse>, oneshot::Sender<()>),
) {
    let _busy = (host.activity.exchange(), host.activity.socket());
    let releases = request.releases();
    let handled = match releases.around(handle(&route, &request)).await {
        Ok(()) => releases.run(Scope::Request, Ok(())).await,
        failed => failed,
    };
    let reply = conclude(handled, request.websocket(), &host.console).await;
    // Nobody waits for a reply once the socket has been accepted, nor if the client has gone.
    let _ = denied.send(reply);
    let _ = ended.send(());
}

/// Why a handler has not just returned.
enum Ending {
    /// The request does not fit the arguments.
    Invalid,
    /// The socket is to be closed.
    Close(WebSocketException),
    /// The client has left, and the handler has not expected that.
    Disconnected(WebSocketDisconnect),
    /// What may happen to plain requests as well.
    Failure(Failure),
}

impl From<Failure> for Ending {
    fn from(failure: Failure) -> Self {
        Self::Failure(failure)
    }
}

/// Meets what the route requires, and calls the handler.
async fn handle(route: &BoundRoute, request: &Request) -> Result<(), Ending> {
    let replied = match requirement::meet(&route.required, request).await {
        Ok(wrong) => route.endpoint.answer(request, wrong).await,
        Err(rejection) => rejection.into_reply(),
    };
    match replied {
        Ok(Reply::Invalid(_)) => Err(Ending::Invalid),
        Ok(Reply::Close(exception)) => Err(Ending::Close(exception)),
        Ok(Reply::Disconnected(disconnect)) => Err(Ending::Disconnected(disconnect)),
        Ok(Reply::Raised(reply)) => Err(Failure::raised(reply).into()),
        // There is nobody to send a value to.
        Ok(_) => Ok(()),
        Err(fault) => Err(Failure::Fault(fault).into()),
    }
}

/// What the client gets if it has got nothing yet; what went wrong is told to the console.
async fn conclude(
    handled: Result<(), Ending>,
    socket: Option<&WebSocket>,
    console: &Console,
) -> HttpResponse {
    let is_undecided = socket.is_some_and(WebSocket::is_undecided);
    match handled {
        Ok(()) if is_undecided => {
            console.fault("the handler has returned without accepting or closing its socket");
            failed()
        }
        Err(Ending::Invalid) if !is_undecided => {
            let message = "a request whose socket is open does not fit its handler's arguments";
            console.failed(None, message);
            failed()
        }
        Ok(()) | Err(Ending::Invalid) => forbidden(),
        Err(Ending::Close(exception)) => {
            if let Some(socket) = socket
                && let Err(error) = socket.close(exception.code, &exception.reason).await
            {
                console.failed(None, error.to_string());
            }
            forbidden()
        }
        Err(Ending::Disconnected(disconnect)) => {
            console.failed(Some(disconnect.code), disconnect.to_string());
            failed()
        }
        Err(Ending::Failure(Failure::Raised(reply))) if is_undecided => closing(*reply),
        Err(Ending::Failure(Failure::Raised(reply))) => {
            let message = format!("HTTPException {} in a socket that is open", reply.status());
            console.failed(None, message);
            failed()
        }
        Err(Ending::Failure(Failure::Fault(fault))) => {
            console.failed(None, fault.0);
            failed()
        }
        Err(Ending::Failure(Failure::Panic(panic))) => {
            console.panic(panic_message(panic.as_ref()));
            failed()
        }
    }
}

/// Runs a connection whenever actix-web asks for frames, which it does as soon as it has read
/// something: what follows from that is written before the end of the client's bytes is noticed.
/// A connection that is given up learns the rest by itself.
fn running(
    connection: Connection,
    mut frames: mpsc::Receiver<Bytes>,
) -> impl Stream<Item = Result<Bytes, Fault>> {
    let mut connection = ToTheEnd::new(connection.run());
    stream::poll_fn(move |context| {
        // Whether it has ended does not matter: then the last frame has been sent.
        let _ = connection.poll_unpin(context);
        frames.poll_recv(context).map(|frame| frame.map(Ok))
    })
}

fn accepted(
    key: &str,
    subprotocol: Option<HeaderValue>,
    headers: Vec<(HeaderName, HeaderValue)>,
    frames: impl Stream<Item = Result<Bytes, Fault>> + 'static,
) -> HttpResponse {
    let mut reply = HttpResponse::build(StatusCode::SWITCHING_PROTOCOLS);
    reply.upgrade("websocket").insert_header((SEC_WEBSOCKET_ACCEPT, handshake::accept(key)));
    if let Some(subprotocol) = subprotocol {
        reply.insert_header((SEC_WEBSOCKET_PROTOCOL, subprotocol));
    }
    for header in headers {
        reply.append_header(header);
    }
    let reply = reply.message_body(BodyStream::new(Box::pin(frames)).boxed());
    reply.unwrap_or_else(|_| failed())
}

fn refused(refusal: Refusal) -> HttpResponse {
    let mut reply = text(refusal.status, refusal.text);
    if let Some((name, value)) = refusal.header {
        reply.headers_mut().insert(name, HeaderValue::from_static(value));
    }
    reply
}

fn forbidden() -> HttpResponse {
    text(StatusCode::FORBIDDEN, String::new())
}

fn failed() -> HttpResponse {
    text(StatusCode::INTERNAL_SERVER_ERROR, "Internal Server Error".to_owned())
}

fn text(status: StatusCode, text: String) -> HttpResponse {
    let plain = HeaderValue::from_static("text/plain; charset=utf-8");
    closing(HttpResponse::build(status).insert_header((CONTENT_TYPE, plain)).body(text))
}

/// The same, after which the connection is closed.
fn closing(mut reply: HttpResponse) -> HttpResponse {
    reply.head_mut().set_connection_type(actix_web::http::ConnectionType::Close);
    reply
}

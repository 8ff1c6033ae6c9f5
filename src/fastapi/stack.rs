//! The services around an application: its middleware inside, and outside what no failure passes.
//!
//! Middleware is actix-web's. A reply that could not be produced goes through it as an error, as an
//! exception does in FastAPI, and becomes a bare 500 only at the very outside.

use std::panic::AssertUnwindSafe;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use actix_service::boxed::{self, BoxService, BoxServiceFactory};
use actix_service::{Service as _, apply_fn_factory};
use actix_web::body::{BodySize, BoxBody, MessageBody};
use actix_web::dev::{ServiceRequest, ServiceResponse, fn_service};
use actix_web::http::header::{CONTENT_LENGTH, HeaderMap, TRANSFER_ENCODING};
use actix_web::rt::task::yield_now;
use actix_web::web::{Bytes, Payload};
use actix_web::{Error, rt};
use futures_util::FutureExt;
use futures_util::future::{Either, LocalBoxFuture};

use super::console::{Console, panic_message};
use super::logging;
use super::reply::Fault;
use super::service::{Host, Service};
use super::websocket::handshake::is_asked_for;
use super::websocket::hang_up;

/// What middleware is put around: the application, or the middleware that was added before.
pub type Inner = BoxService<ServiceRequest, ServiceResponse, Error>;

/// Makes an [`Inner`] for each of a server's workers.
pub type Layer = BoxServiceFactory<(), ServiceRequest, ServiceResponse, Error, ()>;

/// Puts one middleware around a layer.
pub(super) type Wrap = Box<dyn Fn(Layer) -> Layer + Send + Sync>;

/// The whole stack around an application. Of the wraps the last is the outermost.
pub(super) fn stack(service: &Arc<Service>) -> Layer {
    let application = service.clone();
    let innermost = boxed::factory(fn_service(move |mut request: ServiceRequest| {
        let application = application.clone();
        async move {
            let payload = request.extract::<Payload>().await?;
            if has_body(request.headers()) {
                // What of the body has come with the head gets its chance: of a body that nobody
                // reads, the rest costs the connection.
                yield_now().await;
            }
            let answer = application.answer(request.request(), payload).await?;
            Ok(request.into_response(answer))
        }
    }));
    let wrapped = service.wraps.iter().fold(innermost, |layer, wrap| wrap(layer));
    outermost(wrapped, service.clone())
}

/// Counts the exchange, catches panics and tells the console of faults. Sockets pass by all
/// middleware, as they do in FastAPI.
fn outermost(layer: Layer, application: Arc<Service>) -> Layer {
    boxed::factory(apply_fn_factory(layer, move |request: ServiceRequest, inner: &Inner| {
        let Host { console, activity, subscriber, .. } = application.host.clone();
        let (context, busy) = (logging::Context::of(&subscriber), activity.exchange());
        if is_asked_for(request.headers()) {
            let opening = context.around(open(request, application.clone()));
            return Either::Left(opening.inspect(move |_| drop(busy)));
        }
        hang_up::forget(request.request());
        let answering = context.enter(|| inner.call(request));
        let answering = AssertUnwindSafe(context.clone().around(answering)).catch_unwind();
        Either::Right(ToTheEnd::new(async move {
            match answering.await {
                Ok(Ok(reply)) => {
                    // A stream that is given up is dropped behind the end of its reply, so that
                    // what it still says comes later; the server is busy until then.
                    let end = End(console);
                    let around =
                        |body| Around { _first: end, body: context.body(body), _last: busy };
                    Ok(reply.map_body(|_, body| BoxBody::new(around(body))))
                }
                Ok(Err(error)) => {
                    if let Some(fault) = error.as_error::<Fault>() {
                        console.fault(fault.to_string());
                    }
                    Err(error)
                }
                Err(panic) => {
                    let message = panic_message(panic.as_ref());
                    console.panic(&message);
                    Err(Fault(message).into())
                }
            }
        }))
    }))
}

/// Answers a request for a socket.
async fn open(
    mut request: ServiceRequest,
    application: Arc<Service>,
) -> Result<ServiceResponse, Error> {
    let payload = request.extract::<Payload>().await?;
    let reply = application.answer_socket(request.request(), payload).await;
    let reply = hang_up::after(reply, request.request());
    Ok(request.into_response(reply))
}

/// Whether a request announces a body.
fn has_body(headers: &HeaderMap) -> bool {
    let length = headers.get(CONTENT_LENGTH);
    headers.contains_key(TRANSFER_ENCODING) || length.is_some_and(|length| length != "0")
}

/// A future that goes on by itself if nobody waits for it any more: a client that leaves ends no
/// handler, nor what its socket has still to tell one.
pub(super) struct ToTheEnd<T: 'static>(Option<LocalBoxFuture<'static, T>>);

impl<T> ToTheEnd<T> {
    pub fn new(future: impl Future<Output = T> + 'static) -> Self {
        Self(Some(Box::pin(future)))
    }
}

impl<T> Future for ToTheEnd<T> {
    type Output = T;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<T> {
        let Some(future) = &mut self.0 else { return Poll::Pending };
        let polled = future.as_mut().poll(context);
        if polled.is_ready() {
            self.0 = None;
        }
        polled
    }
}

impl<T> Drop for ToTheEnd<T> {
    fn drop(&mut self) {
        if let Some(future) = self.0.take() {
            rt::spawn(async { drop(future.await) });
        }
    }
}

/// Tells the console that a reply is out, or given up.
struct End(Console);

impl Drop for End {
    fn drop(&mut self) {
        self.0.replied();
    }
}

/// The body, with something that is dropped when the body has been written, and after it.
pub(super) fn keeping<T: Unpin + 'static>(body: BoxBody, kept: T) -> BoxBody {
    BoxBody::new(Around { _first: (), body, _last: kept })
}

/// A body between what is dropped before it and what is dropped after it.
struct Around<First, Last> {
    _first: First,
    body: BoxBody,
    _last: Last,
}

impl<First: Unpin, Last: Unpin> MessageBody for Around<First, Last> {
    type Error = <BoxBody as MessageBody>::Error;

    fn size(&self) -> BodySize {
        self.body.size()
    }

    fn poll_next(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Bytes, Self::Error>>> {
        Pin::new(&mut self.get_mut().body).poll_next(context)
    }
}

//! How the connection of a socket ends: at once, when its last byte has been written.
//!
//! After a reply that did not wait for all of its request actix-web reads on for a while, so that
//! a client that still sends gets the reply and no reset. The client of a socket may send for as
//! long as it likes, and waits for the server to close. So nothing more is to be read from it then.

use std::cell::Cell;
use std::net::{Shutdown, TcpStream};

use actix_web::dev::Extensions;
use actix_web::{HttpRequest, HttpResponse, rt};

use crate::stack::keeping;

/// A second handle on the connection of a client, until it is used or not needed.
struct Handle(Cell<Option<TcpStream>>);

/// Makes such a handle for what is asked over a connection. Without one a socket ends later.
pub(in super::super) fn prepare(connection: &rt::net::TcpStream, extensions: &mut Extensions) {
    extensions.insert(Handle(Cell::new(second(connection))));
}

#[cfg(unix)]
fn second(stream: &rt::net::TcpStream) -> Option<TcpStream> {
    use std::os::fd::AsFd;
    stream.as_fd().try_clone_to_owned().ok().map(TcpStream::from)
}

#[cfg(not(unix))]
fn second(_stream: &rt::net::TcpStream) -> Option<TcpStream> {
    None
}

/// Gives the handle up, which the system counts as an open file: a client that begins with a plain
/// request hardly asks for a socket on the same connection.
pub(in super::super) fn forget(http: &HttpRequest) {
    take(http);
}

/// The reply, after which the connection is closed.
pub(in super::super) fn after(reply: HttpResponse, http: &HttpRequest) -> HttpResponse {
    match take(http) {
        Some(handle) => reply.map_body(|_, body| keeping(body, NothingToRead(handle))),
        None => reply,
    }
}

fn take(http: &HttpRequest) -> Option<TcpStream> {
    http.conn_data::<Handle>()?.0.take()
}

/// The client counts as silent as soon as this is dropped.
struct NothingToRead(TcpStream);

impl Drop for NothingToRead {
    fn drop(&mut self) {
        // A client that has gone is silent anyway.
        let _ = self.0.shutdown(Shutdown::Read);
    }
}

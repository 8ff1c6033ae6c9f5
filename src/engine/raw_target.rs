//! Requests whose target a URL type would tidy up, sent through hyper as they are.
//!
//! hyper is what reqwest itself speaks HTTP with; only the URL in between is left out.

use http_body_util::{BodyExt, Full};
use hyper::body::Bytes;
use hyper::client::conn::http1;
use hyper_util::rt::TokioIo;
use reqwest::Method;
use reqwest::header::{HOST, HeaderMap, HeaderValue};
use tokio::net::TcpStream;

use super::client::reply;
use super::transcript::Reply;
use crate::course::Call;

/// Sends a call over a connection of its own.
pub async fn send(
    call: &Call,
    method: Method,
    mut headers: HeaderMap,
    base_url: &str,
) -> Result<Reply, String> {
    let authority = base_url.trim_start_matches("http://").trim_end_matches('/');
    let has_port = authority.rsplit_once(':').is_some_and(|(_, port)| port.parse::<u16>().is_ok());
    let address = if has_port { authority.to_owned() } else { format!("{authority}:80") };
    if !headers.contains_key(HOST) {
        headers.insert(HOST, HeaderValue::from_str(authority).map_err(|e| e.to_string())?);
    }
    let body = Full::new(Bytes::from(call.body.clone().unwrap_or_default()));
    let mut request = hyper::Request::new(body);
    *request.method_mut() = method;
    *request.uri_mut() = call.target.parse().map_err(|e| format!("{}: {e}", call.target))?;
    *request.headers_mut() = headers;

    let stream = TcpStream::connect(address).await.map_err(|e| e.to_string())?;
    let (mut sender, connection) =
        http1::handshake(TokioIo::new(stream)).await.map_err(|e| e.to_string())?;
    let exchange = async {
        let response = sender.send_request(request).await.map_err(|e| e.to_string())?;
        let (parts, body) = response.into_parts();
        let body = body.collect().await.map_err(|e| e.to_string())?.to_bytes();
        Ok(reply(parts.status, &parts.headers, body.to_vec()))
    };
    tokio::pin!(exchange, connection);
    tokio::select! {
        reply = &mut exchange => reply,
        ended = &mut connection => match ended {
            Ok(()) => exchange.await,
            Err(error) => Err(error.to_string()),
        },
    }
}

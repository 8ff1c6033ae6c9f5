//! The `location` of a redirect: quoting, and this server's own address as a client spells it.

use std::net::{Ipv6Addr, SocketAddr};

use actix_web::HttpRequest;
use actix_web::http::header::HOST;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

use super::text::{from_latin_1, strip};

/// Characters that a `location` header keeps as they are, beside letters and digits.
const SAFE: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'_')
    .remove(b'.')
    .remove(b'-')
    .remove(b'~')
    .remove(b':')
    .remove(b'/')
    .remove(b'%')
    .remove(b'#')
    .remove(b'?')
    .remove(b'=')
    .remove(b'@')
    .remove(b'[')
    .remove(b']')
    .remove(b'!')
    .remove(b'$')
    .remove(b'&')
    .remove(b'\'')
    .remove(b'(')
    .remove(b')')
    .remove(b'*')
    .remove(b'+')
    .remove(b',')
    .remove(b';');

/// A URL as Starlette's `RedirectResponse` puts it into the header.
pub fn quote(url: &str) -> String {
    utf8_percent_encode(url, SAFE).to_string()
}

/// The absolute URL of a decoded path on this server, with the request's query. The address is
/// the `host` header's, if that can be one, else the socket's.
pub fn own_url(http: &HttpRequest, path: &str) -> String {
    let host = http.headers().get(HOST).and_then(|host| host.to_str().ok());
    let host = match host.filter(|host| is_authority(host)) {
        Some(host) => host.to_owned(),
        None => http.app_data::<SocketAddr>().map(ToString::to_string).unwrap_or_default(),
    };
    let path = path.replace('?', "%3F").replace('#', "%23").replace('\\', "%5C");
    let query = match http.query_string() {
        "" => String::new(),
        query => format!("?{query}"),
    };
    format!("{}://{host}{path}{query}", scheme(http))
}

/// `http`, unless a proxy says otherwise; uvicorn trusts those on its own machine.
fn scheme(http: &HttpRequest) -> &'static str {
    let told = http.headers().get_all("x-forwarded-proto").last();
    let told = told.map(|value| strip(&from_latin_1(value.as_bytes())).to_owned());
    let mut known = ["http", "https", "ws", "wss"].into_iter();
    known.find(|scheme| told.as_deref() == Some(scheme)).unwrap_or("http")
}

/// Whether this is a host with or without a port.
fn is_authority(host: &str) -> bool {
    let (host_fits, port) = match host.strip_prefix('[').map(|rest| rest.split_once(']')) {
        Some(Some((literal, port))) => (is_ip_literal(literal), port),
        Some(None) => return false,
        None => {
            let end = host.find(':').unwrap_or(host.len());
            let fits = |b: u8| is_name(b) || b == b'%';
            (end > 0 && host[..end].bytes().all(fits), &host[end..])
        }
    };
    let port_fits = port.is_empty() || port.strip_prefix(':').is_some_and(is_port);
    host_fits && port_fits
}

/// What stands between brackets: an address of IPv6, or of a version yet to come.
fn is_ip_literal(text: &str) -> bool {
    match text.strip_prefix('v').and_then(|future| future.split_once('.')) {
        Some((version, address)) => {
            let hex = !version.is_empty() && version.bytes().all(|b| b.is_ascii_hexdigit());
            hex && !address.is_empty() && address.bytes().all(|b| is_name(b) || b == b':')
        }
        None => text.parse::<Ipv6Addr>().is_ok(),
    }
}

fn is_port(text: &str) -> bool {
    let digits = !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    let number = text.trim_start_matches('0');
    digits && (number.is_empty() || number.parse::<u16>().is_ok())
}

fn is_name(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"._~!$&'()*+,;=-".contains(&byte)
}

//! A server that is not ours: a learner's own implementation of a lesson, in whatever language.
//!
//! Here is where it listens and whether it does; that its replies are judged a little otherwise is
//! for `verdict`.

use std::net::IpAddr;
use std::time::Duration;

use reqwest::Url;
use tokio::net::TcpStream;
use tokio::time::timeout;

use super::EngineError;

/// How long the first connection may take.
const PATIENCE: Duration = Duration::from_secs(5);

/// Where such a server listens.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Target {
    base_url: String,
    host: String,
    port: u16,
}

/// Why a text does not name a server.
#[derive(Debug, thiserror::Error)]
pub enum TargetError {
    /// It is no URL.
    #[error("`{url}` is no URL: {cause}\nname a server as in http://127.0.0.1:8000")]
    NoUrl {
        /// What was given.
        url: String,
        /// Why not.
        cause: String,
    },
    /// It needs another protocol.
    #[error(
        "`{url}`: {scheme} is not spoken here, the calls are plain HTTP\n\
         let the server listen without it, or put a proxy between"
    )]
    Scheme {
        /// What was given.
        url: String,
        /// The protocol.
        scheme: String,
    },
    /// It says more than where a server is.
    #[error(
        "`{url}` names more than a server, and the calls bring their own paths\n\
         leave all but {base_url} out"
    )]
    TooMuch {
        /// What was given.
        url: String,
        /// The part that would do.
        base_url: String,
    },
}

impl Target {
    /// The server at this URL; `http://` may be left out.
    pub fn parse(text: &str) -> Result<Self, TargetError> {
        let with_scheme =
            if text.contains("://") { text.to_owned() } else { format!("http://{text}") };
        let no_url = |cause: String| TargetError::NoUrl { url: text.to_owned(), cause };
        let url = Url::parse(&with_scheme).map_err(|cause| no_url(cause.to_string()))?;
        if url.scheme() != "http" {
            let scheme = url.scheme().to_owned();
            return Err(TargetError::Scheme { url: text.to_owned(), scheme });
        }
        let host = url.host_str().ok_or_else(|| no_url("it has no host".to_owned()))?.to_owned();
        let port = url.port_or_known_default().unwrap_or(80);
        let base_url = match url.port() {
            Some(port) => format!("http://{host}:{port}"),
            None => format!("http://{host}"),
        };
        let is_plain = url.as_str().trim_end_matches('/') == base_url;
        if !is_plain {
            return Err(TargetError::TooMuch { url: text.to_owned(), base_url });
        }
        Ok(Self { base_url, host, port })
    }

    /// Its address as calls need it: `http://127.0.0.1:8000`.
    pub fn base_url(&self) -> &str {
        &self.base_url
    }

    /// Whether it is on this machine.
    pub fn is_loopback(&self) -> bool {
        let address: Option<IpAddr> = self.bare_host().parse().ok();
        self.host == "localhost" || address.is_some_and(|address| address.is_loopback())
    }

    /// Connects once, to find out before the first call whether anything listens there.
    pub async fn reach(&self) -> Result<(), EngineError> {
        let connected = timeout(PATIENCE, TcpStream::connect((self.bare_host(), self.port))).await;
        let cause = match connected {
            Ok(Ok(_)) => return Ok(()),
            Ok(Err(error)) => error.to_string(),
            Err(_) => format!("no connection within {} s", PATIENCE.as_secs()),
        };
        Err(EngineError::NoTarget { base_url: self.base_url.clone(), cause })
    }

    /// The host without the brackets that an IPv6 address has in a URL.
    fn bare_host(&self) -> &str {
        self.host.trim_start_matches('[').trim_end_matches(']')
    }
}

#[cfg(test)]
mod tests {
    use super::Target;

    #[test]
    fn a_target_is_a_plain_http_server() {
        for (text, base_url, is_loopback) in [
            ("http://127.0.0.1:8000", "http://127.0.0.1:8000", true),
            ("http://127.0.0.1:8000/", "http://127.0.0.1:8000", true),
            ("localhost:8000", "http://localhost:8000", true),
            ("127.8.9.1", "http://127.8.9.1", true),
            ("HTTP://LocalHost:80", "http://localhost", true),
            ("http://[::1]:8000", "http://[::1]:8000", true),
            ("http://0.0.0.0:8000", "http://0.0.0.0:8000", false),
            ("http://localhost.example.org", "http://localhost.example.org", false),
            ("http://192.168.0.7:8000", "http://192.168.0.7:8000", false),
        ] {
            let target = Target::parse(text).unwrap();
            assert_eq!((target.base_url(), target.is_loopback()), (base_url, is_loopback));
        }
    }

    #[test]
    fn what_is_no_such_server_is_refused_with_what_would_be() {
        for (text, message) in [
            ("", "no URL"),
            ("http://", "no URL"),
            ("http://127.0.0.1:80000", "no URL"),
            ("https://127.0.0.1:8000", "https is not spoken"),
            ("http://127.0.0.1:8000/api", "all but http://127.0.0.1:8000 out"),
            ("http://127.0.0.1:8000/?a=1", "all but http://127.0.0.1:8000 out"),
            ("http://me@127.0.0.1:8000", "all but http://127.0.0.1:8000 out"),
        ] {
            let error = Target::parse(text).unwrap_err().to_string();
            assert!(error.contains(message), "{text}: {error}");
        }
    }
}

//! How connections are opened and reused.

use std::time::Duration;

use bytes::Bytes;
use http_body_util::combinators::UnsyncBoxBody;
#[cfg(feature = "tls")]
use hyper_rustls::{HttpsConnector, HttpsConnectorBuilder};
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::{TokioExecutor, TokioTimer};

use crate::Error;
use crate::error::Cause;

/// The connect timeout.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);
/// How often the operating system probes whether the peer of a silent connection is still there.
const KEEPALIVE: Duration = Duration::from_secs(15);

/// How long a connection is kept that nobody uses: less than the 10 s after which our servers close it, or a request
/// would now and then be sent into a connection that is being closed, and nobody knows what became of it.
const IDLE: Duration = Duration::from_secs(5);

/// Sends requests over a pool of keep-alive connections: as many as there are concurrent requests.
pub(crate) type HttpClient = Client<Connector, UnsyncBoxBody<Bytes, Cause>>;

#[cfg(not(feature = "tls"))]
type Connector = HttpConnector;
#[cfg(feature = "tls")]
type Connector = HttpsConnector<HttpConnector>;

pub(crate) fn http_client() -> Result<HttpClient, Error> {
    let mut tcp = HttpConnector::new();
    tcp.set_connect_timeout(Some(CONNECT_TIMEOUT));
    tcp.set_keepalive(Some(KEEPALIVE));
    tcp.set_keepalive_interval(Some(KEEPALIVE));
    tcp.set_nodelay(true);
    let mut client = Client::builder(TokioExecutor::new());
    client.pool_timer(TokioTimer::new()).pool_idle_timeout(IDLE);
    Ok(client.build(connector(tcp)?))
}

#[cfg(not(feature = "tls"))]
fn connector(tcp: HttpConnector) -> Result<Connector, Error> {
    Ok(tcp)
}

/// With TLS for `https://` addresses. Trusts the system's certificates.
#[cfg(feature = "tls")]
fn connector(mut tcp: HttpConnector) -> Result<Connector, Error> {
    tcp.enforce_http(false);
    let provider = rustls::crypto::aws_lc_rs::default_provider();
    let tls = HttpsConnectorBuilder::new().with_provider_and_platform_verifier(provider).map_err(Error::transport)?;
    Ok(tls.https_or_http().enable_http1().wrap_connector(tcp))
}

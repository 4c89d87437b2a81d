//! Calls of other servers over HTTP: a payment provider, another service.
//!
//! A port like the store and the bus, so that a simulation can stand between a service and what it calls.

use std::error::Error;
use std::time::Duration;

use async_trait::async_trait;
use bytes::Bytes;
use http::{Request, Response};
use http_body_util::{BodyExt, Full, Limited};
use hyper_rustls::{HttpsConnector, HttpsConnectorBuilder};
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::{TokioExecutor, TokioTimer};

/// The largest response that is kept in memory by default. Most are a few KiB.
const LARGEST_RESPONSE: usize = 1 << 20;

/// Why a call has no response. Whether the request arrived is not known.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct CallFailed(pub String);

/// Sends requests and returns their responses.
#[async_trait]
pub trait HttpCalls: Send + Sync + 'static {
    /// Sends the request once, to the absolute address that it names. How long that may take is up to
    /// the caller: it drops the future.
    ///
    /// # Errors
    /// If no complete response was received.
    async fn call(&self, request: Request<Bytes>) -> Result<Response<Bytes>, CallFailed>;
}

/// How long a connection is kept that nobody uses: less than the 10 s after which our own servers close it, and most
/// others later, or a request would now and then be sent into a connection that is being closed, and nobody knows what
/// became of it.
const IDLE: Duration = Duration::from_secs(5);

/// Calls over the network. Connections are kept for the next call, as a new one costs more than the call itself. A
/// request is sent again only if its connection turned out to be closed before anything of it was sent, and
/// redirections are not followed.
pub struct Network {
    client: Client<HttpsConnector<HttpConnector>, Full<Bytes>>,
    largest_response: usize,
}

impl Network {
    /// The network of this machine, with the certificate authorities that this machine trusts.
    ///
    /// # Errors
    /// If TLS cannot be set up.
    pub fn new() -> std::io::Result<Self> {
        let connector = HttpsConnectorBuilder::new()
            .with_provider_and_platform_verifier(rustls::crypto::aws_lc_rs::default_provider())?
            .https_or_http()
            .enable_http1()
            .build();
        let client = Client::builder(TokioExecutor::new())
            .pool_timer(TokioTimer::new())
            .pool_idle_timeout(IDLE)
            .build(connector);
        Ok(Self { client, largest_response: LARGEST_RESPONSE })
    }

    /// The same, for responses of up to this many bytes.
    #[must_use]
    pub fn with_largest_response(self, bytes: usize) -> Self {
        Self { largest_response: bytes, ..self }
    }
}

#[async_trait]
impl HttpCalls for Network {
    async fn call(&self, request: Request<Bytes>) -> Result<Response<Bytes>, CallFailed> {
        let response = self.client.request(request.map(Full::new)).await.map_err(|error| innermost(&error))?;
        let (parts, body) = response.into_parts();
        let body =
            Limited::new(body, self.largest_response).collect().await.map_err(|error| innermost(error.as_ref()))?;
        Ok(Response::from_parts(parts, body.to_bytes()))
    }
}

/// The innermost cause says why; those around it also say what was requested, which may be secret.
fn innermost(error: &(dyn Error + 'static)) -> CallFailed {
    let causes = std::iter::successors(Some(error), |&cause| cause.source());
    CallFailed(causes.last().map(ToString::to_string).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use std::net::SocketAddr;

    use axum::Router;
    use axum::extract::ConnectInfo;
    use axum::routing::{any, get};
    use tokio::net::TcpListener;

    use super::*;

    async fn server(routes: Router) -> String {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let address = listener.local_addr().expect("an address");
        tokio::spawn(async move { axum::serve(listener, routes).await });
        format!("http://{address}")
    }

    async fn call(url: &str) -> Result<Response<Bytes>, CallFailed> {
        let request = Request::post(url).body(Bytes::from_static(b"ping")).expect("a request");
        Network::new().expect("TLS").call(request).await
    }

    #[tokio::test]
    async fn a_request_arrives_complete_and_its_response_is_returned() {
        let url = server(Router::new().route("/", any(|body: String| async move { format!("{body} pong") }))).await;
        let response = call(&url).await.expect("answers");
        assert_eq!((response.status().as_u16(), response.body().as_ref()), (200, b"ping pong".as_slice()));
    }

    #[tokio::test]
    async fn calls_one_after_the_other_share_a_connection() {
        let peers = get(|ConnectInfo(peer): ConnectInfo<SocketAddr>| async move { peer.to_string() });
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let url = format!("http://{}", listener.local_addr().expect("an address"));
        let routes = Router::new().route("/", peers).into_make_service_with_connect_info::<SocketAddr>();
        tokio::spawn(async move { axum::serve(listener, routes).await });
        let network = Network::new().expect("TLS");
        let call = || network.call(Request::get(&url).body(Bytes::new()).expect("a request"));
        let first = call().await.expect("answers");
        assert_eq!(call().await.expect("answers").body(), first.body());
    }

    #[tokio::test]
    async fn a_redirection_is_returned_and_not_followed() {
        let moved = || async { axum::response::Redirect::temporary("/elsewhere") };
        let url = server(Router::new().route("/", any(moved)).route("/elsewhere", get(|| async {}))).await;
        assert_eq!(call(&url).await.expect("answers").status().as_u16(), 307);
    }

    #[tokio::test]
    async fn a_call_without_a_complete_response_has_failed() {
        let endless = || async { axum::body::Body::from(vec![0; LARGEST_RESPONSE + 1]) };
        let url = server(Router::new().route("/", any(endless))).await;
        call(&url).await.expect_err("the response is too large");
        let closed = TcpListener::bind("127.0.0.1:0").await.expect("a free port").local_addr().expect("an address");
        call(&format!("http://{closed}")).await.expect_err("nothing listens there");
    }
}

//! Calls of other servers over HTTP: a payment provider, another service.
//!
//! A port like the store and the bus, so that a simulation can stand between a service and whom it calls.

use std::error::Error;

use async_trait::async_trait;
use bytes::Bytes;
use http::{Request, Response};
use http_body_util::{BodyExt, Full, Limited};
use hyper_rustls::{HttpsConnector, HttpsConnectorBuilder};
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;

/// Answers are a few KiB; whatever is larger than this is not kept in memory, unless somebody expects it.
const LARGEST_ANSWER: usize = 1 << 20;

/// Why a call has no answer. Whether it arrived is not known.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct CallFailed(pub String);

/// Sends requests and brings back answers.
#[async_trait]
pub trait HttpCalls: Send + Sync + 'static {
    /// Sends the request once, to the absolute address that it names. How long that may take is the
    /// caller's to decide: it drops the future.
    ///
    /// # Errors
    /// If no whole answer came back.
    async fn call(&self, request: Request<Bytes>) -> Result<Response<Bytes>, CallFailed>;
}

/// Calls over the network. It sends nothing a second time or elsewhere by itself, and keeps no
/// connection: one that died unnoticed would make the next call's outcome unknown.
pub struct Network {
    client: Client<HttpsConnector<HttpConnector>, Full<Bytes>>,
    largest_answer: usize,
}

impl Network {
    /// The network of this machine, and those whom this machine believes to be who they are.
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
            .pool_max_idle_per_host(0)
            .retry_canceled_requests(false)
            .build(connector);
        Ok(Self { client, largest_answer: LARGEST_ANSWER })
    }

    /// The same, for answers of up to so many bytes.
    #[must_use]
    pub fn with_largest_answer(self, bytes: usize) -> Self {
        Self { largest_answer: bytes, ..self }
    }
}

#[async_trait]
impl HttpCalls for Network {
    async fn call(&self, request: Request<Bytes>) -> Result<Response<Bytes>, CallFailed> {
        let answer = self.client.request(request.map(Full::new)).await.map_err(|error| innermost(&error))?;
        let (parts, body) = answer.into_parts();
        let body =
            Limited::new(body, self.largest_answer).collect().await.map_err(|error| innermost(error.as_ref()))?;
        Ok(Response::from_parts(parts, body.to_bytes()))
    }
}

/// The innermost cause says why; those around it say what was asked for, too, which may be secret.
fn innermost(error: &(dyn Error + 'static)) -> CallFailed {
    let causes = std::iter::successors(Some(error), |&cause| cause.source());
    CallFailed(causes.last().map(ToString::to_string).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use axum::Router;
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
    async fn a_request_arrives_whole_and_its_answer_comes_back() {
        let url = server(Router::new().route("/", any(|body: String| async move { format!("{body} pong") }))).await;
        let answer = call(&url).await.expect("answers");
        assert_eq!((answer.status().as_u16(), answer.body().as_ref()), (200, b"ping pong".as_slice()));
    }

    #[tokio::test]
    async fn a_redirection_is_an_answer_and_is_not_followed() {
        let moved = || async { axum::response::Redirect::temporary("/elsewhere") };
        let url = server(Router::new().route("/", any(moved)).route("/elsewhere", get(|| async {}))).await;
        assert_eq!(call(&url).await.expect("answers").status().as_u16(), 307);
    }

    #[tokio::test]
    async fn what_has_no_whole_answer_has_failed() {
        let endless = || async { axum::body::Body::from(vec![0; LARGEST_ANSWER + 1]) };
        let url = server(Router::new().route("/", any(endless))).await;
        call(&url).await.expect_err("the answer is too large");
        let closed = TcpListener::bind("127.0.0.1:0").await.expect("a free port").local_addr().expect("an address");
        call(&format!("http://{closed}")).await.expect_err("nobody answers");
    }
}

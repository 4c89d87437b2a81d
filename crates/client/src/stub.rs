//! A server that gives the same response to every request and records the requests.

use std::convert::Infallible;
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::{Arc, Mutex};
use std::{io, iter};

use axum::Router;
use axum::body::Body;
use axum::extract::{ConnectInfo, Request, State};
use axum::response::Response;
use common::id::{OrderId, TicketId};
use futures::stream::{self, StreamExt};
use http::{HeaderMap, HeaderName, HeaderValue};
use serde_json::Value;
use tokio::net::TcpListener;

use crate::{Client, Error};

pub(crate) const TICKET: &str = "5f1f77bcf86cd799439011aa";
pub(crate) const ORDER: &str = "5f1f77bcf86cd799439011bb";
pub(crate) const USER: &str = "5f1f77bcf86cd799439011cc";

pub(crate) fn ticket_id() -> TicketId {
    TICKET.parse().expect("an id")
}

pub(crate) fn order_id() -> OrderId {
    ORDER.parse().expect("an id")
}

/// The operating system's reason for the failure.
pub(crate) fn system_error(error: Error) -> io::ErrorKind {
    let causes = iter::successors(Some(&error as &(dyn std::error::Error + 'static)), |cause| cause.source());
    let system = causes.last().and_then(|cause| cause.downcast_ref::<io::Error>());
    system.unwrap_or_else(|| panic!("{error:?}")).kind()
}

/// A recorded request.
#[derive(Debug, Clone)]
pub(crate) struct RecordedRequest {
    method: String,
    /// Path and query.
    pub(crate) target: String,
    pub(crate) cookie: Option<String>,
    pub(crate) forwarded_for: Option<String>,
    pub(crate) idempotency_key: Option<String>,
    /// The peer's address.
    pub(crate) peer: SocketAddr,
    /// Null if the body was not JSON.
    pub(crate) body: Value,
}

impl RecordedRequest {
    /// Method and target.
    pub(crate) fn call(&self) -> String {
        format!("{} {}", self.method, self.target)
    }
}

type Requests = Arc<Mutex<Vec<RecordedRequest>>>;

pub(crate) struct Stub {
    url: String,
    requests: Requests,
}

/// Builds a stub: set its headers, then await it.
pub(crate) struct StubBuilder {
    status: u16,
    headers: HeaderMap,
    body: String,
    ends: bool,
}

impl Stub {
    pub(crate) fn answering(status: u16, body: Value) -> StubBuilder {
        Self::answering_text(status, "application/json", &body.to_string())
    }

    pub(crate) fn answering_text(status: u16, content_type: &'static str, body: &str) -> StubBuilder {
        let body = body.to_owned();
        StubBuilder { status, headers: HeaderMap::new(), body, ends: true }.with("content-type", content_type)
    }

    pub(crate) fn url(&self) -> &str {
        &self.url
    }

    pub(crate) fn client(&self) -> Client {
        Client::new(&self.url).expect("a client")
    }

    pub(crate) fn requests(&self) -> Vec<RecordedRequest> {
        self.requests.lock().expect("no test panicked").clone()
    }

    /// The first request.
    pub(crate) fn request(&self) -> RecordedRequest {
        self.requests().remove(0)
    }
}

impl StubBuilder {
    pub(crate) fn with(mut self, name: &'static str, value: &'static str) -> Self {
        self.headers.insert(HeaderName::from_static(name), HeaderValue::from_static(value));
        self
    }

    pub(crate) fn setting(self, cookie: &'static str) -> Self {
        self.with("set-cookie", cookie)
    }

    /// The connection stays open after the body, and nothing more is sent.
    pub(crate) fn without_end(self) -> Self {
        Self { ends: false, ..self }
    }

    fn body(&self) -> Body {
        if self.ends {
            return Body::from(self.body.clone());
        }
        let beginning = stream::iter([Ok::<_, Infallible>(self.body.clone())]);
        Body::from_stream(beginning.chain(stream::pending()))
    }

    async fn serve(self) -> Stub {
        let requests = Requests::default();
        let state = (Arc::new(self), requests.clone());
        let router = Router::new().fallback(respond).with_state(state);
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let url = format!("http://{}", listener.local_addr().expect("bound"));
        let router = router.into_make_service_with_connect_info::<SocketAddr>();
        tokio::spawn(async move { axum::serve(listener, router).await });
        Stub { url, requests }
    }
}

async fn respond(
    State((answer, requests)): State<(Arc<StubBuilder>, Requests)>,
    ConnectInfo(peer): ConnectInfo<SocketAddr>,
    request: Request,
) -> Response {
    let asked = asked(peer, request).await;
    requests.lock().expect("no test panicked").push(asked);
    let mut response = Response::new(answer.body());
    *response.status_mut() = answer.status.try_into().expect("a status");
    response.headers_mut().clone_from(&answer.headers);
    response
}

impl IntoFuture for StubBuilder {
    type Output = Stub;
    type IntoFuture = Pin<Box<dyn Future<Output = Stub> + Send>>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(self.serve())
    }
}

async fn asked(peer: SocketAddr, request: Request) -> RecordedRequest {
    let (parts, body) = request.into_parts();
    let body = axum::body::to_bytes(body, usize::MAX).await.expect("a body");
    let header = |name: &str| parts.headers.get(name).and_then(|value| value.to_str().ok()).map(str::to_owned);
    RecordedRequest {
        method: parts.method.to_string(),
        target: parts.uri.to_string(),
        cookie: header("cookie"),
        forwarded_for: header("x-forwarded-for"),
        idempotency_key: header("idempotency-key"),
        peer,
        body: serde_json::from_slice(&body).unwrap_or_default(),
    }
}

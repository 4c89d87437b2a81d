//! How every call is sent and its response read.

use std::io;
use std::time::Duration;

use bytes::Bytes;
use common::errors::ErrorBody;
use http::header::{CONTENT_TYPE, RETRY_AFTER};
use http::{HeaderName, HeaderValue, Method, Response};
use http_body_util::combinators::UnsyncBoxBody;
use http_body_util::{BodyExt, Full};
use hyper::body::Incoming;
use serde::Serialize;
use serde::de::DeserializeOwned;
use tokio::time::timeout;

use crate::error::Cause;
use crate::{Client, Error};

/// The time limit for a complete response. The slowest call is a payment, which waits for the bank.
const TIMEOUT: Duration = Duration::from_secs(60);

pub(crate) type Request = http::Request<Full<Bytes>>;

/// A request for a path, with an optional query, relative to a base URL.
pub(crate) fn request(method: Method, base: &str, target: &str) -> Result<Request, Error> {
    let request = http::Request::builder().method(method).uri(format!("{base}{target}"));
    request.body(Full::default()).map_err(Error::transport)
}

/// The same with a body of JSON.
pub(crate) fn json_request(method: Method, base: &str, target: &str, body: &impl Serialize) -> Result<Request, Error> {
    let mut request = request(method, base, target)?;
    request.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
    *request.body_mut() = serde_json::to_vec(body).map_err(Error::transport)?.into();
    Ok(request)
}

/// The same with one more header.
pub(crate) fn with_header(mut request: Request, name: HeaderName, value: &str) -> Result<Request, Error> {
    request.headers_mut().insert(name, HeaderValue::from_str(value).map_err(Error::transport)?);
    Ok(request)
}

/// A path with a query.
pub(crate) fn with_query(path: &str, query: &impl Serialize) -> Result<String, Error> {
    let query = serde_urlencoded::to_string(query).map_err(Error::transport)?;
    Ok(if query.is_empty() { path.to_owned() } else { format!("{path}?{query}") })
}

/// Aborts a call that takes too long.
pub(crate) async fn with_time_limit<T>(call: impl Future<Output = Result<T, Error>>) -> Result<T, Error> {
    timeout(TIMEOUT, call).await.map_err(|elapsed| Error::transport(io::Error::from(elapsed)))?
}

impl Client {
    pub(crate) async fn get<T: DeserializeOwned>(&self, base: &str, path: &str) -> Result<T, Error> {
        self.fetch(request(Method::GET, base, path)?).await
    }

    pub(crate) async fn post<T: DeserializeOwned>(
        &self,
        base: &str,
        path: &str,
        body: &impl Serialize,
    ) -> Result<T, Error> {
        self.fetch(json_request(Method::POST, base, path, body)?).await
    }

    /// Sends the request and reads the complete response.
    pub(crate) async fn fetch<T: DeserializeOwned>(&self, request: Request) -> Result<T, Error> {
        with_time_limit(async { read(self.send(request).await?).await }).await
    }

    /// Sends the request as this visitor and returns only successful responses.
    pub(crate) async fn send(&self, request: Request) -> Result<Response<Incoming>, Error> {
        Self::succeeded(self.exchange(request).await?).await
    }

    /// Sends the request as this visitor.
    pub(crate) async fn exchange(&self, request: Request) -> Result<Response<Incoming>, Error> {
        self.exchange_streamed(request.map(|body| body.map_err(Cause::from).boxed_unsync())).await
    }

    /// The same with a body that is made while it is sent.
    pub(crate) async fn exchange_streamed(
        &self,
        mut request: http::Request<UnsyncBoxBody<Bytes, Cause>>,
    ) -> Result<Response<Incoming>, Error> {
        request.headers_mut().extend(self.headers.clone());
        self.session().apply(request.headers_mut());
        let response = self.http.request(request).await.map_err(Error::transport)?;
        self.session().note(response.headers());
        Ok(response)
    }

    /// The response, if it is a success.
    pub(crate) async fn succeeded(response: Response<Incoming>) -> Result<Response<Incoming>, Error> {
        if response.status().is_success() { Ok(response) } else { Err(refusal(response).await) }
    }
}

/// Decodes the JSON of a response.
pub(crate) async fn read<T: DeserializeOwned>(response: Response<Incoming>) -> Result<T, Error> {
    let body = response.into_body().collect().await.map_err(Error::transport)?.to_bytes();
    serde_json::from_slice(&body).map_err(|error| Error::Decode(error.to_string()))
}

async fn refusal(response: Response<Incoming>) -> Error {
    let status = response.status();
    let seconds = response.headers().get(RETRY_AFTER).and_then(|value| value.to_str().ok()?.parse().ok());
    // A body that cannot be decoded is not in the API's error format.
    let errors = read(response).await.map(|ErrorBody { errors }| errors).unwrap_or_default();
    Error::Api { status, errors, retry_after: seconds.map(Duration::from_secs) }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use futures::future::try_join_all;
    use http::StatusCode;
    use serde_json::json;

    use super::*;
    use crate::stub::{Stub, system_error, ticket_id};
    use crate::{BaseUrls, ErrorEntry, TicketFilter};

    #[tokio::test]
    async fn an_error_reports_its_status_and_every_broken_rule() {
        let invalid = json!({"code": "invalid_field", "message": "Email must be valid", "field": "email"});
        let errors = json!({"errors": [invalid, {"message": "No"}]});
        let stub = Stub::answering(400, errors).await;
        let Err(Error::Api { status, errors, retry_after }) = stub.client().sign_up("ada", "x").await else {
            panic!("400 is a refusal");
        };
        assert_eq!((status, retry_after), (StatusCode::BAD_REQUEST, None));
        let invalid = ErrorEntry::new("invalid_field", "Email must be valid").of_field("email");
        assert_eq!(errors, [invalid, ErrorEntry::new("", "No")]);
    }

    #[tokio::test]
    async fn an_error_says_when_to_try_again() {
        let stub = Stub::answering(429, json!({"errors": [{"message": "Slow down"}]})).with("retry-after", "7").await;
        let error = stub.client().sign_in("ada@example.com", "x").await.expect_err("429 is a refusal");
        assert!(matches!(error, Error::Api { retry_after: Some(wait), .. } if wait == Duration::from_secs(7)));
        assert_eq!(error.to_string(), "429 Too Many Requests: Slow down");
    }

    #[tokio::test]
    async fn a_refusal_by_something_in_between_keeps_its_status() {
        let stub = Stub::answering_text(502, "text/html", "<html>").await;
        let error = stub.client().ticket(ticket_id()).await.expect_err("502 is a refusal");
        assert_eq!(error.status(), Some(StatusCode::BAD_GATEWAY));
    }

    #[tokio::test]
    async fn the_first_broken_rule_has_a_code_for_programs() {
        let own = json!({"errors": [{"code": "own_ticket", "message": "x"}, {"code": "other", "message": "y"}]});
        let by_an_older_server = json!({"errors": [{"message": "x"}]});
        for (body, code) in [(own, Some("own_ticket")), (by_an_older_server, None), (json!({"errors": []}), None)] {
            let stub = Stub::answering(400, body).await;
            let refusal = stub.client().create_order(ticket_id()).await.expect_err("400 is a refusal");
            assert_eq!(refusal.code(), code);
        }
        let nonsense = Stub::answering(200, json!("nonsense")).await;
        assert_eq!(nonsense.client().create_order(ticket_id()).await.expect_err("no order").code(), None);
    }

    #[tokio::test]
    async fn a_success_that_cannot_be_decoded_is_an_error_of_its_own() {
        let stub = Stub::answering(200, json!({"id": "nonsense"})).await;
        assert!(matches!(stub.client().ticket(ticket_id()).await, Err(Error::Decode(_))));
    }

    #[tokio::test]
    async fn a_refused_connection_is_a_transport_error() {
        let client = Client::new("http://127.0.0.1:1").expect("an address");
        let error = client.ticket(ticket_id()).await.expect_err("nobody answers");
        assert!(error.to_string().contains("Connection refused"), "{error}");
        assert_eq!(system_error(error), io::ErrorKind::ConnectionRefused);
    }

    #[tokio::test]
    async fn an_address_that_is_too_long_is_not_asked() {
        let stub = Stub::answering(200, json!([])).await;
        let filter = TicketFilter { q: Some("x".repeat(70_000)), ..TicketFilter::default() };
        assert!(matches!(stub.client().tickets(&filter).await, Err(Error::Transport(_))));
        assert!(stub.requests().is_empty());
    }

    #[tokio::test]
    async fn an_answer_that_does_not_end_is_given_up() {
        let stub = Stub::answering_text(200, "application/json", "[").without_end().await;
        let client = stub.client();
        let call = timeout(TIMEOUT * 2, client.orders());
        let skip_the_wait = async {
            while stub.requests().is_empty() {
                tokio::task::yield_now().await;
            }
            tokio::time::pause();
        };
        let (answer, ()) = tokio::join!(call, skip_the_wait);
        let error = answer.expect("it is given up in time").expect_err("no whole answer");
        assert_eq!(system_error(error), io::ErrorKind::TimedOut);
    }

    #[tokio::test]
    async fn a_connection_serves_one_call_after_the_other() {
        let stub = Stub::answering(200, json!({"currentUser": null})).await;
        let client = stub.client();
        for visitor in [&client, &client.anonymous(), &client.with_session("abc")] {
            visitor.current_user().await.expect("an answer");
        }
        let peers: Vec<_> = stub.requests().iter().map(|request| request.peer).collect();
        assert_eq!(peers, [peers[0]; 3]);
    }

    #[tokio::test]
    async fn calls_at_one_time_have_a_connection_each() {
        let stub = Stub::answering_text(200, "text/event-stream", ": live\n\n").without_end().await;
        let client = stub.client();
        let feeds = try_join_all((0..50).map(|_| client.live())).await.expect("answers");
        let peers: HashSet<_> = stub.requests().iter().map(|request| request.peer).collect();
        assert_eq!((feeds.len(), peers.len()), (50, 50));
    }

    #[tokio::test]
    async fn each_service_is_asked_at_its_own_address_and_prefix() {
        let (users, others) =
            (Stub::answering(200, json!({"currentUser": null})).await, Stub::answering(200, json!([])).await);
        let (users_url, others_url) = (format!("{}/behind/", users.url()), others.url());
        let urls =
            BaseUrls::each(&users_url, others_url, others_url, others_url, others_url, others_url).expect("addresses");
        let client = Client::with_base_urls(urls).expect("a client");
        client.current_user().await.expect("an answer");
        client.orders().await.expect("an answer");
        assert_eq!(users.request().target, "/behind/api/users/currentuser");
        assert_eq!(others.request().target, "/api/orders");
    }
}

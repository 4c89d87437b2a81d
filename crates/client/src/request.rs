//! How every call is made and answered.

use std::time::Duration;

use common::errors::ErrorBody;
use http::Method;
use http::header::RETRY_AFTER;
use reqwest::{RequestBuilder, Response, Url};
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::{Client, Error};

/// For a whole answer that has an end. The slowest is a payment, which waits for the bank.
pub(crate) const TIMEOUT: Duration = Duration::from_secs(60);

impl Client {
    /// A request to a path below a base address.
    pub(crate) fn request(&self, method: Method, base: &Url, path: &str) -> RequestBuilder {
        let mut url = base.clone();
        url.set_path(&format!("{}{path}", base.path().trim_end_matches('/')));
        self.http.request(method, url)
    }

    pub(crate) async fn get<T: DeserializeOwned>(&self, base: &Url, path: &str) -> Result<T, Error> {
        self.fetch(self.request(Method::GET, base, path)).await
    }

    pub(crate) async fn post<T: DeserializeOwned>(
        &self,
        base: &Url,
        path: &str,
        body: &impl Serialize,
    ) -> Result<T, Error> {
        self.fetch(self.request(Method::POST, base, path).json(body)).await
    }

    /// Sends the request and reads the whole answer.
    pub(crate) async fn fetch<T: DeserializeOwned>(&self, request: RequestBuilder) -> Result<T, Error> {
        read(self.send(request.timeout(TIMEOUT)).await?).await
    }

    /// Sends the request as this visitor; only a success comes back.
    pub(crate) async fn send(&self, request: RequestBuilder) -> Result<Response, Error> {
        let mut headers = self.headers.clone();
        self.session().apply(&mut headers);
        let response = request.headers(headers).send().await?;
        self.session().note(response.headers());
        if response.status().is_success() { Ok(response) } else { Err(refusal(response).await) }
    }
}

/// Reads the answer's JSON.
pub(crate) async fn read<T: DeserializeOwned>(response: Response) -> Result<T, Error> {
    let body = response.bytes().await?;
    serde_json::from_slice(&body).map_err(|error| Error::Decode(error.to_string()))
}

async fn refusal(response: Response) -> Error {
    let status = response.status();
    let seconds = response.headers().get(RETRY_AFTER).and_then(|value| value.to_str().ok()?.parse().ok());
    let body = response.bytes().await.unwrap_or_default();
    let errors = serde_json::from_slice(&body).map(|ErrorBody { errors }| errors).unwrap_or_default();
    Error::Api { status, errors, retry_after: seconds.map(Duration::from_secs) }
}

#[cfg(test)]
mod tests {
    use http::StatusCode;
    use serde_json::json;

    use super::*;
    use crate::stub::{Stub, ticket_id};
    use crate::{BaseUrls, ErrorEntry};

    #[tokio::test]
    async fn a_refusal_tells_status_and_every_broken_rule() {
        let errors = json!({"errors": [{"message": "Email must be valid", "field": "email"}, {"message": "No"}]});
        let stub = Stub::answering(400, errors).await;
        let Err(Error::Api { status, errors, retry_after }) = stub.client().sign_up("ada", "x").await else {
            panic!("400 is a refusal");
        };
        assert_eq!((status, retry_after), (StatusCode::BAD_REQUEST, None));
        let email = ErrorEntry { message: "Email must be valid".into(), field: Some("email".into()) };
        assert_eq!(errors, [email, ErrorEntry { message: "No".into(), field: None }]);
    }

    #[tokio::test]
    async fn a_refusal_tells_when_to_try_again() {
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
    async fn a_success_that_is_not_understood_is_told_apart() {
        let stub = Stub::answering(200, json!({"id": "nonsense"})).await;
        assert!(matches!(stub.client().ticket(ticket_id()).await, Err(Error::Decode(_))));
    }

    #[tokio::test]
    async fn nobody_there_is_a_transport_error() {
        let client = Client::new("http://127.0.0.1:1").expect("an address");
        assert!(matches!(client.ticket(ticket_id()).await, Err(Error::Transport(_))));
    }

    #[tokio::test]
    async fn each_service_is_asked_at_its_own_address_and_prefix() {
        let (users, others) =
            (Stub::answering(200, json!({"currentUser": null})).await, Stub::answering(200, json!([])).await);
        let (users_url, others_url) = (format!("{}/behind/", users.url()), others.url());
        let urls = BaseUrls::each(&users_url, others_url, others_url, others_url).expect("addresses");
        let client = Client::with_base_urls(urls).expect("a client");
        client.current_user().await.expect("an answer");
        client.orders().await.expect("an answer");
        assert_eq!(users.request().target, "/behind/api/users/currentuser");
        assert_eq!(others.request().target, "/api/orders");
    }
}

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use axum::Router;
use axum::extract::Request as Incoming;
use axum::response::IntoResponse;
use http::{Response, StatusCode};
use runtime::outbound::{CallFailed, Network};
use stripe_client_core::{IdempotencyKey, StripeRequest};
use tokio::net::TcpListener;

use super::*;
use crate::stripe::failure::CallError;
use crate::stripe::objects::Intent;

struct Confirm;

impl StripeRequest for Confirm {
    type Output = Intent;

    fn build(&self) -> RequestBuilder {
        RequestBuilder::new(StripeMethod::Post, "/payment_intents").form(&BTreeMap::from([("confirm", true)]))
    }
}

struct Capture;

impl StripeRequest for Capture {
    type Output = Intent;

    fn build(&self) -> RequestBuilder {
        RequestBuilder::new(StripeMethod::Post, "/payment_intents/pi_1/capture")
    }
}

/// A Stripe that gives every request the same response, and remembers the requests. In this process it
/// is called directly; [`listen`] puts it on the network.
#[derive(Clone)]
struct Fake {
    status: StatusCode,
    body: Bytes,
    replayed: bool,
    requests: Arc<Mutex<Vec<String>>>,
    lengths: Arc<Mutex<Vec<Option<String>>>>,
}

impl Fake {
    fn new(status: u16, body: impl Into<Bytes>) -> Self {
        let status = StatusCode::from_u16(status).expect("a status");
        Self { status, body: body.into(), replayed: false, requests: Arc::default(), lengths: Arc::default() }
    }

    fn respond(&self, request: &Request<Bytes>) -> Response<Bytes> {
        self.requests.lock().expect("no panic").push(describe(request));
        let length = request.headers().get("content-length").map(|length| length.to_str().expect("text").to_owned());
        self.lengths.lock().expect("no panic").push(length);
        let mut response = Response::builder().status(self.status).header("location", "/");
        if self.replayed {
            response = response.header("idempotent-replayed", "true");
        }
        response.body(self.body.clone()).expect("a response")
    }

    fn requests(&self) -> Vec<String> {
        self.requests.lock().expect("no panic").clone()
    }

    /// The ways to reach it: within this process, and over the network.
    async fn transports(&self) -> [Transport; 2] {
        let network = Settings { stripe_api_base: Some(listen(self.clone()).await), ..settings() };
        [
            Transport::new(&settings(), Arc::new(self.clone())),
            Transport::new(&network, Arc::new(Network::new().expect("TLS"))),
        ]
    }
}

#[async_trait]
impl HttpCalls for Fake {
    async fn call(&self, request: Request<Bytes>) -> Result<Response<Bytes>, CallFailed> {
        Ok(self.respond(&request))
    }
}

async fn listen(fake: Fake) -> crate::ApiBase {
    let respond = move |request: Incoming| async move {
        let (head, body) = request.into_parts();
        let body = axum::body::to_bytes(body, usize::MAX).await.expect("a body");
        fake.respond(&Request::from_parts(head, body)).map(axum::body::Body::from).into_response()
    };
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let base = format!("http://{}/", listener.local_addr().expect("an address"));
    tokio::spawn(async move { axum::serve(listener, Router::new().fallback(respond)).await });
    base.parse().expect("an address")
}

fn settings() -> Settings {
    Settings { call_timeout: Duration::from_millis(500), ..Settings::default() }
}

async fn confirm(transport: &Transport) -> Result<Intent, Failure> {
    let key = IdempotencyKey::new("the key").expect("a key");
    Confirm.customize().request_strategy(RequestStrategy::Idempotent(key)).send(transport).await
}

fn describe(request: &Request<Bytes>) -> String {
    let header = |name| request.headers().get(name).map_or("-", |value| value.to_str().expect("text"));
    let headers = ["authorization", "idempotency-key", "content-type", "stripe-version"].map(header).join(" | ");
    let body = String::from_utf8_lossy(request.body());
    format!("{} {} | {headers} | {body}", request.method(), request.uri().path())
}

#[tokio::test]
async fn requests_carry_what_stripe_asks_for() {
    let stripe = Fake::new(200, r#"{"id":"pi_1","status":"succeeded"}"#);
    for transport in stripe.transports().await {
        assert_eq!(confirm(&transport).await.expect("an intent").id, "pi_1");
    }
    let expected = "POST /v1/payment_intents | Bearer sk_test_simulated | the key | \
                    application/x-www-form-urlencoded | 2026-09-30.endive | confirm=true";
    assert_eq!(stripe.requests(), [expected, expected]);
}

#[tokio::test]
async fn a_request_without_a_body_says_so() {
    let stripe = Fake::new(200, r#"{"id":"pi_1","status":"succeeded"}"#);
    for transport in stripe.transports().await {
        Capture.customize().send(&transport).await.expect("an intent");
    }
    let lengths = stripe.lengths.lock().expect("no panic").clone();
    assert_eq!(lengths, [Some("0".to_owned()), Some("0".to_owned())]);
}

#[tokio::test]
async fn what_stripe_repeats_or_does_not_take_is_told_from_what_may_change() {
    let error = r#"{"error":{"type":"api_error"}}"#;
    for (status, replayed, expected) in [
        (500, true, "stuck"),
        (500, false, "unknown"),
        (401, false, "not taken"),
        (403, true, "not taken"),
        (429, false, "not taken"),
        (409, false, "unknown"),
    ] {
        let stripe = Fake { replayed, ..Fake::new(status, error) };
        for transport in stripe.transports().await {
            let failure = confirm(&transport).await.err().expect("a failure");
            let kind = match CallError::from(failure) {
                CallError::Refused(_) => "refused",
                CallError::NotTaken(_) => "not taken",
                CallError::Stuck(_) => "stuck",
                CallError::Unknown(_) => "unknown",
            };
            assert_eq!(kind, expected, "{status}");
        }
    }
}

#[tokio::test]
async fn only_what_stripe_says_about_the_request_is_a_refusal() {
    let error = |kind: &str| format!(r#"{{"error":{{"type":"{kind}","message":"No such token: 'tok_1'"}}}}"#);
    for (status, body, is_refused) in [
        (400, error("invalid_request_error"), true),
        (402, error("card_error"), true),
        (404, error("invalid_request_error"), true),
        (400, error("idempotency_error"), false),
        (401, error("invalid_request_error"), false),
        (403, error("invalid_request_error"), false),
        (409, error("invalid_request_error"), false),
        (429, error("invalid_request_error"), false),
        (500, error("api_error"), false),
        (404, "no such page".to_owned(), false),
        (402, "{}".to_owned(), false),
        (302, String::new(), false),
        (200, "{}".to_owned(), false),
        (200, error("card_error"), false),
    ] {
        let stripe = Fake::new(status, body);
        for transport in stripe.transports().await {
            let failure = confirm(&transport).await.err().expect("a failure");
            let shown = failure.to_string();
            assert!(!shown.contains("tok_1") && !shown.contains("sk_test"), "{shown}");
            let refused = matches!(CallError::from(failure), CallError::Refused(_));
            assert_eq!(refused, is_refused, "{status}: {shown}");
        }
        assert_eq!(stripe.requests().len(), 2, "{status} was sent again");
    }
}

#[tokio::test]
async fn a_silence_and_a_closed_port_leave_it_unknown() {
    let silent = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let address = format!("http://{}", silent.local_addr().expect("an address"));
    let base = Some(address.parse().expect("an address"));
    let settings = Settings { stripe_api_base: base, call_timeout: Duration::from_millis(100), ..settings() };
    let transport = Transport::new(&settings, Arc::new(Network::new().expect("TLS")));
    let silence = confirm(&transport).await.err().expect("a failure");
    assert!(matches!(silence, Failure::Timeout), "{silence}");
    drop(silent);
    let closed = confirm(&transport).await.err().expect("a failure");
    assert!(matches!(closed, Failure::Network(_)) && !closed.to_string().contains("127.0.0.1"), "{closed}");
}

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use axum::extract::{Request as Incoming, State};
use axum::response::{IntoResponse, Response as Answer};
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

/// A Stripe that answers everything like this, over the network or in this process, and what it was asked.
struct Fake {
    transport: Transport,
    asked: Arc<Mutex<Vec<String>>>,
}

impl Fake {
    async fn all(answer: impl Fn() -> Answer + Clone + Send + Sync + 'static) -> [Self; 2] {
        [Self::new(answer.clone(), false).await, Self::new(answer, true).await]
    }

    async fn new(answer: impl Fn() -> Answer + Clone + Send + Sync + 'static, in_process: bool) -> Self {
        let asked = Arc::<Mutex<Vec<String>>>::default();
        let handler = move |State(asked): State<Arc<Mutex<Vec<String>>>>, request: Incoming| async move {
            let request = told(request).await;
            asked.lock().expect("no panic").push(request);
            answer()
        };
        let routes = Router::new().fallback(handler).with_state(asked.clone());
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let base = format!("http://{}/", listener.local_addr().expect("an address"));
        let settings = Settings {
            stripe_api_base: Some(base.parse().expect("an address")),
            stripe_in_process: in_process.then(|| routes.clone()),
            call_timeout: Duration::from_millis(500),
            ..Settings::default()
        };
        tokio::spawn(async move { axum::serve(listener, routes).await });
        Self { transport: Transport::new(&settings), asked }
    }

    async fn ask(&self) -> Result<Intent, Failure> {
        let key = IdempotencyKey::new("the key").expect("a key");
        Confirm.customize().request_strategy(RequestStrategy::Idempotent(key)).send(&self.transport).await
    }
}

async fn told(request: Incoming) -> String {
    let (parts, body) = request.into_parts();
    let header = |name| parts.headers.get(name).map_or("-", |value| value.to_str().expect("text"));
    let told = ["authorization", "idempotency-key", "content-type", "stripe-version"].map(header).join(" | ");
    let body = body.collect().await.expect("a body").to_bytes();
    let path = parts.uri.path();
    format!("{} {path} | {told} | {}", parts.method, String::from_utf8_lossy(&body))
}

#[tokio::test]
async fn both_ways_ask_for_the_same() {
    for stripe in Fake::all(|| r#"{"id":"pi_1","status":"succeeded"}"#.into_response()).await {
        assert_eq!(stripe.ask().await.expect("an intent").id, "pi_1");
        let asked = stripe.asked.lock().expect("no panic").clone();
        let expected = "POST /v1/payment_intents | Bearer sk_test_simulated | the key | \
                        application/x-www-form-urlencoded | 2026-09-30.endive | confirm=true";
        assert_eq!(asked, [expected]);
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
        (200, "x".repeat(LARGEST_ANSWER + 1), false),
    ] {
        let answer = body.clone();
        let status = StatusCode::from_u16(status).expect("a status");
        for stripe in Fake::all(move || (status, [("location", "/")], answer.clone()).into_response()).await {
            let failure = stripe.ask().await.err().expect("a failure");
            let shown = failure.to_string();
            assert!(!shown.contains("tok_1") && !shown.contains("sk_test"), "{shown}");
            let refused = matches!(CallError::from(failure), CallError::Refused(_));
            assert_eq!(refused, is_refused, "{status}: {shown}");
            assert_eq!(stripe.asked.lock().expect("no panic").len(), 1, "{status} was sent again");
        }
    }
}

#[tokio::test]
async fn a_silence_and_a_closed_door_leave_it_unknown() {
    let unheard = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let address = format!("http://{}", unheard.local_addr().expect("an address"));
    let base = Some(address.parse().expect("an address"));
    let settings = Settings { stripe_api_base: base, call_timeout: Duration::from_millis(100), ..Settings::default() };
    let transport = Transport::new(&settings);
    let silence = Confirm.customize().send(&transport).await.err().expect("a failure");
    assert!(matches!(silence, Failure::Timeout), "{silence}");
    drop(unheard);
    let closed = Confirm.customize().send(&transport).await.err().expect("a failure");
    assert!(matches!(closed, Failure::Network(_)) && !closed.to_string().contains("127.0.0.1"), "{closed}");
}

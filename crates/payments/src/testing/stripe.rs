//! A Stripe whose answers a test decides, where the simulator does not go that far.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError};

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use http::{HeaderMap, Method, StatusCode, Uri, header};
use serde_json::{Value, json};
use tokio::net::TcpListener;

use crate::domain::Payment;

/// What it answers, and what it was asked. Clones share it.
#[derive(Clone, Default)]
pub(crate) struct FakeStripe(Arc<Mutex<Script>>);

#[derive(Default)]
struct Script {
    answers: Vec<Answer>,
    asked: Vec<Asked>,
}

struct Answer {
    /// How the method and path begin: `POST /v1/refunds`.
    to: String,
    /// Each is given once, the last one for good.
    replies: VecDeque<(u16, Value)>,
}

/// A request that it had.
#[derive(Debug, Clone)]
pub(crate) struct Asked {
    pub(crate) request: String,
    pub(crate) key: String,
    pub(crate) body: String,
}

impl FakeStripe {
    /// Its address.
    pub(crate) async fn listen(&self) -> String {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let address = format!("http://{}", listener.local_addr().expect("an address"));
        let routes = Router::new().fallback(answer).with_state(self.clone());
        tokio::spawn(async move { axum::serve(listener, routes).await });
        address
    }

    /// From now on it answers requests that begin like this with these replies in turn, and then with the last.
    /// What is said last counts.
    pub(crate) fn answers(&self, to: &str, replies: impl IntoIterator<Item = (u16, Value)>) {
        let answer = Answer { to: to.to_owned(), replies: replies.into_iter().collect() };
        self.with(|script| script.answers.insert(0, answer));
    }

    /// The requests so far that begin like this.
    pub(crate) fn asked(&self, to: &str) -> Vec<Asked> {
        self.with(|script| script.asked.iter().filter(|asked| asked.request.starts_with(to)).cloned().collect())
    }

    fn with<T>(&self, use_it: impl FnOnce(&mut Script) -> T) -> T {
        use_it(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

async fn answer(
    State(stripe): State<FakeStripe>,
    method: Method,
    uri: Uri,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let request = format!("{method} {uri}");
    let key = headers.get("idempotency-key").and_then(|key| key.to_str().ok()).unwrap_or_default().to_owned();
    let body = String::from_utf8_lossy(&body).into_owned();
    let reply = stripe.with(|script| {
        let is_replay = script.asked.iter().any(|asked| !key.is_empty() && asked.key == key);
        script.asked.push(Asked { request: request.clone(), key, body });
        let answer = script.answers.iter_mut().find(|answer| request.starts_with(&answer.to))?;
        let reply = if answer.replies.len() > 1 { answer.replies.pop_front() } else { answer.replies.front().cloned() };
        reply.map(|reply| (reply, is_replay))
    });
    let Some(((status, body), is_replay)) = reply else {
        return (StatusCode::NOT_FOUND, r#"{"error":{"type":"invalid_request_error"}}"#).into_response();
    };
    let status = StatusCode::from_u16(status).expect("a status");
    let headers = [(header::CONTENT_TYPE, "application/json")];
    let replayed = is_replay.then_some([("idempotent-replayed", "true")]);
    match replayed {
        Some(replayed) => (status, headers, replayed, body.to_string()).into_response(),
        None => (status, headers, body.to_string()).into_response(),
    }
}

/// An intent as Stripe shows it.
pub(crate) fn intent(status: &str) -> Value {
    json!({"id": "pi_1", "object": "payment_intent", "status": status, "client_secret": "pi_1_secret_2"})
}

/// An intent whose buyer has to confirm it.
pub(crate) fn asking_intent() -> Value {
    let mut intent = intent("requires_action");
    intent["next_action"] = json!({"type": "redirect_to_url", "redirect_to_url": {"url": "https://bank.example/1"}});
    intent
}

/// The intent of the last attempt of this payment.
pub(crate) fn of(payment: &Payment, mut intent: Value) -> Value {
    let attempt = payment.attempts.to_string();
    intent["metadata"] = json!({"order_id": payment.id, "payment_id": payment.payment_id, "attempt": attempt});
    intent
}

/// An error as Stripe shows it.
pub(crate) fn error(kind: &str, code: &str) -> Value {
    json!({"error": {"type": kind, "code": code, "message": "A text for developers."}})
}

/// A refund as Stripe shows it.
pub(crate) fn refund(id: &str, amount: i64, status: &str) -> Value {
    json!({"id": id, "object": "refund", "amount": amount, "status": status, "payment_intent": "pi_1"})
}

/// A dispute as Stripe shows it.
pub(crate) fn dispute(status: &str) -> Value {
    json!({"object": "dispute", "id": "du_1", "amount": 2050, "status": status, "payment_intent": "pi_1"})
}

/// All refunds of an intent as Stripe shows them.
pub(crate) fn list(refunds: &[Value]) -> Value {
    page(refunds, false)
}

/// A page of a list as Stripe shows it.
pub(crate) fn page(objects: &[Value], has_more: bool) -> Value {
    json!({"object": "list", "has_more": has_more, "data": objects})
}

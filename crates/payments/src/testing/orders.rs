//! The orders service, as far as it is asked.

use std::sync::{Arc, Mutex, PoisonError};

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use axum::{Json, Router};
use common::gate::{BEGIN_PAYMENT, BeginPayment, PaymentBeginning};
use http::StatusCode;

/// What orders answers, and what it was asked. Clones share it.
#[derive(Clone, Default)]
pub(crate) struct FakeOrders(Arc<Mutex<Answers>>);

struct Answers {
    answer: Option<PaymentBeginning>,
    asked: Vec<BeginPayment>,
}

impl Default for Answers {
    fn default() -> Self {
        Self { answer: Some(PaymentBeginning::Begun), asked: Vec::new() }
    }
}

impl FakeOrders {
    pub(crate) fn routes(&self) -> Router {
        Router::new().route(BEGIN_PAYMENT, post(begin)).with_state(self.clone())
    }

    /// From now on it answers this, or that it is away.
    pub(crate) fn answers(&self, answer: Option<PaymentBeginning>) {
        self.with(|answers| answers.answer = answer);
    }

    /// Which attempts it was asked about.
    pub(crate) fn asked(&self) -> Vec<u32> {
        self.with(|answers| answers.asked.iter().map(|question| question.attempt).collect())
    }

    fn with<T>(&self, use_it: impl FnOnce(&mut Answers) -> T) -> T {
        use_it(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

async fn begin(State(orders): State<FakeOrders>, Json(question): Json<BeginPayment>) -> Response {
    let answer = orders.with(|answers| {
        answers.asked.push(question);
        answers.answer
    });
    answer.map_or_else(|| StatusCode::SERVICE_UNAVAILABLE.into_response(), |answer| Json(answer).into_response())
}

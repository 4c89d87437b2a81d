//! Faults that tests inject.

mod key;
mod plan;

pub use key::KeyState;
pub use plan::Held;
use plan::{Fault, Hold, Kind};

use std::collections::{HashMap, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use axum::response::{IntoResponse, Response};
use tokio::sync::watch;

use crate::domain::{RefundFate, Refusal};

/// A call that can fail.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Call {
    /// `POST /v1/payment_intents`
    CreateIntent,
    /// `GET /v1/payment_intents`
    ListIntents,
    /// `GET /v1/payment_intents/{id}`
    RetrieveIntent,
    /// `POST /v1/payment_intents/{id}/capture`
    Capture,
    /// `POST /v1/payment_intents/{id}/cancel`
    Cancel,
    /// `POST /v1/refunds`
    Refund,
    /// `GET /v1/refunds`
    ListRefunds,
}

/// When a fault strikes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Moment {
    /// Before the call takes effect.
    Before,
    /// After it took effect, before there is a response.
    After,
}

/// How a call fails.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Failure {
    /// There is never a response.
    Hang,
    /// The response is a 500 that something in front of the endpoint gives: it is not kept for retries. One
    /// that is kept: [`Faults::break_down`].
    ServerError,
    /// The response is a 429, and says how long to wait. Strikes before the call takes effect.
    RateLimited(Duration),
    /// The response is cut off.
    Disconnect,
    /// The call is delayed.
    Delay(Duration),
}

/// The faults still to come. Clones share them.
#[derive(Clone, Default)]
pub struct Faults(Arc<Mutex<State>>);

#[derive(Default)]
struct State {
    planned: HashMap<Call, VecDeque<Fault>>,
    breakdowns: HashMap<Call, VecDeque<Moment>>,
    refunds: VecDeque<RefundFate>,
    slow_banks: usize,
    key: KeyState,
    calls: HashMap<Call, usize>,
    webhooks: WebhookFaults,
}

/// Faults in the delivery of webhooks.
#[derive(Clone, Copy, Default)]
pub(crate) struct WebhookFaults {
    pub(crate) held: bool,
    pub(crate) duplicated: bool,
    pub(crate) reversed: bool,
}

impl Faults {
    /// The next call of this kind without a planned fault fails like this.
    pub fn plan(&self, call: Call, moment: Moment, failure: Failure) {
        self.push(call, Fault { moment, kind: Kind::Fail(failure) });
    }

    /// The next call of this kind without a planned fault is held until it is released.
    pub fn hold(&self, call: Call, moment: Moment) -> Held {
        let hold = watch::Sender::new(Hold::Planned);
        self.push(call, Fault { moment, kind: Kind::Hold(hold.clone()) });
        Held(hold)
    }

    /// The endpoint of the next call of this kind that changes something answers 500, before or after it has
    /// changed it. Unlike a [`Failure::ServerError`] the answer is kept under the idempotency key: every retry
    /// has the same.
    pub fn break_down(&self, call: Call, moment: Moment) {
        self.state().breakdowns.entry(call).or_default().push_back(moment);
    }

    /// The next intent that is created is `processing` until [`crate::Simulator::finish_processing`] is called.
    pub fn next_intent_is_processing(&self) {
        self.state().slow_banks += 1;
    }

    /// What becomes of the next refund that is asked for.
    pub fn next_refund(&self, fate: RefundFate) {
        self.state().refunds.push_back(fate);
    }

    /// What the merchant's secret key is good for from now on.
    pub fn set_key(&self, key: KeyState) {
        self.state().key = key;
    }

    /// How many calls of this kind have been received.
    pub fn calls(&self, call: Call) -> usize {
        self.state().calls.get(&call).copied().unwrap_or(0)
    }

    /// Holds webhooks back, or lets them go again.
    pub fn hold_webhooks(&self, held: bool) {
        self.state().webhooks.held = held;
    }

    /// Sends every webhook twice.
    pub fn duplicate_webhooks(&self, duplicated: bool) {
        self.state().webhooks.duplicated = duplicated;
    }

    /// Sends the pending webhooks of an intent in reverse order.
    pub fn reverse_webhooks(&self, reversed: bool) {
        self.state().webhooks.reversed = reversed;
    }

    pub(crate) fn take_breakdown(&self, call: Call) -> Option<Moment> {
        self.state().breakdowns.get_mut(&call)?.pop_front()
    }

    pub(crate) fn take_refund_fate(&self) -> Option<RefundFate> {
        self.state().refunds.pop_front()
    }

    /// Whether the bank thinks about the intent that is created now.
    pub(crate) fn take_slow_bank(&self) -> bool {
        let mut state = self.state();
        let is_slow = state.slow_banks > 0;
        state.slow_banks = state.slow_banks.saturating_sub(1);
        is_slow
    }

    pub(crate) fn key(&self) -> KeyState {
        self.state().key
    }

    pub(crate) fn webhooks(&self) -> WebhookFaults {
        self.state().webhooks
    }

    /// Runs `work` as the call `call`, with the fault planned for it.
    pub(crate) async fn afflict<F>(&self, call: Call, work: F) -> Response
    where
        F: Future<Output = Response> + Send + 'static,
    {
        let fault = self.take(call);
        if let Some(Fault { moment: Moment::Before, kind }) = &fault
            && let Some(response) = kind.strike().await
        {
            return response;
        }
        // The caller may hang up; work that has begun is completed all the same.
        let response = tokio::spawn(work).await.unwrap_or_else(|panic| {
            tracing::error!(%panic, "the simulator panicked");
            Refusal::server_error("The simulator panicked.").into_response()
        });
        match &fault {
            Some(Fault { moment: Moment::After, kind }) => kind.strike().await.unwrap_or(response),
            _ => response,
        }
    }

    fn take(&self, call: Call) -> Option<Fault> {
        let mut state = self.state();
        *state.calls.entry(call).or_default() += 1;
        state.planned.get_mut(&call)?.pop_front()
    }

    fn push(&self, call: Call, fault: Fault) {
        self.state().planned.entry(call).or_default().push_back(fault);
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

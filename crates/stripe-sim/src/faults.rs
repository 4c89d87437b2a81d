//! Faults that tests inject.

use std::collections::{HashMap, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use axum::body::Body;
use axum::response::{IntoResponse, Response};
use futures::stream;
use tokio::sync::watch;

use crate::domain::Refusal;

/// A call that can fail.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Call {
    /// `POST /v1/payment_intents`
    CreateIntent,
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
    /// The response is a 500.
    ServerError,
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

struct Fault {
    moment: Moment,
    kind: Kind,
}

enum Kind {
    Fail(Failure),
    Hold(watch::Sender<Hold>),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Hold {
    Planned,
    Reached,
    Released,
}

/// A call that is held until the test releases it.
pub struct Held(watch::Sender<Hold>);

impl Held {
    /// Returns when the call has reached the point where it is held.
    pub async fn reached(&self) {
        // The sender lives in `self`, so waiting cannot fail.
        let _ = self.0.subscribe().wait_for(|hold| *hold != Hold::Planned).await;
    }

    /// Releases it.
    pub fn release(self) {
        self.0.send_replace(Hold::Released);
    }
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

impl Kind {
    /// The response sent in place of the right one, if any.
    async fn strike(&self) -> Option<Response> {
        match self {
            Self::Fail(Failure::Hang) => std::future::pending().await,
            Self::Fail(Failure::ServerError) => {
                Some(Refusal::server_error("An unknown error occurred.").into_response())
            }
            Self::Fail(Failure::Disconnect) => {
                let cut: Result<&'static str, _> = Err(std::io::Error::other("cut off"));
                Some(Response::new(Body::from_stream(stream::once(async { cut }))))
            }
            Self::Fail(Failure::Delay(span)) => {
                tokio::time::sleep(*span).await;
                None
            }
            Self::Hold(hold) => {
                hold.send_replace(Hold::Reached);
                let _ = hold.subscribe().wait_for(|hold| *hold == Hold::Released).await;
                None
            }
        }
    }
}

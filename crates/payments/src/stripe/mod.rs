//! Stripe as the service uses it: each call either gets a definite answer or is *unknown*, and
//! what is unknown is asked again later, never assumed.

mod authorize;
mod cancel;
mod capture;
mod decline;
mod failure;
mod find_intent;
mod health;
mod list_intents;
mod objects;
mod refund;
mod transport;
mod webhook;

pub(crate) use authorize::Authorize;
pub(crate) use failure::Unknown;
pub(crate) use find_intent::FoundIntent;
pub(crate) use refund::RefundReply;
pub(crate) use webhook::{About, StripeEvent, WebhookError, verify};

use std::sync::Arc;
use std::time::Duration;

use miniserde::Deserialize;
use runtime::outbound::HttpCalls;
use runtime::trace::Span;
use stripe_client_core::{IdempotencyKey, RequestStrategy, StripeRequest};
use tokio::time::Instant;
use tracing::Instrument;

use crate::settings::Settings;
use failure::CallError;
use health::Health;
use transport::Transport;

/// The first pause before a call that Stripe was too busy for is sent again. The pauses grow.
const BUSY_PAUSE: Duration = Duration::from_millis(100);
/// The longest of them.
const LONGEST_BUSY_PAUSE: Duration = Duration::from_secs(2);

/// A client of Stripe. Cheap to clone.
#[derive(Clone)]
pub(crate) struct Stripe {
    transport: Transport,
    health: Health,
    /// What the addresses begin with that banks send buyers back to.
    return_base: Arc<str>,
    /// How long a call may be repeated while Stripe is busy.
    patience: Duration,
}

impl Stripe {
    pub(crate) fn new(settings: &Settings, http: Arc<dyn HttpCalls>) -> Self {
        Self {
            transport: Transport::new(settings, http),
            health: Health::default(),
            return_base: settings.return_base.trim_end_matches('/').into(),
            patience: settings.call_timeout,
        }
    }

    /// Sends a request that changes nothing. `name` is what it is called in traces.
    async fn read<R>(&self, name: &'static str, request: &R) -> Result<R::Output, CallError>
    where
        R: StripeRequest<Output: Deserialize>,
    {
        self.traced(name, self.retry_while_busy(name, None, request)).await
    }

    /// Sends a request that changes something, under our own idempotency key.
    async fn write<R>(&self, name: &'static str, key: &str, request: &R) -> Result<R::Output, CallError>
    where
        R: StripeRequest<Output: Deserialize>,
    {
        let key = IdempotencyKey::new(key).map_err(|error| CallError::Unknown(Unknown(error.to_string())))?;
        let strategy = RequestStrategy::Idempotent(key);
        self.traced(name, self.retry_while_busy(name, Some(strategy), request)).await
    }

    /// Backs off while Stripe is still working on the call before this one with the same key, or has too many.
    async fn retry_while_busy<R>(
        &self,
        name: &'static str,
        strategy: Option<RequestStrategy>,
        request: &R,
    ) -> Result<R::Output, CallError>
    where
        R: StripeRequest<Output: Deserialize>,
    {
        let until = Instant::now() + self.patience;
        let mut pause = BUSY_PAUSE;
        loop {
            let request = request.customize();
            let request = match &strategy {
                Some(strategy) => request.request_strategy(strategy.clone()),
                None => request,
            };
            metrics::counter!("stripe_calls_total", "call" => name).increment(1);
            match request.send(&self.transport).await {
                Err(failure) if failure.is_busy() && Instant::now() + pause < until => {
                    tokio::time::sleep(pause).await;
                    pause = (pause * 2).min(LONGEST_BUSY_PAUSE);
                }
                sent => return Ok(sent?),
            }
        }
    }

    /// A call as a part of its caller's trace. A refusal is a definite answer, not a failed call.
    async fn traced<T>(
        &self,
        name: &'static str,
        call: impl Future<Output = Result<T, CallError>>,
    ) -> Result<T, CallError> {
        let mut span = Span::call(crate::NAME, name);
        // What is logged on the way says which call it is about.
        let sent = call.instrument(tracing::warn_span!("stripe", call = name)).await;
        match &sent {
            Ok(_) => self.health.key_accepted(),
            Err(CallError::Refused(_)) => span.set("outcome", "refused"),
            Err(CallError::NotTaken(status)) => {
                self.health.not_taken(*status);
                span.fail("the request was not taken");
            }
            Err(CallError::Unknown(_) | CallError::Stuck(_)) => span.fail("the outcome is unknown"),
        }
        sent
    }
}

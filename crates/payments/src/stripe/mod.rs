//! Stripe as the service uses it: each call either gets a definite answer or is *unknown*, and
//! what is unknown is asked again later, never assumed.

mod authorize;
mod cancel;
mod capture;
mod failure;
mod find_intent;
mod objects;
mod refund;
mod transport;
mod webhook;

pub(crate) use authorize::Authorize;
pub(crate) use failure::Unknown;
pub(crate) use webhook::{StripeEvent, verify};

use std::sync::Arc;
use std::time::Duration;

use miniserde::Deserialize;
use runtime::outbound::HttpCalls;
use runtime::trace::Span;
use stripe_client_core::{IdempotencyKey, RequestStrategy, StripeRequest};
use tracing::Instrument;

use crate::settings::Settings;
use failure::{CallError, Failure};
use transport::Transport;

/// How often a call is sent again at once because Stripe is still working on the one before it
/// with the same key.
const BUSY_RETRIES: u32 = 5;
/// The pause before that.
const BUSY_PAUSE: Duration = Duration::from_millis(100);

/// A client of Stripe. Cheap to clone.
#[derive(Clone)]
pub(crate) struct Stripe {
    transport: Transport,
}

impl Stripe {
    pub(crate) fn new(settings: &Settings, http: Arc<dyn HttpCalls>) -> Self {
        Self { transport: Transport::new(settings, http) }
    }

    /// Sends a request that changes nothing. `name` is what it is called in traces.
    async fn read<R>(&self, name: &'static str, request: &R) -> Result<R::Output, CallError>
    where
        R: StripeRequest<Output: Deserialize>,
    {
        traced(name, async { Ok(request.customize().send(&self.transport).await?) }).await
    }

    /// Sends a request that changes something, under our own idempotency key.
    async fn write<R>(&self, name: &'static str, key: &str, request: &R) -> Result<R::Output, CallError>
    where
        R: StripeRequest<Output: Deserialize>,
    {
        traced(name, self.retry_while_busy(key, request)).await
    }

    async fn retry_while_busy<R>(&self, key: &str, request: &R) -> Result<R::Output, CallError>
    where
        R: StripeRequest<Output: Deserialize>,
    {
        let key = IdempotencyKey::new(key).map_err(|error| CallError::Unknown(Unknown(error.to_string())))?;
        let strategy = RequestStrategy::Idempotent(key);
        let send = || request.customize().request_strategy(strategy.clone()).send(&self.transport);
        for _ in 0..BUSY_RETRIES {
            match send().await {
                Err(Failure::Stripe { status: 409, .. }) => tokio::time::sleep(BUSY_PAUSE).await,
                sent => return Ok(sent?),
            }
        }
        Ok(send().await?)
    }
}

/// A call as a part of its caller's trace. A refusal is a definite answer, not a failed call.
async fn traced<T>(name: &'static str, call: impl Future<Output = Result<T, CallError>>) -> Result<T, CallError> {
    let mut span = Span::call(crate::NAME, name);
    // What is logged on the way says which call it is about.
    let sent = call.instrument(tracing::warn_span!("stripe", call = name)).await;
    match &sent {
        Ok(_) => {}
        Err(CallError::Refused(_)) => span.set("outcome", "refused"),
        Err(CallError::Unknown(_)) => span.fail("the outcome is unknown"),
    }
    sent
}

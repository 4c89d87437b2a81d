//! Stripe as the service uses it: each call either gets a definite answer or is *unknown*, and
//! what is unknown is asked again later, never assumed.

mod authorize;
mod cancel;
mod capture;
mod failure;
mod fetch;
mod objects;
mod refund;
mod signature;
mod transport;

pub(crate) use authorize::Authorize;
pub(crate) use failure::Unknown;
pub(crate) use signature::{StripeEvent, verify};

use std::time::Duration;

use common::mutant::{self, Mutant};
use miniserde::Deserialize;
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
    client: Transport,
}

impl Stripe {
    pub(crate) fn new(settings: &Settings) -> Self {
        Self { client: Transport::new(settings) }
    }

    /// Sends a request that changes nothing. `name` is what it is called in traces.
    async fn ask<R>(&self, name: &'static str, request: &R) -> Result<R::Output, CallError>
    where
        R: StripeRequest<Output: Deserialize>,
    {
        traced(name, async { Ok(request.customize().send(&self.client).await?) }).await
    }

    /// Sends a request that changes something, under our own idempotency key.
    async fn change<R>(&self, name: &'static str, key: &str, request: &R) -> Result<R::Output, CallError>
    where
        R: StripeRequest<Output: Deserialize>,
    {
        traced(name, self.insist(key, request)).await
    }

    async fn insist<R>(&self, key: &str, request: &R) -> Result<R::Output, CallError>
    where
        R: StripeRequest<Output: Deserialize>,
    {
        let key = IdempotencyKey::new(key).map_err(|error| CallError::Unknown(Unknown(error.to_string())))?;
        let send = |strategy| request.customize().request_strategy(strategy).send(&self.client);
        if mutant::is_active(Mutant::NoIdempotencyKey) {
            return Ok(send(RequestStrategy::Once).await?);
        }
        for _ in 0..BUSY_RETRIES {
            match send(RequestStrategy::Idempotent(key.clone())).await {
                Err(Failure::Stripe { status: 409, .. }) => tokio::time::sleep(BUSY_PAUSE).await,
                sent => return Ok(sent?),
            }
        }
        Ok(send(RequestStrategy::Idempotent(key)).await?)
    }
}

/// A call, told in the trace of whoever makes it. What was refused is an answer like another.
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

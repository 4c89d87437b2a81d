//! Stripe as the service uses it: each call either gets a definite answer or is *unknown*, and
//! what is unknown is asked again later, never assumed.

mod authorize;
mod cancel;
mod capture;
mod fetch;
mod refund;
mod signature;
mod transport;

pub(crate) use authorize::Authorize;
pub(crate) use signature::{StripeEvent, verify};

use std::sync::Arc;
use std::time::Duration;

use common::mutant::{self, Mutant};
use common::trace::Span;
use stripe::{ApiErrors, ApiErrorsType, ClientBuilder, IdempotencyKey, RequestStrategy, StripeError};
use stripe_core::{PaymentIntent, PaymentIntentStatus};
use tracing::Instrument;

use crate::domain::IntentTruth;
use crate::settings::Settings;
use transport::{InProcess, Transport};

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

/// Stripe gave no answer that says what happened.
#[derive(Debug, thiserror::Error)]
#[error("the outcome at Stripe is unknown: {0}")]
pub(crate) struct Unknown(String);

/// How a call ended without success.
#[derive(Debug)]
enum CallError {
    /// Stripe refused it, and what was asked for did not happen.
    Refused(Box<ApiErrors>),
    /// It may have happened or not.
    Unknown(Unknown),
}

impl Stripe {
    pub(crate) fn new(settings: &Settings) -> Self {
        let key = settings.stripe_secret_key.expose();
        if let Some(routes) = settings.stripe_in_process.clone() {
            let authorization = format!("Bearer {key}").parse().expect("the key was checked when it was parsed");
            let in_process = InProcess { routes, authorization, timeout: settings.call_timeout };
            return Self { client: Transport::InProcess(in_process) };
        }
        let builder = ClientBuilder::new(key).timeout(settings.call_timeout);
        let builder = match &settings.stripe_api_base {
            Some(base) => builder.url(base.as_str()),
            None => builder,
        };
        let client = builder.build().expect("the key and the address were checked when they were parsed");
        Self { client: Transport::Network(Arc::new(client)) }
    }

    /// Sends a request that changes something, under our own idempotency key. `name` is what it is
    /// called in traces.
    async fn change<T, F>(
        &self,
        name: &'static str,
        key: &str,
        send: impl Fn(RequestStrategy) -> F,
    ) -> Result<T, CallError>
    where
        F: Future<Output = Result<T, StripeError>>,
    {
        traced(name, self.insist(key, send)).await
    }

    async fn insist<T, F>(&self, key: &str, send: impl Fn(RequestStrategy) -> F) -> Result<T, CallError>
    where
        F: Future<Output = Result<T, StripeError>>,
    {
        let key = IdempotencyKey::new(key).map_err(|error| CallError::Unknown(Unknown(error.to_string())))?;
        if mutant::is_active(Mutant::NoIdempotencyKey) {
            return send(RequestStrategy::Once).await.map_err(CallError::from);
        }
        for _ in 0..BUSY_RETRIES {
            match send(RequestStrategy::Idempotent(key.clone())).await {
                Err(StripeError::Stripe(_, 409)) => tokio::time::sleep(BUSY_PAUSE).await,
                sent => return sent.map_err(CallError::from),
            }
        }
        send(RequestStrategy::Idempotent(key)).await.map_err(CallError::from)
    }
}

/// A call, told in the trace of whoever makes it. What was refused is an answer like another.
async fn traced<T>(name: &'static str, call: impl Future<Output = Result<T, CallError>>) -> Result<T, CallError> {
    let mut span = Span::call(crate::NAME, name);
    // The client notes its request's method in whatever span it finds: in ours, not in the caller's.
    let sent = call.instrument(tracing::warn_span!("stripe", call = name)).await;
    match &sent {
        Ok(_) => {}
        Err(CallError::Refused(_)) => span.set("outcome", "refused"),
        Err(CallError::Unknown(_)) => span.fail("the outcome is unknown"),
    }
    sent
}

impl From<StripeError> for CallError {
    /// Only a 4xx that is about the request itself says that nothing happened. A limit, a busy
    /// key, a key of ours that is not accepted, a 5xx, a silence: all of these may change.
    fn from(error: StripeError) -> Self {
        match error {
            StripeError::Stripe(error, 400 | 402 | 404) if error.type_ != ApiErrorsType::IdempotencyError => {
                Self::Refused(error)
            }
            // The error's own text would carry the whole intent and its client secret.
            StripeError::Stripe(error, status) => {
                Self::Unknown(Unknown(format!("status {status}, {}", error.type_.as_str())))
            }
            other => Self::Unknown(Unknown(other.to_string())),
        }
    }
}

impl From<CallError> for Unknown {
    /// For calls that are never refused for a reason we can act on.
    fn from(error: CallError) -> Self {
        match error {
            CallError::Unknown(unknown) => unknown,
            CallError::Refused(error) => Self(format!("refused: {}", error.message.unwrap_or_default())),
        }
    }
}

fn truth_of(intent: &PaymentIntent) -> IntentTruth {
    match &intent.status {
        PaymentIntentStatus::Canceled => IntentTruth::Cancelled,
        PaymentIntentStatus::RequiresCapture => IntentTruth::Authorized,
        PaymentIntentStatus::Succeeded => IntentTruth::Captured,
        PaymentIntentStatus::RequiresAction
        | PaymentIntentStatus::RequiresConfirmation
        | PaymentIntentStatus::RequiresPaymentMethod => IntentTruth::NotAuthorized,
        PaymentIntentStatus::Processing => IntentTruth::Processing,
        unheard_of => {
            tracing::error!(status = unheard_of.as_str(), "Stripe has a status we do not know");
            IntentTruth::Processing
        }
    }
}

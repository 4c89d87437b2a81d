use stripe_client_core::{RequestBuilder, StripeMethod, StripeRequest};

use super::Stripe;
use super::failure::{CallError, Unknown};
use super::objects::Intent;
use crate::domain::{IntentId, IntentStatus};

/// `POST /v1/payment_intents/pi_…/capture`
struct CaptureIntent<'a>(&'a IntentId);

impl Stripe {
    /// Takes the money that was set aside. Returns the intent's status then.
    pub(crate) async fn capture(&self, intent: &IntentId, key: &str) -> Result<IntentStatus, Unknown> {
        match self.write("stripe capture", key, &CaptureIntent(intent)).await {
            Ok(intent) => Ok(intent.status()),
            // It cannot be captured: it was before, or it is gone. Or it failed. Ask which.
            Err(CallError::Refused(_) | CallError::Stuck(_)) => self.intent_status(intent).await,
            Err(other) => Err(other.into()),
        }
    }
}

impl StripeRequest for CaptureIntent<'_> {
    type Output = Intent;

    fn build(&self) -> RequestBuilder {
        RequestBuilder::new(StripeMethod::Post, format!("/payment_intents/{}/capture", self.0))
    }
}

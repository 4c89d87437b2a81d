use stripe_client_core::{RequestBuilder, StripeMethod, StripeRequest};

use super::Stripe;
use super::failure::{CallError, Unknown};
use super::objects::Intent;
use crate::domain::{IntentId, IntentTruth};

/// `POST /v1/payment_intents/pi_…/capture`
struct CaptureIntent<'a>(&'a IntentId);

impl Stripe {
    /// Takes the money that was set aside. Returns how the intent stands then.
    pub(crate) async fn capture(&self, intent: &IntentId, key: &str) -> Result<IntentTruth, Unknown> {
        match self.change("stripe capture", key, &CaptureIntent(intent)).await {
            Ok(intent) => Ok(intent.truth()),
            // It cannot be captured: it was before, or it is gone. Ask which.
            Err(CallError::Refused(_)) => self.retrieve(intent).await,
            Err(CallError::Unknown(unknown)) => Err(unknown),
        }
    }
}

impl StripeRequest for CaptureIntent<'_> {
    type Output = Intent;

    fn build(&self) -> RequestBuilder {
        RequestBuilder::new(StripeMethod::Post, format!("/payment_intents/{}/capture", self.0))
    }
}

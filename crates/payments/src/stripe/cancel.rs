use stripe_client_core::{RequestBuilder, StripeMethod, StripeRequest};

use super::Stripe;
use super::failure::{CallError, Unknown};
use super::objects::Intent;
use crate::domain::{IntentId, IntentTruth};

/// `POST /v1/payment_intents/pi_…/cancel`
struct CancelIntent<'a>(&'a IntentId);

impl Stripe {
    /// Gives up the money that was set aside. Returns how the intent stands then.
    pub(crate) async fn cancel(&self, intent: &IntentId, key: &str) -> Result<IntentTruth, Unknown> {
        match self.change("stripe cancel", key, &CancelIntent(intent)).await {
            Ok(intent) => Ok(intent.truth()),
            // It cannot be cancelled: it was before, or it is captured. Ask which.
            Err(CallError::Refused(_)) => self.retrieve(intent).await,
            Err(CallError::Unknown(unknown)) => Err(unknown),
        }
    }
}

impl StripeRequest for CancelIntent<'_> {
    type Output = Intent;

    fn build(&self) -> RequestBuilder {
        RequestBuilder::new(StripeMethod::Post, format!("/payment_intents/{}/cancel", self.0))
    }
}

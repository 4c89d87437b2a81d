use stripe_client_core::{RequestBuilder, StripeMethod, StripeRequest};

use super::Stripe;
use super::failure::{CallError, Unknown};
use super::objects::Intent;
use crate::domain::{IntentId, IntentStatus};

/// `POST /v1/payment_intents/pi_…/cancel`
struct CancelIntent<'a>(&'a IntentId);

impl Stripe {
    /// Gives up the money that was set aside. Returns the intent's status then.
    pub(crate) async fn cancel(&self, intent: &IntentId, key: &str) -> Result<IntentStatus, Unknown> {
        match self.write("stripe cancel", key, &CancelIntent(intent)).await {
            Ok(intent) => Ok(intent.status()),
            // It cannot be cancelled: it was before, or it is captured. Or it failed. Ask which.
            Err(CallError::Refused(_) | CallError::Stuck(_)) => self.intent_status(intent).await,
            Err(other) => Err(other.into()),
        }
    }
}

impl StripeRequest for CancelIntent<'_> {
    type Output = Intent;

    fn build(&self) -> RequestBuilder {
        RequestBuilder::new(StripeMethod::Post, format!("/payment_intents/{}/cancel", self.0))
    }
}

use stripe::StripeRequest;
use stripe_core::payment_intent::CapturePaymentIntent;

use super::{CallError, Stripe, Unknown, truth_of};
use crate::domain::{IntentId, IntentTruth};

impl Stripe {
    /// Takes the money that was set aside. Returns how the intent stands then.
    pub(crate) async fn capture(&self, intent: &IntentId, key: &str) -> Result<IntentTruth, Unknown> {
        let request = CapturePaymentIntent::new(intent.0.as_str());
        let sent = self
            .change("stripe capture", key, |strategy| request.customize().request_strategy(strategy).send(&self.client))
            .await;
        match sent {
            Ok(intent) => Ok(truth_of(&intent)),
            // It cannot be captured: it was before, or it is gone. Ask which.
            Err(CallError::Refused(_)) => self.retrieve(intent).await,
            Err(CallError::Unknown(unknown)) => Err(unknown),
        }
    }
}

use stripe::StripeRequest;
use stripe_core::payment_intent::CancelPaymentIntent;

use super::{CallError, Stripe, Unknown, truth_of};
use crate::domain::{IntentId, IntentTruth};

impl Stripe {
    /// Gives up the money that was set aside. Returns how the intent stands then.
    pub(crate) async fn cancel(&self, intent: &IntentId, key: &str) -> Result<IntentTruth, Unknown> {
        let request = CancelPaymentIntent::new(intent.0.as_str());
        let sent = self
            .change("stripe cancel", key, |strategy| request.customize().request_strategy(strategy).send(&self.client))
            .await;
        match sent {
            Ok(intent) => Ok(truth_of(&intent)),
            // It cannot be cancelled: it was before, or it is captured. Ask which.
            Err(CallError::Refused(_)) => self.retrieve(intent).await,
            Err(CallError::Unknown(unknown)) => Err(unknown),
        }
    }
}

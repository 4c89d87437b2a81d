use common::money::Price;
use stripe::StripeRequest;
use stripe_core::refund::{CreateRefund, ListRefund};

use super::{CallError, Stripe, Unknown, traced};
use crate::domain::IntentId;

impl Stripe {
    /// Gives all the money of an intent back. Returns the refund's id.
    pub(crate) async fn refund(&self, intent: &IntentId, amount: Price, key: &str) -> Result<String, Unknown> {
        let request = CreateRefund::new().payment_intent(intent.0.as_str()).amount(amount.minor_units());
        let sent = self
            .change("stripe refund", key, |strategy| request.customize().request_strategy(strategy).send(&self.client))
            .await;
        match sent {
            Ok(refund) => Ok(refund.id.to_string()),
            // Most likely it has been given back before, and Stripe has forgotten our key.
            Err(CallError::Refused(error)) => match self.find_refund(intent).await? {
                Some(refund) => Ok(refund),
                None => Err(CallError::Refused(error).into()),
            },
            Err(CallError::Unknown(unknown)) => Err(unknown),
        }
    }

    /// The refund of an intent that went through, or still may.
    async fn find_refund(&self, intent: &IntentId) -> Result<Option<String>, Unknown> {
        let request = ListRefund::new().payment_intent(intent.0.as_str());
        let refunds = traced("stripe find refund", async { Ok(request.send(&self.client).await?) }).await?;
        let stands = |status: &Option<String>| !matches!(status.as_deref(), Some("failed" | "canceled"));
        Ok(refunds.data.iter().find(|refund| stands(&refund.status)).map(|refund| refund.id.to_string()))
    }
}

use common::id::{OrderId, PaymentId};
use stripe_core::PaymentIntent;
use stripe_core::payment_intent::RetrievePaymentIntent;

use super::authorize::authorization;
use super::{CallError, Stripe, Unknown, traced, truth_of};
use crate::domain::{Authorization, IntentId, IntentTruth};

/// An intent of ours as Stripe has it.
pub(crate) struct FetchedIntent {
    pub(crate) order_id: OrderId,
    pub(crate) payment_id: PaymentId,
    /// Which attempt to pay it belongs to.
    pub(crate) attempt: u32,
    /// What became of that attempt, if that is clear.
    pub(crate) authorization: Option<Authorization>,
}

impl Stripe {
    /// How an intent stands.
    pub(crate) async fn retrieve(&self, intent: &IntentId) -> Result<IntentTruth, Unknown> {
        Ok(truth_of(&self.get(intent).await?))
    }

    /// An intent that we know by its id alone; `None` if it is none of ours.
    pub(crate) async fn fetch(&self, intent: &IntentId) -> Result<Option<FetchedIntent>, Unknown> {
        match self.get(intent).await {
            Ok(intent) => Ok(FetchedIntent::of(&intent)),
            Err(CallError::Refused(_)) => Ok(None),
            Err(CallError::Unknown(unknown)) => Err(unknown),
        }
    }

    async fn get(&self, intent: &IntentId) -> Result<PaymentIntent, CallError> {
        let asked = async { Ok(RetrievePaymentIntent::new(intent.0.as_str()).send(&self.client).await?) };
        traced("stripe retrieve", asked).await
    }
}

impl FetchedIntent {
    fn of(intent: &PaymentIntent) -> Option<Self> {
        Some(Self {
            order_id: intent.metadata.get("order_id")?.parse().ok()?,
            payment_id: intent.metadata.get("payment_id")?.parse().ok()?,
            attempt: intent.metadata.get("attempt")?.parse().ok()?,
            authorization: authorization(intent).ok(),
        })
    }
}

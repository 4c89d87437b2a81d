use common::id::{OrderId, PaymentId};
use stripe_client_core::{RequestBuilder, StripeMethod, StripeRequest};

use super::Stripe;
use super::authorize::authorization;
use super::failure::{CallError, Unknown};
use super::objects::Intent;
use crate::domain::{Authorization, IntentId, IntentStatus};

/// An intent of ours as Stripe has it.
pub(crate) struct FoundIntent {
    pub(crate) order_id: OrderId,
    pub(crate) payment_id: PaymentId,
    /// Which attempt to pay it belongs to.
    pub(crate) attempt: u32,
    /// What became of that attempt, if that is clear.
    pub(crate) authorization: Option<Authorization>,
}

/// `GET /v1/payment_intents/pi_…`
struct RetrieveIntent<'a>(&'a IntentId);

impl Stripe {
    /// The status of an intent.
    pub(crate) async fn intent_status(&self, intent: &IntentId) -> Result<IntentStatus, Unknown> {
        Ok(self.retrieve(intent).await?.status())
    }

    /// An intent that we know by its id alone; `None` if it is none of ours.
    pub(crate) async fn find_intent(&self, intent: &IntentId) -> Result<Option<FoundIntent>, Unknown> {
        match self.retrieve(intent).await {
            Ok(intent) => Ok(FoundIntent::of(&intent)),
            Err(CallError::Refused(_)) => Ok(None),
            Err(CallError::Unknown(unknown)) => Err(unknown),
        }
    }

    async fn retrieve(&self, intent: &IntentId) -> Result<Intent, CallError> {
        self.read("stripe retrieve", &RetrieveIntent(intent)).await
    }
}

impl FoundIntent {
    fn of(intent: &Intent) -> Option<Self> {
        Some(Self {
            order_id: intent.note("order_id")?.parse().ok()?,
            payment_id: intent.note("payment_id")?.parse().ok()?,
            attempt: intent.note("attempt")?.parse().ok()?,
            authorization: authorization(intent).ok(),
        })
    }
}

impl StripeRequest for RetrieveIntent<'_> {
    type Output = Intent;

    fn build(&self) -> RequestBuilder {
        RequestBuilder::new(StripeMethod::Get, format!("/payment_intents/{}", self.0))
    }
}

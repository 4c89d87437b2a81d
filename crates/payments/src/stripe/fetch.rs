use common::id::{OrderId, PaymentId};
use stripe_client_core::{RequestBuilder, StripeMethod, StripeRequest};

use super::Stripe;
use super::authorize::authorization;
use super::failure::{CallError, Unknown};
use super::objects::Intent;
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

/// `GET /v1/payment_intents/pi_…`
struct RetrieveIntent<'a>(&'a IntentId);

impl Stripe {
    /// How an intent stands.
    pub(crate) async fn retrieve(&self, intent: &IntentId) -> Result<IntentTruth, Unknown> {
        Ok(self.get(intent).await?.truth())
    }

    /// An intent that we know by its id alone; `None` if it is none of ours.
    pub(crate) async fn fetch(&self, intent: &IntentId) -> Result<Option<FetchedIntent>, Unknown> {
        match self.get(intent).await {
            Ok(intent) => Ok(FetchedIntent::of(&intent)),
            Err(CallError::Refused(_)) => Ok(None),
            Err(CallError::Unknown(unknown)) => Err(unknown),
        }
    }

    async fn get(&self, intent: &IntentId) -> Result<Intent, CallError> {
        self.ask("stripe retrieve", &RetrieveIntent(intent)).await
    }
}

impl FetchedIntent {
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

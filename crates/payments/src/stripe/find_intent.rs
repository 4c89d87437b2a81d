use common::id::{OrderId, PaymentId};
use serde::Serialize;
use stripe_client_core::{RequestBuilder, StripeMethod, StripeRequest};

use super::Stripe;
use super::authorize::report;
use super::failure::{CallError, Unknown};
use super::objects::Intent;
use crate::domain::{AttemptReport, IntentId, IntentStatus};

/// An intent of ours as Stripe has it.
pub(crate) struct FoundIntent {
    pub(crate) id: IntentId,
    pub(crate) order_id: OrderId,
    pub(crate) payment_id: PaymentId,
    pub(crate) status: IntentStatus,
    /// What became of the attempt that it was made for.
    pub(crate) report: AttemptReport,
}

/// `GET /v1/payment_intents/pi_…`
struct RetrieveIntent<'a>(&'a IntentId);

#[derive(Serialize)]
struct Expand {
    expand: [&'static str; 1],
}

impl Stripe {
    /// The status of an intent.
    pub(crate) async fn intent_status(&self, intent: &IntentId) -> Result<IntentStatus, Unknown> {
        Ok(self.retrieve(intent).await?.status())
    }

    /// What became of an attempt whose intent is known.
    pub(crate) async fn attempt_report(&self, intent: &IntentId, attempt: u32) -> Result<AttemptReport, Unknown> {
        Ok(report(&self.retrieve(intent).await?, attempt))
    }

    /// An intent that we know by its id alone; `None` if it is none of ours.
    pub(crate) async fn find_intent(&self, intent: &IntentId) -> Result<Option<FoundIntent>, Unknown> {
        match self.retrieve(intent).await {
            Ok(intent) => Ok(FoundIntent::of(&intent)),
            Err(CallError::Refused(_)) => Ok(None),
            Err(other) => Err(other.into()),
        }
    }

    async fn retrieve(&self, intent: &IntentId) -> Result<Intent, CallError> {
        self.read("stripe retrieve", &RetrieveIntent(intent)).await
    }
}

impl FoundIntent {
    fn of(intent: &Intent) -> Option<Self> {
        let attempt = intent.note("attempt")?.parse().ok()?;
        Some(Self {
            id: IntentId(intent.id.clone()),
            order_id: intent.note("order_id")?.parse().ok()?,
            payment_id: intent.note("payment_id")?.parse().ok()?,
            status: intent.status(),
            report: report(intent, attempt),
        })
    }
}

impl StripeRequest for RetrieveIntent<'_> {
    type Output = Intent;

    fn build(&self) -> RequestBuilder {
        let path = format!("/payment_intents/{}", self.0);
        RequestBuilder::new(StripeMethod::Get, path).query(&Expand { expand: ["latest_charge"] })
    }
}

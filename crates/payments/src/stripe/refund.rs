use common::money::Price;
use serde::Serialize;
use stripe_client_core::{RequestBuilder, StripeMethod, StripeRequest};

use super::Stripe;
use super::failure::{CallError, Unknown};
use super::objects::{Refund, Refunds};
use crate::domain::IntentId;

/// `POST /v1/refunds`
#[derive(Serialize)]
struct CreateRefund<'a> {
    payment_intent: &'a str,
    amount: u32,
}

/// `GET /v1/refunds`
#[derive(Serialize)]
struct ListRefunds<'a> {
    payment_intent: &'a str,
}

impl Stripe {
    /// Gives all the money of an intent back. Returns the refund's id.
    pub(crate) async fn refund(&self, intent: &IntentId, amount: Price, key: &str) -> Result<String, Unknown> {
        let request = CreateRefund { payment_intent: &intent.0, amount: amount.minor_units() };
        match self.write("stripe refund", key, &request).await {
            Ok(refund) => Ok(refund.id),
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
        let refunds = self.read("stripe find refund", &ListRefunds { payment_intent: &intent.0 }).await?;
        Ok(refunds.data.into_iter().find(Refund::is_alive).map(|refund| refund.id))
    }
}

impl StripeRequest for CreateRefund<'_> {
    type Output = Refund;

    fn build(&self) -> RequestBuilder {
        RequestBuilder::new(StripeMethod::Post, "/refunds").form(self)
    }
}

impl StripeRequest for ListRefunds<'_> {
    type Output = Refunds;

    fn build(&self) -> RequestBuilder {
        RequestBuilder::new(StripeMethod::Get, "/refunds").query(self)
    }
}

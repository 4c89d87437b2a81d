use common::money::Price;
use serde::Serialize;
use stripe_client_core::{RequestBuilder, StripeMethod, StripeRequest};

use super::Stripe;
use super::failure::{CallError, Unknown};
use super::objects::{RefundObject, Refunds};
use crate::domain::{IntentId, Refund};

/// What Stripe answers to the request to give money back.
pub(crate) enum RefundReply {
    /// It has made this refund.
    Made(Refund),
    /// It makes none under this key.
    Refused,
    /// It makes none, as the buyer's bank disputes the payment.
    Disputed,
}

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
    limit: u32,
}

/// `GET /v1/refunds/re_…`
struct RetrieveRefund<'a>(&'a str);

impl Stripe {
    /// Gives money of an intent back.
    pub(crate) async fn refund(&self, intent: &IntentId, amount: Price, key: &str) -> Result<RefundReply, Unknown> {
        let request = CreateRefund { payment_intent: &intent.0, amount: amount.minor_units() };
        match self.write("stripe refund", key, &request).await {
            Ok(made) => Ok(RefundReply::Made(read(made)?)),
            Err(CallError::Refused(error)) if error.is_dispute() => Ok(RefundReply::Disputed),
            Err(CallError::Refused(error)) => {
                tracing::warn!(%intent, code = error.code, "Stripe refuses a refund");
                Ok(RefundReply::Refused)
            }
            Err(CallError::Stuck(_)) => Ok(RefundReply::Refused),
            Err(other) => Err(other.into()),
        }
    }

    /// The refunds of an intent, the oldest first.
    pub(crate) async fn refunds(&self, intent: &IntentId) -> Result<Vec<Refund>, Unknown> {
        let request = ListRefunds { payment_intent: &intent.0, limit: 100 };
        let Refunds { data } = self.read("stripe find refund", &request).await?;
        Ok(data.into_iter().rev().filter_map(RefundObject::refund).collect())
    }

    /// A refund as it stands now.
    pub(crate) async fn find_refund(&self, id: &str) -> Result<Refund, Unknown> {
        read(self.read("stripe retrieve refund", &RetrieveRefund(id)).await?)
    }
}

fn read(object: RefundObject) -> Result<Refund, Unknown> {
    object.refund().ok_or_else(|| Unknown("a refund of nothing".into()))
}

impl StripeRequest for CreateRefund<'_> {
    type Output = RefundObject;

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

impl StripeRequest for RetrieveRefund<'_> {
    type Output = RefundObject;

    fn build(&self) -> RequestBuilder {
        RequestBuilder::new(StripeMethod::Get, format!("/refunds/{}", self.0))
    }
}

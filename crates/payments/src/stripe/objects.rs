//! What we read of Stripe's objects: a few fields, whatever else an object has.
//!
//! The library's own types read everything that Stripe knows of: linked into the program, they are
//! a third of it. That the simulator speaks what they understand is tested where it lives.

use std::collections::BTreeMap;

use common::events::RefundStatus;
use common::money::Price;
use miniserde::Deserialize;
use miniserde::json::Value;

use super::decline::{self, DECLINED};
use crate::domain::{BuyerAction, Card, IntentStatus, Refund};

/// A PaymentIntent.
#[derive(Deserialize)]
pub(super) struct Intent {
    pub(super) id: String,
    status: String,
    metadata: Option<BTreeMap<String, String>>,
    pub(super) last_payment_error: Option<ApiError>,
    next_action: Option<NextAction>,
    client_secret: Option<String>,
    /// An id, or the charge itself, which we ask for.
    latest_charge: Option<Value>,
}

#[derive(Deserialize)]
struct NextAction {
    redirect_to_url: Option<RedirectToUrl>,
}

#[derive(Deserialize)]
struct RedirectToUrl {
    url: Option<String>,
}

/// A page of intents.
#[derive(Deserialize)]
pub(super) struct Intents {
    pub(super) data: Vec<Intent>,
    pub(super) has_more: bool,
}

/// A refund.
#[derive(Deserialize)]
pub(super) struct RefundObject {
    id: String,
    amount: i64,
    status: Option<String>,
}

/// A page of refunds.
#[derive(Deserialize)]
pub(super) struct Refunds {
    pub(super) data: Vec<RefundObject>,
}

/// The body of a response that is not a success.
#[derive(Deserialize)]
pub(super) struct ErrorBody {
    pub(super) error: ApiError,
}

/// Why Stripe does not do something, or a card cannot pay. Its message is for developers, and not read.
#[derive(Debug, Deserialize)]
pub(super) struct ApiError {
    #[serde(rename = "type")]
    pub(super) kind: String,
    pub(super) code: Option<String>,
    decline_code: Option<String>,
}

impl Intent {
    /// Its status, as far as it matters to us.
    pub(super) fn status(&self) -> IntentStatus {
        status_named(&self.status).unwrap_or_else(|| {
            tracing::error!(status = self.status, "Stripe has a status we do not know");
            IntentStatus::Processing
        })
    }

    /// What we noted on it when we created it.
    pub(super) fn note(&self, name: &str) -> Option<&str> {
        self.metadata.as_ref()?.get(name).map(String::as_str)
    }

    /// Where its buyer has to go, if the bank asks them to.
    pub(super) fn action(&self) -> Option<BuyerAction> {
        let url = self.next_action.as_ref()?.redirect_to_url.as_ref()?.url.clone()?;
        // Pages lead there: nothing but a page may be behind it.
        let is_page = url.starts_with("https://") || url.starts_with("http://");
        is_page.then(|| BuyerAction { url, client_secret: self.client_secret.clone() })
    }

    /// The card it was charged to.
    pub(super) fn card(&self) -> Option<Card> {
        let card = field(field(self.latest_charge.as_ref()?, "payment_method_details")?, "card")?;
        Some(Card { brand: text(card, "brand")?, last4: text(card, "last4")? })
    }
}

/// The status that has this name, as far as it matters to us; `None` if we do not know it.
pub(super) fn status_named(name: &str) -> Option<IntentStatus> {
    Some(match name {
        "canceled" => IntentStatus::Cancelled,
        "requires_capture" => IntentStatus::Authorized,
        "succeeded" => IntentStatus::Captured,
        "requires_action" => IntentStatus::AwaitingBuyer,
        "requires_confirmation" | "requires_payment_method" => IntentStatus::NotAuthorized,
        "processing" => IntentStatus::Processing,
        _ => return None,
    })
}

fn field<'a>(value: &'a Value, name: &str) -> Option<&'a Value> {
    match value {
        Value::Object(fields) => fields.get(name),
        _ => None,
    }
}

fn text(value: &Value, name: &str) -> Option<String> {
    match field(value, name)? {
        Value::String(text) => Some(text.clone()),
        _ => None,
    }
}

impl RefundObject {
    /// The refund as far as it matters to us; `None` for one of no amount.
    pub(super) fn refund(self) -> Option<Refund> {
        let amount = Price::from_minor_units(self.amount).ok()?;
        let status = match self.status.as_deref() {
            Some("succeeded") => RefundStatus::Succeeded,
            Some("failed" | "canceled") => RefundStatus::Failed,
            _ => RefundStatus::Pending,
        };
        Some(Refund { id: self.id, amount, status })
    }
}

impl ApiError {
    /// Whether the card is to blame.
    pub(super) fn is_the_card(&self) -> bool {
        self.kind == "card_error"
    }

    /// Whether our idempotency key is to blame, which says nothing about what was asked for.
    pub(super) fn is_the_key(&self) -> bool {
        self.kind == "idempotency_error"
    }

    /// Whether the buyer did not confirm the payment, which says nothing about the card.
    pub(super) fn is_unconfirmed(&self) -> bool {
        self.code.as_deref() == Some("payment_intent_authentication_failure")
    }

    /// Whether the buyer's bank disputes what is to be given back.
    pub(super) fn is_dispute(&self) -> bool {
        self.code.as_deref() == Some("charge_disputed")
    }

    /// What the buyer is told about a card that was declined.
    pub(super) fn words(&self) -> &'static str {
        self.decline_code.as_ref().or(self.code.as_ref()).map_or(DECLINED, |code| decline::words(code))
    }
}

#[cfg(test)]
mod tests;

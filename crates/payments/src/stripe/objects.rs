//! What we read of Stripe's objects: a few fields, whatever else an object has.
//!
//! The library's own types read everything that Stripe knows of: linked into the program, they are
//! a third of it. That the simulator speaks what they understand is tested where it lives.

use std::collections::BTreeMap;

use miniserde::Deserialize;

use crate::domain::IntentTruth;

/// A PaymentIntent.
#[derive(Deserialize)]
pub(super) struct Intent {
    pub(super) id: String,
    status: String,
    metadata: Option<BTreeMap<String, String>>,
    pub(super) last_payment_error: Option<ApiError>,
}

/// A refund.
#[derive(Deserialize)]
pub(super) struct Refund {
    pub(super) id: String,
    status: Option<String>,
}

/// A page of refunds.
#[derive(Deserialize)]
pub(super) struct Refunds {
    pub(super) data: Vec<Refund>,
}

/// What Stripe answers to what it does not do.
#[derive(Deserialize)]
pub(super) struct ErrorBody {
    pub(super) error: ApiError,
}

/// Why Stripe does not do something, or a card cannot pay.
#[derive(Debug, Deserialize)]
pub(super) struct ApiError {
    #[serde(rename = "type")]
    pub(super) kind: String,
    /// For a card, in words for its holder.
    pub(super) message: Option<String>,
}

impl Intent {
    /// How it stands.
    pub(super) fn truth(&self) -> IntentTruth {
        match self.status.as_str() {
            "canceled" => IntentTruth::Cancelled,
            "requires_capture" => IntentTruth::Authorized,
            "succeeded" => IntentTruth::Captured,
            "requires_action" | "requires_confirmation" | "requires_payment_method" => IntentTruth::NotAuthorized,
            "processing" => IntentTruth::Processing,
            unheard_of => {
                tracing::error!(status = unheard_of, "Stripe has a status we do not know");
                IntentTruth::Processing
            }
        }
    }

    /// What we noted on it when we created it.
    pub(super) fn note(&self, name: &str) -> Option<&str> {
        self.metadata.as_ref()?.get(name).map(String::as_str)
    }
}

impl Refund {
    /// Whether it went through, or still may.
    pub(super) fn stands(&self) -> bool {
        !matches!(self.status.as_deref(), Some("failed" | "canceled"))
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
}

#[cfg(test)]
#[path = "objects_tests.rs"]
mod tests;

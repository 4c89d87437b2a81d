//! What we read of Stripe's objects: a few fields, whatever else an object has.
//!
//! The library's own types read everything that Stripe knows of: linked into the program, they are
//! a third of it. That the simulator speaks what they understand is tested where it lives.

use std::collections::BTreeMap;

use miniserde::Deserialize;

use crate::domain::IntentStatus;

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

/// The body of a response that is not a success.
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
    /// Its status, as far as it matters to us.
    pub(super) fn status(&self) -> IntentStatus {
        match self.status.as_str() {
            "canceled" => IntentStatus::Cancelled,
            "requires_capture" => IntentStatus::Authorized,
            "succeeded" => IntentStatus::Captured,
            "requires_action" | "requires_confirmation" | "requires_payment_method" => IntentStatus::NotAuthorized,
            "processing" => IntentStatus::Processing,
            unknown => {
                tracing::error!(status = unknown, "Stripe has a status we do not know");
                IntentStatus::Processing
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
    pub(super) fn is_alive(&self) -> bool {
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
mod tests;

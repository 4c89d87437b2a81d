mod memory;
mod money;

use serde::{Deserialize, Serialize};

use super::card::{Card, Decline};
use super::event::WebhookEvent;
use super::refund::Refund;
use super::response::JsonResponse;

/// A PaymentIntent and its history.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Intent {
    pub(crate) id: String,
    /// Seconds since 1970.
    pub(crate) created: i64,
    pub(crate) amount: i64,
    pub(crate) currency: String,
    pub(crate) capture_method: CaptureMethod,
    pub(crate) metadata: Vec<(String, String)>,
    pub(crate) status: IntentStatus,
    pub(crate) decline: Option<Decline>,
    pub(crate) captured: i64,
    pub(crate) canceled_at: Option<i64>,
    pub(crate) cancellation_reason: Option<String>,
    pub(crate) refunds: Vec<Refund>,
    /// The responses to requests with an idempotency key, by key.
    #[serde(rename = "answers")]
    pub(crate) responses: Vec<(String, JsonResponse)>,
    /// How many webhooks have been created.
    pub(crate) events: u32,
    /// Webhooks that have not been delivered yet.
    pub(crate) undelivered: Vec<WebhookEvent>,
    /// Whether there are undelivered webhooks: the field the courier queries.
    pub(crate) has_undelivered: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum CaptureMethod {
    Automatic,
    Manual,
}

/// <https://docs.stripe.com/payments/paymentintents/lifecycle>, as far as it applies to cards.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum IntentStatus {
    RequiresPaymentMethod,
    RequiresAction,
    RequiresCapture,
    Succeeded,
    Canceled,
}

/// What a confirmed intent is created from.
pub(crate) struct NewIntent {
    pub(crate) amount: i64,
    pub(crate) currency: String,
    pub(crate) capture_method: CaptureMethod,
    pub(crate) metadata: Vec<(String, String)>,
    /// Refuse instead of asking the holder to authenticate.
    pub(crate) error_on_requires_action: bool,
}

impl Intent {
    /// A new intent, confirmed at once with `card`.
    pub(crate) fn confirm(id: String, new: NewIntent, card: Card, now: i64) -> Self {
        let NewIntent { amount, currency, capture_method, metadata, error_on_requires_action } = new;
        let (status, decline) = match (card, capture_method) {
            (Card::Good { .. }, CaptureMethod::Manual) => (IntentStatus::RequiresCapture, None),
            (Card::Good { .. }, CaptureMethod::Automatic) => (IntentStatus::Succeeded, None),
            (Card::Declined { decline }, _) => (IntentStatus::RequiresPaymentMethod, Some(decline)),
            (Card::NeedsAuthentication, _) if error_on_requires_action => {
                (IntentStatus::RequiresPaymentMethod, Some(Decline::AuthenticationRequired))
            }
            (Card::NeedsAuthentication, _) => (IntentStatus::RequiresAction, None),
        };
        let mut intent = Self {
            id,
            created: now,
            amount,
            currency,
            capture_method,
            metadata,
            status,
            decline,
            captured: if status == IntentStatus::Succeeded { amount } else { 0 },
            canceled_at: None,
            cancellation_reason: None,
            refunds: Vec::new(),
            responses: Vec::new(),
            events: 0,
            undelivered: Vec::new(),
            has_undelivered: false,
        };
        intent.queue_webhook("payment_intent.created", now);
        intent.queue_status_webhook(now);
        intent
    }
}

impl IntentStatus {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::RequiresPaymentMethod => "requires_payment_method",
            Self::RequiresAction => "requires_action",
            Self::RequiresCapture => "requires_capture",
            Self::Succeeded => "succeeded",
            Self::Canceled => "canceled",
        }
    }
}

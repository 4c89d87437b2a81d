mod confirm;
mod dispute;
mod memory;
mod money;
mod refunds;

use serde::{Deserialize, Serialize};

use super::card::{Card, Decline};
use super::challenge::{Challenge, ReturnUrl};
use super::dispute::Dispute;
use super::event::WebhookEvent;
use super::refund::Refund;
use super::response::JsonResponse;

pub(crate) use memory::{client_secret, intent_of_client_secret};
pub(crate) use refunds::NewRefund;

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
    /// Whether the courier has something to do: webhooks to deliver, or refunds to settle. The field it queries.
    #[serde(rename = "has_undelivered")]
    pub(crate) is_unfinished: bool,
    /// What makes its client secret one.
    #[serde(default = "old_secret")]
    secret: String,
    /// The card that pays. Missing in intents that were stored before cards had a face.
    #[serde(default)]
    pub(crate) card: Option<Card>,
    /// What the bank asked of the buyer, if it did.
    #[serde(default)]
    pub(crate) challenge: Option<Challenge>,
    /// Whether the bank was asked for the money.
    #[serde(default = "yes")]
    pub(crate) has_charge: bool,
    #[serde(default)]
    pub(crate) dispute: Option<Dispute>,
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
    Processing,
    RequiresCapture,
    Succeeded,
    Canceled,
}

/// What a confirmed intent is created from.
pub(crate) struct NewIntent {
    pub(crate) id: String,
    /// What makes its client secret one.
    pub(crate) secret: String,
    pub(crate) amount: i64,
    pub(crate) currency: String,
    pub(crate) capture_method: CaptureMethod,
    pub(crate) metadata: Vec<(String, String)>,
    /// Refuse instead of asking the holder to authenticate.
    pub(crate) error_on_requires_action: bool,
    pub(crate) return_url: Option<ReturnUrl>,
    /// Where the bank's page is, should the bank have a question.
    pub(crate) bank_page: String,
}

/// What a buyer tells the bank about a payment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Authentication {
    /// It is theirs.
    Approved,
    /// It is not, or they have changed their mind.
    Refused,
}

/// What becomes of a payment that Stripe was still processing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Processed {
    /// The bank grants the money.
    Granted,
    /// The bank declines.
    Declined,
}

impl IntentStatus {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::RequiresPaymentMethod => "requires_payment_method",
            Self::RequiresAction => "requires_action",
            Self::Processing => "processing",
            Self::RequiresCapture => "requires_capture",
            Self::Succeeded => "succeeded",
            Self::Canceled => "canceled",
        }
    }
}

/// That of intents which were stored before they had one of their own.
fn old_secret() -> String {
    "simulated".to_owned()
}

fn yes() -> bool {
    true
}

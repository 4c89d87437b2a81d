use common::version::Version;
use ports::store::{Collection, Index};
use runtime::store::Aggregate;
use serde::{Deserialize, Serialize};

use super::answer::Answer;
use super::card::{Card, Decline};
use super::event::WebhookEvent;
use super::refund::Refund;
use super::render::{render_charge, render_intent, render_refund};
use crate::error::Refusal;

/// A PaymentIntent, and everything that happened to it.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Intent {
    pub(crate) id: String,
    pub(crate) version: Version,
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
    /// What was answered to which idempotency key.
    pub(crate) answers: Vec<(String, Answer)>,
    /// How many webhooks there have been.
    pub(crate) events: u32,
    /// Webhooks that have not been delivered yet.
    pub(crate) undelivered: Vec<WebhookEvent>,
    /// Whether there are any: what the courier looks for.
    pub(crate) has_undelivered: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum CaptureMethod {
    Automatic,
    Manual,
}

/// <https://docs.stripe.com/payments/paymentintents/lifecycle>, as far as cards go through it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum IntentStatus {
    RequiresPaymentMethod,
    RequiresAction,
    RequiresCapture,
    Succeeded,
    Canceled,
}

/// What a confirmed intent is made from.
pub(crate) struct NewIntent {
    pub(crate) amount: i64,
    pub(crate) currency: String,
    pub(crate) capture_method: CaptureMethod,
    pub(crate) metadata: Vec<(String, String)>,
    /// Refuse rather than ask the holder to authenticate.
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
            version: Version::FIRST,
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
            answers: Vec::new(),
            events: 0,
            undelivered: Vec::new(),
            has_undelivered: false,
        };
        intent.tell("payment_intent.created", now);
        intent.tell_status(now);
        intent
    }

    /// Takes the authorised money, or a part of it.
    pub(crate) fn capture(&mut self, amount: Option<i64>, now: i64) -> Result<(), Refusal> {
        if self.status != IntentStatus::RequiresCapture {
            return Err(Refusal::unexpected_state("captured", self.status));
        }
        let amount = amount.unwrap_or(self.amount);
        if !(1..=self.amount).contains(&amount) {
            return Err(Refusal::invalid(
                "amount_to_capture",
                "parameter_invalid_integer",
                "This amount cannot be captured: it is more than was authorized, or nothing.",
            ));
        }
        self.captured = amount;
        self.status = IntentStatus::Succeeded;
        self.tell_status(now);
        Ok(())
    }

    /// Gives up what is not captured.
    pub(crate) fn cancel(&mut self, reason: Option<String>, now: i64) -> Result<(), Refusal> {
        match self.status {
            IntentStatus::RequiresPaymentMethod | IntentStatus::RequiresAction | IntentStatus::RequiresCapture => {
                self.status = IntentStatus::Canceled;
                self.canceled_at = Some(now);
                self.cancellation_reason = reason;
                self.tell_status(now);
                Ok(())
            }
            IntentStatus::Succeeded | IntentStatus::Canceled => Err(Refusal::unexpected_state("canceled", self.status)),
        }
    }

    /// Gives captured money back: `amount`, or all that is left.
    pub(crate) fn refund(
        &mut self,
        amount: Option<i64>,
        reason: Option<String>,
        metadata: Vec<(String, String)>,
        now: i64,
    ) -> Result<Refund, Refusal> {
        if self.status != IntentStatus::Succeeded {
            return Err(Refusal::not_charged(&self.id));
        }
        let left = self.captured - self.refunded();
        if left == 0 {
            return Err(Refusal::already_refunded(&self.id));
        }
        let amount = amount.unwrap_or(left);
        if amount < 1 {
            return Err(Refusal::invalid(
                "amount",
                "parameter_invalid_integer",
                "This value must be greater than or equal to 1.",
            ));
        }
        if amount > left {
            return Err(Refusal::invalid(
                "amount",
                "amount_too_large",
                &format!("Refund amount ({amount}) is greater than unrefunded amount on charge ({left})"),
            ));
        }
        let refund =
            Refund { id: Refund::id_for(&self.id, self.refunds.len()), amount, created: now, reason, metadata };
        self.refunds.push(refund.clone());
        self.queue("refund.created", &render_refund(self, &refund), now);
        self.queue("charge.refunded", &render_charge(self), now);
        Ok(refund)
    }

    pub(crate) fn refunded(&self) -> i64 {
        self.refunds.iter().map(|refund| refund.amount).sum()
    }

    /// What was answered to an idempotency key before.
    pub(crate) fn answer_to(&self, key: &str) -> Option<&Answer> {
        self.answers.iter().find(|(known, _)| known == key).map(|(_, answer)| answer)
    }

    pub(crate) fn remember(&mut self, key: Option<&str>, answer: &Answer) {
        self.answers.extend(key.map(|key| (key.to_owned(), answer.clone())));
    }

    /// Forgets a webhook that has arrived.
    pub(crate) fn delivered(&mut self, event: &str) {
        self.undelivered.retain(|waiting| waiting.id != event);
        self.has_undelivered = !self.undelivered.is_empty();
    }

    /// Forgets all webhooks, where there is nobody to send them to.
    pub(crate) fn forget_webhooks(&mut self) {
        self.undelivered.clear();
        self.has_undelivered = false;
    }

    fn tell_status(&mut self, now: i64) {
        let kind = match self.status {
            IntentStatus::RequiresPaymentMethod => "payment_intent.payment_failed",
            IntentStatus::RequiresAction => "payment_intent.requires_action",
            IntentStatus::RequiresCapture => "payment_intent.amount_capturable_updated",
            IntentStatus::Succeeded => "payment_intent.succeeded",
            IntentStatus::Canceled => "payment_intent.canceled",
        };
        self.tell(kind, now);
    }

    fn tell(&mut self, kind: &str, now: i64) {
        self.queue(kind, &render_intent(self), now);
    }

    fn queue(&mut self, kind: &str, object: &serde_json::Value, now: i64) {
        let id = format!("evt_{}_{}", self.id.trim_start_matches("pi_"), self.events);
        self.undelivered.push(WebhookEvent::new(id, kind, object, now));
        self.events += 1;
        self.has_undelivered = true;
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

impl Aggregate for Intent {
    const COLLECTION: &'static Collection = &Collection {
        name: "stripe_intents",
        indexes: &[Index { name: "undelivered", fields: &["has_undelivered"], unique: false, only: None }],
    };

    fn id(&self) -> String {
        self.id.clone()
    }
    fn version(&self) -> Version {
        self.version
    }
    fn set_version(&mut self, version: Version) {
        self.version = version;
    }
}

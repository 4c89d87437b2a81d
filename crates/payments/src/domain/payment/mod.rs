//! The one payment of an order: which states it may go through, and why.

mod attempt;
mod cancel;
mod check;
mod dispute;
mod forget;
mod news;
mod owed;
mod refund;
mod refund_list;
mod report;
mod settle;
mod status;

pub(crate) use attempt::Unavailable;

use common::id::{OrderId, PaymentId};
use common::money::{Currency, Price};
use common::outcome::Outcome;
use common::time::Timestamp;
use serde::{Deserialize, Serialize};

use super::card::Card;
use super::dispute::Dispute;
use super::failure_reason::FailureReason;
use super::intent::IntentId;
use super::order::Order;
use super::payment_change::PaymentChange;
use super::payment_state::{EndedAttempt, PaymentState};
use super::refund::Refund;
use super::token::PaymentToken;

/// The one payment of an order. Its record has the order's id, so that an order is charged at
/// most once, no matter who asks or how often (I5).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Payment {
    /// The order it pays for.
    pub(crate) id: OrderId,
    /// The payment's own id.
    pub(crate) payment_id: PaymentId,
    /// What is to be paid.
    #[serde(with = "common::money::minor_units")]
    pub(crate) amount: Price,
    /// In which currency.
    pub(crate) currency: Currency,
    /// When the order's time to pay ends.
    pub(crate) deadline: Timestamp,
    /// How many attempts to pay were begun.
    pub(crate) attempts: u32,
    /// How many cards were declined.
    pub(crate) declines: u32,
    /// Whether the order has been cancelled: then no money may be taken, or kept.
    pub(crate) order_cancelled: bool,
    /// The card of the last attempt, once Stripe has named it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) card: Option<Card>,
    /// Every refund at Stripe that we have heard of. (It was named when only those of others were kept.)
    #[serde(default, rename = "outsideRefunds", skip_serializing_if = "Vec::is_empty")]
    pub(crate) refunds: Vec<Refund>,
    /// The last dispute of the buyer's bank.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) dispute: Option<Dispute>,
    /// Its state.
    pub(crate) state: PaymentState,
    /// When the reconciler looks at it, unless it has moved on by then.
    pub(crate) check_at: Timestamp,
    /// How often the reconciler has looked at it in this state.
    pub(crate) checks: u32,
}

impl Payment {
    /// The first attempt to pay for `order`.
    pub(crate) fn start(order: &Order, payment_id: PaymentId, token: PaymentToken, now: Timestamp) -> Self {
        let mut payment = Self::refused(order, payment_id);
        payment.order_cancelled = false;
        payment.begin_attempt(token, now);
        payment
    }

    /// The payment of an order that was cancelled before anybody paid: none can begin any more.
    pub(crate) fn refused(order: &Order, payment_id: PaymentId) -> Self {
        Self {
            id: order.id,
            payment_id,
            amount: order.price,
            currency: order.currency,
            deadline: order.expires_at,
            attempts: 0,
            declines: 0,
            order_cancelled: true,
            card: None,
            refunds: Vec::new(),
            dispute: None,
            state: PaymentState::Voided,
            check_at: Timestamp::MAX,
            checks: 0,
        }
    }

    /// The idempotency key of a call that may be made with no other.
    pub(crate) fn call_key(&self, call: &str) -> String {
        format!("{}-{call}", self.payment_id)
    }

    /// The idempotency key of a call that Stripe does only once for an attempt, whatever its key: another one for
    /// each check, as Stripe repeats a failure under the same key for a day.
    pub(crate) fn step_key(&self, call: &str) -> String {
        let call = match self.attempts {
            0 | 1 => call.to_owned(),
            attempt => format!("attempt-{attempt}-{call}"),
        };
        match self.checks {
            0 => self.call_key(&call),
            checks => self.call_key(&format!("{call}-{checks}")),
        }
    }

    /// Whether no money may be taken: the order is cancelled or its time is over (I6).
    pub(super) fn must_not_be_taken(&self, now: Timestamp) -> bool {
        self.order_cancelled || now >= self.deadline
    }

    fn fail_attempt(&mut self, reason: FailureReason, is_final: bool, now: Timestamp) -> Outcome<PaymentChange> {
        if self.order_cancelled {
            self.enter(PaymentState::Voided, PaymentChange::Voided, now)
        } else if is_final {
            self.enter(PaymentState::Failed { reason: reason.clone() }, PaymentChange::Failed(reason), now)
        } else {
            self.enter(PaymentState::Open { reason: reason.clone() }, PaymentChange::AttemptFailed(reason), now)
        }
    }

    /// No money is to be set aside for this intent any more.
    fn give_up(&mut self, intent: IntentId, ended: Option<EndedAttempt>, now: Timestamp) -> Outcome<PaymentChange> {
        self.enter(PaymentState::Voiding { intent, ended }, PaymentChange::Progressed, now)
    }

    fn enter(&mut self, state: PaymentState, change: PaymentChange, now: Timestamp) -> Outcome<PaymentChange> {
        self.set_state(state, now);
        Outcome::Changed(change)
    }

    fn set_state(&mut self, state: PaymentState, now: Timestamp) {
        self.check_at = self.first_check(&state, now);
        self.checks = 0;
        self.state = state;
    }
}

#[cfg(test)]
mod tests;

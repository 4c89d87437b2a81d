//! The money of a cancelled order goes back. All refunds at Stripe are in one list, ours and those that others have
//! made; how the money stands is what they come to, in whatever order they are heard of.

use common::events::{DisputeStatus, RefundStatus};
use common::money::Price;
use common::outcome::Outcome;
use common::time::Timestamp;

use super::Payment;
use super::refund_list::{Listed, is_back, is_on_its_way};
use crate::domain::{IntentId, PaymentChange, PaymentState, Refund};

impl Payment {
    /// What is still to be given back; `None` if everything is back or on its way.
    pub(crate) fn to_give_back(&self) -> Option<Price> {
        let given = self.given_back(|status| status != RefundStatus::Failed);
        Price::from_minor_units(i64::from(self.amount.minor_units()) - i64::from(given)).ok()
    }

    /// The idempotency key of the call that gives the money back.
    pub(crate) fn refund_key(&self, number: u32) -> String {
        match number {
            0 => self.call_key("refund"),
            number => self.call_key(&format!("refund-{number}")),
        }
    }

    /// The state of a cancelled order's payment whose money was taken.
    pub(super) fn give_back(&self, intent: IntentId) -> PaymentState {
        self.given_back_by(&intent).unwrap_or(PaymentState::Refunding { intent, key: 0 })
    }

    /// Stripe has taken our refund on.
    pub(crate) fn refund_made(&mut self, refund: Refund, now: Timestamp) -> Outcome<PaymentChange> {
        self.refund_stands(refund, true, now)
    }

    /// Stripe has a refund of the payment: ours, or one that somebody else made.
    pub(crate) fn hear_refund(&mut self, refund: Refund, now: Timestamp) -> Outcome<PaymentChange> {
        self.refund_stands(refund, false, now)
    }

    /// Stripe has refused the refund under this key, and will repeat that: the next try has another key.
    pub(crate) fn refund_refused(&mut self, refused: u32, now: Timestamp) -> Outcome<PaymentChange> {
        match &self.state {
            PaymentState::Refunding { intent, key } if *key == refused => {
                self.check_at = self.next_check(now);
                self.state = PaymentState::Refunding { intent: intent.clone(), key: refused + 1 };
                Outcome::Changed(PaymentChange::Progressed)
            }
            _ => Outcome::Unchanged,
        }
    }

    /// Stripe gives nothing back, as the buyer's bank disputes the payment: the bank decides. If it has decided in our
    /// favour while Stripe was asked, the next try has another key.
    pub(crate) fn refund_disputed(&mut self, now: Timestamp) -> Outcome<PaymentChange> {
        let PaymentState::Refunding { intent, key } = &self.state else { return Outcome::Unchanged };
        if self.dispute.as_ref().is_some_and(|dispute| dispute.status == DisputeStatus::Won) {
            return self.refund_refused(*key, now);
        }
        let state = PaymentState::RefundFailed { intent: intent.clone(), stripe_refund_id: None, key: *key };
        self.enter(state, PaymentChange::RefundDisputed, now)
    }

    /// Others had given everything back before: the record is from a version that did not see that by itself.
    pub(crate) fn refunded_by_others(&mut self, now: Timestamp) -> Outcome<PaymentChange> {
        let PaymentState::Refunding { intent, .. } = &self.state else { return Outcome::Unchanged };
        match self.given_back_by(intent) {
            Some(next) => self.enter(next, PaymentChange::Progressed, now),
            None => Outcome::Unchanged,
        }
    }

    /// Stripe says how a refund stands.
    fn refund_stands(&mut self, refund: Refund, is_ours: bool, now: Timestamp) -> Outcome<PaymentChange> {
        match self.list(&refund) {
            Listed::New => self.go_on(refund, true, is_ours, now),
            Listed::Moved => self.go_on(refund, false, is_ours, now),
            Listed::NewAndFailed if is_ours => self.go_on(refund, true, is_ours, now),
            // It concerns nobody, but it may turn out to be ours.
            Listed::NewAndFailed => Outcome::Changed(PaymentChange::Progressed),
            // Stripe repeats what it first answered to a call, however the refund has fared since.
            Listed::Known if is_ours && matches!(self.state, PaymentState::Refunding { .. }) => {
                match self.failed_refund(&refund.id).cloned() {
                    Some(failed) => self.go_on(failed, false, is_ours, now),
                    None => Outcome::Unchanged,
                }
            }
            Listed::Known => Outcome::Unchanged,
        }
    }

    /// A refund is in the list, in a state that it was not in before, or has turned out to be ours.
    fn go_on(&mut self, refund: Refund, is_new: bool, is_ours: bool, now: Timestamp) -> Outcome<PaymentChange> {
        if let Some(next) = self.after(&refund, is_ours)
            && next != self.state
        {
            return self.enter(next, PaymentChange::Refund(refund), now);
        }
        // What is left to be given back is another amount now, which needs another key.
        if let PaymentState::Refunding { key, .. } = &mut self.state {
            *key += 1;
        }
        Outcome::Changed(PaymentChange::RefundedOutside { refund, is_new })
    }

    /// The state that the list leads to, now that `refund` stands otherwise; `None` if it stays as it is.
    fn after(&self, refund: &Refund, is_ours: bool) -> Option<PaymentState> {
        let failed = |intent: &IntentId, key| PaymentState::RefundFailed {
            intent: intent.clone(),
            stripe_refund_id: Some(refund.id.clone()),
            key,
        };
        match &self.state {
            PaymentState::Refunding { intent, key } => {
                self.given_back_by(intent).or_else(|| (is_ours && !refund.stands()).then(|| failed(intent, *key)))
            }
            PaymentState::RefundPending { intent, .. } | PaymentState::Refunded { intent, .. } => {
                self.given_back_by(intent).or_else(|| (!refund.stands()).then(|| failed(intent, 0)))
            }
            // Without an id it is the bank that decides, whatever else fails.
            PaymentState::RefundFailed { intent, .. } => self.given_back_by(intent),
            PaymentState::Authorizing { .. }
            | PaymentState::AwaitingBuyer { .. }
            | PaymentState::Open { .. }
            | PaymentState::Capturing { .. }
            | PaymentState::Captured { .. }
            | PaymentState::Voiding { .. }
            | PaymentState::Voided
            | PaymentState::Failed { .. } => None,
        }
    }

    /// The state in which everything is back, or on its way; `None` if something is still owed.
    fn given_back_by(&self, intent: &IntentId) -> Option<PaymentState> {
        let last = |counts: fn(RefundStatus) -> bool| self.refunds.iter().rfind(|refund| counts(refund.status));
        let intent = intent.clone();
        if self.given_back(is_back) >= self.amount.minor_units() {
            let stripe_refund_id = last(is_back)?.id.clone();
            Some(PaymentState::Refunded { intent, stripe_refund_id })
        } else if self.to_give_back().is_none() {
            let stripe_refund_id = last(is_on_its_way)?.id.clone();
            Some(PaymentState::RefundPending { intent, stripe_refund_id })
        } else {
            None
        }
    }
}

#[cfg(test)]
mod tests;

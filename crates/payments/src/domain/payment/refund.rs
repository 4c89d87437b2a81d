//! The money of a cancelled order goes back.

use common::events::{DisputeStatus, RefundStatus};
use common::money::Price;
use common::outcome::Outcome;
use common::time::Timestamp;

use super::Payment;
use crate::domain::{IntentId, PaymentChange, PaymentState, Refund};

impl Payment {
    /// What is still to be given back; `None` if others have given everything back already.
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

    /// Stripe has taken the refund on, or told more of it.
    pub(crate) fn follow_refund(&mut self, refund: Refund, now: Timestamp) -> Outcome<PaymentChange> {
        // One that others made may stand for ours.
        self.update_outside_refund(&refund);
        let (intent, key) = match &self.state {
            PaymentState::Refunding { intent, key } => (intent.clone(), *key),
            PaymentState::RefundPending { intent, stripe_refund_id }
            | PaymentState::Refunded { intent, stripe_refund_id }
                if *stripe_refund_id == refund.id =>
            {
                (intent.clone(), 0)
            }
            PaymentState::RefundFailed { intent, key, .. } if self.makes_good(&refund) => (intent.clone(), *key),
            _ => return Outcome::Unchanged,
        };
        let next = after(&refund, intent, key);
        if next == self.state {
            return Outcome::Unchanged;
        }
        self.enter(next, PaymentChange::Refund(refund), now)
    }

    /// Stripe has a refund of the payment: the one that we wait for, or one that somebody else made.
    pub(crate) fn hear_refund(&mut self, refund: Refund, now: Timestamp) -> Outcome<PaymentChange> {
        match &self.state {
            PaymentState::Captured { .. } => self.note_outside_refund(refund),
            PaymentState::Refunding { .. } if !self.is_known_outside(&refund.id) && self.is_the_whole(&refund) => {
                self.follow_refund(refund, now)
            }
            PaymentState::Refunding { .. } => self.note_outside_refund(refund),
            PaymentState::RefundPending { .. } | PaymentState::Refunded { .. } | PaymentState::RefundFailed { .. }
                if !self.makes_good(&refund) =>
            {
                self.hear_part(refund, now)
            }
            _ => self.follow_refund(refund, now),
        }
    }

    /// Others have given a part back: before our refund, or after that had failed. If theirs fails after all, the
    /// buyer does not have everything.
    fn hear_part(&mut self, part: Refund, now: Timestamp) -> Outcome<PaymentChange> {
        let noted = self.note_outside_refund(part.clone());
        if !noted.is_changed() {
            return noted;
        }
        let intent = match &self.state {
            PaymentState::RefundPending { intent, .. } | PaymentState::Refunded { intent, .. } if !part.stands() => {
                intent
            }
            PaymentState::RefundFailed { intent, .. } if self.to_give_back().is_none() => intent,
            _ => return noted,
        };
        self.enter(after(&part, intent.clone(), 0), PaymentChange::Refund(part), now)
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

    /// Everything has been given back by others: the last of their refunds, of which orders knows, stands for ours.
    pub(crate) fn refunded_by_others(&mut self, now: Timestamp) -> Outcome<PaymentChange> {
        let PaymentState::Refunding { intent, key } = &self.state else { return Outcome::Unchanged };
        let last = self.outside_refunds.iter().rfind(|refund| refund.stands()).cloned();
        let Some(refund) = last else { return Outcome::Unchanged };
        let state = after(&refund, intent.clone(), *key);
        self.enter(state, PaymentChange::RefundedBefore(refund), now)
    }

    fn is_the_whole(&self, refund: &Refund) -> bool {
        refund.stands() && self.to_give_back().is_some_and(|owed| refund.amount >= owed)
    }

    /// Whether this refund says more of the one that we follow: it is the same, or somebody has made another after
    /// that had failed.
    fn makes_good(&self, refund: &Refund) -> bool {
        let has_failed = matches!(self.state, PaymentState::RefundFailed { .. });
        self.state.stripe_refund_id() == Some(&refund.id) || (has_failed && self.is_the_whole(refund))
    }
}

fn after(refund: &Refund, intent: IntentId, key: u32) -> PaymentState {
    let stripe_refund_id = refund.id.clone();
    match refund.status {
        RefundStatus::Succeeded => PaymentState::Refunded { intent, stripe_refund_id },
        RefundStatus::Pending | RefundStatus::Other => PaymentState::RefundPending { intent, stripe_refund_id },
        RefundStatus::Failed => PaymentState::RefundFailed { intent, stripe_refund_id: Some(stripe_refund_id), key },
    }
}

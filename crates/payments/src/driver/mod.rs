//! Drives a payment from state to state: the record first, then Stripe, then the record again. Each
//! call is a function of its own, so that a crash can be put between any two of them.

mod authorize;
mod hear;
mod observe;
mod refund;

use common::id::OrderId;
use common::outcome::Outcome;
use common::time::Timestamp;
use ports::store::StoreError;
use runtime::crash_point::{CrashPoint, crash_point};
use runtime::store::{Store, Updated};
use runtime::{NoAnswer, Peers, Timer};

use crate::domain::{IntentId, IntentStatus, Payment, PaymentChange, PaymentState};
use crate::stripe::{Stripe, Unknown};

/// Whether a payment is driven right after it has entered its state.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Attempt {
    /// It is: nothing has happened at Stripe since.
    Fresh,
    /// Somebody found it in its state later: much may have happened at Stripe since.
    Resumed,
}

/// Moves payments on. Cheap to clone.
#[derive(Clone)]
pub(crate) struct Driver {
    payments: Store<Payment>,
    stripe: Stripe,
    peers: Peers,
    allowed_declines: u32,
    deadlines: Timer,
}

/// Why a payment did not move on.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Interrupted {
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error(transparent)]
    Stripe(#[from] Unknown),
    #[error(transparent)]
    Orders(#[from] NoAnswer),
}

impl Driver {
    /// A payment has failed for good after `allowed_declines`. `deadlines` is told when the time of a buyer ends
    /// whom a bank waits for.
    pub(crate) fn new(
        payments: Store<Payment>,
        stripe: Stripe,
        peers: Peers,
        allowed_declines: u32,
        deadlines: Timer,
    ) -> Self {
        Self { payments, stripe, peers, allowed_declines, deadlines }
    }

    /// Moves a payment from state to state until there is nothing left to do or Stripe does not say
    /// what happened. Then the reconciler will ask again. Returns the payment as it is by then.
    pub(crate) async fn drive(&self, mut payment: Payment, mut attempt: Attempt) -> Result<Payment, StoreError> {
        loop {
            match self.advance(&payment, attempt).await {
                Ok(advanced) if advanced.state == payment.state => return Ok(advanced),
                // The next attempt is its own driver's.
                Ok(advanced) if advanced.attempts != payment.attempts => return Ok(advanced),
                Ok(advanced) => payment = advanced,
                Err(interrupted) => {
                    observe::interrupted(payment.id, interrupted)?;
                    if !payment.state.is_being_taken() {
                        return Ok(payment);
                    }
                    let left = self.record(payment.id, |present, now| present.leave(&payment.state, now)).await?;
                    if left.state == payment.state || left.attempts != payment.attempts || left.checks > 0 {
                        return Ok(left);
                    }
                    // A webhook has told what Stripe did not answer.
                    (payment, attempt) = (left, Attempt::Resumed);
                }
            }
        }
    }

    async fn advance(&self, payment: &Payment, attempt: Attempt) -> Result<Payment, Interrupted> {
        match &payment.state {
            PaymentState::Authorizing { intent: Some(intent), .. } => self.ask_again(payment, intent).await,
            PaymentState::Authorizing { token, key, since, .. } => {
                self.authorize(payment, token, key, *since, attempt).await
            }
            PaymentState::AwaitingBuyer { intent, .. } if attempt == Attempt::Resumed => {
                self.ask_again(payment, intent).await
            }
            PaymentState::Capturing { intent } => self.capture(payment, intent, attempt).await,
            PaymentState::Voiding { intent, .. } => self.void(payment, intent).await,
            PaymentState::Refunding { intent, key } => self.refund(payment, intent, *key).await,
            PaymentState::RefundPending { stripe_refund_id, .. } if attempt == Attempt::Resumed => {
                self.follow_refund(payment, stripe_refund_id).await
            }
            PaymentState::AwaitingBuyer { .. }
            | PaymentState::RefundPending { .. }
            | PaymentState::Open { .. }
            | PaymentState::Captured { .. }
            | PaymentState::Voided
            | PaymentState::Refunded { .. }
            | PaymentState::RefundFailed { .. }
            | PaymentState::Failed { .. } => Ok(payment.clone()),
        }
    }

    /// Takes the money. Somebody who comes later asks first what the status of the intent is, and whether the
    /// order is still owed.
    async fn capture(&self, payment: &Payment, intent: &IntentId, attempt: Attempt) -> Result<Payment, Interrupted> {
        crash_point(CrashPoint::CaptureRecorded);
        let known = match attempt {
            Attempt::Fresh => IntentStatus::Authorized,
            Attempt::Resumed => self.stripe.intent_status(intent).await?,
        };
        if known != IntentStatus::Authorized {
            return self.record_intent_status(payment.id, known).await;
        }
        if attempt == Attempt::Resumed
            && let Err(why) = self.ask_orders(payment).await?
        {
            return Ok(self.record(payment.id, |payment, now| payment.not_owed_any_more(why, now)).await?);
        }
        let status = self.stripe.capture(intent, &payment.step_key("capture")).await;
        crash_point(CrashPoint::Captured);
        self.record_intent_status(payment.id, status?).await
    }

    /// Gives up the money that was set aside, or may yet be. Should it have been captured after all, the payment
    /// goes on from there instead.
    async fn void(&self, payment: &Payment, intent: &IntentId) -> Result<Payment, Interrupted> {
        crash_point(CrashPoint::VoidRecorded);
        let status = self.stripe.cancel(intent, &payment.step_key("cancel")).await;
        crash_point(CrashPoint::Voided);
        self.record_intent_status(payment.id, status?).await
    }

    async fn record_intent_status(&self, id: OrderId, status: IntentStatus) -> Result<Payment, Interrupted> {
        Ok(self.record(id, |payment, now| payment.apply_intent_status(status, now)).await?)
    }

    /// Records what happened to the payment of an order, which exists.
    pub(crate) async fn record(
        &self,
        id: OrderId,
        decide: impl FnMut(&mut Payment, Timestamp) -> Outcome<PaymentChange>,
    ) -> Result<Payment, StoreError> {
        Ok(self.change(id, decide).await?.aggregate.value)
    }

    /// The same, and whether it changed anything.
    async fn change(
        &self,
        id: OrderId,
        mut decide: impl FnMut(&mut Payment, Timestamp) -> Outcome<PaymentChange>,
    ) -> Result<Updated<Payment, PaymentChange>, StoreError> {
        let updated = self.payments.update(id, |payment, cx| Ok::<_, StoreError>(decide(payment, cx.now))).await?;
        let updated = updated.ok_or_else(|| StoreError::Corrupt(format!("the payment of order {id} has gone")))?;
        if let Outcome::Changed(change) = &updated.outcome {
            observe::observe(&updated.aggregate, change);
            if updated.aggregate.state.awaits_buyer() {
                self.deadlines.wake_by(updated.aggregate.deadline);
            }
        }
        Ok(updated)
    }
}

//! Drives a payment from state to state: the record first, then Stripe, then the record again. Each
//! call is a function of its own, so that a crash can be put between any two of them.

use common::id::OrderId;
use common::outcome::Outcome;
use common::time::Timestamp;
use ports::store::StoreError;
use runtime::crash_point::{CrashPoint, crash_point};
use runtime::store::Store;

use crate::domain::{Authorization, IntentId, IntentStatus, Payment, PaymentChange, PaymentState, PaymentToken};
use crate::stripe::{Authorize, Stripe, Unknown};

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
    allowed_declines: u32,
}

/// Why a payment did not move on.
#[derive(Debug, thiserror::Error)]
enum Interrupted {
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error(transparent)]
    Stripe(#[from] Unknown),
}

impl Driver {
    /// A payment has failed for good after `allowed_declines`.
    pub(crate) fn new(payments: Store<Payment>, stripe: Stripe, allowed_declines: u32) -> Self {
        Self { payments, stripe, allowed_declines }
    }

    /// Moves a payment from state to state until there is nothing left to do or Stripe does not say
    /// what happened. Then the reconciler will ask again. Returns the payment as it is by then.
    pub(crate) async fn drive(&self, mut payment: Payment, attempt: Attempt) -> Result<Payment, StoreError> {
        loop {
            match self.advance(&payment, attempt).await {
                Ok(advanced) if advanced.state == payment.state => return Ok(advanced),
                Ok(advanced) => payment = advanced,
                Err(Interrupted::Store(error)) => return Err(error),
                Err(Interrupted::Stripe(reason)) => {
                    metrics::counter!("stripe_unknown_total").increment(1);
                    tracing::warn!(order = %payment.id, %reason, "a payment is left to the reconciler");
                    return Ok(payment);
                }
            }
        }
    }

    async fn advance(&self, payment: &Payment, attempt: Attempt) -> Result<Payment, Interrupted> {
        match &payment.state {
            PaymentState::Authorizing { token, key, .. } => self.authorize(payment, token, key).await,
            PaymentState::Capturing { intent } => self.capture(payment, intent, attempt).await,
            PaymentState::Voiding { intent } => self.void(payment, intent).await,
            PaymentState::Refunding { intent } => self.refund(payment, intent).await,
            PaymentState::Open { .. }
            | PaymentState::Captured { .. }
            | PaymentState::Voided
            | PaymentState::Refunded { .. }
            | PaymentState::Failed { .. } => Ok(payment.clone()),
        }
    }

    /// Asks the card. Repeated with the same key it finds out what became of the first time.
    async fn authorize(&self, payment: &Payment, token: &PaymentToken, key: &str) -> Result<Payment, Interrupted> {
        let request = Authorize {
            order_id: payment.id,
            payment_id: payment.payment_id,
            attempt: payment.attempts,
            amount: payment.amount,
            currency: payment.currency,
            token,
            key,
        };
        crash_point(CrashPoint::KeyStored);
        let authorization = self.stripe.authorize(&request).await;
        crash_point(CrashPoint::Authorized);
        let (authorization, number) = (authorization?, payment.attempts);
        let apply = |payment: &mut Payment, now| self.apply_authorization(payment, number, &authorization, now);
        Ok(self.record(payment.id, apply).await?)
    }

    /// Takes the money. Somebody who comes later asks first what the status of the intent is.
    async fn capture(&self, payment: &Payment, intent: &IntentId, attempt: Attempt) -> Result<Payment, Interrupted> {
        crash_point(CrashPoint::CaptureRecorded);
        let known = match attempt {
            Attempt::Fresh => Ok(IntentStatus::Authorized),
            Attempt::Resumed => self.stripe.intent_status(intent).await,
        };
        let status = match known {
            Ok(IntentStatus::Authorized) => self.stripe.capture(intent, &payment.call_key("capture")).await,
            other => other,
        };
        crash_point(CrashPoint::Captured);
        self.record_intent_status(payment.id, status?).await
    }

    /// Gives up the money that was set aside. Should it have been captured after all, the payment
    /// goes on from there instead.
    async fn void(&self, payment: &Payment, intent: &IntentId) -> Result<Payment, Interrupted> {
        crash_point(CrashPoint::VoidRecorded);
        let status = self.stripe.cancel(intent, &payment.call_key("cancel")).await;
        crash_point(CrashPoint::Voided);
        self.record_intent_status(payment.id, status?).await
    }

    /// Gives the money back, once: all calls carry the one key that the payment has for this.
    async fn refund(&self, payment: &Payment, intent: &IntentId) -> Result<Payment, Interrupted> {
        crash_point(CrashPoint::RefundRecorded);
        let refund = self.stripe.refund(intent, payment.amount, &payment.call_key("refund")).await;
        crash_point(CrashPoint::Refunded);
        let refund = refund?;
        Ok(self.record(payment.id, |payment, now| payment.refunded(refund.clone(), now)).await?)
    }

    async fn record_intent_status(&self, id: OrderId, status: IntentStatus) -> Result<Payment, Interrupted> {
        Ok(self.record(id, |payment, now| payment.apply_intent_status(status, now)).await?)
    }

    /// What Stripe says became of attempt number `attempt`, applied to the payment.
    pub(crate) fn apply_authorization(
        &self,
        payment: &mut Payment,
        attempt: u32,
        authorization: &Authorization,
        now: Timestamp,
    ) -> Outcome<PaymentChange> {
        payment.apply_authorization(attempt, authorization.clone(), self.allowed_declines, now)
    }

    /// Records what happened to the payment of an order, which exists.
    pub(crate) async fn record(
        &self,
        id: OrderId,
        mut decide: impl FnMut(&mut Payment, Timestamp) -> Outcome<PaymentChange>,
    ) -> Result<Payment, StoreError> {
        let updated = self.payments.update(id, |payment, cx| Ok::<_, StoreError>(decide(payment, cx.now))).await?;
        let updated = updated.ok_or_else(|| StoreError::Corrupt(format!("the payment of order {id} has gone")))?;
        if let Some(result) = updated.outcome.changed().and_then(|change| change.result()) {
            metrics::counter!("payments_total", "outcome" => result).increment(1);
        }
        Ok(updated.aggregate.value)
    }
}

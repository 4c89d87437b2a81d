//! Finishes the payments that a crash or a silence of Stripe has interrupted.

use common::id::OrderId;
use futures::{StreamExt, stream};
use ports::clock::Clock;
use ports::store::StoreError;
use runtime::crash_point::{CrashPoint, crash_point};
use runtime::store::Store;

use crate::domain::{Authorization, Payment, PaymentState};
use crate::driver::{Attempt, Driver};
use crate::store::due;

/// How many payments one round looks at.
const BATCH: usize = 256;
/// How many of them at once.
const PARALLEL: usize = 8;

/// Finds payments that did not move on, and has them driven. Cheap to clone.
#[derive(Clone)]
pub(crate) struct Reconciler {
    payments: Store<Payment>,
    driver: Driver,
    clock: Clock,
}

/// What Stripe reports about an attempt to pay after the call that began it.
pub(crate) struct AttemptReport {
    /// Which attempt.
    pub(crate) attempt: u32,
    /// What became of it.
    pub(crate) authorization: Authorization,
}

impl Reconciler {
    pub(crate) fn new(payments: Store<Payment>, driver: Driver, clock: Clock) -> Self {
        Self { payments, driver, clock }
    }

    /// Finishes the payments that were not moved on in time.
    pub(crate) async fn reconcile_due(&self) -> Result<(), StoreError> {
        let due = self.payments.find(&due(self.clock.now(), BATCH)).await?;
        let reconcile = |id: OrderId| async move {
            if let Err(error) = self.reconcile(id, None).await {
                tracing::warn!(order = %id, %error, "a payment could not be checked");
            }
        };
        let due = due.into_iter().map(|payment| payment.id);
        stream::iter(due).for_each_concurrent(PARALLEL, reconcile).await;
        Ok(())
    }

    /// Finishes the payment of an order if it is due, unless somebody else has taken that on. A
    /// `report` stands in for the response to the call that authorises it, should that have been lost.
    pub(crate) async fn reconcile(&self, id: OrderId, report: Option<AttemptReport>) -> Result<(), StoreError> {
        if !self.claim(id).await? {
            return Ok(());
        }
        crash_point(CrashPoint::PaymentClaimed);
        // Decided on the payment as it is now: it may have moved on since it was found, and must not
        // be captured then without a look at its deadline.
        let decide = |payment: &mut Payment, now| match (&payment.state, &report) {
            (PaymentState::Authorizing { .. }, Some(report)) => {
                self.driver.apply_authorization(payment, report.attempt, &report.authorization, now)
            }
            _ => payment.reconsider(now),
        };
        let payment = self.driver.record(id, decide).await?;
        self.driver.drive(payment, Attempt::Resumed).await.map(drop)
    }

    /// Several replicas may find the same payment: the one whose claim is committed works on it.
    async fn claim(&self, id: OrderId) -> Result<bool, StoreError> {
        let claimed = self.payments.update(id, |payment, cx| Ok::<_, StoreError>(payment.claim(cx.now))).await?;
        Ok(claimed.is_some_and(|claimed| claimed.outcome.is_changed()))
    }
}

#[cfg(test)]
mod tests;

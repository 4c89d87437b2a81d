//! Finishes the payments that a crash or a silence of Stripe has interrupted.

use common::id::OrderId;
use futures::{StreamExt, stream};
use ports::clock::Clock;
use ports::store::StoreError;
use runtime::Timer;
use runtime::crash_point::{CrashPoint, crash_point};
use runtime::store::Store;

use crate::domain::Payment;
use crate::driver::{Attempt, Driver};
use crate::store::{due, next_deadline};

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
    deadlines: Timer,
}

impl Reconciler {
    pub(crate) fn new(payments: Store<Payment>, driver: Driver, clock: Clock, deadlines: Timer) -> Self {
        Self { payments, driver, clock, deadlines }
    }

    /// Finishes the payments that were not moved on in time. Tells the timer when that is to be done again at the
    /// latest: an order waits but a moment for news after its deadline, and what its buyer's bank might still set
    /// aside is to be given up before anybody else can have the ticket.
    pub(crate) async fn reconcile_due(&self) -> Result<(), StoreError> {
        let now = self.clock.now();
        let due = self.payments.find(&due(now, BATCH)).await?;
        let reconcile = |id: OrderId| async move {
            if let Err(error) = self.reconcile(id).await {
                tracing::warn!(order = %id, %error, "a payment could not be checked");
            }
        };
        let due = due.into_iter().map(|payment| payment.id);
        stream::iter(due).for_each_concurrent(PARALLEL, reconcile).await;
        for payment in self.payments.find(&next_deadline(now)).await? {
            self.deadlines.wake_by(payment.deadline);
        }
        Ok(())
    }

    /// Finishes the payment of an order if it is due, unless somebody else has taken that on.
    pub(crate) async fn reconcile(&self, id: OrderId) -> Result<(), StoreError> {
        if self.claim(id).await? { self.finish(id).await } else { Ok(()) }
    }

    /// Finishes the payment of an order, which is claimed.
    pub(crate) async fn finish(&self, id: OrderId) -> Result<(), StoreError> {
        crash_point(CrashPoint::PaymentClaimed);
        // Decided on the payment as it is now: it may have moved on since it was found, and must not
        // be captured then without a look at its deadline.
        let payment = self.driver.record(id, Payment::reconsider).await?;
        self.driver.drive(payment, Attempt::Resumed).await.map(drop)
    }

    /// Several replicas may find the same payment: the one whose claim is committed works on it.
    pub(crate) async fn claim(&self, id: OrderId) -> Result<bool, StoreError> {
        let claimed = self.payments.update(id, |payment, cx| Ok::<_, StoreError>(payment.claim(cx.now))).await?;
        Ok(claimed.is_some_and(|claimed| claimed.outcome.is_changed()))
    }
}

#[cfg(test)]
mod tests;

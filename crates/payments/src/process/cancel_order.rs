use ports::store::{Conflict, StoreError};

use super::{Hands, Payments};
use crate::domain::{Order, Payment, PaymentState};

impl Payments {
    /// The order has been cancelled: no payment can begin any more, and one that was made is
    /// undone.
    pub(crate) async fn cancel_order(&self, order: &Order) -> Result<(), StoreError> {
        let payment = self.record_cancellation(order).await?;
        // Authorisations and captures on their way are in the hands of whoever sent them.
        if matches!(payment.state, PaymentState::Refunding { .. }) {
            let this = self.clone();
            // Stripe may take its time, which must not hold up other events. Should this task
            // be lost, the reconciler does its work.
            self.tasks.spawn(async move {
                if let Err(error) = this.run(payment, Hands::First).await {
                    tracing::warn!(%error, "undoing a payment is left to the reconciler");
                }
            });
        }
        Ok(())
    }

    async fn record_cancellation(&self, order: &Order) -> Result<Payment, StoreError> {
        let tombstone = Payment::refused(order, self.ids.next(self.clock.now()));
        match self.payments.insert(&tombstone, Vec::new()).await {
            Err(StoreError::Conflict(Conflict::Exists)) => {
                self.record(&tombstone, |payment, now| payment.cancel_order(now)).await
            }
            inserted => inserted.map(|()| tombstone),
        }
    }
}

use ports::store::{Conflict, StoreError};

use super::Payments;
use crate::domain::{Order, Payment, PaymentToken};
use crate::error::PayError;

impl Payments {
    /// Begins an attempt to pay: the record that decides who may is written before any call.
    pub(crate) async fn begin(&self, order: &Order, token: PaymentToken) -> Result<Payment, PayError> {
        let now = self.clock.now();
        let payment = Payment::start(order, self.ids.next(now), token.clone(), now);
        match self.payments.insert(&payment, Vec::new()).await {
            Ok(()) => return Ok(payment),
            Err(StoreError::Conflict(Conflict::Exists)) => {}
            Err(error) => return Err(error.into()),
        }
        let again = |payment: &mut Payment| Ok::<_, PayError>(payment.start_again(token.clone(), self.clock.now())?);
        self.payments.update(order.id, again).await?.ok_or(PayError::UnknownOrder)
    }
}

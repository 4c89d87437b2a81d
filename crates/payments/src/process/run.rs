use ports::store::StoreError;

use super::Payments;
use crate::domain::{Payment, PaymentState};
use crate::stripe::Unknown;

/// In whose hands a payment is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Hands {
    /// Those of the one that has just moved it into its state.
    First,
    /// Those of one that found it there later: much may have happened at Stripe since.
    Later,
}

/// How one step ended.
pub(super) enum Step {
    /// The payment stands here now.
    Taken(Payment),
    /// Stripe did not say how it ended. The reconciler will ask again.
    Unknown(Unknown),
}

impl Payments {
    /// Moves a payment on, step by step, until there is nothing left to do or Stripe does not
    /// answer. Returns where it stands.
    pub(crate) async fn run(&self, mut payment: Payment, hands: Hands) -> Result<Payment, StoreError> {
        while let Some(step) = self.step(&payment, hands).await? {
            match step {
                Step::Taken(moved) if moved.state == payment.state => return Ok(moved),
                Step::Taken(moved) => payment = moved,
                Step::Unknown(reason) => {
                    metrics::counter!("stripe_unknown_total").increment(1);
                    tracing::warn!(order = %payment.id, %reason, "a payment is left to the reconciler");
                    return Ok(payment);
                }
            }
        }
        Ok(payment)
    }

    async fn step(&self, payment: &Payment, hands: Hands) -> Result<Option<Step>, StoreError> {
        match &payment.state {
            PaymentState::Authorizing { token, key, .. } => self.authorize(payment, token, key).await.map(Some),
            PaymentState::Capturing { intent } => self.capture(payment, intent, hands).await.map(Some),
            PaymentState::Voiding { intent } => self.void(payment, intent).await.map(Some),
            PaymentState::Refunding { intent } => self.refund(payment, intent).await.map(Some),
            PaymentState::Open { .. }
            | PaymentState::Captured { .. }
            | PaymentState::Voided
            | PaymentState::Refunded { .. }
            | PaymentState::Failed { .. } => Ok(None),
        }
    }
}

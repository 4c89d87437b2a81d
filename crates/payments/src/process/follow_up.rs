use ports::store::StoreError;

use super::Payments;
use crate::domain::IntentId;
use crate::stripe::Unknown;

/// Why a webhook could not be followed up.
#[derive(Debug, thiserror::Error)]
pub(crate) enum FollowUpError {
    #[error(transparent)]
    Stripe(#[from] Unknown),
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl Payments {
    /// Stripe says that something happened to an intent: asks what, and finishes its payment if
    /// nobody else has it in hand.
    pub(crate) async fn follow_up(&self, intent: &IntentId) -> Result<(), FollowUpError> {
        let Some(fetched) = self.stripe.fetch(intent).await? else { return Ok(()) };
        let Some(payment) = self.payments.get(fetched.order_id).await? else { return Ok(()) };
        if payment.payment_id != fetched.payment_id {
            return Ok(());
        }
        let heard = fetched.authorization.map(|answer| (fetched.attempt, answer));
        Ok(self.check(&payment, heard).await?)
    }
}

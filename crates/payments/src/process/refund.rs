use ports::store::StoreError;
use runtime::crash_point::{CrashPoint, crash_point};

use super::Payments;
use super::run::Step;
use crate::domain::{IntentId, Payment};

impl Payments {
    /// Gives the money back, once: all calls carry the one key that the payment has for this.
    pub(super) async fn refund(&self, payment: &Payment, intent: &IntentId) -> Result<Step, StoreError> {
        crash_point(CrashPoint::RefundRecorded);
        let answer = self.stripe.refund(intent, payment.amount, &payment.step_key("refund")).await;
        crash_point(CrashPoint::Refunded);
        match answer {
            Ok(id) => self.record(payment, |payment, now| payment.refunded(id.clone(), now)).await.map(Step::Taken),
            Err(unknown) => Ok(Step::Unknown(unknown)),
        }
    }
}

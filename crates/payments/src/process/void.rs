use ports::store::StoreError;
use runtime::crash_point::{CrashPoint, crash_point};

use super::Payments;
use super::run::Step;
use crate::domain::{IntentId, Payment};

impl Payments {
    /// Gives up the money that was set aside. Should it have been captured after all, the
    /// payment learns that instead.
    pub(super) async fn void(&self, payment: &Payment, intent: &IntentId) -> Result<Step, StoreError> {
        crash_point(CrashPoint::VoidRecorded);
        let answer = self.stripe.cancel(intent, &payment.step_key("cancel")).await;
        crash_point(CrashPoint::Voided);
        match answer {
            Ok(truth) => self.record_truth(payment, truth).await.map(Step::Taken),
            Err(unknown) => Ok(Step::Unknown(unknown)),
        }
    }
}

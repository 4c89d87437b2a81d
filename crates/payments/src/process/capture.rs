use ports::store::StoreError;
use runtime::crash_point::{CrashPoint, crash_point};

use super::Payments;
use super::run::{Hands, Step};
use crate::domain::{IntentId, IntentTruth, Payment};

impl Payments {
    /// Takes the money. Whoever comes later asks first how the intent stands.
    pub(super) async fn capture(&self, payment: &Payment, intent: &IntentId, hands: Hands) -> Result<Step, StoreError> {
        crash_point(CrashPoint::CaptureRecorded);
        let truth = match hands {
            Hands::First => self.stripe.capture(intent, &payment.step_key("capture")).await,
            Hands::Later => match self.stripe.retrieve(intent).await {
                Ok(IntentTruth::Authorized) => self.stripe.capture(intent, &payment.step_key("capture")).await,
                other => other,
            },
        };
        crash_point(CrashPoint::Captured);
        match truth {
            Ok(truth) => self.record_truth(payment, truth).await.map(Step::Taken),
            Err(unknown) => Ok(Step::Unknown(unknown)),
        }
    }

    pub(super) async fn record_truth(&self, payment: &Payment, truth: IntentTruth) -> Result<Payment, StoreError> {
        self.record(payment, |payment, now| payment.learn(truth, now)).await
    }
}

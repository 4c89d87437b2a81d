use common::mutant::{self, Mutant};
use ports::store::StoreError;
use runtime::crash_point::{CrashPoint, crash_point};

use super::Payments;
use super::run::Step;
use crate::domain::{Authorization, Payment, PaymentToken};
use crate::stripe::Authorize;

impl Payments {
    /// Asks the card. Repeated with the same key it finds out what became of the first time.
    pub(super) async fn authorize(
        &self,
        payment: &Payment,
        token: &PaymentToken,
        key: &str,
    ) -> Result<Step, StoreError> {
        let what = Authorize {
            order_id: payment.id,
            payment_id: payment.payment_id,
            attempt: payment.attempts,
            amount: payment.amount,
            currency: payment.currency,
            token,
            key,
        };
        crash_point(CrashPoint::KeyStored);
        let answer = self.stripe.authorize(&what).await;
        crash_point(CrashPoint::Authorized);
        match answer {
            Ok(answer) => self.record_authorization(payment, answer).await.map(Step::Taken),
            Err(unknown) if mutant::is_active(Mutant::UnknownTakenAsDeclined) => {
                self.record_authorization(payment, Authorization::Declined(unknown.to_string())).await.map(Step::Taken)
            }
            Err(unknown) => Ok(Step::Unknown(unknown)),
        }
    }

    async fn record_authorization(&self, payment: &Payment, answer: Authorization) -> Result<Payment, StoreError> {
        let (attempt, allowed) = (payment.attempts, self.settings.attempts);
        self.record(payment, |payment, now| payment.authorization(attempt, answer.clone(), allowed, now)).await
    }
}

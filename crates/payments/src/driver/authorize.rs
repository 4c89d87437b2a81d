//! Asks the card, once orders has agreed.

use common::gate::{BEGIN_PAYMENT, BeginPayment, PaymentBeginning};
use common::outcome::Outcome;
use common::time::Timestamp;
use runtime::NoAnswer;
use runtime::crash_point::{CrashPoint, crash_point};

use super::{Attempt, Driver, Interrupted};
use crate::domain::{AttemptReport, IntentId, NotPayable, Payment, PaymentToken};
use crate::stripe::Authorize;

impl Driver {
    /// Asks the card. Repeated with the same key it finds out what became of the first time.
    pub(super) async fn authorize(
        &self,
        payment: &Payment,
        token: &PaymentToken,
        key: &str,
        since: Timestamp,
        attempt: Attempt,
    ) -> Result<Payment, Interrupted> {
        crash_point(CrashPoint::KeyStored);
        let number = payment.attempts;
        if attempt == Attempt::Resumed {
            let taken_over = self.record(payment.id, |payment, _| payment.take_over(number)).await?;
            if !taken_over.is_asking(number) {
                return Ok(taken_over);
            }
        }
        let asked = self.ask_orders(payment).await;
        match (attempt, asked) {
            (_, Ok(Ok(()))) => {}
            (Attempt::Fresh, Err(no_answer)) => {
                tracing::warn!(order = %payment.id, %no_answer, "a payment is not begun");
                return Ok(self.record(payment.id, |payment, now| payment.not_begun(number, now)).await?);
            }
            (Attempt::Fresh, Ok(Err(why))) => {
                return Ok(self.record(payment.id, |payment, now| payment.not_owed(number, why, now)).await?);
            }
            (Attempt::Resumed, Err(no_answer)) => return Err(no_answer.into()),
            // Whoever began the attempt may have asked the card, and what it said must be known to be given up.
            (Attempt::Resumed, Ok(Err(why))) => {
                self.record(payment.id, |payment, now| payment.not_owed_any_more(why, now)).await?;
            }
        }
        let request = Authorize {
            order_id: payment.id,
            payment_id: payment.payment_id,
            attempt: number,
            amount: payment.amount,
            currency: payment.currency,
            token,
            key,
            since,
            is_first: attempt == Attempt::Fresh,
        };
        let report = self.stripe.authorize(&request).await;
        crash_point(CrashPoint::Authorized);
        self.record_report(payment, report?).await
    }

    /// Asks what became of an attempt whose intent is known.
    pub(super) async fn ask_again(&self, payment: &Payment, intent: &IntentId) -> Result<Payment, Interrupted> {
        let report = self.stripe.attempt_report(intent, payment.attempts).await?;
        self.record_report(payment, report).await
    }

    async fn record_report(&self, payment: &Payment, report: AttemptReport) -> Result<Payment, Interrupted> {
        let allowed = self.allowed_declines;
        // A webhook may have told the same before: then it is decided again whether the money may be taken, as the
        // order may have ended since.
        let decide = |payment: &mut Payment, now| match payment.apply_report(report.clone(), allowed, now) {
            Outcome::Unchanged => payment.reconsider(now),
            changed => changed,
        };
        let recorded = self.record(payment.id, decide).await?;
        if let Some(intent) = report.authorization.open_intent()
            && !recorded.may_hold(intent, report.attempt)
        {
            self.give_up_stray(payment.id, intent, &format!("answer-{}", payment.checks)).await?;
        }
        Ok(recorded)
    }

    /// Whether the order is to be paid. From then on its buyer cannot cancel it, until the attempt ends.
    pub(super) async fn ask_orders(&self, payment: &Payment) -> Result<Result<(), NotPayable>, NoAnswer> {
        let question = BeginPayment { order_id: payment.id, attempt: payment.attempts };
        Ok(match self.peers.ask_orders(BEGIN_PAYMENT, &question).await? {
            PaymentBeginning::Begun => Ok(()),
            PaymentBeginning::Complete => Err(NotPayable::Complete),
            PaymentBeginning::Cancelled => Err(NotPayable::Cancelled),
            PaymentBeginning::Expired => Err(NotPayable::Expired),
        })
    }
}

#[cfg(test)]
mod tests;

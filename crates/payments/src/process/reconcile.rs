use common::mutant::{self, Mutant};
use futures::{StreamExt, stream};
use ports::store::{Condition, Query, StoreError};
use runtime::crash_point::{CrashPoint, crash_point};

use super::{Hands, Payments};
use crate::domain::{Authorization, Payment, PaymentState};

/// How many payments one round looks at.
const BATCH: usize = 256;
/// How many of them at once.
const PARALLEL: usize = 8;

impl Payments {
    /// Finishes the payments that nobody has moved on in time.
    pub(crate) async fn reconcile(&self) -> Result<(), StoreError> {
        if mutant::is_active(Mutant::ReconcilerOff) {
            return Ok(());
        }
        let now = serde_json::json!(self.clock.now());
        let due =
            Query { sort: Some("checkAt"), limit: Some(BATCH), ..Query::all(vec![Condition::AtMost("checkAt", now)]) };
        let due = self.payments.find(&due).await?;
        let check = |payment: Payment| async move {
            if let Err(error) = self.check(&payment, None).await {
                tracing::warn!(order = %payment.id, %error, "a payment could not be checked");
            }
        };
        stream::iter(due).for_each_concurrent(PARALLEL, check).await;
        Ok(())
    }

    /// Finishes a payment that is due, unless somebody else has taken that on. `heard` is what
    /// Stripe says became of an attempt to authorise it: where the call itself was never answered,
    /// this is the answer.
    pub(super) async fn check(&self, payment: &Payment, heard: Option<(u32, Authorization)>) -> Result<(), StoreError> {
        let Some(payment) = self.claim(payment).await? else { return Ok(()) };
        crash_point(CrashPoint::PaymentClaimed);
        let allowed = self.settings.attempts;
        // Decided on the payment as it stands now: it may have moved on since it was found, and
        // must not be captured then without a look at its deadline.
        let decide = |payment: &mut Payment, now| match (&payment.state, &heard) {
            (PaymentState::Authorizing { .. }, Some((attempt, answer))) => {
                payment.authorization(*attempt, answer.clone(), allowed, now)
            }
            _ => payment.reconsider(now),
        };
        let payment = self.record(&payment, decide).await?;
        self.run(payment, Hands::Later).await.map(drop)
    }

    /// Several replicas may find the same payment: the one whose claim is committed has it.
    async fn claim(&self, payment: &Payment) -> Result<Option<Payment>, StoreError> {
        let mut is_ours = false;
        let claimed = self
            .record(payment, |payment, now| {
                is_ours = payment.is_due(now);
                payment.claim(now)
            })
            .await?;
        Ok(is_ours.then_some(claimed))
    }
}

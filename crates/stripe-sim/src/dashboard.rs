//! What people and banks do to an account from outside: in Stripe's dashboard, on the bank's page, in the
//! bank's back office.

use common::outcome::Outcome;
use ports::store::StoreError;
use runtime::store::Silent;

use crate::api::Api;
use crate::domain::{
    Authentication, Intent, NewRefund, Processed, RefundFate, RefundStatus, Refusal, intent_of_refund,
};
use crate::simulator::Simulator;

/// Why something cannot be done.
#[derive(Debug, thiserror::Error)]
pub enum NotPossible {
    /// Stripe's rules.
    #[error("{0}")]
    Refused(String),
    /// The simulator's store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl From<Refusal> for NotPossible {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(refusal.message().to_owned())
    }
}

impl Simulator {
    /// Somebody refunds all that is left of an intent in the dashboard. Returns the refund's id.
    ///
    /// # Errors
    /// If it cannot be refunded.
    pub async fn refund_in_dashboard(&self, intent: &str) -> Result<String, NotPossible> {
        self.refund_in_dashboard_with(intent, None, None).await
    }

    /// The same, of a part in minor units, or with a fate that the card does not decide.
    ///
    /// # Errors
    /// If it cannot be refunded.
    pub async fn refund_in_dashboard_with(
        &self,
        intent: &str,
        amount: Option<i64>,
        fate: Option<RefundFate>,
    ) -> Result<String, NotPossible> {
        let new = || NewRefund { reason: Some("requested_by_customer".into()), amount, fate, ..NewRefund::default() };
        self.api.act_on(intent, |intent, now| Ok(intent.refund(new(), now)?.id)).await
    }

    /// A refund ends: it succeeds, fails or is cancelled. One that had succeeded can still fail.
    ///
    /// # Errors
    /// If it has ended otherwise before.
    pub async fn settle_refund(&self, refund: &str, status: RefundStatus) -> Result<(), NotPossible> {
        let intent = intent_of_refund(refund).ok_or_else(|| Refusal::no_such("refund", refund))?;
        self.api.act_on(&intent, |intent, now| intent.settle_refund(refund, status, now)).await
    }

    /// The buyer's bank takes the money back.
    ///
    /// # Errors
    /// If the bank has it, or it was never taken.
    pub async fn open_dispute(&self, intent: &str) -> Result<(), NotPossible> {
        self.api.act_on(intent, Intent::open_dispute).await
    }

    /// The dispute about an intent is decided: for the merchant, who has the money back then, or for the buyer.
    ///
    /// # Errors
    /// If there is no open one.
    pub async fn close_dispute(&self, intent: &str, outcome: DisputeOutcome) -> Result<(), NotPossible> {
        let is_won = outcome == DisputeOutcome::Won;
        self.api.act_on(intent, |intent, now| intent.close_dispute(is_won, now)).await
    }

    /// The bank decides about a payment that was `processing`.
    ///
    /// # Errors
    /// If it is not.
    pub async fn finish_processing(&self, intent: &str, processed: Processed) -> Result<(), NotPossible> {
        self.api.act_on(intent, |intent, now| intent.finish_processing(processed, now)).await
    }

    /// The buyer tells the bank what they think of a payment, as on the bank's page.
    ///
    /// # Errors
    /// If the bank does not ask, or not any more.
    pub async fn authenticate(&self, intent: &str, told: Authentication) -> Result<(), NotPossible> {
        self.api.act_on(intent, |intent, now| intent.authenticate(told, now)).await
    }
}

/// How a dispute ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DisputeOutcome {
    /// For the merchant.
    Won,
    /// For the buyer.
    Lost,
}

impl Api {
    /// Changes an intent otherwise than by a request to the API.
    pub(crate) async fn act_on<T, E>(
        &self,
        id: &str,
        mut act: impl FnMut(&mut Intent, i64) -> Result<T, Refusal>,
    ) -> Result<T, E>
    where
        E: From<Refusal> + From<StoreError>,
    {
        let now = self.now();
        let decide = |intent: &mut Intent, _| {
            let result = act(intent, now)?;
            self.keep_webhooks_only_if_wanted(intent);
            Ok::<_, E>(Outcome::Changed(Silent(result)))
        };
        let changed = self.intents.update(id, decide).await?;
        self.wake.notify_one();
        match changed.and_then(|changed| changed.outcome.changed()) {
            Some(Silent(result)) => Ok(result),
            None => Err(Refusal::no_such("payment_intent", id).into()),
        }
    }
}

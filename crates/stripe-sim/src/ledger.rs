//! The simulated money, for reconciliation.

use ports::store::{Query, StoreError};
use runtime::store::Store;

use crate::domain::{Intent, Refund};

/// All intents.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ledger {
    /// The intents, by id.
    pub intents: Vec<LedgerIntent>,
}

/// One intent and its money, in minor units.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LedgerIntent {
    /// `pi_…`
    pub id: String,
    /// Stripe's name for its status.
    pub status: String,
    /// The amount requested.
    pub amount: i64,
    /// The currency's code.
    pub currency: String,
    /// The amount captured.
    pub captured: i64,
    /// The refunds.
    pub refunds: Vec<LedgerRefund>,
    /// The merchant's metadata.
    pub metadata: Vec<(String, String)>,
}

/// One refund.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LedgerRefund {
    /// `re_…`
    pub id: String,
    /// The amount, in minor units.
    pub amount: i64,
}

impl Ledger {
    pub(crate) async fn read(intents: &Store<Intent>) -> Result<Self, StoreError> {
        let intents = intents.find(&Query::default()).await?;
        Ok(Self { intents: intents.into_iter().map(|intent| intent.value.into()).collect() })
    }

    /// The sum of all captures, in minor units of whatever currency.
    pub fn captured(&self) -> i64 {
        self.intents.iter().map(|intent| intent.captured).sum()
    }

    /// The sum of all refunds.
    pub fn refunded(&self) -> i64 {
        self.intents.iter().flat_map(|intent| &intent.refunds).map(|refund| refund.amount).sum()
    }

    /// The number of captured intents.
    pub fn charges(&self) -> usize {
        self.intents.iter().filter(|intent| intent.captured > 0).count()
    }

    /// The number of refunds.
    pub fn refunds(&self) -> usize {
        self.intents.iter().map(|intent| intent.refunds.len()).sum()
    }

    /// The intents with this metadata.
    pub fn with_metadata<'a>(&'a self, key: &'a str, value: &'a str) -> impl Iterator<Item = &'a LedgerIntent> {
        self.intents.iter().filter(move |intent| intent.metadata.iter().any(|(k, v)| k == key && v == value))
    }
}

impl From<Intent> for LedgerIntent {
    fn from(intent: Intent) -> Self {
        Self {
            status: intent.status.name().to_owned(),
            id: intent.id,
            amount: intent.amount,
            currency: intent.currency,
            captured: intent.captured,
            refunds: intent.refunds.into_iter().map(LedgerRefund::from).collect(),
            metadata: intent.metadata,
        }
    }
}

impl From<Refund> for LedgerRefund {
    fn from(refund: Refund) -> Self {
        Self { id: refund.id, amount: refund.amount }
    }
}

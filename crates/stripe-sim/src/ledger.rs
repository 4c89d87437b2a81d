//! The simulated money, for reconciliation.

use ports::store::{Query, StoreError};
use runtime::store::Store;

use crate::domain::{DisputeStatus, Intent, IntentStatus, Refund, RefundStatus};

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
    /// The refunds, also those that failed.
    pub refunds: Vec<LedgerRefund>,
    /// What the buyer's bank has taken back, and not returned.
    pub disputed: i64,
    /// How the dispute about it stands, if there was one.
    pub dispute: Option<DisputeStatus>,
    /// Where the bank asks the buyer about it, if it does.
    pub bank_page: Option<String>,
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
    /// How it stands.
    pub status: RefundStatus,
    /// Whether somebody made it in the dashboard, and not the product by the API.
    pub in_dashboard: bool,
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

    /// The sum of the refunds that succeeded.
    pub fn refunded(&self) -> i64 {
        self.intents.iter().map(LedgerIntent::refunded).sum()
    }

    /// The sum of the refunds on their way.
    pub fn refunding(&self) -> i64 {
        self.intents.iter().map(LedgerIntent::refunding).sum()
    }

    /// The sum of what buyers' banks have taken back.
    pub fn disputed(&self) -> i64 {
        self.intents.iter().map(|intent| intent.disputed).sum()
    }

    /// What the merchant has.
    pub fn kept(&self) -> i64 {
        self.intents.iter().map(LedgerIntent::kept).sum()
    }

    /// The number of captured intents.
    pub fn charges(&self) -> usize {
        self.intents.iter().filter(|intent| intent.captured > 0).count()
    }

    /// The number of refunds, also of those that failed.
    pub fn refunds(&self) -> usize {
        self.intents.iter().map(|intent| intent.refunds.len()).sum()
    }

    /// The intents with this metadata.
    pub fn with_metadata<'a>(&'a self, key: &'a str, value: &'a str) -> impl Iterator<Item = &'a LedgerIntent> {
        self.intents.iter().filter(move |intent| intent.metadata.iter().any(|(k, v)| k == key && v == value))
    }
}

impl LedgerIntent {
    /// What is with the buyer again.
    pub fn refunded(&self) -> i64 {
        self.sum(RefundStatus::Succeeded)
    }

    /// What is on its way to the buyer.
    pub fn refunding(&self) -> i64 {
        self.sum(RefundStatus::Pending)
    }

    /// What the merchant has of it.
    pub fn kept(&self) -> i64 {
        self.captured - self.refunded() - self.refunding() - self.disputed
    }

    fn sum(&self, status: RefundStatus) -> i64 {
        self.refunds.iter().filter(|refund| refund.status == status).map(|refund| refund.amount).sum()
    }
}

impl LedgerRefund {
    /// Whether the money is with the buyer, or on its way.
    pub fn is_alive(&self) -> bool {
        self.status.is_alive()
    }
}

impl From<Intent> for LedgerIntent {
    fn from(intent: Intent) -> Self {
        let asks = intent.status == IntentStatus::RequiresAction;
        Self {
            disputed: intent.withdrawn(),
            dispute: intent.dispute.map(|dispute| dispute.status),
            bank_page: intent.challenge.filter(|_| asks).map(|challenge| challenge.url),
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
        // The product gives no reason; the dashboard asks for one.
        let in_dashboard = refund.reason.is_some();
        Self { id: refund.id, amount: refund.amount, status: refund.status, in_dashboard }
    }
}

use common::events::DisputeStatus;
use common::money::Price;
use serde::{Deserialize, Serialize};

/// A dispute: the buyer's bank wants the money back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Dispute {
    /// Its id at Stripe: `du_…` or `dp_…`.
    pub(crate) id: String,
    /// What is disputed.
    #[serde(with = "common::money::minor_units")]
    pub(crate) amount: Price,
    /// How it stands.
    pub(crate) status: DisputeStatus,
}

impl Dispute {
    /// Whether `later` says something new about this one. A dispute that has ended is not opened again, so that
    /// webhooks may come in any order.
    pub(crate) fn is_changed_by(&self, later: &Self) -> bool {
        let reopens = later.status == DisputeStatus::Open && self.status != DisputeStatus::Open;
        self.id != later.id || (self.status != later.status && !reopens)
    }

    /// Whether the bank has the money, or may get it.
    pub(crate) fn is_against_us(&self) -> bool {
        match self.status {
            DisputeStatus::Open | DisputeStatus::Lost | DisputeStatus::Other => true,
            DisputeStatus::Won => false,
        }
    }
}

use common::events::RefundStatus;
use common::money::Price;
use serde::{Deserialize, Serialize};

/// A refund as Stripe has it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Refund {
    /// Its id: `re_…`.
    pub(crate) id: String,
    /// What goes back.
    #[serde(with = "common::money::minor_units")]
    pub(crate) amount: Price,
    /// How it stands.
    pub(crate) status: RefundStatus,
}

impl Refund {
    /// Whether it went through, or still may.
    pub(crate) fn stands(&self) -> bool {
        match self.status {
            RefundStatus::Pending | RefundStatus::Succeeded | RefundStatus::Other => true,
            RefundStatus::Failed => false,
        }
    }
}

use serde::{Deserialize, Serialize};

/// A chargeback: the buyer's bank has taken the money back. <https://docs.stripe.com/disputes/how-disputes-work>
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Dispute {
    pub(crate) id: String,
    pub(crate) amount: i64,
    /// Seconds since 1970.
    pub(crate) created: i64,
    pub(crate) status: DisputeStatus,
}

/// How a dispute stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DisputeStatus {
    /// The bank has the money, and the merchant may object.
    NeedsResponse,
    /// The merchant has the money back.
    Won,
    /// The bank keeps it.
    Lost,
}

impl Dispute {
    /// The id of the dispute of an intent. It contains the intent's id.
    pub(crate) fn id_for(intent: &str) -> String {
        intent.replacen("pi_", "dp_", 1)
    }

    /// The money that the bank has taken, and not given back.
    pub(crate) fn withdrawn(&self) -> i64 {
        match self.status {
            DisputeStatus::NeedsResponse | DisputeStatus::Lost => self.amount,
            DisputeStatus::Won => 0,
        }
    }
}

impl DisputeStatus {
    /// Stripe's name for it.
    pub fn name(self) -> &'static str {
        match self {
            Self::NeedsResponse => "needs_response",
            Self::Won => "won",
            Self::Lost => "lost",
        }
    }
}

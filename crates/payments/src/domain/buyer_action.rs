use serde::{Deserialize, Serialize};

/// What the buyer has to do before their bank sets the money aside (3-D Secure).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct BuyerAction {
    /// The page of the bank.
    pub(crate) url: String,
    /// What Stripe's script needs to show that page within ours.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) client_secret: Option<String>,
}

use common::time::Timestamp;
use serde::{Deserialize, Serialize};

/// A webhook of Stripe's that has been dealt with: its second delivery is ignored.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ReceivedEvent {
    /// Stripe's id of the event: `evt_…`.
    pub(crate) id: String,
    /// When it was dealt with.
    pub(crate) received_at: Timestamp,
}

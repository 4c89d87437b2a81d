use serde::{Deserialize, Serialize};

use super::Event;
use crate::delivery::{Seal, SealMode};
use crate::id::TicketId;
use crate::version::Version;

/// What a listing promises has been given to us, or replaced: from the moment that the listing says so, this is what
/// its buyer gets.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "asyncapi", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct DeliverySealed {
    /// The listing.
    pub ticket_id: TicketId,
    /// How often its admission has changed.
    pub version: Version,
    /// Which of those that the seller gave us.
    pub seal: Seal,
    /// Whether we have read a code from it.
    pub checked: bool,
    /// What stands behind it. A listing takes it only while it promises that.
    #[serde(default)]
    pub mode: SealMode,
    /// The version of the listing that it is said of, if it is not so of any other: who may sell what we issue is decided
    /// for one event and one order.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub of_version: Option<Version>,
}

impl Event for DeliverySealed {
    const TYPE: &'static str = "deliveries.sealed";
    fn subject(&self) -> String {
        self.ticket_id.to_string()
    }
}

use common::edition::Edition;
use common::events::EventDetails;
use common::id::{TicketId, UserId};
use common::money::{Currency, Price};
use serde::{Deserialize, Serialize};

/// What orders knows of a ticket, from the tickets service's events.
///
/// It leaves out whether the ticket is locked: those events lag behind the orders made here, and
/// the unique index on the orders themselves is the authority.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Ticket {
    pub(crate) id: TicketId,
    pub(crate) title: String,
    #[serde(with = "common::money::minor_units")]
    pub(crate) price: Price,
    pub(crate) currency: Currency,
    pub(crate) seller_id: UserId,
    /// Which edition of the ticket this is; what was stored before there were editions is the first.
    #[serde(default)]
    pub(crate) edition: Edition,
    #[serde(default)]
    pub(crate) withdrawn: bool,
    #[serde(default)]
    pub(crate) details: EventDetails,
}

use common::edition::Edition;
use common::id::TicketId;
use common::time::Timestamp;
use serde::{Deserialize, Serialize};

/// An edition of a ticket that no order can be made of any more, for good: its seller is about to replace
/// it, or to withdraw the ticket.
///
/// It is kept among the orders, under the same unique index: whichever of an order and a closing comes
/// second is refused (invariant I13).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ClosedEdition {
    pub(crate) id: String,
    pub(crate) ticket: TicketEdition,
    pub(crate) status: Closed,
    pub(crate) closed_at: Timestamp,
}

/// One edition of one ticket.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct TicketEdition {
    pub(crate) id: TicketId,
    pub(crate) edition: Edition,
}

/// What the unique index tells it by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Closed {
    #[serde(rename = "closed")]
    Closed,
}

impl ClosedEdition {
    /// Closed at `now`.
    pub(crate) fn new(ticket: TicketId, edition: Edition, now: Timestamp) -> Self {
        let ticket = TicketEdition { id: ticket, edition };
        Self { id: ticket.record_id(), ticket, status: Closed::Closed, closed_at: now }
    }
}

impl TicketEdition {
    /// Under which its closing is kept: there is at most one.
    pub(crate) fn record_id(self) -> String {
        format!("{}:{}", self.id, self.edition)
    }
}

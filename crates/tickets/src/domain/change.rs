use std::collections::HashSet;

use common::events::TicketSnapshot;
use common::id::TicketId;

/// What happened to a ticket, as those who watch are told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Change {
    /// It was listed.
    Created,
    /// Its seller edited it.
    Updated,
    /// An order holds it now.
    Locked,
    /// It is free again.
    Unlocked,
    /// It is its buyer's.
    Sold,
}

impl Change {
    /// Its name on the wire.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Created => "created",
            Self::Updated => "updated",
            Self::Locked => "locked",
            Self::Unlocked => "unlocked",
            Self::Sold => "sold",
        }
    }
}

/// The tickets that orders hold. A snapshot of a free ticket alone does not say whether it was
/// edited or freed; who remembers that it was locked knows.
#[derive(Debug, Default)]
pub(crate) struct LockedTickets(HashSet<TicketId>);

impl LockedTickets {
    /// Remembers `tickets` as locked.
    pub(crate) fn new(tickets: impl IntoIterator<Item = TicketId>) -> Self {
        Self(tickets.into_iter().collect())
    }

    /// What an updated ticket has gone through.
    pub(crate) fn observe(&mut self, updated: &TicketSnapshot) -> Change {
        match (updated.order_id, updated.sold) {
            (Some(_), false) => {
                self.0.insert(updated.id);
                Change::Locked
            }
            (_, true) => {
                self.0.remove(&updated.id);
                Change::Sold
            }
            (None, false) if self.0.remove(&updated.id) => Change::Unlocked,
            (None, false) => Change::Updated,
        }
    }
}

use std::collections::HashSet;

use common::events::TicketSnapshot;
use common::id::TicketId;

/// What happened to a ticket, as live viewers are shown it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum LiveChange {
    /// It was listed.
    Created,
    /// Its seller edited it.
    Updated,
    /// An order holds it now.
    Locked,
    /// It is free again.
    Unlocked,
    /// It has been bought.
    Sold,
    /// Its seller has taken it back.
    Withdrawn,
}

impl LiveChange {
    /// Its name on the wire.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Created => "created",
            Self::Updated => "updated",
            Self::Locked => "locked",
            Self::Unlocked => "unlocked",
            Self::Sold => "sold",
            Self::Withdrawn => "withdrawn",
        }
    }
}

/// The tickets that orders hold. A snapshot of a free ticket alone does not say whether the
/// ticket was edited or freed: that depends on whether it was locked before.
#[derive(Debug, Default)]
pub(crate) struct LockedTickets(HashSet<TicketId>);

impl LockedTickets {
    /// Begins with `tickets` as the locked ones.
    pub(crate) fn new(tickets: impl IntoIterator<Item = TicketId>) -> Self {
        Self(tickets.into_iter().collect())
    }

    /// What has happened to a ticket that is now as `updated` says.
    pub(crate) fn observe(&mut self, updated: &TicketSnapshot) -> LiveChange {
        if updated.withdrawn {
            return LiveChange::Withdrawn;
        }
        match (updated.order_id, updated.sold) {
            (Some(_), false) => {
                self.0.insert(updated.id);
                LiveChange::Locked
            }
            (_, true) => {
                self.0.remove(&updated.id);
                LiveChange::Sold
            }
            (None, false) if self.0.remove(&updated.id) => LiveChange::Unlocked,
            (None, false) => LiveChange::Updated,
        }
    }
}

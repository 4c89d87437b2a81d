use std::collections::HashSet;

use common::events::TicketSnapshot;
use common::id::TicketId;

use super::delivery::awaits_seal;

/// What happened to a ticket, as live viewers are shown it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum LiveChange {
    /// It is for sale now, and was not before.
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

/// The tickets that are kept from buyers: by the orders that hold them, or because they are not sealed yet. A snapshot
/// of a free ticket alone does not say whether the ticket was edited, freed or sealed: that depends on what it was before.
#[derive(Debug, Default)]
pub(crate) struct KeptTickets {
    locked: HashSet<TicketId>,
    unsealed: HashSet<TicketId>,
}

impl KeptTickets {
    /// Begins with these.
    pub(crate) fn new(
        locked: impl IntoIterator<Item = TicketId>,
        unsealed: impl IntoIterator<Item = TicketId>,
    ) -> Self {
        Self { locked: locked.into_iter().collect(), unsealed: unsealed.into_iter().collect() }
    }

    /// What has happened when a ticket was listed as `listed` says. What is not for sale yet is nothing new to buyers.
    pub(crate) fn observe_new(&mut self, listed: &TicketSnapshot) -> LiveChange {
        if awaits_seal(listed.details.delivery) {
            self.unsealed.insert(listed.id);
            LiveChange::Updated
        } else {
            LiveChange::Created
        }
    }

    /// What has happened to a ticket that is now as `updated` says.
    pub(crate) fn observe(&mut self, updated: &TicketSnapshot) -> LiveChange {
        if updated.withdrawn {
            self.unsealed.remove(&updated.id);
            return LiveChange::Withdrawn;
        }
        match (updated.order_id, updated.sold) {
            (Some(_), false) => {
                self.locked.insert(updated.id);
                LiveChange::Locked
            }
            (_, true) => {
                self.locked.remove(&updated.id);
                LiveChange::Sold
            }
            (None, false) if self.locked.remove(&updated.id) => LiveChange::Unlocked,
            (None, false) if awaits_seal(updated.details.delivery) => {
                self.unsealed.insert(updated.id);
                LiveChange::Updated
            }
            (None, false) if self.unsealed.remove(&updated.id) => LiveChange::Created,
            (None, false) => LiveChange::Updated,
        }
    }
}

#[cfg(test)]
mod tests {
    use common::delivery::{DeliveryPromise, Seal};
    use common::version::{Version, Versioned};

    use super::*;
    use crate::store::snapshot;
    use crate::testing::ticket;

    #[test]
    fn a_ticket_is_new_to_buyers_once_it_is_sealed() {
        let sealed = |seal| {
            let mut ticket = ticket("Concert");
            ticket.details.delivery = Some(DeliveryPromise::Sealed { seal: Seal(seal), checked: true });
            snapshot(&Versioned { version: Version(1), value: ticket })
        };
        let mut kept = KeptTickets::default();
        assert_eq!(kept.observe_new(&sealed(1)), LiveChange::Created);
        assert_eq!(kept.observe_new(&sealed(0)), LiveChange::Updated);
        for (seal, change) in [
            (0, LiveChange::Updated),
            (1, LiveChange::Created),
            (2, LiveChange::Updated),
            (0, LiveChange::Updated),
            (3, LiveChange::Created),
        ] {
            assert_eq!(kept.observe(&sealed(seal)), change, "{seal}");
        }
        let mut kept = KeptTickets::new([], [sealed(0).id]);
        assert_eq!(kept.observe(&sealed(1)), LiveChange::Created);
    }
}

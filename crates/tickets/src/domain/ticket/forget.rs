use common::id::UserId;
use common::outcome::Outcome;

use super::{Ticket, TicketChanged};
use crate::domain::lock::TicketLock;

impl Ticket {
    /// What others need of it stays. Whose it was is forgotten, once it is sold or withdrawn: until then somebody may
    /// be buying it.
    pub(crate) fn forget_seller(&mut self) -> Outcome<TicketChanged> {
        let is_at_rest = matches!(self.lock, TicketLock::Sold { .. } | TicketLock::Withdrawn);
        if self.seller == UserId::NOBODY || !is_at_rest {
            return Outcome::Unchanged;
        }
        // Its seat is nobody's to offer again, and would be in the way of others that are nobody's.
        (self.seller, self.seat, self.place) = (UserId::NOBODY, None, None);
        Outcome::Changed(TicketChanged::ByItself)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::ticket;

    #[test]
    fn only_what_is_sold_or_withdrawn_loses_its_seller() {
        let order_id = "5f1f77bcf86cd799439011a2".parse().expect("an id");
        for lock in [TicketLock::Free, TicketLock::Locked { order_id }] {
            let mut ticket = Ticket { lock, ..ticket("Concert") };
            assert_eq!(ticket.forget_seller(), Outcome::Unchanged);
        }
        for lock in [TicketLock::Sold { order_id }, TicketLock::Withdrawn] {
            let mut ticket = Ticket { lock, place: Some(3), ..ticket("Concert") };
            let title = ticket.title.clone();
            assert_eq!(ticket.forget_seller(), Outcome::Changed(TicketChanged::ByItself));
            assert_eq!((ticket.seller, ticket.seat.clone(), ticket.place), (UserId::NOBODY, None, None));
            assert_eq!((&ticket.title, ticket.lock), (&title, lock));
            assert_eq!(ticket.forget_seller(), Outcome::Unchanged);
        }
    }
}

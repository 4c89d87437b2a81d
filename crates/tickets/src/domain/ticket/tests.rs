use common::id::IdGenerator;
use proptest::prelude::*;

use super::*;
use crate::domain::Edit;
use crate::testing::{form, ticket};

fn ids() -> IdGenerator {
    IdGenerator::seeded(8)
}

#[test]
fn a_new_ticket_is_free_and_costs_dollars_unless_the_form_says_otherwise() {
    let ticket = ticket("Concert");
    assert_eq!((ticket.lock, ticket.currency), (TicketLock::Free, Currency::Usd));
    assert_eq!(ticket.details.event.as_deref(), Some("Été à Paris"));
    assert_eq!((ticket.details.venue, ticket.details.seat), (None, None));
    let (ids, now) = (ids(), Timestamp::from_millis(1000));
    let in_euros = TicketForm { currency: Some(Currency::Eur), ..form("Concert") };
    assert_eq!(
        Ticket::list(ids.next(now), ids.next(now), in_euros, now).map(|ticket| ticket.currency),
        Ok(Currency::Eur)
    );
}

#[test]
fn what_nobody_could_buy_is_not_listed() {
    let (ids, now) = (ids(), Timestamp::from_millis(1000));
    let list = |form| Ticket::list(ids.next(now), ids.next(now), form, now).expect_err("refused");
    for (currency, minor) in [(Currency::Usd, 49), (Currency::Sek, 299), (Currency::Pln, 199), (Currency::Gbp, 29)] {
        let price = Price::from_minor_units(minor).expect("a price");
        let cheap = TicketForm { currency: Some(currency), price, ..form("Concert") };
        assert_eq!(list(cheap), InvalidOffer::BelowMinimum(currency));
    }
    let mut begun = form("Concert");
    begun.details.starts_at = Edit::Set(now);
    assert_eq!(list(begun), InvalidOffer::Begun);
    assert_eq!(InvalidOffer::BelowMinimum(Currency::Sek).to_string(), "Price must be at least 3.00 SEK");
}

#[test]
fn a_sold_ticket_is_never_sold_to_another_order() {
    let mut ticket = ticket("Concert");
    let (ids, now) = (ids(), Timestamp::from_millis(2000));
    let (buyer, other) = (ids.next(now), ids.next(now));
    assert_eq!(ticket.lock(buyer), Ok(Outcome::Changed(TicketChanged)));
    assert_eq!(ticket.lock(other), Err(HeldByAnotherOrder));
    assert_eq!(ticket.sell(other), Err(HeldByAnotherOrder));
    assert_eq!(ticket.sell(buyer), Ok(Outcome::Changed(TicketChanged)));
    assert_eq!((ticket.lock(other), ticket.sell(other)), (Err(HeldByAnotherOrder), Err(HeldByAnotherOrder)));
    assert_eq!((ticket.free(buyer), ticket.sell(buyer)), (Outcome::Unchanged, Ok(Outcome::Unchanged)));
    assert_eq!(ticket.lock, TicketLock::Sold { order_id: buyer });
}

proptest! {
    /// Whatever two orders do, in whatever sequence: a sold ticket stays its buyer's, only the
    /// order that holds the lock changes it, and what is reported as a change is one.
    #[test]
    fn a_lock_belongs_to_one_order(events in prop::collection::vec((0usize..4, 0usize..2), 0..20)) {
        let (mut ticket, ids) = (ticket("Concert"), ids());
        let orders: [OrderId; 2] = std::array::from_fn(|_| ids.next(Timestamp::from_millis(2000)));
        for (status, who) in events {
            let before = ticket.lock;
            let status = [
                OrderStatus::Created, OrderStatus::AwaitingPayment, OrderStatus::Complete, OrderStatus::Cancelled,
            ][status];
            let order = Order { id: orders[who], ticket_id: ticket.id, status };
            let followed = ticket.follow(&order);
            prop_assert_eq!(followed == Ok(Outcome::Changed(TicketChanged)), ticket.lock != before);
            let is_anothers = before.order_id().is_some_and(|holder| holder != order.id);
            if matches!(before, TicketLock::Sold { .. }) || is_anothers {
                prop_assert_eq!(ticket.lock, before);
            }
        }
    }
}

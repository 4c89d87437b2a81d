use common::id::IdGenerator;
use common::time::Timestamp;
use proptest::prelude::*;

use super::*;
use crate::testing::ticket;

const CREATED: (u64, OrderStatus) = (0, OrderStatus::Created);
const CANCELLED: (u64, OrderStatus) = (1, OrderStatus::Cancelled);
const COMPLETE: (u64, OrderStatus) = (1, OrderStatus::Complete);
const CHANGED: Outcome<Option<TicketChanged>> = Outcome::Changed(Some(TicketChanged::ByItself));
const SILENTLY: Outcome<Option<TicketChanged>> = Outcome::Changed(None);

fn orders() -> [OrderId; 2] {
    let ids = IdGenerator::seeded(8);
    std::array::from_fn(|_| ids.next(Timestamp::from_millis(2000)))
}

fn order(ticket: &Ticket, id: OrderId, (version, status): (u64, OrderStatus)) -> Versioned<Order> {
    Versioned { version: Version(version), value: Order::of(id, ticket.id, status) }
}

/// What becomes of a ticket that is told this of this order, by itself.
fn follow(ticket: &mut Ticket, id: OrderId, state: (u64, OrderStatus)) -> Outcome<Option<TicketChanged>> {
    let order = order(ticket, id, state);
    ticket.follow(&order)
}

fn align(
    ticket: &mut Ticket,
    id: OrderId,
    status: OrderStatus,
) -> Result<Outcome<Option<TicketChanged>>, HeldByAnotherOrder> {
    ticket.align(&Order::of(id, ticket.id, status))
}

/// Whether it has been applied, and if not, whether the ticket stands for the versions before.
fn applied(ticket: &Ticket, id: OrderId, state: (u64, OrderStatus)) -> (bool, Gaps) {
    let order = order(ticket, id, state);
    (ticket.has_applied(&order), ticket.gaps_before(&order))
}

fn known(id: OrderId, (version, status): (u64, OrderStatus)) -> Option<KnownOrder> {
    Some(KnownOrder { id, version: Version(version), status })
}

#[test]
fn the_first_order_locks_and_buys_a_ticket_that_keeps_what_is_known_of_it() {
    let (mut ticket, [buyer, _]) = (ticket("Concert"), orders());
    assert_eq!(follow(&mut ticket, buyer, CREATED), CHANGED);
    assert_eq!((ticket.lock, ticket.order), (TicketLock::Locked { order_id: buyer }, known(buyer, CREATED)));
    assert!(applied(&ticket, buyer, CREATED).0);
    assert_eq!(follow(&mut ticket, buyer, CREATED), Outcome::Unchanged);
    assert_eq!(follow(&mut ticket, buyer, COMPLETE), CHANGED);
    assert_eq!((ticket.lock, ticket.order), (TicketLock::Sold { order_id: buyer }, known(buyer, COMPLETE)));
    for duplicate in [CREATED, COMPLETE] {
        assert_eq!(follow(&mut ticket, buyer, duplicate), Outcome::Unchanged);
        assert!(applied(&ticket, buyer, duplicate).0);
    }
    assert!(ticket.knows_every_order);
}

#[test]
fn a_version_that_comes_too_early_waits_for_the_one_before() {
    let (mut ticket, [buyer, _]) = (ticket("Concert"), orders());
    let late_payment = (2, OrderStatus::Cancelled);
    for early in [COMPLETE, CANCELLED, late_payment] {
        assert_eq!(follow(&mut ticket, buyer, early), Outcome::Unchanged);
        assert_eq!(applied(&ticket, buyer, early), (false, Gaps::Awaited));
    }
    let _ = follow(&mut ticket, buyer, CREATED);
    assert_eq!(follow(&mut ticket, buyer, late_payment), Outcome::Unchanged);
    assert_eq!(applied(&ticket, buyer, late_payment), (false, Gaps::Awaited));
}

#[test]
fn an_order_lets_go_only_once_its_end_is_kept_apart() {
    let (mut ticket, [old, new]) = (ticket("Concert"), orders());
    let _ = follow(&mut ticket, old, CREATED);
    assert_eq!(follow(&mut ticket, old, CANCELLED), Outcome::Unchanged);
    assert_eq!(applied(&ticket, old, CANCELLED), (false, Gaps::Superseded), "the version before is in the ticket");
    assert_eq!(align(&mut ticket, old, OrderStatus::Cancelled), Ok(CHANGED));
    assert_eq!((ticket.lock, ticket.order), (TicketLock::Free, None));
    assert_eq!(ticket.reserved_not_bought, 1);
    for again in [old, new] {
        assert_eq!(follow(&mut ticket, again, CREATED), Outcome::Unchanged, "it may have ended long ago");
        assert!(!applied(&ticket, again, CREATED).0);
    }
}

#[test]
fn another_order_leaves_the_ticket_and_what_it_keeps_alone() {
    let (mut ticket, [holder, other]) = (ticket("Concert"), orders());
    let _ = follow(&mut ticket, holder, CREATED);
    let before = ticket.clone();
    for state in [CREATED, CANCELLED, COMPLETE] {
        assert_eq!(follow(&mut ticket, other, state), Outcome::Unchanged);
        assert!(!applied(&ticket, other, state).0);
    }
    for status in [OrderStatus::Created, OrderStatus::AwaitingPayment, OrderStatus::Complete] {
        assert_eq!(align(&mut ticket, other, status), Err(HeldByAnotherOrder));
    }
    assert_eq!(ticket, before);
    assert_eq!(align(&mut ticket, other, OrderStatus::Cancelled), Ok(SILENTLY));
    assert_eq!(ticket, Ticket { knows_every_order: false, ..before });
    assert_eq!(align(&mut ticket, other, OrderStatus::Cancelled), Ok(Outcome::Unchanged));
}

#[test]
fn what_is_told_of_an_order_whose_ticket_is_sold_stays_in_the_ticket() {
    let (mut ticket, [buyer, _]) = (ticket("Concert"), orders());
    let _ = (follow(&mut ticket, buyer, CREATED), follow(&mut ticket, buyer, COMPLETE));
    let cancelled = (2, OrderStatus::Cancelled);
    assert_eq!(follow(&mut ticket, buyer, cancelled), SILENTLY);
    assert_eq!((ticket.lock, ticket.order), (TicketLock::Sold { order_id: buyer }, known(buyer, cancelled)));
}

#[test]
fn a_ticket_of_which_orders_are_known_apart_follows_none_by_itself() {
    let [holder, _] = orders();
    let locked = TicketLock::Locked { order_id: holder };
    let ended = OrderStatus::Cancelled;
    for lock in [TicketLock::Free, locked, TicketLock::Sold { order_id: holder }, TicketLock::Withdrawn] {
        let mut ticket = Ticket { lock, knows_every_order: false, ..ticket("Concert") };
        let before = ticket.clone();
        for state in [CREATED, CANCELLED, COMPLETE, (2, ended)] {
            assert_eq!(follow(&mut ticket, holder, state), Outcome::Unchanged);
            assert!(!applied(&ticket, holder, state).0);
        }
        assert_eq!(ticket, before);
    }
    let ticket = Ticket { lock: locked, knows_every_order: false, ..ticket("Concert") };
    assert_eq!(applied(&ticket, holder, CANCELLED).1, Gaps::Superseded, "the lock says that the order has come");
    assert_eq!(applied(&ticket, holder, (2, ended)).1, Gaps::Awaited);
}

#[test]
fn a_withdrawn_ticket_is_locked_by_none() {
    let (ticket, [order, _]) = (ticket("Concert"), orders());
    let mut ticket = Ticket { lock: TicketLock::Withdrawn, ..ticket };
    assert_eq!(follow(&mut ticket, order, CREATED), Outcome::Unchanged);
    assert_eq!(align(&mut ticket, order, OrderStatus::Created), Err(HeldByAnotherOrder));
    assert_eq!(ticket.lock, TicketLock::Withdrawn);
}

#[test]
fn a_sold_ticket_is_never_sold_to_another_order() {
    use OrderStatus::{Cancelled, Complete, Created};
    let (mut ticket, [buyer, other]) = (ticket("Concert"), orders());
    assert_eq!(align(&mut ticket, buyer, Created), Ok(CHANGED));
    assert_eq!(align(&mut ticket, other, Created), Err(HeldByAnotherOrder));
    assert_eq!(align(&mut ticket, other, Complete), Err(HeldByAnotherOrder));
    assert_eq!(align(&mut ticket, buyer, Complete), Ok(CHANGED));
    for status in [Created, Complete] {
        assert_eq!(align(&mut ticket, other, status), Err(HeldByAnotherOrder));
    }
    for status in [Cancelled, Complete] {
        assert_eq!(align(&mut ticket, buyer, status), Ok(Outcome::Unchanged));
    }
    assert_eq!(ticket.lock, TicketLock::Sold { order_id: buyer });
}

/// Cancelled, after it was complete, because the ticket never came.
fn never_came(ticket: &Ticket, id: OrderId) -> Versioned<Order> {
    let value = Order { is_undelivered: true, ..Order::of(id, ticket.id, OrderStatus::Cancelled) };
    Versioned { version: Version(2), value }
}

#[test]
fn what_never_came_to_its_buyer_is_withdrawn_once_that_is_kept_apart() {
    let (mut ticket, [buyer, other]) = (ticket("Concert"), orders());
    let _ = (follow(&mut ticket, buyer, CREATED), follow(&mut ticket, buyer, COMPLETE));
    let never_came = never_came(&ticket, buyer);
    assert_eq!(ticket.follow(&never_came), Outcome::Unchanged);
    assert_eq!((ticket.has_applied(&never_came), ticket.gaps_before(&never_came)), (false, Gaps::Superseded));
    assert_eq!(ticket.align(&never_came), Ok(CHANGED));
    assert_eq!((ticket.lock, ticket.order, ticket.undelivered), (TicketLock::Withdrawn, None, Some(buyer)));
    assert_eq!(ticket.reserved_not_bought, 0, "it was bought");
    assert_eq!(ticket.align(&never_came), Ok(Outcome::Unchanged));
    for status in [OrderStatus::Created, OrderStatus::Complete] {
        assert_eq!(align(&mut ticket, other, status), Err(HeldByAnotherOrder));
    }
    assert_eq!(align(&mut ticket, other, OrderStatus::Cancelled), Ok(Outcome::Unchanged));
}

#[test]
fn what_is_told_too_early_of_a_ticket_that_never_came_waits_for_the_order_before() {
    let (mut ticket, [old, buyer]) = (ticket("Concert"), orders());
    let _ = follow(&mut ticket, old, CREATED);
    let never_came = never_came(&ticket, buyer);
    let before = ticket.clone();
    assert_eq!(ticket.align(&never_came), Err(HeldByAnotherOrder), "it would be for sale again when that is over");
    assert_eq!(ticket, before);
    assert_eq!(align(&mut ticket, old, OrderStatus::Cancelled), Ok(CHANGED));
    assert_eq!(ticket.align(&never_came), Ok(CHANGED));
    assert_eq!(ticket.lock, TicketLock::Withdrawn);
}

/// Its seller, or the task for what is overdue, was faster than the news.
#[test]
fn a_withdrawn_ticket_that_had_never_come_says_so_too() {
    let (ticket, [buyer, other]) = (ticket("Concert"), orders());
    let mut withdrawn = Ticket { lock: TicketLock::Withdrawn, knows_every_order: false, ..ticket };
    let never_came = never_came(&withdrawn, buyer);
    assert_eq!(withdrawn.align(&never_came), Ok(CHANGED));
    assert_eq!((withdrawn.lock, withdrawn.undelivered), (TicketLock::Withdrawn, Some(buyer)));
    let mut sold = Ticket { lock: TicketLock::Sold { order_id: other }, knows_every_order: false, ..withdrawn };
    sold.undelivered = None;
    assert_eq!(sold.align(&never_came), Ok(Outcome::Unchanged));
    assert_eq!((sold.lock, sold.undelivered), (TicketLock::Sold { order_id: other }, None));
}

proptest! {
    /// Whatever two orders do, in whatever sequence: a sold ticket stays its buyer's, only the
    /// order that holds the lock changes it, and what is reported as a change is one.
    #[test]
    fn a_lock_belongs_to_one_order(
        events in prop::collection::vec((0usize..4, 0usize..2, 0u64..3, any::<bool>()), 0..20),
    ) {
        let (mut ticket, orders) = (ticket("Concert"), orders());
        for (status, who, version, is_known_apart) in events {
            let before = ticket.clone();
            let status = [
                OrderStatus::Created, OrderStatus::AwaitingPayment, OrderStatus::Complete, OrderStatus::Cancelled,
            ][status];
            let followed = if is_known_apart {
                align(&mut ticket, orders[who], status)
            } else {
                Ok(follow(&mut ticket, orders[who], (version, status)))
            };
            prop_assert_eq!(followed == Ok(CHANGED), ticket.lock != before.lock);
            prop_assert_eq!(matches!(followed, Ok(Outcome::Changed(_))), ticket != before);
            let is_anothers = before.lock.order_id().is_some_and(|holder| holder != orders[who]);
            if matches!(before.lock, TicketLock::Sold { .. }) || is_anothers {
                prop_assert_eq!(ticket.lock, before.lock);
            }
            prop_assert!(ticket.order.is_none_or(|known| ticket.lock.order_id() == Some(known.id)));
            prop_assert!(!ticket.knows_every_order || ticket.reserved_not_bought == 0);
        }
    }
}

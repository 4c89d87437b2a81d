use std::time::Duration;

use common::delivery::Seal;
use common::id::IdGenerator;
use common::order_status::OrderStatus;
use common::version::Versioned;

use super::*;
use crate::domain::{Order, Sealing};
use crate::testing::{event, form, ticket};

const VERSION: Version = Version(5);

fn now() -> Timestamp {
    Timestamp::from_millis(2000)
}

fn edit(ticket: &Ticket, title: &str) -> SellerChange {
    SellerChange { seller: ticket.seller, seen: None, change: Change::Edit(form(title)) }
}

fn withdrawal(ticket: &Ticket) -> SellerChange {
    SellerChange { change: Change::Withdraw, ..edit(ticket, "Concert") }
}

/// Both steps of a change, with nothing in between.
fn apply(ticket: &mut Ticket, wanted: &SellerChange) -> Result<(), ChangeRefused> {
    apply_at(ticket, wanted, now())
}

fn apply_at(ticket: &mut Ticket, wanted: &SellerChange, at: Timestamp) -> Result<(), ChangeRefused> {
    let _ = ticket.begin_change(wanted, VERSION, at)?;
    let _ = ticket.finish_change(&wanted.change, ticket.edition, VERSION.next(), at)?;
    Ok(())
}

#[test]
fn an_edit_makes_the_next_edition() {
    let mut ticket = ticket("Concert");
    for (title, edition) in [("Opera", 1), ("Opera", 2)] {
        let wanted = edit(&ticket, title);
        assert_eq!(apply(&mut ticket, &wanted), Ok(()));
        assert_eq!((ticket.title.as_str(), ticket.edition), (title, Edition(edition)));
        assert_eq!((ticket.edited_in, ticket.changing_since), (Version(6), None));
    }
}

#[test]
fn only_its_seller_changes_a_ticket_and_only_while_it_is_free() {
    let mut ticket = ticket("Concert");
    let order_id = IdGenerator::seeded(8).next(now());
    let stranger = SellerChange { seller: IdGenerator::seeded(9).next(now()), ..edit(&ticket, "Mine") };
    assert_eq!(apply(&mut ticket, &stranger), Err(ChangeRefused::NotTheSeller));
    for (lock, refused) in [
        (TicketLock::Locked { order_id }, ChangeRefused::Reserved),
        (TicketLock::Sold { order_id }, ChangeRefused::Reserved),
        (TicketLock::Withdrawn, ChangeRefused::Withdrawn),
    ] {
        ticket.lock = lock;
        let before = ticket.clone();
        for wanted in [edit(&before, "Late"), withdrawal(&before)] {
            assert_eq!(apply(&mut ticket, &wanted), Err(refused));
            // Locked between the two steps.
            let finished = ticket.finish_change(&wanted.change, ticket.edition, VERSION, now());
            assert_eq!(finished, Err(refused));
        }
        assert_eq!(ticket, before);
    }
}

#[test]
fn a_change_of_what_has_been_changed_since_is_refused() {
    let mut ticket = Ticket { edited_in: Version(3), ..ticket("Concert") };
    for (seen, refused) in [(2, true), (3, false), (5, false), (6, true)] {
        let wanted = SellerChange { seen: Some(Version(seen)), ..edit(&ticket, "Opera") };
        let begun = ticket.begin_change(&wanted, VERSION, now());
        assert_eq!(begun == Err(ChangeRefused::ChangedSince), refused, "{seen}");
    }
}

#[test]
fn of_two_changes_of_one_edition_the_second_begins_anew() {
    let mut ticket = ticket("Concert");
    let (opera, gala) = (edit(&ticket, "Opera"), edit(&ticket, "Gala"));
    assert_eq!(ticket.begin_change(&opera, VERSION, now()), Ok(Outcome::Changed(())));
    assert_eq!(ticket.begin_change(&gala, VERSION, now()), Ok(Outcome::Unchanged));
    assert_eq!(
        ticket.finish_change(&opera.change, Edition(0), VERSION, now()),
        Ok(Outcome::Changed(TicketChanged::ByItself))
    );
    assert_eq!(ticket.finish_change(&gala.change, Edition(0), VERSION, now()), Err(ChangeRefused::Overtaken));
}

#[test]
fn a_closed_edition_is_renewed_once_unless_it_was_replaced() {
    let mut ticket = ticket("Concert");
    let wanted = edit(&ticket, "Opera");
    assert_eq!(ticket.begin_change(&wanted, VERSION, now()), Ok(Outcome::Changed(())));
    assert_eq!(ticket.renew(Edition(0)), Outcome::Changed(TicketChanged::ByItself));
    assert_eq!((ticket.title.as_str(), ticket.edition, ticket.changing_since), ("Concert", Edition(1), None));
    assert_eq!(ticket.renew(Edition(0)), Outcome::Unchanged);
    assert_eq!(ticket.finish_change(&wanted.change, Edition(0), VERSION, now()), Err(ChangeRefused::Overtaken));
}

#[test]
fn a_change_that_an_order_came_before_stays_begun_until_the_sale() {
    let mut ticket = ticket("Concert");
    let wanted = withdrawal(&ticket);
    assert_eq!(ticket.begin_change(&wanted, VERSION, now()), Ok(Outcome::Changed(())));
    let (id, ticket_id) = (IdGenerator::seeded(1).next(now()), ticket.id);
    let order = |version, status| Versioned { version: Version(version), value: Order::of(id, ticket_id, status) };
    assert_eq!(ticket.follow(&order(0, OrderStatus::Created)), Outcome::Changed(Some(TicketChanged::ByItself)));
    assert_eq!(ticket.changing_since, Some(now()));
    assert_eq!(ticket.follow(&order(1, OrderStatus::Complete)), Outcome::Changed(Some(TicketChanged::ByItself)));
    assert_eq!(ticket.changing_since, None);
}

#[test]
fn a_withdrawn_ticket_is_not_offered_again() {
    let mut ticket = ticket("Concert");
    let wanted = withdrawal(&ticket);
    assert_eq!(apply(&mut ticket, &wanted), Ok(()));
    assert_eq!((ticket.lock, ticket.edition), (TicketLock::Withdrawn, Edition(0)));
    assert_eq!(ticket.renew(Edition(0)), Outcome::Unchanged);
}

#[test]
fn a_change_that_an_order_keeps_waiting_goes_to_the_end_of_the_queue() {
    let mut ticket = ticket("Concert");
    assert_eq!(ticket.change_still_waits(now()), Outcome::Unchanged, "it is not being changed");
    let wanted = edit(&ticket, "Opera");
    let _ = ticket.begin_change(&wanted, VERSION, now());
    let later = Timestamp::from_millis(9000);
    assert_eq!(ticket.change_still_waits(later), Outcome::Changed(()));
    assert_eq!(ticket.changing_since, Some(later));
    assert_eq!(ticket.change_still_waits(now()), Outcome::Unchanged, "another replica's clock is behind");
}

#[test]
fn only_what_is_overdue_is_withdrawn_for_that() {
    let mut ticket = ticket("Concert");
    let overdue = SellerChange { change: Change::WithdrawOverdue, ..edit(&ticket, "Concert") };
    assert_eq!(apply(&mut ticket, &overdue), Err(ChangeRefused::Needless));
    let until = |millis| Some(DeliveryPromise::Later { until: now() + Duration::from_millis(millis) });
    ticket.details.delivery = until(1);
    assert_eq!(apply(&mut ticket, &overdue), Err(ChangeRefused::Needless));
    ticket.details.delivery = until(0);
    assert_eq!(
        apply(&mut ticket, &overdue),
        Err(ChangeRefused::Needless),
        "word of what came in time may be on its way"
    );
    let heard = now() + HEARD_WITHIN;
    let given = Sealing { seal: Seal(1), checked: true, since: now(), used: false };
    let mut came = Ticket { sealing: Some(given), ..ticket.clone() };
    assert_eq!(apply_at(&mut came, &overdue, heard), Err(ChangeRefused::Needless), "it has come");
    assert_eq!(apply_at(&mut ticket, &overdue, heard), Ok(()));
    assert_eq!((ticket.lock, ticket.edition), (TicketLock::Withdrawn, Edition(0)));
}

#[test]
fn a_moved_event_takes_the_promise_along_as_far_as_it_has_to() {
    let event = event("Gala");
    let day = Duration::from_secs(24 * 60 * 60);
    let begins = event.starts_at.moment;
    for (before, after) in [(10, 1), (1, 1), (2, 2)] {
        let mut ticket = ticket("Concert");
        ticket.details.starts_at = Some(begins + day * 8);
        // A day before the old beginning, or a chosen one.
        let until = if before == 10 { begins + day * 7 } else { begins - day * before };
        ticket.details.delivery = Some(DeliveryPromise::Later { until });
        let follow = Change::Follow(Versioned { version: VERSION, value: event.clone() });
        let wanted = SellerChange { change: follow, ..edit(&ticket, "Concert") };
        assert_eq!(apply(&mut ticket, &wanted), Ok(()));
        let promised = DeliveryPromise::Later { until: begins - day * after };
        assert_eq!(ticket.details.delivery, Some(promised), "{before}");
    }
}

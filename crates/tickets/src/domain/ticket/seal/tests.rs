use common::id::{EventId, IdGenerator, OrderId};
use common::version::{Version, Versioned};

use super::*;
use crate::domain::delivery::SentDelivery;
use crate::domain::{Change, ChangeRefused, Edit, SellerChange, TicketForm};
use crate::testing::{event, form, ticket};

const VERSION: Version = Version(5);

fn now() -> Timestamp {
    Timestamp::from_millis(2000)
}

fn sealed_form(title: &str) -> TicketForm {
    TicketForm { delivery: Edit::Set(SentDelivery::Sealed), ..form(title) }
}

/// A ticket whose seller has yet to give it to us.
fn unsealed() -> Ticket {
    let ids = IdGenerator::seeded(7);
    Ticket::list(ids.next(now()), ids.next(now()), sealed_form("Concert"), now()).expect("can be bought")
}

fn noted(mut ticket: Ticket, seal: u32) -> Ticket {
    assert_eq!(ticket.note_seal(given(Seal(seal), true), now()), Outcome::Changed(()));
    ticket
}

fn given(seal: Seal, checked: bool) -> GivenSeal {
    GivenSeal { mode: SealMode::Sealed, of_version: None, seal, checked }
}

/// Both steps of a change, with nothing in between.
fn apply(ticket: &mut Ticket, change: Change) -> Result<(), ChangeRefused> {
    let wanted = SellerChange { seller: ticket.seller, seen: None, change };
    let _ = ticket.begin_change(&wanted, VERSION, now())?;
    let _ = ticket.finish_change(&wanted.change, ticket.edition, VERSION.next(), now())?;
    Ok(())
}

#[test]
fn what_is_to_be_sealed_is_for_sale_once_it_is_as_the_next_edition() {
    let mut ticket = unsealed();
    assert_eq!((ticket.lock, ticket.can_take_seal()), (TicketLock::Unsealed, false));
    assert_eq!(apply(&mut ticket, Change::Seal), Err(ChangeRefused::Needless), "there is nothing");
    let (before, mut ticket) = (ticket.clone(), noted(ticket, 1));
    assert!(ticket.can_take_seal());
    assert_eq!(apply(&mut ticket, Change::Seal), Ok(()));
    let promise = DeliveryPromise::Sealed { seal: Seal(1), checked: true };
    assert_eq!((ticket.lock, ticket.details.delivery), (TicketLock::Free, Some(promise)));
    assert_eq!((ticket.edition, ticket.edited_in), (before.edition.next(), before.edited_in));
    assert_eq!((ticket.sealing, ticket.changing_since), (None, None));
    assert_eq!(apply(&mut ticket, Change::Seal), Err(ChangeRefused::Needless), "it says so already");
}

/// Whatever the hour is: what is there cannot be missed any more.
#[test]
fn what_comes_early_of_what_was_promised_for_later_is_sealed_from_then_on() {
    let order_id: OrderId = IdGenerator::seeded(8).next(now());
    for until in [0, 2000, 9000].map(Timestamp::from_millis) {
        let mut ticket = ticket("Concert");
        ticket.details.delivery = Some(DeliveryPromise::Later { until });
        assert_eq!((TicketLock::at_rest(&ticket.details), ticket.can_take_seal()), (TicketLock::Free, false));
        let mut held = noted(Ticket { lock: TicketLock::Locked { order_id }, ..ticket.clone() }, 1);
        assert_eq!(apply(&mut held, Change::Seal), Err(ChangeRefused::Reserved), "that was bought for later");
        let mut ticket = noted(ticket, 1);
        assert_eq!(apply(&mut ticket, Change::Seal), Ok(()));
        let promise = DeliveryPromise::Sealed { seal: Seal(1), checked: true };
        assert_eq!((ticket.lock, ticket.details.delivery), (TicketLock::Free, Some(promise)), "{until}");
        assert_eq!(apply(&mut ticket, Change::WithdrawOverdue), Err(ChangeRefused::Needless));
    }
}

#[test]
fn only_what_is_newer_is_noted() {
    let mut ticket = noted(unsealed(), 2);
    for old in [Seal(1), Seal(2)] {
        assert_eq!(ticket.note_seal(given(old, false), now()), Outcome::Unchanged, "{old:?}");
    }
    assert_eq!(apply(&mut ticket, Change::Seal), Ok(()));
    assert_eq!(ticket.note_seal(given(Seal(2), false), now()), Outcome::Unchanged);
    let mut ticket = noted(noted(ticket, 3), 4);
    assert_eq!(ticket.lock, TicketLock::Free, "it is for sale as it was meanwhile");
    assert_eq!(apply(&mut ticket, Change::Seal), Ok(()));
    assert_eq!(ticket.details.delivery.and_then(|promise| promise.seal()), Some(Seal(4)));
}

#[test]
fn what_is_sold_or_withdrawn_takes_nothing_more() {
    let order_id: OrderId = IdGenerator::seeded(8).next(now());
    for lock in [TicketLock::Sold { order_id }, TicketLock::Withdrawn] {
        let mut ticket = Ticket { lock, ..unsealed() };
        assert_eq!(ticket.note_seal(given(Seal(1), true), now()), Outcome::Unchanged);
    }
    let mut held = noted(Ticket { lock: TicketLock::Locked { order_id }, ..unsealed() }, 1);
    assert!(!held.can_take_seal());
    assert_eq!(apply(&mut held, Change::Seal), Err(ChangeRefused::Reserved));
    let mut withdrawn = noted(unsealed(), 1);
    assert_eq!(apply(&mut withdrawn, Change::Withdraw), Ok(()));
    assert_eq!(withdrawn.sealing, None);
}

#[test]
fn what_is_to_a_cancelled_event_takes_nothing_more() {
    let mut gala = event("Gala");
    assert_eq!(gala.cancel(), Outcome::Changed(()));
    let before = noted(unsealed(), 1);
    let mut ticket = before.clone();
    let follow = Change::Follow(Versioned { version: Version(1), value: gala });
    assert_eq!(apply(&mut ticket, follow), Ok(()));
    let withdrawn = Ticket { lock: TicketLock::Withdrawn, sealing: None, edited_in: VERSION.next(), ..before };
    assert_eq!(ticket, withdrawn, "its edition stays closed");
    assert_eq!(ticket.note_seal(given(Seal(2), true), now()), Outcome::Unchanged);
}

#[test]
fn a_promise_of_something_else_begins_anew() {
    let mut ticket = noted(unsealed(), 1);
    assert_eq!(apply(&mut ticket, Change::Seal), Ok(()));
    let nothing = TicketForm { delivery: Edit::Clear, ..form("Concert") };
    assert_eq!(apply(&mut ticket, Change::Edit(nothing)), Ok(()));
    assert_eq!((ticket.lock, ticket.details.delivery), (TicketLock::Free, None));
    // What is given meanwhile is taken when it is wanted.
    let mut ticket = noted(ticket, 2);
    assert!(!ticket.can_take_seal());
    assert_eq!(apply(&mut ticket, Change::Edit(sealed_form("Concert"))), Ok(()));
    assert_eq!((ticket.lock, ticket.can_take_seal()), (TicketLock::Unsealed, true));
    assert_eq!(ticket.note_seal(given(Seal(1), true), now()), Outcome::Unchanged, "that was before");
}

#[test]
fn what_was_given_for_another_promise_is_not_what_we_issue() {
    let event_id: Option<EventId> = "5f1f77bcf86cd799439011e1".parse().ok();
    let ours = |seal| DeliveryPromise::Ours { seal, bought_by: None };
    let to = |event_id, delivery| EventDetails { event_id, delivery, ..unsealed().details };
    let sealed = to(event_id, unsealed().details.delivery);
    let (waiting, elsewhere) = (to(event_id, Some(ours(Seal::NONE))), to(None, Some(ours(Seal::NONE))));
    for (before, after, stays) in [
        (&sealed, &sealed, true),
        (&waiting, &waiting, true),
        (&sealed, &waiting, false),
        (&waiting, &sealed, false),
        (&waiting, &elsewhere, false),
    ] {
        let mut ticket = Ticket { details: before.clone(), ..unsealed() };
        ticket.sealing = Some(Sealing { seal: Seal(1), checked: true, since: now(), used: false });
        assert_eq!(ticket.sealing_after(after), ticket.sealing.filter(|_| stays), "{before:?} {after:?}");
    }
}

#[test]
fn what_an_order_is_not_known_to_hold_yet_is_tried_after_the_others() {
    let mut ticket = noted(ticket("Concert"), 1);
    let later = Timestamp::from_millis(9000);
    assert_eq!(ticket.seal_still_waits(later), Outcome::Changed(()));
    assert_eq!(ticket.sealing.map(|sealing| sealing.since), Some(later));
    assert_eq!(ticket.seal_still_waits(now()), Outcome::Unchanged, "another replica's clock is behind");
    ticket.sealing = None;
    assert_eq!(ticket.seal_still_waits(later), Outcome::Unchanged);
}

#[test]
fn a_seal_opens_only_what_promises_what_stands_behind_it() {
    let ours = DeliveryPromise::Ours { seal: Seal::NONE, bought_by: None };
    let (file, issue) = (given(Seal(1), true), GivenSeal { mode: SealMode::Ours, ..given(Seal(1), true) });
    let again = DeliveryPromise::Ours { seal: Seal::NONE, bought_by: Some(IdGenerator::seeded(8).next(now())) };
    let (edited_in, used) = (VERSION, GivenSeal { mode: SealMode::Used, ..issue });
    let of = |version| GivenSeal { of_version: Some(version), ..issue };
    for (promise, given, is_noted) in [
        (unsealed().details.delivery, file, true),
        (unsealed().details.delivery, issue, false),
        (Some(ours), file, false),
        (Some(ours), issue, true),
        (Some(ours), of(VERSION), true),
        (Some(ours), of(VERSION.next()), true),
        (Some(ours), of(Version(VERSION.0 - 1)), false),
        (Some(ours), GivenSeal { mode: SealMode::Other, ..issue }, false),
        (Some(ours), used, false),
        (Some(again), used, true),
        (unsealed().details.delivery, used, false),
        (None, file, true),
        (None, issue, false),
    ] {
        let mut ticket = Ticket { edited_in, ..unsealed() };
        ticket.details.delivery = promise;
        assert_eq!(ticket.note_seal(given, now()).is_changed(), is_noted, "{promise:?} {given:?}");
    }
}

/// Its place is used by the holder, who offers it again.
#[test]
fn what_was_used_is_withdrawn_once_no_order_holds_it() {
    let order = IdGenerator::seeded(8).next(now());
    let mut ticket = unsealed();
    ticket.details.delivery = Some(DeliveryPromise::Ours { seal: Seal(1), bought_by: Some(order) });
    (ticket.lock, ticket.last_seal) = (TicketLock::Free, Seal(1));
    let used = GivenSeal { mode: SealMode::Used, ..given(Seal(2), false) };
    let mut held = Ticket { lock: TicketLock::Locked { order_id: order }, ..ticket.clone() };
    assert!(ticket.note_seal(used, now()).is_changed() && held.note_seal(used, now()).is_changed());
    assert_eq!(apply(&mut ticket, Change::Seal), Ok(()));
    assert_eq!((ticket.lock, ticket.sealing), (TicketLock::Withdrawn, None));
    assert_eq!(apply(&mut held, Change::Seal), Err(ChangeRefused::Reserved));
    held.lock = TicketLock::Free;
    assert_eq!((held.can_take_seal(), apply(&mut held, Change::Seal)), (true, Ok(())));
    assert_eq!(held.lock, TicketLock::Withdrawn);
}

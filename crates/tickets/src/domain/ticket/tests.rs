use common::id::IdGenerator;
use proptest::prelude::*;
use runtime::store::Aggregate;
use serde_json::{Value, json};

use super::*;
use crate::domain::Edit;

fn form(title: &str) -> TicketForm {
    TicketForm {
        title: Line::required("Title", &json!(title)).expect("a line"),
        price: Price::from_minor_units(2050).expect("a price"),
        currency: None,
        event: Edit::Set("Été à Paris".into()),
        venue: Edit::Keep,
        starts_at: Edit::Keep,
        section: Edit::Set("Nord".into()),
        row: Edit::Keep,
        seat: Edit::Clear,
    }
}

fn ticket() -> (Ticket, IdGenerator) {
    let ids = IdGenerator::seeded(7);
    let now = Timestamp::from_millis(1000);
    (Ticket::list(ids.next(now), ids.next(now), form("Concert"), now), ids)
}

#[test]
fn the_record_keeps_the_ticket_and_what_it_is_found_by() {
    let (ticket, _) = ticket();
    let record = serde_json::to_value(&ticket).expect("serialises");
    assert_eq!(record["price"], json!(2050));
    assert_eq!(record["lock"], json!({"state": "free"}));
    let found_by = json!({
        "text": "concert\nete a paris\nnord", "event": "ete a paris", "venue": null,
        "startsAt": "9999-01-01T00:00:00.000Z",
    });
    assert_eq!(record["foundBy"], found_by);
    assert_eq!(serde_json::from_value::<Ticket>(record).expect("reads back"), ticket);
}

#[test]
fn every_indexed_field_is_in_the_record() {
    let (ticket, _) = ticket();
    let record = serde_json::to_value(&ticket).expect("serialises");
    for field in Ticket::COLLECTION.indexed_fields() {
        let at_path = field.split('.').try_fold(&record, |value: &Value, name| value.get(name));
        assert!(at_path.is_some(), "{field}");
    }
}

#[test]
fn only_the_seller_edits_and_only_while_it_is_free() {
    let (mut ticket, ids) = ticket();
    let before = ticket.clone();
    let now = Timestamp::from_millis(2000);
    assert_eq!(ticket.edit(ids.next(now), form("Mine")), Err(EditRefused::NotTheSeller));
    assert_eq!(ticket, before);
    let order = ids.next(now);
    assert_eq!(ticket.lock(order), Transition::Done);
    assert_eq!(ticket.edit(ticket.seller, form("Late")), Err(EditRefused::Reserved));
    assert_eq!(ticket.unlock(order), Transition::Done);
    assert_eq!(ticket.edit(ticket.seller, form("Opera")), Ok(()));
    assert_eq!(ticket.title.as_str(), "Opera");
}

#[test]
fn a_sold_ticket_is_never_another_orders() {
    let (mut ticket, ids) = ticket();
    let now = Timestamp::from_millis(2000);
    let (buyer, other) = (ids.next(now), ids.next(now));
    assert_eq!(ticket.lock(buyer), Transition::Done);
    assert_eq!(ticket.lock(other), Transition::NotYet);
    assert_eq!(ticket.sell(other), Transition::NotYet);
    assert_eq!(ticket.sell(buyer), Transition::Done);
    assert_eq!((ticket.lock(other), ticket.sell(other)), (Transition::NotYet, Transition::NotYet));
    assert_eq!((ticket.unlock(buyer), ticket.sell(buyer)), (Transition::Nothing, Transition::Nothing));
    let snapshot = ticket.snapshot();
    assert_eq!((snapshot.order_id, snapshot.sold), (Some(buyer), true));
}

proptest! {
    /// Whatever two orders do, in whatever order: a sold ticket stays its buyer's, and nobody
    /// but the order that holds it takes the lock away.
    #[test]
    fn a_lock_belongs_to_one_order(steps in prop::collection::vec((0usize..3, 0usize..2), 0..20)) {
        let (mut ticket, ids) = ticket();
        let orders: [OrderId; 2] = std::array::from_fn(|_| ids.next(Timestamp::from_millis(2000)));
        for (step, who) in steps {
            let (before, order) = (ticket.lock, orders[who]);
            let transition = match step {
                0 => ticket.lock(order),
                1 => ticket.unlock(order),
                _ => ticket.sell(order),
            };
            prop_assert_eq!(transition == Transition::Done, ticket.lock != before);
            if matches!(before, TicketLock::Sold { .. }) || before.order_id().is_some_and(|holder| holder != order) {
                prop_assert_eq!(ticket.lock, before);
            }
        }
    }
}

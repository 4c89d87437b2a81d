use serde_json::{Value, json};

use super::*;

const ID: &str = "5f1f77bcf86cd799439011aa";

/// So many seconds after the beginning.
fn second(second: i64) -> Timestamp {
    Timestamp::from_millis(1_700_000_000_000 + second * 1000)
}

/// An order that was made then of the ticket as it said at that version, and has ended then, if it has.
fn order(made: i64, version: u64, ended: Option<i64>) -> Order {
    let ticket = json!({
        "id": ID, "version": version, "title": "Seat 1", "price": 1000, "currency": "usd", "details": {"seat": "1"},
    });
    let end = ended.map(|ended| json!({"reason": "expired", "at": second(ended)}));
    let order = json!({
        "id": ID, "version": 2, "createdAt": second(made), "expiresAt": second(made + 900), "ticket": ticket,
        "status": if ended.is_some() { "cancelled" } else { "complete" }, "cancellation": end,
    });
    serde_json::from_value(order).expect("an order")
}

/// What the ticket of [`order`] says, with other values for these fields.
fn ticket(version: u64, others: &[(&str, Value)]) -> Value {
    let mut ticket = json!({
        "id": ID, "userId": ID, "version": version, "title": "Seat 1", "price": 10, "currency": "usd", "seat": "1",
    });
    for (field, value) in others {
        ticket[field] = value.clone();
    }
    ticket
}

fn said(others: &[(&str, Value)]) -> TicketSnapshot {
    serde_json::from_value(ticket(3, others)).expect("a ticket")
}

fn edited(at: i64, version: u64) -> Change {
    let ticket = serde_json::from_value(ticket(version, &[])).expect("a ticket");
    Change { at: second(at), what: ChangeMade::Edited(Box::new(ticket)) }
}

fn withdrawn(at: i64) -> Change {
    Change { at: second(at), what: ChangeMade::Withdrawn }
}

#[test]
fn an_order_is_made_of_what_its_ticket_said_at_that_version() {
    let order = order(5, 3, None);
    assert_eq!(made_of_else(&order, Some(&said(&[]))), None);
    for other in [
        ("title", json!("Seat 2")),
        ("price", json!(11)),
        ("currency", json!("eur")),
        ("seat", json!("2")),
        ("venue", json!("Hall")),
        ("withdrawn", json!(true)),
    ] {
        assert!(made_of_else(&order, Some(&said(std::slice::from_ref(&other)))).is_some(), "{other:?}");
    }
    assert!(made_of_else(&order, None).is_some(), "it never said anything");
}

#[test]
fn an_order_is_made_of_every_edit_that_was_acknowledged_before() {
    for (made, version, wrong) in [
        // Before the edit was acknowledged an order may be made of either.
        (4, 2, 0),
        (4, 3, 0),
        (6, 2, 1),
        (6, 3, 0),
        (6, 7, 0),
    ] {
        let order = order(made, version, Some(made));
        assert_eq!(passed(&order, Some(second(made)), &[edited(5, 3)]).count(), wrong, "{made} {version}");
        assert_eq!(passed(&order, None, &[edited(5, 3)]).count(), wrong, "{made} {version}, its answer was lost");
    }
}

#[test]
fn no_edit_is_acknowledged_while_an_order_that_is_not_made_of_it_has_the_ticket() {
    for (acknowledged, version, ended, wrong) in [
        (Some(3), 2, Some(9), 1),
        (Some(3), 2, None, 1),
        (Some(3), 2, Some(4), 0),
        // What it is made of may be acknowledged late, as the answer to its seller was.
        (Some(3), 3, Some(9), 0),
        // It may have been made, and ended, before anybody was told of it.
        (Some(6), 2, Some(9), 0),
        (None, 2, Some(9), 0),
    ] {
        let order = order(2, version, ended);
        let found = passed(&order, acknowledged.map(second), &[edited(5, 3)]).count();
        assert_eq!(found, wrong, "{acknowledged:?} {version} {ended:?}");
    }
}

#[test]
fn a_withdrawn_ticket_is_not_ordered_and_an_ordered_one_not_withdrawn() {
    for (made, ended, wrong) in [(6, None, 1), (6, Some(7), 1), (2, None, 1), (2, Some(9), 1), (2, Some(4), 0)] {
        let order = order(made, 7, ended);
        assert_eq!(passed(&order, Some(second(made + 1)), &[withdrawn(5)]).count(), wrong, "{made} {ended:?}");
    }
}

#[test]
fn every_change_is_looked_at() {
    let order = order(6, 2, None);
    assert_eq!(passed(&order, Some(second(6)), &[edited(1, 1), edited(5, 3), withdrawn(7)]).count(), 2);
}

#[test]
fn an_acknowledged_edit_says_what_was_published() {
    let edited = serde_json::from_value(ticket(3, &[])).expect("a ticket");
    assert!(says(&said(&[]), &edited));
    for other in [("title", json!("Seat 2")), ("price", json!(11)), ("seat", json!("2"))] {
        assert!(!says(&said(std::slice::from_ref(&other)), &edited), "{other:?}");
    }
}

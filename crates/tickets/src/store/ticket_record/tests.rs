use common::id::OrderId;
use serde_json::{Value, json};

use super::*;
use crate::testing::ticket;

fn record(ticket: &Ticket) -> Value {
    serde_json::to_value(TicketRecord::from(ticket.clone())).expect("serialises")
}

#[test]
fn the_record_keeps_the_ticket_and_what_it_is_found_by() {
    let ticket = ticket("Concert");
    let record = record(&ticket);
    let expected = json!({
        "id": ticket.id, "title": "Concert", "price": 2050, "currency": "usd", "userId": ticket.seller,
        "lock": {"state": "free"}, "details": {"event": "Été à Paris", "section": "Nord"},
        "listedAt": "1970-01-01T00:00:01.000Z",
        "foundBy": {
            "text": "concert\nete a paris\nnord", "event": "ete a paris", "venue": null,
            "startsAt": "9999-01-01T00:00:00.000Z",
        },
    });
    assert_eq!(record, expected);
    let read: TicketRecord = serde_json::from_value(record).expect("reads back");
    assert_eq!(Ticket::from(read), ticket);
}

#[test]
fn the_states_that_queries_look_for_are_those_of_the_record() {
    let order_id: OrderId = "5f1f77bcf86cd799439011aa".parse().expect("an id");
    for (lock, expected) in [
        (TicketLock::Free, json!({"state": states::FREE})),
        (TicketLock::Locked { order_id }, json!({"state": states::LOCKED, "orderId": order_id})),
        (TicketLock::Sold { order_id }, json!({"state": "sold", "orderId": order_id})),
    ] {
        assert_eq!(record(&Ticket { lock, ..ticket("Concert") })["lock"], expected);
    }
}

#[test]
fn every_field_that_is_indexed_or_queried_is_in_the_record() {
    let record = record(&ticket("Concert"));
    let queried = [fields::CURRENCY, fields::TEXT];
    for field in Ticket::COLLECTION.indexed_fields().into_iter().chain(queried) {
        let at_path = field.split('.').try_fold(&record, |value: &Value, name| value.get(name));
        assert!(at_path.is_some(), "{field}");
    }
}

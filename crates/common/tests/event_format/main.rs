//! The JSON of every event, frozen: other services, and messages already in the streams, depend
//! on it to the letter. A change that fails here needs a new event type, not a new expectation.

mod orders;
mod payments;
mod people;
mod tickets;

use common::events::*;
use common::id::Id;
use common::money::Price;
use common::time::Timestamp;
use serde_json::{Value, json};

fn id<T>(last: u8) -> Id<T> {
    format!("5f1f77bcf86cd7994390{last:04x}").parse().expect("an id")
}

fn moment() -> Timestamp {
    Timestamp::parse("2026-11-22T17:43:03.120Z").expect("a moment")
}

fn price() -> Price {
    Price::from_minor_units(1999).expect("a price")
}

/// The event is written as `frozen`, and what was written as `frozen` can still be read.
fn assert_frozen<E: Event + PartialEq + std::fmt::Debug>(kind: &str, event: E, frozen: Value) {
    assert_eq!(E::TYPE, kind);
    assert_eq!(serde_json::to_value(&event).expect("serialises"), frozen);
    assert_eq!(serde_json::from_value::<E>(frozen).expect("reads back"), event);
}

/// During an upgrade some writers are newer than some readers.
#[test]
fn values_that_were_added_later_do_not_stop_readers_that_do_not_need_them() {
    let order: OrderCreated = serde_json::from_value(json!({
        "id": "5f1f77bcf86cd79943900001", "version": 0, "status": "reserved", "userId": "5f1f77bcf86cd79943900003",
        "expiresAt": "2026-11-22T17:43:03.120Z", "somethingNew": [1],
        "ticket": {"id": "5f1f77bcf86cd79943900002", "price": 19.99, "currency": "jpy", "title": "x"},
    }))
    .expect("reads");
    assert_eq!(order.ticket.currency.known().expect_err("is new").to_string(), "\"jpy\" is not known here");
    order.status.known().expect_err("is new");
    let cancelled: OrderCancelled = serde_json::from_value(json!({"id": "5f1f77bcf86cd79943900001", "version": 1, "reason": "by-operator", "ticket": {"id": "5f1f77bcf86cd79943900002"}})).expect("reads");
    assert_eq!(cancelled.reason, CancelReason::Other);
    let refunded: PaymentRefunded = serde_json::from_value(
        json!({"orderId": "5f1f77bcf86cd79943900002", "amount": 1, "stripeRefundId": "re_1", "status": "cancelled"}),
    )
    .expect("reads");
    assert_eq!(refunded.status, RefundStatus::Other);
    let disputed: PaymentDisputed = serde_json::from_value(
        json!({"orderId": "5f1f77bcf86cd79943900002", "amount": 1, "stripeDisputeId": "dp_1", "status": "paused"}),
    )
    .expect("reads");
    assert_eq!(disputed.status, DisputeStatus::Other);
}

#[test]
fn the_envelope_carries_cloudevents_attributes() {
    let envelope = Envelope {
        id: "a:0".into(),
        source: "orders".into(),
        kind: "orders.created".into(),
        subject: "a".into(),
        time: moment(),
        traceparent: None,
        replay_for: None,
        data: json!({}).into(),
    };
    let frozen = json!({"id": "a:0", "source": "orders", "type": "orders.created", "subject": "a", "time": "2026-11-22T17:43:03.120Z", "data": {}});
    assert_eq!(serde_json::to_value(&envelope).expect("serialises"), frozen);
    assert_eq!(envelope.stream(), "orders");
}

#[test]
fn every_kind_of_event_is_frozen() {
    let files =
        [include_str!("orders.rs"), include_str!("payments.rs"), include_str!("people.rs"), include_str!("tickets.rs")];
    let here: String = files.concat().split_whitespace().collect();
    let is_frozen = |name: &&str| here.contains(&format!("assert_frozen(\"{name}\""));
    let missing = EVENT_TYPES.iter().map(|event| event.name).filter(|name| !is_frozen(name));
    assert_eq!(missing.collect::<Vec<_>>(), Vec::<&str>::new());
}

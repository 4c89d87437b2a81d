//! The JSON of every event, frozen: other services, and messages already in the streams, depend
//! on it to the letter. A change that fails here needs a new event type, not a new expectation.

use common::events::*;
use common::id::Id;
use common::money::{Currency, Price};
use common::order_status::OrderStatus;
use common::time::Timestamp;
use common::version::Version;
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

#[test]
fn tickets_created_and_updated() {
    let snapshot = TicketSnapshot {
        id: id(1),
        version: Version(3),
        title: "Mañana – row A".into(),
        price: price(),
        currency: Currency::Eur,
        user_id: id(2),
        order_id: Some(id(3)),
        sold: true,
        details: EventDetails {
            event: Some("Mañana".into()),
            venue: Some("Hall".into()),
            starts_at: Some(moment()),
            section: Some("B".into()),
            row: Some("A".into()),
            seat: Some("12".into()),
        },
    };
    let frozen = json!({
        "id": "5f1f77bcf86cd79943900001", "version": 3, "title": "Mañana – row A", "price": 19.99, "currency": "eur",
        "userId": "5f1f77bcf86cd79943900002", "orderId": "5f1f77bcf86cd79943900003", "sold": true,
        "event": "Mañana", "venue": "Hall", "startsAt": "2026-11-22T17:43:03.120Z", "section": "B", "row": "A", "seat": "12",
    });
    assert_frozen("tickets.created", TicketCreated(snapshot.clone()), frozen.clone());
    assert_frozen("tickets.updated", TicketUpdated(snapshot), frozen);
}

#[test]
fn a_free_ticket_without_details_has_none_of_their_fields() {
    let snapshot = TicketSnapshot {
        id: id(1),
        version: Version(0),
        title: "x".into(),
        price: Price::from_minor_units(2000).expect("a price"),
        currency: Currency::Usd,
        user_id: id(2),
        order_id: None,
        sold: false,
        details: EventDetails::default(),
    };
    let frozen = json!({"id": "5f1f77bcf86cd79943900001", "version": 0, "title": "x", "price": 20, "currency": "usd", "userId": "5f1f77bcf86cd79943900002", "sold": false});
    assert_frozen("tickets.created", TicketCreated(snapshot), frozen);
}

#[test]
fn orders_created() {
    let ticket = OrderedTicket { id: id(2), price: price(), currency: Currency::Usd, title: "x".into() };
    let event = OrderCreated {
        id: id(1),
        version: Version(0),
        status: OrderStatus::Created,
        user_id: id(3),
        expires_at: moment(),
        ticket,
    };
    let frozen = json!({
        "id": "5f1f77bcf86cd79943900001", "version": 0, "status": "created", "userId": "5f1f77bcf86cd79943900003",
        "expiresAt": "2026-11-22T17:43:03.120Z",
        "ticket": {"id": "5f1f77bcf86cd79943900002", "price": 19.99, "currency": "usd", "title": "x"},
    });
    assert_frozen("orders.created", event, frozen);
}

#[test]
fn orders_cancelled_for_every_reason() {
    let names = [
        (CancelReason::ByBuyer, "by-buyer"),
        (CancelReason::Expired, "expired"),
        (CancelReason::PaymentFailed, "payment-failed"),
        (CancelReason::LatePayment, "late-payment"),
    ];
    for (reason, name) in names {
        let event = OrderCancelled { id: id(1), version: Version(1), reason, ticket: TicketRef { id: id(2) } };
        let frozen = json!({"id": "5f1f77bcf86cd79943900001", "version": 1, "reason": name, "ticket": {"id": "5f1f77bcf86cd79943900002"}});
        assert_frozen("orders.cancelled", event, frozen);
    }
}

#[test]
fn orders_completed() {
    let event = OrderCompleted { id: id(1), version: Version(1), ticket: TicketRef { id: id(2) } };
    assert_frozen(
        "orders.completed",
        event,
        json!({"id": "5f1f77bcf86cd79943900001", "version": 1, "ticket": {"id": "5f1f77bcf86cd79943900002"}}),
    );
}

#[test]
fn expiration_completed() {
    assert_frozen(
        "expiration.completed",
        ExpirationCompleted { order_id: id(1) },
        json!({"orderId": "5f1f77bcf86cd79943900001"}),
    );
}

#[test]
fn payments_created_failed_and_refunded() {
    let created = PaymentCreated { id: id(1), order_id: id(2), amount: price(), stripe_id: "pi_1".into() };
    assert_frozen(
        "payments.created",
        created,
        json!({"id": "5f1f77bcf86cd79943900001", "orderId": "5f1f77bcf86cd79943900002", "amount": 19.99, "stripeId": "pi_1"}),
    );
    let failed = PaymentFailed { order_id: id(2), reason: "Your card was declined.".into() };
    assert_frozen(
        "payments.failed",
        failed,
        json!({"orderId": "5f1f77bcf86cd79943900002", "reason": "Your card was declined."}),
    );
    let refunded = PaymentRefunded { order_id: id(2), amount: price(), stripe_refund_id: "re_1".into() };
    assert_frozen(
        "payments.refunded",
        refunded,
        json!({"orderId": "5f1f77bcf86cd79943900002", "amount": 19.99, "stripeRefundId": "re_1"}),
    );
}

#[test]
fn sessions_revoked() {
    let event = SessionRevoked { session_id: id(1), expires_at: moment() };
    assert_frozen(
        "sessions.revoked",
        event,
        json!({"sessionId": "5f1f77bcf86cd79943900001", "expiresAt": "2026-11-22T17:43:03.120Z"}),
    );
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
fn the_asyncapi_document_describes_every_event() {
    insta::assert_json_snapshot!("asyncapi", asyncapi());
}

//! Of orders, how they end, and how what was bought comes to its buyer.

use common::delivery::{Seal, SealMode};
use common::events::*;
use common::money::Currency;
use common::order_status::OrderStatus;
use common::version::Version;
use serde_json::json;

use crate::{assert_frozen, id, moment, price};

#[test]
fn orders_created() {
    let ticket = OrderedTicket {
        id: id(2),
        price: price(),
        currency: Currency::Usd.into(),
        title: "x".into(),
        version: Version(4),
        details: EventDetails { event: Some("Mañana".into()), ..EventDetails::default() },
    };
    let event = OrderCreated {
        id: id(1),
        version: Version(0),
        status: OrderStatus::Created.into(),
        user_id: id(3),
        expires_at: moment(),
        ticket,
    };
    let frozen = json!({
        "id": "5f1f77bcf86cd79943900001", "version": 0, "status": "created", "userId": "5f1f77bcf86cd79943900003",
        "expiresAt": "2026-11-22T17:43:03.120Z",
        "ticket": {"id": "5f1f77bcf86cd79943900002", "price": 19.99, "currency": "usd", "title": "x", "version": 4, "event": "Mañana"},
    });
    assert_frozen("orders.created", event, frozen);
}

#[test]
fn an_order_of_before_said_less_about_its_ticket() {
    let event: OrderCreated = serde_json::from_value(json!({
        "id": "5f1f77bcf86cd79943900001", "version": 0, "status": "created", "userId": "5f1f77bcf86cd79943900003",
        "expiresAt": "2026-11-22T17:43:03.120Z",
        "ticket": {"id": "5f1f77bcf86cd79943900002", "price": 19.99, "title": "x"},
    }))
    .expect("reads");
    assert_eq!((event.ticket.version, event.ticket.currency), (Version(0), Currency::Usd.into()));
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
fn deliveries() {
    let sealed = DeliverySealed {
        ticket_id: id(1),
        version: Version(0),
        seal: Seal(1),
        checked: true,
        mode: SealMode::Sealed,
        of_version: None,
    };
    let frozen =
        json!({"ticketId": "5f1f77bcf86cd79943900001", "version": 0, "seal": 1, "checked": true, "mode": "sealed"});
    assert_frozen("deliveries.sealed", sealed.clone(), frozen);
    let used = DeliverySealed { mode: SealMode::Used, checked: false, ..sealed.clone() };
    let frozen =
        json!({"ticketId": "5f1f77bcf86cd79943900001", "version": 0, "seal": 1, "checked": false, "mode": "used"});
    assert_frozen("deliveries.sealed", used, frozen);
    let ours = DeliverySealed { mode: SealMode::Ours, of_version: Some(Version(7)), ..sealed };
    let frozen = json!({
        "ticketId": "5f1f77bcf86cd79943900001", "version": 0, "seal": 1, "checked": true, "mode": "ours", "ofVersion": 7,
    });
    assert_frozen("deliveries.sealed", ours, frozen);
    let released = DeliveryReleased { order_id: id(3), version: Version(1), ticket_id: id(1), user_id: id(2) };
    let frozen = json!({
        "orderId": "5f1f77bcf86cd79943900003", "version": 1, "ticketId": "5f1f77bcf86cd79943900001",
        "userId": "5f1f77bcf86cd79943900002",
    });
    assert_frozen("deliveries.released", released, frozen);
    let missed = DeliveryMissed { order_id: id(3), version: Version(1), ticket_id: id(1) };
    let frozen = json!({"orderId": "5f1f77bcf86cd79943900003", "version": 1, "ticketId": "5f1f77bcf86cd79943900001"});
    assert_frozen("deliveries.missed", missed, frozen);
}

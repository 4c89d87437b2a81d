//! Of tickets, and of what they are to.

use common::delivery::{DeliveryPromise, Seal};
use common::edition::Edition;
use common::events::*;
use common::money::{Currency, Price};
use common::time::Timestamp;
use common::version::Version;
use common::zone::ZonedTime;
use serde_json::json;

use crate::{assert_frozen, id, moment, price};

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
        edition: Edition::FIRST,
        withdrawn: false,
        follows_event: None,
        details: EventDetails {
            event: Some("Mañana".into()),
            venue: Some("Hall".into()),
            starts_at: Some(moment()),
            section: Some("B".into()),
            row: Some("A".into()),
            seat: Some("12".into()),
            ..EventDetails::default()
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
        edition: Edition::FIRST,
        withdrawn: false,
        follows_event: None,
        details: EventDetails::default(),
    };
    let frozen = json!({"id": "5f1f77bcf86cd79943900001", "version": 0, "title": "x", "price": 20, "currency": "usd", "userId": "5f1f77bcf86cd79943900002", "sold": false});
    assert_frozen("tickets.created", TicketCreated(snapshot), frozen);
}

#[test]
fn a_ticket_to_a_known_event_says_where_and_of_which_kind_it_is() {
    let frozen = json!({
        "id": "5f1f77bcf86cd79943900001", "version": 0, "title": "x", "price": 20, "currency": "eur",
        "userId": "5f1f77bcf86cd79943900002", "sold": false, "event": "Gala", "venue": "Hall, Berlin",
        "startsAt": "2027-06-12T17:30:00.000Z", "timeZone": "Europe/Berlin", "eventId": "5f1f77bcf86cd79943900004",
        "tier": "Stalls",
    });
    let snapshot: TicketSnapshot = serde_json::from_value(frozen.clone()).expect("reads");
    let starts = snapshot.details.starts_there().expect("a time at a place");
    assert_eq!(starts.to_string(), "2027-06-12T19:30:00+02:00[Europe/Berlin]");
    assert_eq!((snapshot.details.event_id, snapshot.details.tier.as_deref()), (Some(id(4)), Some("Stalls")));
    assert_frozen("tickets.created", TicketCreated(snapshot), frozen);
}

#[test]
fn a_ticket_that_follows_its_event_says_which_version_of_it() {
    let frozen = json!({
        "id": "5f1f77bcf86cd79943900001", "version": 3, "title": "x", "price": 20, "currency": "eur",
        "userId": "5f1f77bcf86cd79943900002", "sold": false, "withdrawn": true, "followsEvent": 2,
        "eventId": "5f1f77bcf86cd79943900004",
    });
    let snapshot: TicketSnapshot = serde_json::from_value(frozen.clone()).expect("reads");
    assert_eq!(snapshot.follows_event, Some(Version(2)));
    assert_frozen("tickets.updated", TicketUpdated(snapshot), frozen);
}

#[test]
fn an_edited_and_a_withdrawn_ticket_say_so() {
    let frozen = json!({"id": "5f1f77bcf86cd79943900001", "version": 3, "title": "x", "price": 20, "currency": "usd", "userId": "5f1f77bcf86cd79943900002", "sold": false, "edition": 2, "withdrawn": true});
    let snapshot: TicketSnapshot = serde_json::from_value(frozen.clone()).expect("reads");
    assert_eq!((snapshot.edition, snapshot.withdrawn), (Edition(2), true));
    assert_frozen("tickets.updated", TicketUpdated(snapshot), frozen);
}

#[test]
fn tickets_event_changed_of_every_kind() {
    for (status, name) in [(ChangedStatus::Moved, "moved"), (ChangedStatus::Cancelled, "cancelled")] {
        let event = EventChanged {
            id: id(4),
            version: Version(2),
            status: status.into(),
            name: "Gala".into(),
            venue: "Große Halle".into(),
            city: "Berlin".into(),
            country: "Germany".into(),
            starts_at: ZonedTime::parse("2027-06-12T19:30:00+02:00[Europe/Berlin]").expect("a time"),
            changed_at: moment(),
        };
        assert_eq!(event.venue_in_one_line(), "Große Halle, Berlin");
        let frozen = json!({
            "id": "5f1f77bcf86cd79943900004", "version": 2, "status": name, "name": "Gala", "venue": "Große Halle",
            "city": "Berlin", "country": "Germany", "startsAt": "2027-06-12T19:30:00+02:00[Europe/Berlin]",
            "changedAt": "2026-11-22T17:43:03.120Z",
        });
        assert_frozen("tickets.event_changed", event, frozen);
    }
}

#[test]
fn a_ticket_says_how_it_comes_to_its_buyer() {
    let until = Timestamp::parse("2027-06-11T17:30:00Z").expect("a moment");
    let promises = [
        (
            DeliveryPromise::Sealed { seal: Seal(2), checked: true },
            json!({"mode": "sealed", "seal": 2, "checked": true}),
        ),
        (DeliveryPromise::Sealed { seal: Seal::NONE, checked: false }, json!({"mode": "sealed", "checked": false})),
        (DeliveryPromise::Later { until }, json!({"mode": "later", "until": "2027-06-11T17:30:00.000Z"})),
        (DeliveryPromise::Ours { seal: Seal(1), bought_by: None }, json!({"mode": "ours", "seal": 1})),
        (
            DeliveryPromise::Ours { seal: Seal::NONE, bought_by: Some(id(7)) },
            json!({"mode": "ours", "boughtBy": "5f1f77bcf86cd79943900007"}),
        ),
    ];
    for (promise, frozen) in promises {
        let details = EventDetails { delivery: Some(promise), ..EventDetails::default() };
        assert_eq!(serde_json::to_value(&details).expect("serialises"), json!({"delivery": frozen}));
        assert_eq!(serde_json::from_value::<EventDetails>(json!({"delivery": frozen})).expect("reads back"), details);
    }
}

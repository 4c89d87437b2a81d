use common::delivery::DeliveryPromise;
use common::id::OrderId;
use common::order_status::OrderStatus;
use ports::store::Index;
use serde_json::{Value, json};

use super::found_by::venue_names;
use super::*;
use crate::domain::Sealing;
use crate::store::sealing_record::READY;
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
        "lock": {"state": "free"}, "knowsEveryOrder": true, "details": {"event": "Été à Paris", "section": "Nord"},
        "listedAt": "1970-01-01T00:00:01.000Z", "edition": 0, "editedIn": 0, "reservedNotBought": 0,
        "foundBy": {
            "words": ["concert", "ete", "a", "paris", "nord"], "event": "ete a paris", "venue": null, "venues": [],
            "startsAt": "9999-01-01T00:00:00.000Z", "day": "9999-01-01", "eventId": null, "wordsRule": 4,
            "deliverBy": null,
        },
    });
    assert_eq!(record, expected);
    let read: TicketRecord = serde_json::from_value(record).expect("reads back");
    assert_eq!(Ticket::from(read), ticket);
}

#[test]
fn the_indexes_of_lists_are_of_the_fields_that_are_searched() {
    let lists = Ticket::COLLECTION.indexes.iter().filter_map(Index::list);
    assert_eq!(lists.collect::<Vec<_>>(), [fields::VENUES, fields::WORDS]);
}

#[test]
fn a_record_from_before_there_were_editions_reads_as_the_first() {
    let mut record = record(&ticket("Concert"));
    for field in ["edition", "editedIn", "reservedNotBought"] {
        record.as_object_mut().expect("an object").remove(field);
    }
    let read: TicketRecord = serde_json::from_value(record).expect("reads");
    assert_eq!(Ticket::from(read), ticket("Concert"));
}

#[test]
fn the_record_keeps_what_is_known_of_the_order_that_has_the_ticket() {
    let id: OrderId = "5f1f77bcf86cd799439011aa".parse().expect("an id");
    let order = Some(KnownOrder { id, version: Version(1), status: OrderStatus::Complete });
    let sold = Ticket { lock: TicketLock::Sold { order_id: id }, order, ..ticket("Concert") };
    let record = record(&sold);
    assert_eq!(record["order"], json!({"id": id, "version": 1, "status": "complete"}));
    let read: TicketRecord = serde_json::from_value(record).expect("reads back");
    assert_eq!(Ticket::from(read), sold);
}

#[test]
fn a_record_from_before_tickets_knew_their_orders_says_that_they_are_known_apart() {
    let mut record = record(&ticket("Concert"));
    record.as_object_mut().expect("an object").remove("knowsEveryOrder");
    let read: TicketRecord = serde_json::from_value(record).expect("reads");
    assert_eq!(Ticket::from(read), Ticket { knows_every_order: false, ..ticket("Concert") });
}

#[test]
fn a_withdrawn_ticket_takes_its_seat_no_more() {
    let seat =
        Seat::of(&EventDetails { event: Some("Gala".into()), seat: Some("101".into()), ..EventDetails::default() });
    let taken = Ticket { seat: seat.clone(), ..ticket("Gala") };
    let expected = |seat: &str| json!({"state": "taken", "sellerId": taken.seller, "seat": seat});
    let mut of_key = expected("gala\n\n\n101\n");
    of_key["rule"] = json!(2);
    let both = record(&taken);
    assert_eq!((&both["seat"], &both["describedSeat"]), (&of_key, &expected("gala\n\n\n101\n")));
    let read: TicketRecord = serde_json::from_value(both).expect("reads back");
    assert_eq!(Ticket::from(read).seat, seat);
    assert_eq!(record(&taken.clone().undescribed())["describedSeat"], Value::Null);
    let withdrawn = record(&Ticket { lock: TicketLock::Withdrawn, ..taken });
    assert_eq!((&withdrawn["seat"], &withdrawn["describedSeat"]), (&Value::Null, &Value::Null));
}

#[test]
fn a_seat_that_was_stored_before_seats_were_described_stays_so_until_it_is() {
    let details = EventDetails { event: Some("Gala".into()), seat: Some("101".into()), ..EventDetails::default() };
    let seat = Seat::of(&details).expect("a seat");
    let before = Seat { described: None, rule: 0, ..seat.clone() };
    let mut stored = record(&Ticket { seat: Some(seat.clone()), details: details.clone(), ..ticket("Gala") });
    stored.as_object_mut().expect("an object").remove("describedSeat");
    stored["seat"].as_object_mut().expect("an object").remove("rule");
    let read: TicketRecord = serde_json::from_value(stored.clone()).expect("reads");
    let mut read = Ticket::from(read);
    assert_eq!((read.seat.as_ref(), &record(&read)["seat"]), (Some(&before), &stored["seat"]));
    let _ = read.reseat();
    assert_eq!(read.seat, Some(seat));
}

#[test]
fn a_ticket_takes_its_place_while_it_can_be_bought() {
    let order_id: OrderId = "5f1f77bcf86cd799439011aa".parse().expect("an id");
    let ticket = Ticket { place: Some(7), ..ticket("Concert") };
    let place = json!({"state": TAKEN, "sellerId": ticket.seller, "number": 7});
    for (lock, expected) in [
        (TicketLock::Free, &place),
        (TicketLock::Unsealed, &place),
        (TicketLock::Locked { order_id }, &place),
        (TicketLock::Sold { order_id }, &Value::Null),
        (TicketLock::Withdrawn, &Value::Null),
    ] {
        assert_eq!(record(&Ticket { lock, ..ticket.clone() })["place"], *expected);
    }
}

#[test]
fn the_states_that_queries_look_for_are_those_of_the_record() {
    let order_id: OrderId = "5f1f77bcf86cd799439011aa".parse().expect("an id");
    for (lock, expected) in [
        (TicketLock::Free, json!({"state": states::FREE})),
        (TicketLock::Unsealed, json!({"state": states::UNSEALED})),
        (TicketLock::Locked { order_id }, json!({"state": states::LOCKED, "orderId": order_id})),
        (TicketLock::Sold { order_id }, json!({"state": states::SOLD, "orderId": order_id})),
        (TicketLock::Withdrawn, json!({"state": states::WITHDRAWN})),
    ] {
        assert_eq!(record(&Ticket { lock, ..ticket("Concert") })["lock"], expected);
    }
}

#[test]
fn the_record_keeps_what_was_given_to_us_and_says_whether_the_ticket_can_say_so() {
    let sealing = Some(Sealing { seal: Seal(2), checked: true, since: Timestamp::from_millis(1000), used: false });
    let sealed = DeliveryPromise::Sealed { seal: Seal::NONE, checked: false };
    let later = DeliveryPromise::Later { until: Timestamp::from_millis(5000) };
    let order_id: OrderId = "5f1f77bcf86cd799439011aa".parse().expect("an id");
    for (lock, promise, state) in [
        (TicketLock::Unsealed, Some(sealed), READY),
        (TicketLock::Free, Some(sealed), READY),
        (TicketLock::Locked { order_id }, Some(sealed), "waiting"),
        (TicketLock::Free, Some(later), READY),
        (TicketLock::Free, None, "waiting"),
    ] {
        let mut ticket = Ticket { lock, sealing, last_seal: Seal(2), undelivered: Some(order_id), ..ticket("Concert") };
        ticket.details.delivery = promise;
        let record = record(&ticket);
        let expected = json!({"state": state, "seal": 2, "checked": true, "since": "1970-01-01T00:00:01.000Z"});
        assert_eq!((&record["sealing"], &record["lastSeal"]), (&expected, &json!(2)), "{lock:?}");
        let deliver_by = if promise == Some(later) { json!("1970-01-01T00:00:05.000Z") } else { Value::Null };
        assert_eq!(record["foundBy"]["deliverBy"], deliver_by);
        let read: TicketRecord = serde_json::from_value(record).expect("reads back");
        assert_eq!(Ticket::from(read), ticket);
    }
}

#[test]
fn every_field_that_is_indexed_or_queried_is_in_the_record() {
    let details = EventDetails { event: Some("Gala".into()), seat: Some("101".into()), ..EventDetails::default() };
    let changing_since = Some(Timestamp::from_millis(1000));
    let sealing = Some(Sealing { seal: Seal(1), checked: true, since: Timestamp::from_millis(1000), used: false });
    let seat = Seat::of(&details);
    let record = record(&Ticket { seat, place: Some(0), changing_since, sealing, ..ticket("Concert") });
    let queried = [fields::CURRENCY, fields::WORDS];
    for field in Ticket::COLLECTION.indexed_fields().into_iter().chain(queried) {
        let at_path = field.split('.').try_fold(&record, |value: &Value, name| value.get(name));
        assert!(at_path.is_some(), "{field}");
    }
}

#[test]
fn the_venue_of_a_known_event_can_be_called_without_its_city() {
    for (venue, with_city, names) in [
        ("Große Halle, Berlin", true, &["große halle", "große halle, berlin"][..]),
        ("Arena, Tor 3, Berlin", true, &["arena", "arena, tor 3", "arena, tor 3, berlin"]),
        ("Große Halle, Berlin", false, &["große halle, berlin"]),
        ("Halle", true, &["halle"]),
    ] {
        assert_eq!(venue_names(venue, with_city), names, "{venue}");
    }
}

//! The JSON of every event, frozen: other services, and messages already in the streams, depend
//! on it to the letter. A change that fails here needs a new event type, not a new expectation.

use common::delivery::{DeliveryPromise, Seal, SealMode};
use common::edition::Edition;
use common::events::*;
use common::id::Id;
use common::money::{Currency, Price};
use common::order_status::OrderStatus;
use common::time::Timestamp;
use common::version::Version;
use common::zone::ZonedTime;
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
fn an_edited_and_a_withdrawn_ticket_say_so() {
    let frozen = json!({"id": "5f1f77bcf86cd79943900001", "version": 3, "title": "x", "price": 20, "currency": "usd", "userId": "5f1f77bcf86cd79943900002", "sold": false, "edition": 2, "withdrawn": true});
    let snapshot: TicketSnapshot = serde_json::from_value(frozen.clone()).expect("reads");
    assert_eq!((snapshot.edition, snapshot.withdrawn), (Edition(2), true));
    assert_frozen("tickets.updated", TicketUpdated(snapshot), frozen);
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
fn payments_started_and_paused() {
    let frozen = json!({"orderId": "5f1f77bcf86cd79943900002", "attempt": 2});
    assert_frozen("payments.started", PaymentStarted { order_id: id(2), attempt: 2 }, frozen.clone());
    assert_frozen("payments.paused", PaymentPaused { order_id: id(2), attempt: 2 }, frozen);
}

#[test]
fn payments_disputed_in_every_state() {
    for (status, name) in [(DisputeStatus::Open, "open"), (DisputeStatus::Won, "won"), (DisputeStatus::Lost, "lost")] {
        let event = PaymentDisputed { order_id: id(2), amount: price(), stripe_dispute_id: "dp_1".into(), status };
        let frozen =
            json!({"orderId": "5f1f77bcf86cd79943900002", "amount": 19.99, "stripeDisputeId": "dp_1", "status": name});
        assert_frozen("payments.disputed", event, frozen);
    }
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
    let refunded = |status| PaymentRefunded {
        order_id: id(2),
        amount: price(),
        stripe_refund_id: "re_1".into(),
        status,
        refunds: Vec::new(),
    };
    // Without a status, as before there was another.
    let succeeded = json!({"orderId": "5f1f77bcf86cd79943900002", "amount": 19.99, "stripeRefundId": "re_1"});
    assert_frozen("payments.refunded", refunded(RefundStatus::Succeeded), succeeded.clone());
    for (status, name) in [(RefundStatus::Pending, "pending"), (RefundStatus::Failed, "failed")] {
        let mut frozen = succeeded.clone();
        frozen["status"] = name.into();
        assert_frozen("payments.refunded", refunded(status), frozen);
    }
}

#[test]
fn payments_refunded_in_parts() {
    let part = |id: &str, status| RefundStanding { amount: price(), stripe_refund_id: id.into(), status };
    let event = PaymentRefunded {
        order_id: id(2),
        amount: price(),
        stripe_refund_id: "re_2".into(),
        status: RefundStatus::Pending,
        refunds: vec![part("re_1", RefundStatus::Succeeded), part("re_2", RefundStatus::Pending)],
    };
    let frozen = json!({
        "orderId": "5f1f77bcf86cd79943900002", "amount": 19.99, "stripeRefundId": "re_2", "status": "pending",
        "refunds": [
            {"amount": 19.99, "stripeRefundId": "re_1", "status": "succeeded"},
            {"amount": 19.99, "stripeRefundId": "re_2", "status": "pending"},
        ],
    });
    assert_frozen("payments.refunded", event, frozen);
}

#[test]
fn sessions_revoked() {
    let one = EndedSessions::One { session_id: id(1) };
    assert_frozen(
        "sessions.revoked",
        SessionRevoked { sessions: one, expires_at: moment() },
        json!({"sessionId": "5f1f77bcf86cd79943900001", "expiresAt": "2026-11-22T17:43:03.120Z"}),
    );
    let all = EndedSessions::AllOfUser { user_id: id(2), before: moment() };
    assert_frozen(
        "sessions.revoked",
        SessionRevoked { sessions: all, expires_at: moment() },
        json!({"userId": "5f1f77bcf86cd79943900002", "before": "2026-11-22T17:43:03.120Z",
            "expiresAt": "2026-11-22T17:43:03.120Z"}),
    );
}

#[test]
fn notices_due_of_every_kind() {
    let names = [
        (NoticeKind::ConfirmAddress, "confirm-address"),
        (NoticeKind::ResetPassword, "reset-password"),
        (NoticeKind::PasswordChanged, "password-changed"),
        (NoticeKind::AddressChanged, "address-changed"),
        (NoticeKind::NewSignIn, "new-sign-in"),
        (NoticeKind::SignUpAgain, "sign-up-again"),
        (NoticeKind::SignInChanged, "sign-in-changed"),
        (NoticeKind::RecoveryCodeUsed, "recovery-code-used"),
    ];
    for (kind, name) in names {
        let event = NoticeDue { id: id(1), user_id: id(2), kind: kind.into() };
        let frozen = json!({"id": "5f1f77bcf86cd79943900001", "userId": "5f1f77bcf86cd79943900002", "kind": name});
        assert_frozen("notices.due", event, frozen);
    }
}

#[test]
fn users_erased() {
    assert_frozen("users.erased", UserErased { user_id: id(2) }, json!({"userId": "5f1f77bcf86cd79943900002"}));
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
    let here: String = include_str!("event_format.rs").split_whitespace().collect();
    let is_frozen = |name: &&str| here.contains(&format!("assert_frozen(\"{name}\""));
    let missing = EVENT_TYPES.iter().map(|event| event.name).filter(|name| !is_frozen(name));
    assert_eq!(missing.collect::<Vec<_>>(), Vec::<&str>::new());
}

//! Unprocessable messages, each with its expected dead letters.

use common::events::{Envelope, stream_of};
use common::id::{IdGenerator, OrderId};
use common::time::Timestamp;
use ports::bus::Consumer;
use serde_json::{Value, json};

/// The prefix of all their ids.
const PREFIX: &str = "poison-";
/// Larger than any event of the product, and within the limit of NATS (1 MiB).
const HUGE: usize = 700_000;
/// A version that no aggregate reaches.
const NEVER: u64 = 1_000_000_000;

/// Whether it is one of these messages.
pub(super) fn is_poison(envelope: &Envelope) -> bool {
    envelope.id.starts_with(PREFIX)
}

/// One way of being unprocessable.
pub(super) struct Recipe {
    kind: &'static str,
    /// The only consumers that reject it, if others can process it.
    only: Option<&'static [&'static str]>,
    /// A part of the expected reason.
    reason: &'static str,
    /// Consumers that have another reason.
    otherwise: Option<(&'static [&'static str], &'static str)>,
    data: fn(OrderId) -> Value,
}

/// A poisonous message, and the consumers that must reject it, each with a part of the expected reason.
#[derive(Debug)]
pub(super) struct Poison {
    pub(super) envelope: Envelope,
    pub(super) refused_by: Vec<(String, &'static str)>,
}

impl Recipe {
    /// The `number`th message of this kind.
    pub(super) fn mix(&self, number: usize, ids: &IdGenerator, now: Timestamp, consumers: &[Consumer]) -> Poison {
        let id: OrderId = ids.next(now);
        let envelope = Envelope {
            id: format!("{PREFIX}{number}"),
            source: stream_of(self.kind).into(),
            kind: self.kind.into(),
            subject: id.to_string(),
            time: now,
            traceparent: None,
            replay_for: None,
            data: (self.data)(id).into(),
        };
        let concerned = consumers.iter().filter(|consumer| consumer.types.contains(&self.kind));
        let refusing = concerned.filter(|consumer| self.only.is_none_or(|only| only.contains(&consumer.name.as_str())));
        Poison {
            envelope,
            refused_by: refusing.map(|consumer| (consumer.name.clone(), self.reason(consumer))).collect(),
        }
    }

    fn reason(&self, consumer: &Consumer) -> &'static str {
        let otherwise = self.otherwise.filter(|(names, _)| names.contains(&consumer.name.as_str()));
        otherwise.map_or(self.reason, |(_, reason)| reason)
    }
}

const fn recipe(kind: &'static str, reason: &'static str, data: fn(OrderId) -> Value) -> Recipe {
    Recipe { kind, only: None, reason, otherwise: None, data }
}

/// What tickets says of an order before anything else: every ticket there is was made there.
const NO_TICKET: Option<(&[&str], &str)> = Some((&["tickets-orders"], "there is no ticket"));
/// Who keeps a copy of every ticket, version by version.
const FOLLOWERS: &[&str] = &["orders-tickets", "delivery-tickets"];

/// The poison for every consumer of the product.
pub(super) const RECIPES: &[Recipe] = &[
    recipe("tickets.created", "unreadable tickets.created", |_| json!("no object")),
    recipe("tickets.created", "missing field", |_| json!({})),
    recipe("tickets.created", "unreadable tickets.created", |id| changed(ticket(id, 0), "id", json!("not-an-id"))),
    recipe("tickets.created", "unreadable tickets.created", |id| changed(ticket(id, 0), "price", json!(-5))),
    recipe("tickets.created", "unreadable tickets.created", |id| changed(ticket(id, 0), "version", json!(-1))),
    recipe("tickets.updated", "unreadable tickets.updated", |id| changed(ticket(id, 1), "version", json!("seven"))),
    recipe("tickets.updated", "unreadable tickets.updated", |id| changed(ticket(id, 1), "version", json!(1.5))),
    Recipe {
        only: Some(FOLLOWERS),
        ..recipe("tickets.updated", "an earlier version is missing", |id| ticket(id, NEVER))
    },
    recipe("tickets.updated", "unreadable tickets.updated", |id| changed(ticket(id, 1), "version", huge())),
    recipe("tickets.event_changed", "is not known here", |id| changed(event(id), "status", json!("poisoned"))),
    recipe("tickets.event_changed", "unreadable tickets.event_changed", |id| {
        changed(event(id), "startsAt", json!("2027-06-12T19:30:00+02:00[Europe/Poison]"))
    }),
    Recipe {
        otherwise: Some((FOLLOWERS, "an earlier version is missing")),
        ..recipe("tickets.updated", "the change of the event has not been heard of", |id| {
            changed(changed(ticket(id, NEVER), "eventId", json!(id)), "followsEvent", json!(NEVER))
        })
    },
    recipe("orders.created", "unreadable orders.created", |_| Value::Null),
    recipe("orders.created", "unreadable orders.created", |_| json!([1, [2, [3]]])),
    recipe("orders.created", "unreadable orders.created", |id| changed(order(id), "status", json!(["sold-out"]))),
    recipe("orders.created", "unreadable orders.created", |id| changed(order(id), "expiresAt", json!("yesterday"))),
    recipe("orders.created", "unreadable orders.created", |id| changed(order(id), "ticket", json!({"id": id}))),
    recipe("orders.created", "unreadable orders.created", |id| changed(order(id), "expiresAt", huge())),
    Recipe { only: Some(&["tickets-orders"]), ..recipe("orders.created", "there is no ticket", order) },
    Recipe {
        otherwise: NO_TICKET,
        ..recipe("orders.cancelled", "not yet", |id| changed(ended(id), "reason", json!("by-buyer")))
    },
    recipe("orders.cancelled", "unreadable orders.cancelled", |id| changed(ended(id), "reason", json!(["because"]))),
    Recipe { otherwise: NO_TICKET, ..recipe("orders.completed", "not yet", ended) },
    recipe("orders.completed", "unreadable orders.completed", |id| changed(ended(id), "version", json!([]))),
    recipe("expiration.completed", "there is no order", |id| json!({"orderId": id})),
    recipe("expiration.completed", "unreadable expiration.completed", |_| json!({"orderId": 7})),
    recipe("expiration.completed", "missing field", |id| json!({"id": id})),
    recipe("payments.created", "there is no order", payment),
    recipe("payments.created", "unreadable payments.created", |id| changed(payment(id), "amount", json!("a lot"))),
    recipe("payments.failed", "unreadable payments.failed", |id| json!({"orderId": id, "reason": 402})),
    recipe("payments.failed", "there is no order", |id| json!({"orderId": id, "reason": "declined"})),
    recipe("payments.refunded", "unreadable payments.refunded", |_| json!(true)),
    recipe("payments.started", "unreadable payments.started", |id| json!({"orderId": id, "attempt": -1})),
    recipe("payments.paused", "unreadable payments.paused", |id| json!({"orderId": [id], "attempt": 1})),
    recipe("notices.due", "is not known here", |id| json!({"id": id, "userId": id, "kind": "poisoned"})),
    recipe("notices.due", "unreadable notices.due", |id| json!({"id": id, "userId": [id], "kind": "new-sign-in"})),
    recipe("deliveries.sealed", "unreadable deliveries.sealed", |id| changed(sealed(id), "seal", json!("first"))),
    Recipe { only: Some(&["tickets-deliveries"]), ..recipe("deliveries.sealed", "there is no ticket", sealed) },
    recipe("deliveries.released", "unreadable deliveries.released", |id| changed(given(id), "userId", json!(7))),
    recipe("deliveries.missed", "unreadable deliveries.missed", |id| changed(given(id), "version", json!(-1))),
    recipe("deliveries.missed", "there is no order", given),
    recipe("users.erased", "unreadable users.erased", |_| json!({"userId": "nobody"})),
    recipe("payments.disputed", "unreadable payments.disputed", |id| json!({"orderId": id, "amount": {}})),
];

fn huge() -> Value {
    "\u{1}".repeat(HUGE / 6).into()
}

fn changed(mut of: Value, field: &str, to: Value) -> Value {
    of[field] = to;
    of
}

fn ticket(id: OrderId, version: u64) -> Value {
    json!({"id": id, "version": version, "title": "Poison", "price": 20.5, "currency": "usd", "userId": id})
}

fn event(id: OrderId) -> Value {
    json!({
        "id": id, "version": 1, "status": "moved", "name": "Poison", "venue": "Hall", "city": "Berlin",
        "country": "Germany", "startsAt": "2027-06-12T19:30:00+02:00[Europe/Berlin]",
        "changedAt": "2026-11-22T17:43:03.120Z",
    })
}

/// An order for a ticket that does not exist. It is due long after the experiment, so that its expiration is
/// never published.
fn order(id: OrderId) -> Value {
    let ticket = json!({"id": id, "price": 20.5, "currency": "usd", "title": "Poison"});
    json!({"id": id, "version": 0, "status": "created", "userId": id, "expiresAt": "2099-01-01T00:00:00Z", "ticket": ticket})
}

fn ended(id: OrderId) -> Value {
    json!({"id": id, "version": NEVER, "ticket": {"id": id}})
}

fn sealed(id: OrderId) -> Value {
    json!({"ticketId": id, "version": 1, "seal": 1, "checked": true})
}

/// What is released or missed of an order.
fn given(id: OrderId) -> Value {
    json!({"orderId": id, "version": 1, "ticketId": id, "userId": id})
}

fn payment(id: OrderId) -> Value {
    json!({"id": id, "orderId": id, "amount": 20.5, "stripeId": "pi_poison"})
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use common::events::{
        DeliveryMissed, DeliveryReleased, DeliverySealed, Event, EventChanged, OrderCancelled, OrderCompleted,
        OrderCreated, PaymentCreated, TicketCreated,
    };

    use super::*;
    use crate::services::events_with_consumers;

    #[test]
    fn there_is_poison_of_every_event_that_is_processed() {
        let kinds = RECIPES.iter().map(|recipe| recipe.kind);
        assert_eq!(kinds.collect::<BTreeSet<_>>(), events_with_consumers().into_iter().collect());
    }

    /// Otherwise poison with invalid fields would be rejected for its structure.
    #[test]
    fn the_valid_events_behind_the_recipes_can_be_read() {
        let id = IdGenerator::random().next(Timestamp::from_millis(0));
        reads::<TicketCreated>(ticket(id, 0));
        reads::<EventChanged>(event(id));
        reads::<OrderCreated>(order(id));
        reads::<OrderCancelled>(changed(ended(id), "reason", json!("by-buyer")));
        reads::<OrderCompleted>(ended(id));
        reads::<DeliverySealed>(sealed(id));
        reads::<DeliveryReleased>(given(id));
        reads::<DeliveryMissed>(given(id));
        reads::<PaymentCreated>(payment(id));
    }

    fn reads<E: Event>(data: Value) {
        serde_json::from_value::<E>(data).expect("reads");
    }
}

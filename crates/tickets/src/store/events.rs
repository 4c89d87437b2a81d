use common::events::{ChangedStatus, EventChanged, NewEvent, TicketCreated, TicketSnapshot, TicketUpdated};
use common::time::Timestamp;
use common::version::Versioned;
use runtime::store::Publish;

use crate::domain::{Event, EventStatus, Ticket, TicketChanged, TicketListed, TicketLock};

impl Publish<Ticket> for TicketListed {
    fn events(&self, ticket: &Versioned<Ticket>) -> Vec<NewEvent> {
        vec![NewEvent::of(&TicketCreated(snapshot(ticket)))]
    }
}

impl Publish<Ticket> for TicketChanged {
    fn events(&self, ticket: &Versioned<Ticket>) -> Vec<NewEvent> {
        let follows_event = match self {
            Self::ByItself => None,
            Self::WithEvent(version) => Some(*version),
        };
        vec![NewEvent::of(&TicketUpdated(TicketSnapshot { follows_event, ..snapshot(ticket) }))]
    }
}

/// At this moment an event was moved or cancelled.
pub(crate) struct EventAltered(pub(crate) Timestamp);

impl Publish<Event> for EventAltered {
    fn events(&self, event: &Versioned<Event>) -> Vec<NewEvent> {
        let status = match event.status {
            // As it was added: nobody knows anything else.
            EventStatus::Public => return Vec::new(),
            EventStatus::Moved => ChangedStatus::Moved,
            EventStatus::Cancelled => ChangedStatus::Cancelled,
        };
        vec![NewEvent::of(&EventChanged {
            id: event.id,
            version: event.version,
            status: status.into(),
            name: event.name.as_str().to_owned(),
            venue: event.venue.name.as_str().to_owned(),
            city: event.venue.city.as_str().to_owned(),
            country: event.venue.country.as_str().to_owned(),
            starts_at: event.starts_at.clone(),
            changed_at: self.0,
        })]
    }
}

/// The ticket as events and responses show it.
pub(crate) fn snapshot(ticket: &Versioned<Ticket>) -> TicketSnapshot {
    TicketSnapshot {
        id: ticket.id,
        version: ticket.version,
        title: ticket.title.as_str().to_owned(),
        price: ticket.price,
        currency: ticket.currency,
        user_id: ticket.seller,
        order_id: ticket.lock.order_id().or(ticket.undelivered),
        sold: matches!(ticket.lock, TicketLock::Sold { .. }),
        edition: ticket.edition,
        withdrawn: ticket.lock == TicketLock::Withdrawn,
        follows_event: None,
        details: ticket.details.clone(),
    }
}

#[cfg(test)]
mod tests {
    use common::id::{OrderId, UserId};
    use common::version::Version;
    use serde_json::json;

    use super::*;
    use crate::testing::ticket;

    #[test]
    fn a_change_is_published_as_the_ticket_at_its_new_version() {
        let seller: UserId = "5f1f77bcf86cd799439011a1".parse().expect("an id");
        let order_id: OrderId = "5f1f77bcf86cd799439011a2".parse().expect("an id");
        for (lock, order, sold) in [
            (TicketLock::Free, None, false),
            (TicketLock::Locked { order_id }, Some(order_id), false),
            (TicketLock::Sold { order_id }, Some(order_id), true),
        ] {
            let ticket = Versioned { version: Version(3), value: Ticket { lock, seller, ..ticket("Concert") } };
            let snapshot = snapshot(&ticket);
            assert_eq!((snapshot.order_id, snapshot.sold), (order, sold));
            let [listed] = TicketListed.events(&ticket).try_into().expect("one event");
            let [changed] = TicketChanged::ByItself.events(&ticket).try_into().expect("one event");
            assert_eq!((listed.kind, changed.kind), ("tickets.created", "tickets.updated"));
            for event in [listed, changed] {
                assert_eq!(event.subject, ticket.id.to_string());
                let payload: serde_json::Value = event.data.read().expect("JSON");
                assert_eq!((&payload["version"], &payload["userId"]), (&json!(3), &json!(seller)));
                assert_eq!((&payload["title"], &payload["sold"]), (&json!("Concert"), &json!(sold)));
            }
        }
    }
}

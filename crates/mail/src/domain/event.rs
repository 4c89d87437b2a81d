use common::events::{ChangedStatus, EventDetails};
use common::id::EventId;
use common::time::Timestamp;
use common::zone::ZonedTime;
use serde::{Deserialize, Serialize};

use super::order::{End, Order};

/// What mail knows of what tickets are to: it was moved or cancelled, and is now like this. Of any other it hears nothing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Event {
    pub(crate) id: EventId,
    pub(crate) status: ChangedStatus,
    pub(crate) name: String,
    /// The venue and its city, as a ticket says it.
    pub(crate) venue: String,
    pub(crate) country: String,
    pub(crate) starts_at: ZonedTime,
    pub(crate) changed_at: Timestamp,
}

impl Event {
    /// Whether whoever has bought this has to be told: it is theirs, and they know nothing of what has become of the event,
    /// as they bought it before that, or as something else.
    pub(crate) fn concerns(&self, order: &Order) -> bool {
        let is_to_it = order.details.event_id == Some(self.id);
        let is_theirs = order.end == Some(End::Complete) && !order.is_given_back();
        is_to_it && is_theirs && (self.status == ChangedStatus::Cancelled || self.is_news_to(order))
    }

    /// Ids say in which second they were made.
    fn is_news_to(&self, order: &Order) -> bool {
        let EventDetails { venue, starts_at, .. } = &order.details;
        let is_as_bought = venue.as_ref() == Some(&self.venue) && *starts_at == Some(self.starts_at.moment);
        !is_as_bought || order.id.made_at().as_secs() < self.changed_at.as_secs()
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use common::events::RefundStatus;
    use common::id::IdGenerator;
    use common::money::{Currency, Price};
    use common::zone::TimeZone;
    use serde_json::json;

    use super::*;
    use crate::domain::Refund;

    fn now() -> Timestamp {
        Timestamp::parse("2026-11-22T12:00:00Z").expect("a moment")
    }

    fn moved() -> Event {
        Event {
            id: IdGenerator::seeded(7).next(now()),
            status: ChangedStatus::Moved,
            name: "Gala".into(),
            venue: "Hall, Berlin".into(),
            country: "Germany".into(),
            starts_at: ZonedTime::parse("2027-06-13T20:00:00+02:00[Europe/Berlin]").expect("a time"),
            changed_at: now(),
        }
    }

    /// An order of a ticket to what the event is now, made at this moment.
    fn bought(made_at: Timestamp) -> Order {
        let ids = IdGenerator::seeded(1);
        let event = moved();
        let details = EventDetails {
            event: Some(event.name),
            venue: Some(event.venue),
            starts_at: Some(event.starts_at.moment),
            time_zone: Some(event.starts_at.zone),
            event_id: Some(event.id),
            ..EventDetails::default()
        };
        Order {
            id: ids.next(made_at),
            buyer: Some(ids.next(made_at)),
            ticket: ids.next(made_at),
            title: "Front row".into(),
            price: Price::from_minor_units(2000).expect("a price"),
            currency: Currency::Eur.into(),
            details,
            is_attempted: true,
            end: Some(End::Complete),
            refunds: Vec::new(),
        }
    }

    fn with(order: &Order, details: EventDetails) -> Order {
        Order { details, ..order.clone() }
    }

    #[test]
    fn a_move_concerns_who_bought_before_it_or_bought_something_else() {
        let (before, after) = (bought(now() - Duration::from_secs(60)), bought(now() + Duration::from_secs(60)));
        assert!(moved().concerns(&before), "it may have been moved back");
        assert!(!moved().concerns(&after) && !moved().concerns(&bought(now())));
        let earlier = EventDetails { starts_at: Some(now()), ..after.details.clone() };
        let elsewhere = EventDetails { venue: Some("Hall, Bonn".into()), ..after.details.clone() };
        for details in [earlier, elsewhere] {
            assert!(moved().concerns(&with(&after, details)), "its ticket had not followed yet");
        }
    }

    #[test]
    fn it_concerns_nobody_who_has_no_ticket_to_it() {
        let order = bought(now() - Duration::from_secs(60));
        for end in [None, Some(End::Expired), Some(End::Cancelled)] {
            assert!(!moved().concerns(&Order { end, ..order.clone() }), "{end:?}");
        }
        let other = EventDetails { event_id: Some(IdGenerator::seeded(8).next(now())), ..order.details.clone() };
        let none = EventDetails { event_id: None, ..order.details.clone() };
        assert!(!moved().concerns(&with(&order, other)) && !moved().concerns(&with(&order, none)));
        let refund = Refund { id: "re_1".into(), amount: order.price, status: RefundStatus::Succeeded };
        assert!(!moved().concerns(&Order { refunds: vec![refund], ..order }), "the money is back");
    }

    #[test]
    fn a_cancellation_concerns_everybody_who_has_a_ticket() {
        let cancelled = Event { status: ChangedStatus::Cancelled, ..moved() };
        let after = bought(now() + Duration::from_secs(60));
        assert!(cancelled.concerns(&after));
        assert!(!cancelled.concerns(&Order { end: None, ..after }));
    }

    /// What was recorded by an earlier version has to be read.
    #[test]
    fn a_record_keeps_its_form() {
        let event = Event {
            starts_at: ZonedTime { zone: TimeZone::parse("UTC").expect("a zone"), ..moved().starts_at },
            ..moved()
        };
        let record = json!({
            "id": event.id, "status": "moved", "name": "Gala", "venue": "Hall, Berlin", "country": "Germany",
            "startsAt": "2027-06-13T18:00:00+00:00[UTC]", "changedAt": "2026-11-22T12:00:00.000Z",
        });
        assert_eq!(json!(event), record);
        assert_eq!(serde_json::from_value::<Event>(record).expect("reads"), event);
    }
}

//! What other services publish.

use std::time::Duration;

use common::events::{
    ChangedStatus, EventChanged, EventDetails, NoticeDue, NoticeKind, OrderCreated, OrderedTicket, PaymentRefunded,
    PaymentStarted, RefundStatus, TicketSnapshot, TicketUpdated,
};
use common::id::EventId;
use common::money::{Currency, Price};
use common::time::Timestamp;
use common::version::Version;
use common::zone::ZonedTime;

pub(crate) use harness::{order_cancelled, order_completed};

use super::App;

pub(crate) fn attempt(order: &OrderCreated) -> PaymentStarted {
    PaymentStarted { order_id: order.id, attempt: 1 }
}

/// An event that was moved: to this day of June, in this version.
pub(crate) fn moved(event: EventId, version: u64, day: u32, at: Timestamp) -> EventChanged {
    EventChanged {
        id: event,
        version: Version(version),
        status: ChangedStatus::Moved.into(),
        name: "Gala".into(),
        venue: "Hall".into(),
        city: "Berlin".into(),
        country: "Germany".into(),
        starts_at: starts_at(day),
        changed_at: at,
    }
}

/// The same, cancelled.
pub(crate) fn cancelled(moved: &EventChanged) -> EventChanged {
    EventChanged { version: moved.version.next(), status: ChangedStatus::Cancelled.into(), ..moved.clone() }
}

/// An order of a ticket to this event, for this day of June.
pub(crate) fn order_to(event: EventId, day: u32, order: OrderCreated) -> OrderCreated {
    let ticket = OrderedTicket { details: details_of(event, day), ..order.ticket };
    OrderCreated { ticket, ..order }
}

/// What a ticket to this event says, for this day of June.
pub(crate) fn details_of(event: EventId, day: u32) -> EventDetails {
    let ZonedTime { moment, zone } = starts_at(day);
    EventDetails {
        event: Some("Gala".into()),
        venue: Some("Hall, Berlin".into()),
        starts_at: Some(moment),
        time_zone: Some(zone),
        event_id: Some(event),
        ..EventDetails::default()
    }
}

fn starts_at(day: u32) -> ZonedTime {
    ZonedTime::parse(&format!("2027-06-{day:02}T20:00:00+02:00[Europe/Berlin]")).expect("a time")
}

/// Of 5.00.
pub(crate) fn refund(order: &OrderCreated, id: &str, status: RefundStatus) -> PaymentRefunded {
    let amount = Price::from_minor_units(500).expect("a price");
    PaymentRefunded { order_id: order.id, amount, stripe_refund_id: id.into(), status, refunds: Vec::new() }
}

impl App {
    /// An order of a ticket for 20.50.
    pub(crate) fn order(&self) -> OrderCreated {
        let buyer = self.deps.platform.ids.next(self.clock.now());
        let ticket = OrderedTicket { currency: Currency::Eur.into(), ..self.ordered_ticket() };
        self.order_of(buyer, ticket, Duration::from_secs(15 * 60))
    }

    /// The id of an event.
    pub(crate) fn event(&self) -> EventId {
        self.deps.platform.ids.next(self.clock.now())
    }

    /// A paid order of a ticket to this event, for this day of June.
    pub(crate) async fn bought_to(&self, event: EventId, day: u32) -> OrderCreated {
        let order = order_to(event, day, self.order());
        self.publish("orders", &order).await;
        self.publish("orders", &order_completed(&order)).await;
        self.settle().await;
        order
    }

    /// An order that the service knows.
    pub(crate) async fn ordered(&self) -> OrderCreated {
        let order = self.order();
        self.publish("orders", &order).await;
        self.settle().await;
        order
    }

    /// A message about a purchase: its id.
    pub(crate) async fn bought(&self) -> String {
        let order = self.ordered().await;
        self.publish("orders", &order_completed(&order)).await;
        self.settle().await;
        format!("bought.{}.{}", order.id, order.user_id)
    }

    /// The ticket of an order, which holds it.
    pub(crate) fn locked(&self, order: &OrderCreated) -> TicketUpdated {
        TicketUpdated(TicketSnapshot {
            id: order.ticket.id,
            version: Version(1),
            title: order.ticket.title.clone(),
            price: order.ticket.price,
            currency: Currency::Eur,
            user_id: self.deps.platform.ids.next(self.clock.now()),
            order_id: Some(order.id),
            sold: false,
            edition: Default::default(),
            withdrawn: false,
            follows_event: None,
            details: EventDetails::default(),
        })
    }

    /// A notice to somebody.
    pub(crate) fn notice(&self, kind: NoticeKind) -> NoticeDue {
        let (ids, now) = (&self.deps.platform.ids, self.clock.now());
        NoticeDue { id: ids.next(now), user_id: ids.next(now), kind: kind.into() }
    }
}

//! What the orders service tells the others: what a test of one of them publishes in its place.

use std::time::Duration;

use common::events::{
    CancelReason, EventDetails, OrderCancelled, OrderCompleted, OrderCreated, OrderedTicket, TicketRef,
};
use common::id::UserId;
use common::money::{Currency, Price};
use common::order_status::OrderStatus;
use common::version::Version;

use crate::Harness;

impl Harness {
    /// A ticket for 20.50 dollars, as an order has it.
    ///
    /// # Panics
    /// Never: the price is one.
    pub fn ordered_ticket(&self) -> OrderedTicket {
        OrderedTicket {
            id: self.deps.platform.ids.next(self.clock.now()),
            price: Price::from_minor_units(2050).expect("a price"),
            currency: Currency::Usd.into(),
            title: "Front row".into(),
            version: Version::FIRST,
            details: EventDetails::default(),
        }
    }

    /// A new order that is due after `window`.
    pub fn order_of(&self, buyer: UserId, ticket: OrderedTicket, window: Duration) -> OrderCreated {
        let now = self.clock.now();
        OrderCreated {
            id: self.deps.platform.ids.next(now),
            version: Version::FIRST,
            status: OrderStatus::Created.into(),
            user_id: buyer,
            expires_at: now + window,
            ticket,
        }
    }
}

/// That the order is paid, at its version 1.
pub fn order_completed(order: &OrderCreated) -> OrderCompleted {
    OrderCompleted { id: order.id, version: Version(1), ticket: TicketRef { id: order.ticket.id } }
}

/// That the order is cancelled, at its version 1.
pub fn order_cancelled(order: &OrderCreated, reason: CancelReason) -> OrderCancelled {
    OrderCancelled { id: order.id, version: Version(1), reason, ticket: TicketRef { id: order.ticket.id } }
}

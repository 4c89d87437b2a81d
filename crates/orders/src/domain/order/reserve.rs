use std::time::Duration;

use common::events::{NewEvent, OrderCreated, OrderedTicket};
use common::id::{OrderId, UserId};
use common::mutant::{self, Mutant};
use common::time::Timestamp;
use common::version::Version;

use super::{Order, ReservedTicket, State};
use crate::domain::Ticket;

/// Nobody buys their own ticket.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("You cannot buy your own ticket")]
pub(crate) struct OwnTicket;

impl Order {
    /// A new order of `ticket`, at its present price, to be paid within `window`.
    ///
    /// # Errors
    /// If the buyer is the seller.
    pub(crate) fn reserve(
        id: OrderId,
        ticket: &Ticket,
        buyer: UserId,
        now: Timestamp,
        window: Duration,
    ) -> Result<Self, OwnTicket> {
        if ticket.seller_id == buyer && !mutant::is_active(Mutant::OwnTicketSold) {
            return Err(OwnTicket);
        }
        let ticket = ReservedTicket {
            id: ticket.id,
            title: ticket.title.clone(),
            price: ticket.price,
            currency: ticket.currency,
            version: ticket.version,
        };
        Ok(Self {
            id,
            version: Version::FIRST,
            user_id: buyer,
            created_at: now,
            expires_at: now + window,
            ticket,
            state: State::Created,
            refund: None,
        })
    }

    /// What the other services are told of a new order.
    pub(crate) fn created(&self) -> NewEvent {
        NewEvent::of(&OrderCreated {
            id: self.id,
            version: self.version,
            status: self.status(),
            user_id: self.user_id,
            expires_at: self.expires_at,
            ticket: OrderedTicket {
                id: self.ticket.id,
                price: self.ticket.price,
                currency: self.ticket.currency,
                title: self.ticket.title.clone(),
            },
        })
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::*;
    use super::*;
    use common::order_status::OrderStatus;
    use serde_json::json;

    #[test]
    fn a_new_order_holds_the_ticket_at_its_price_until_the_window_ends() {
        let order = created();
        assert_eq!((order.status(), order.version), (OrderStatus::Created, Version::FIRST));
        assert_eq!(order.expires_at, start() + WINDOW);
        let event = order.created();
        assert_eq!(event.kind(), "orders.created");
        assert_eq!(
            event.data().read::<serde_json::Value>().expect("reads"),
            json!({
                "id": order.id, "version": 0, "status": "created", "userId": order.user_id, "expiresAt": due(),
                "ticket": {"id": ticket().id, "price": 20.5, "currency": "eur", "title": "Front row"},
            })
        );
    }

    #[test]
    fn nobody_buys_their_own_ticket() {
        let ticket = ticket();
        let reserved = Order::reserve(created().id, &ticket, ticket.seller_id, start(), WINDOW);
        assert_eq!(reserved, Err(OwnTicket));
    }
}

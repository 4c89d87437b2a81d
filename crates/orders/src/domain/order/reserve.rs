use std::time::Duration;

use common::id::{OrderId, UserId};
use common::time::Timestamp;
use common::version::Versioned;

use super::{Order, ReservedTicket, State};
use crate::domain::Ticket;

/// A buyer has reserved a ticket: the order is new.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct OrderReserved;

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
        ticket: &Versioned<Ticket>,
        buyer: UserId,
        now: Timestamp,
        window: Duration,
    ) -> Result<Self, OwnTicket> {
        if ticket.seller_id == buyer {
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
            user_id: buyer,
            created_at: now,
            expires_at: now + window,
            ticket,
            state: State::Created,
            refund: None,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::*;
    use super::*;
    use common::order_status::OrderStatus;

    #[test]
    fn a_new_order_holds_the_ticket_as_it_is_until_the_window_ends() {
        let (order, ticket) = (created(), ticket());
        assert_eq!(order.status(), OrderStatus::Created);
        assert_eq!((order.created_at, order.expires_at), (start(), start() + WINDOW));
        let reserved = ReservedTicket {
            id: ticket.id,
            title: "Front row".into(),
            price: price(2050),
            currency: ticket.currency,
            version: ticket.version,
        };
        assert_eq!(order.ticket, reserved);
    }

    #[test]
    fn nobody_buys_their_own_ticket() {
        let ticket = ticket();
        let reserved = Order::reserve(created().id, &ticket, ticket.seller_id, start(), WINDOW);
        assert_eq!(reserved, Err(OwnTicket));
    }
}

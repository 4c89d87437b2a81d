use std::time::Duration;

use common::delivery::DeliveryPromise;
use common::id::{OrderId, UserId};
use common::time::Timestamp;
use common::version::Versioned;

use super::{Order, ReservedTicket, State};
use crate::domain::Ticket;

/// A buyer has reserved a ticket: the order is new.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct OrderReserved;

/// Why a ticket cannot be reserved, whoever holds it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(crate) enum NotForSale {
    /// Nobody buys their own ticket.
    #[error("You cannot buy your own ticket")]
    OwnTicket,
    /// Its seller has taken it back.
    #[error("This ticket is not for sale any more")]
    Withdrawn,
    /// Its event has begun.
    #[error("The event has begun, so this ticket is not for sale any more")]
    Begun,
    /// Its event does not take place.
    #[error("The event is cancelled, so this ticket is not for sale any more")]
    EventCancelled,
    /// Its seller has yet to give us what they promise.
    #[error("This ticket is not for sale yet")]
    Unsealed,
    /// Its seller would have had to deliver it by now.
    #[error("The seller has promised to deliver this ticket by now, so it is not for sale any more")]
    Overdue,
}

impl Order {
    /// A new order of `ticket`, at its present price, to be paid within `window`, and before the event
    /// begins or the ticket has to be delivered.
    ///
    /// # Errors
    /// If the ticket is the buyer's own, or not for sale any more.
    pub(crate) fn reserve(
        id: OrderId,
        ticket: &Versioned<Ticket>,
        buyer: UserId,
        now: Timestamp,
        window: Duration,
    ) -> Result<Self, NotForSale> {
        if ticket.seller_id == buyer {
            return Err(NotForSale::OwnTicket);
        }
        if ticket.withdrawn {
            return Err(NotForSale::Withdrawn);
        }
        let begins = ticket.details.starts_at.unwrap_or(Timestamp::MAX);
        if now >= begins {
            return Err(NotForSale::Begun);
        }
        let deliver_by = deliverable(ticket, now)?;
        Ok(Self {
            id,
            user_id: buyer,
            created_at: now,
            expires_at: begins.min(deliver_by).min(now + window),
            ticket: ReservedTicket::from(ticket),
            state: State::Created,
            slot: None,
            payment_attempt: 0,
            due_heard_at: None,
            refund: None,
            earlier_refunds: Vec::new(),
            dispute: None,
        })
    }
}

/// By when it has to be delivered, if that can be kept.
fn deliverable(ticket: &Ticket, now: Timestamp) -> Result<Timestamp, NotForSale> {
    let Some(promise) = ticket.details.delivery else { return Ok(Timestamp::MAX) };
    match (promise, promise.can_be_bought(now)) {
        (DeliveryPromise::Later { until }, true) => Ok(until),
        (DeliveryPromise::Later { .. }, false) => Err(NotForSale::Overdue),
        (_, true) => Ok(Timestamp::MAX),
        (_, false) => Err(NotForSale::Unsealed),
    }
}

impl From<&Versioned<Ticket>> for ReservedTicket {
    fn from(ticket: &Versioned<Ticket>) -> Self {
        Self {
            id: ticket.id,
            title: ticket.title.clone(),
            price: ticket.price,
            currency: ticket.currency,
            version: ticket.version,
            edition: Some(ticket.edition),
            details: ticket.details.clone(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::*;
    use super::*;
    use common::delivery::Seal;
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
            edition: Some(ticket.edition),
            details: ticket.details.clone(),
        };
        assert_eq!(order.ticket, reserved);
    }

    #[test]
    fn nobody_buys_their_own_ticket() {
        let ticket = ticket();
        let reserved = Order::reserve(created().id, &ticket, ticket.seller_id, start(), WINDOW);
        assert_eq!(reserved, Err(NotForSale::OwnTicket));
    }

    #[test]
    fn what_is_withdrawn_or_has_begun_is_not_for_sale() {
        let (buyer, mut ticket) = (created().user_id, ticket());
        ticket.value.details.starts_at = Some(start());
        let reserved = Order::reserve(created().id, &ticket, buyer, start(), WINDOW);
        assert_eq!(reserved, Err(NotForSale::Begun));
        ticket.value.withdrawn = true;
        let reserved = Order::reserve(created().id, &ticket, buyer, start(), WINDOW);
        assert_eq!(reserved, Err(NotForSale::Withdrawn));
    }

    #[test]
    fn an_order_is_paid_before_the_event_begins() {
        let (buyer, mut ticket) = (created().user_id, ticket());
        let begins = start() + Duration::from_secs(60);
        ticket.value.details.starts_at = Some(begins);
        let order = Order::reserve(created().id, &ticket, buyer, start(), WINDOW).expect("for sale");
        assert_eq!(order.expires_at, begins);
    }

    #[test]
    fn what_is_delivered_later_is_bought_and_paid_before_that() {
        let (buyer, mut ticket) = (created().user_id, ticket());
        let until = start() + Duration::from_secs(60);
        ticket.value.details.delivery = Some(DeliveryPromise::Later { until });
        let order = Order::reserve(created().id, &ticket, buyer, start(), WINDOW).expect("for sale");
        assert_eq!((order.expires_at, order.ticket.details.delivery), (until, ticket.details.delivery));
        let late = Order::reserve(created().id, &ticket, buyer, until, WINDOW);
        assert_eq!(late, Err(NotForSale::Overdue));
    }

    #[test]
    fn what_is_not_sealed_is_not_for_sale_yet() {
        let (buyer, mut ticket) = (created().user_id, ticket());
        for (seal, is_for_sale) in [(Seal::NONE, false), (Seal(1), true)] {
            let (sealed, ours) =
                (DeliveryPromise::Sealed { seal, checked: true }, DeliveryPromise::Ours { seal, bought_by: None });
            for promise in [sealed, ours] {
                ticket.value.details.delivery = Some(promise);
                let reserved = Order::reserve(created().id, &ticket, buyer, start(), WINDOW);
                let refused = (!is_for_sale).then_some(NotForSale::Unsealed);
                assert_eq!(reserved.as_ref().err(), refused.as_ref(), "{promise:?}");
            }
        }
    }
}

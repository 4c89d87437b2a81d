//! How what happens to an order becomes events.

use common::events::{self, CancelReason, NewEvent, OrderedTicket, TicketRef};
use common::version::Versioned;
use runtime::store::Publish;

use crate::domain::{Expiry, Order, OrderCancelled, OrderReserved, PaymentReceived};

impl Publish<Order> for OrderReserved {
    fn events(&self, order: &Versioned<Order>) -> Vec<NewEvent> {
        vec![NewEvent::of(&events::OrderCreated {
            id: order.id,
            version: order.version,
            status: order.status().into(),
            user_id: order.user_id,
            expires_at: order.expires_at,
            ticket: OrderedTicket {
                id: order.ticket.id,
                price: order.ticket.price,
                currency: order.ticket.currency.into(),
                title: order.ticket.title.clone(),
                version: order.ticket.version,
                details: order.ticket.details.clone(),
            },
        })]
    }
}

impl Publish<Order> for OrderCancelled {
    fn events(&self, order: &Versioned<Order>) -> Vec<NewEvent> {
        vec![cancelled_event(order, self.reason)]
    }
}

impl Publish<Order> for Expiry {
    fn events(&self, order: &Versioned<Order>) -> Vec<NewEvent> {
        match self {
            Self::Cancelled(cancelled) => cancelled.events(order),
            Self::AwaitsNews => Vec::new(),
        }
    }
}

impl Publish<Order> for PaymentReceived {
    fn events(&self, order: &Versioned<Order>) -> Vec<NewEvent> {
        match self {
            Self::CompletesOrder => {
                let ticket = TicketRef { id: order.ticket.id };
                vec![NewEvent::of(&events::OrderCompleted { id: order.id, version: order.version, ticket })]
            }
            // Cancelled once more: that asks for the refund.
            Self::TooLate => vec![cancelled_event(order, CancelReason::LatePayment)],
        }
    }
}

fn cancelled_event(order: &Versioned<Order>, reason: CancelReason) -> NewEvent {
    let ticket = TicketRef { id: order.ticket.id };
    NewEvent::of(&events::OrderCancelled { id: order.id, version: order.version, reason, ticket })
}

#[cfg(test)]
mod tests {
    use common::version::Version;
    use serde_json::{Value, json};

    use super::*;
    use crate::domain::testing::*;

    /// The type and payload of the one event of `what`, from an order at version 7.
    fn event(what: &impl Publish<Order>, order: Order) -> (&'static str, Value) {
        let events = what.events(&Versioned { version: Version(7), value: order });
        let [event] = &events[..] else { panic!("{events:?} is not one event") };
        (event.kind, event.data.read().expect("reads"))
    }

    #[test]
    fn a_new_order_is_published_with_all_that_others_need_of_it() {
        let order = created();
        let payload = json!({
            "id": order.id, "version": 7, "status": "created", "userId": order.user_id, "expiresAt": due(),
            "ticket": {"id": ticket().id, "price": 20.5, "currency": "eur", "title": "Front row", "version": 3, "event": "Mañana"},
        });
        assert_eq!(event(&OrderReserved, order), ("orders.created", payload));
    }

    #[test]
    fn a_cancellation_is_published_with_its_reason() {
        for (reason, name) in [
            (CancelReason::ByBuyer, "by-buyer"),
            (CancelReason::Expired, "expired"),
            (CancelReason::PaymentFailed, "payment-failed"),
            (CancelReason::NotDelivered, "not-delivered"),
        ] {
            let order = cancelled();
            let payload = json!({"id": order.id, "version": 7, "reason": name, "ticket": {"id": order.ticket.id}});
            assert_eq!(event(&OrderCancelled { reason }, order), ("orders.cancelled", payload));
        }
    }

    #[test]
    fn a_payment_is_published_as_the_completion_of_the_order() {
        let order = complete();
        let payload = json!({"id": order.id, "version": 7, "ticket": {"id": order.ticket.id}});
        assert_eq!(event(&PaymentReceived::CompletesOrder, order), ("orders.completed", payload));
    }

    #[test]
    fn a_late_payment_is_published_as_one_more_cancellation() {
        let (kind, payload) = event(&PaymentReceived::TooLate, cancelled());
        assert_eq!((kind, &payload["reason"]), ("orders.cancelled", &json!("late-payment")));
    }
}

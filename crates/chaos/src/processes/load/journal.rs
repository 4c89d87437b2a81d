use std::collections::BTreeMap;

use client::{Order, OrderId, Price, TicketId, Timestamp};

/// What was acknowledged, as recorded by the clients.
#[derive(Debug, Default)]
pub(in crate::processes) struct Journal {
    /// The listed tickets with the price acknowledged last; `None` if another may be in effect, because a
    /// response was lost.
    pub(in crate::processes) tickets: BTreeMap<TicketId, Option<Price>>,
    /// The orders placed.
    pub(in crate::processes) orders: BTreeMap<OrderId, Placed>,
    /// Responses without an excuse.
    pub(in crate::processes) surprises: Vec<String>,
    /// The number of requests with an unknown outcome.
    pub(in crate::processes) unknown: usize,
    /// The number of requests without any response.
    pub(in crate::processes) silences: usize,
}

/// An order that was placed.
#[derive(Debug)]
pub(in crate::processes) struct Placed {
    /// Its ticket.
    pub(in crate::processes) ticket: TicketId,
    /// Its price.
    pub(in crate::processes) price: Price,
    /// Its deadline.
    pub(in crate::processes) expires_at: Timestamp,
    /// Whether a card was submitted that would be accepted.
    pub(in crate::processes) could_be_paid: bool,
    /// Whether the buyer asked to cancel it, with whatever outcome.
    pub(in crate::processes) could_be_cancelled: bool,
    /// The acknowledgements since.
    pub(in crate::processes) promises: Vec<Promise>,
}

/// An acknowledgement about an order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::processes) enum Promise {
    /// It is paid (201).
    Paid,
    /// The card was declined (402).
    Declined,
    /// It is cancelled (204).
    Cancelled,
}

impl Journal {
    /// Records an acknowledged order.
    pub(in crate::processes) fn place(&mut self, order: &Order) {
        let placed = || Placed {
            ticket: order.ticket.id,
            price: order.ticket.price,
            expires_at: order.expires_at,
            could_be_paid: false,
            could_be_cancelled: false,
            promises: Vec::new(),
        };
        self.orders.entry(order.id).or_insert_with(placed);
    }

    /// Records something about an order.
    pub(in crate::processes) fn note(&mut self, order: OrderId, note: impl FnOnce(&mut Placed)) {
        if let Some(placed) = self.orders.get_mut(&order) {
            note(placed);
        }
    }

    /// The number of orders with this acknowledgement.
    pub(in crate::processes) fn promised(&self, promise: Promise) -> usize {
        self.orders.values().filter(|placed| placed.promises.contains(&promise)).count()
    }
}

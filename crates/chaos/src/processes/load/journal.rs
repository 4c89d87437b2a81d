use std::collections::BTreeMap;

use client::{Order, OrderId, Price, TicketId, Timestamp};

/// What was acknowledged, as those remember it to whom it was.
#[derive(Debug, Default)]
pub(in crate::processes) struct Journal {
    /// The tickets that were listed, and the price that was acknowledged last; none if another may
    /// hold, because an answer never came.
    pub(in crate::processes) tickets: BTreeMap<TicketId, Option<Price>>,
    /// The orders that were placed.
    pub(in crate::processes) orders: BTreeMap<OrderId, Placed>,
    /// Answers that nothing excuses.
    pub(in crate::processes) surprises: Vec<String>,
    /// How often nobody knew.
    pub(in crate::processes) unknown: usize,
    /// How often nobody answered at all.
    pub(in crate::processes) silences: usize,
}

/// An order that was placed.
#[derive(Debug)]
pub(in crate::processes) struct Placed {
    /// For what.
    pub(in crate::processes) ticket: TicketId,
    /// What it costs.
    pub(in crate::processes) price: Price,
    /// Until when it can be paid.
    pub(in crate::processes) expires_at: Timestamp,
    /// Whether a card was given that would be accepted.
    pub(in crate::processes) could_be_paid: bool,
    /// Whether the buyer asked to cancel it, with whatever outcome.
    pub(in crate::processes) could_be_cancelled: bool,
    /// What the buyer heard since.
    pub(in crate::processes) promises: Vec<Promise>,
}

/// What a buyer heard about an order.
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
    /// An order was acknowledged.
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

    /// Notes something about an order that was placed.
    pub(in crate::processes) fn note(&mut self, order: OrderId, note: impl FnOnce(&mut Placed)) {
        if let Some(placed) = self.orders.get_mut(&order) {
            note(placed);
        }
    }

    /// How many orders have been promised this.
    pub(in crate::processes) fn promised(&self, promise: Promise) -> usize {
        self.orders.values().filter(|placed| placed.promises.contains(&promise)).count()
    }
}

use std::collections::BTreeMap;

use client::{OrderId, Price, TicketId, Timestamp};

/// What was acknowledged, as recorded by the clients.
#[derive(Debug, Default)]
pub(crate) struct Journal {
    /// The prices of the listed tickets.
    pub(crate) tickets: BTreeMap<TicketId, Price>,
    /// The orders placed.
    pub(crate) orders: BTreeMap<OrderId, Noted>,
    /// Responses that no crash excuses.
    pub(crate) surprises: Vec<String>,
}

/// An order that was placed.
#[derive(Debug)]
pub(crate) struct Noted {
    /// Its ticket.
    pub(crate) ticket: TicketId,
    /// Its deadline.
    pub(crate) expires_at: Timestamp,
    /// Whether a card was submitted that would be accepted.
    pub(crate) could_be_paid: bool,
    /// The last acknowledgement.
    pub(crate) promise: Promise,
}

/// An acknowledgement about an order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Promise {
    /// It was placed.
    Placed,
    /// It is paid (201).
    Paid {
        /// The latest possible time of the acknowledgement.
        at: Timestamp,
    },
    /// The card was declined (402).
    Declined,
    /// It is cancelled (204).
    Cancelled,
    /// It can no longer be paid, or not yet (400, 404).
    NotPaid,
}

impl Journal {
    /// The number of acknowledgements of each kind.
    pub(crate) fn summary(&self) -> String {
        let count =
            |is_such: fn(&Promise) -> bool| self.orders.values().filter(|noted| is_such(&noted.promise)).count();
        format!(
            "{} tickets, {} orders: {} paid, {} declined, {} cancelled, {} left to expire, {} not paid any more",
            self.tickets.len(),
            self.orders.len(),
            count(|promise| matches!(promise, Promise::Paid { .. })),
            count(|promise| *promise == Promise::Declined),
            count(|promise| *promise == Promise::Cancelled),
            count(|promise| *promise == Promise::Placed),
            count(|promise| *promise == Promise::NotPaid),
        )
    }

    /// Whether every kind of acknowledgement occurred that each run is supposed to test.
    pub(crate) fn covers_everything(&self) -> bool {
        let has = |is_such: fn(&Promise) -> bool| self.orders.values().any(|noted| is_such(&noted.promise));
        has(|promise| matches!(promise, Promise::Paid { .. }))
            && has(|promise| *promise == Promise::Declined)
            && has(|promise| *promise == Promise::Cancelled)
            && has(|promise| *promise == Promise::Placed)
    }
}

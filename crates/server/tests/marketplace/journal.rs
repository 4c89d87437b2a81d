use std::collections::BTreeMap;

use client::{OrderId, Price, TicketId, Timestamp};

/// What was acknowledged, as those remember it to whom it was.
#[derive(Debug, Default)]
pub(crate) struct Journal {
    /// The prices of the tickets that were listed.
    pub(crate) tickets: BTreeMap<TicketId, Price>,
    /// The orders that were placed.
    pub(crate) orders: BTreeMap<OrderId, Noted>,
    /// Answers that no crash excuses.
    pub(crate) surprises: Vec<String>,
}

/// An order that was placed.
#[derive(Debug)]
pub(crate) struct Noted {
    /// What it is for.
    pub(crate) ticket: TicketId,
    /// Until when it can be paid.
    pub(crate) expires_at: Timestamp,
    /// Whether a card was given that would be accepted.
    pub(crate) could_be_paid: bool,
    /// What was acknowledged last.
    pub(crate) promise: Promise,
}

/// What was acknowledged about an order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Promise {
    /// It was placed.
    Placed,
    /// It is paid (201).
    Paid {
        /// When that was said, at the latest.
        at: Timestamp,
    },
    /// The card was declined (402).
    Declined,
    /// It is cancelled (204).
    Cancelled,
    /// It could not be paid any more, or not yet (400, 404).
    NotPaid,
}

impl Journal {
    /// How often each kind of promise was made.
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

    /// Whether every kind of promise was made that each run is to put to the test.
    pub(crate) fn covers_everything(&self) -> bool {
        let has = |is_such: fn(&Promise) -> bool| self.orders.values().any(|noted| is_such(&noted.promise));
        has(|promise| matches!(promise, Promise::Paid { .. }))
            && has(|promise| *promise == Promise::Declined)
            && has(|promise| *promise == Promise::Cancelled)
            && has(|promise| *promise == Promise::Placed)
    }
}

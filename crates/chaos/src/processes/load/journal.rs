use std::collections::BTreeMap;

use client::{Client, Order, OrderId, Price, Ticket, TicketId, Timestamp};
use ports::clock::Clock;

use super::Gift;

/// What was acknowledged, as recorded by the clients.
#[derive(Debug, Default)]
pub(in crate::processes) struct Journal {
    /// The tickets listed.
    pub(in crate::processes) tickets: BTreeMap<TicketId, Listed>,
    /// The orders placed.
    pub(in crate::processes) orders: BTreeMap<OrderId, Placed>,
    /// Who placed them.
    buyers: BTreeMap<OrderId, Client>,
    /// Responses without an excuse.
    pub(in crate::processes) surprises: Vec<String>,
    /// The number of requests with an unknown outcome.
    pub(in crate::processes) unknown: usize,
    /// The number of requests without any response.
    pub(in crate::processes) silences: usize,
}

/// A ticket that was listed.
#[derive(Debug)]
pub(in crate::processes) struct Listed {
    /// The price acknowledged last; `None` if another may be in effect, because a response was lost.
    pub(in crate::processes) price: Option<Price>,
    /// How many times its seller has given it to us, as far as that was acknowledged.
    pub(in crate::processes) given: u32,
    /// What its seller has tried to give us, with whatever outcome.
    pub(in crate::processes) gifts: Vec<Gift>,
    /// Whether its seller asked to withdraw it, with whatever outcome.
    pub(in crate::processes) could_be_withdrawn: bool,
    /// The acknowledgements since.
    pub(in crate::processes) changes: Vec<Change>,
}

/// An acknowledged change of a ticket.
#[derive(Debug)]
pub(in crate::processes) struct Change {
    /// When it was acknowledged. All processes of the experiment have the same clock.
    pub(in crate::processes) at: Timestamp,
    /// What it was.
    pub(in crate::processes) what: ChangeMade,
}

/// What a seller did to a ticket.
#[derive(Debug)]
pub(in crate::processes) enum ChangeMade {
    /// It says this from then on (200).
    Edited(Box<Ticket>),
    /// It is off the market (204).
    Withdrawn,
}

/// An order that was placed.
#[derive(Debug)]
pub(in crate::processes) struct Placed {
    /// When that was acknowledged.
    pub(in crate::processes) at: Timestamp,
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
    /// Records an acknowledged listing.
    pub(in crate::processes) fn list(&mut self, ticket: &Ticket) {
        let listed = Listed {
            price: Some(ticket.price),
            given: 0,
            gifts: Vec::new(),
            could_be_withdrawn: false,
            changes: Vec::new(),
        };
        self.tickets.insert(ticket.id, listed);
    }

    /// Records something about a ticket.
    pub(in crate::processes) fn note_ticket(&mut self, ticket: TicketId, note: impl FnOnce(&mut Listed)) {
        if let Some(listed) = self.tickets.get_mut(&ticket) {
            note(listed);
        }
    }

    /// The number of acknowledged edits and withdrawals.
    pub(in crate::processes) fn changes(&self) -> usize {
        self.tickets.values().map(|listed| listed.changes.len()).sum()
    }

    /// Records an acknowledged order of this buyer.
    pub(in crate::processes) fn place(&mut self, order: &Order, buyer: &Client) {
        self.buyers.entry(order.id).or_insert_with(|| buyer.clone());
        let placed = || Placed {
            at: Clock::system().now(),
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

    /// The orders, with their buyers and all that they could have bought.
    pub(in crate::processes) fn bought(&self) -> Vec<Bought> {
        let bought = self.buyers.iter().filter_map(|(order, buyer)| {
            let gifts = self.tickets.get(&self.orders.get(order)?.ticket)?.gifts.clone();
            Some(Bought { order: *order, buyer: buyer.clone(), gifts })
        });
        bought.collect()
    }

    /// The number of orders with this acknowledgement.
    pub(in crate::processes) fn promised(&self, promise: Promise) -> usize {
        self.orders.values().filter(|placed| placed.promises.contains(&promise)).count()
    }
}

/// An order, who placed it, and what its seller has tried to give for its ticket.
pub(in crate::processes) struct Bought {
    pub(in crate::processes) order: OrderId,
    pub(in crate::processes) buyer: Client,
    pub(in crate::processes) gifts: Vec<Gift>,
}

impl Listed {
    /// Records an acknowledged change.
    pub(in crate::processes) fn change(&mut self, what: ChangeMade) {
        self.changes.push(Change { at: Clock::system().now(), what });
    }

    /// Whether its withdrawal was acknowledged.
    pub(in crate::processes) fn is_withdrawn(&self) -> bool {
        self.changes.iter().any(|change| matches!(change.what, ChangeMade::Withdrawn))
    }
}

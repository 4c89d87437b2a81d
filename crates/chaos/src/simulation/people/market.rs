use std::sync::{Mutex, MutexGuard, PoisonError};

use super::Person;

/// What people know about the marketplace.
#[derive(Default)]
pub(in crate::simulation) struct Market(Mutex<MarketState>);

/// See [`Market`].
#[derive(Default)]
pub(in crate::simulation) struct MarketState {
    /// The listed tickets, the newest last.
    pub(in crate::simulation) tickets: Vec<KnownTicket>,
    pub(in crate::simulation) orders: Vec<KnownOrder>,
    /// By person: their sessions, as cookies.
    pub(in crate::simulation) sessions: Vec<Vec<KnownSession>>,
}

/// A ticket that was listed.
#[derive(Clone)]
pub(in crate::simulation) struct KnownTicket {
    pub(in crate::simulation) id: String,
    pub(in crate::simulation) seller: usize,
}

/// An order that was placed.
#[derive(Clone)]
pub(in crate::simulation) struct KnownOrder {
    pub(in crate::simulation) id: String,
    pub(in crate::simulation) buyer: usize,
}

/// A session.
#[derive(Clone)]
pub(in crate::simulation) struct KnownSession {
    pub(in crate::simulation) cookie: String,
    /// Whether signing out of it has begun.
    pub(in crate::simulation) is_over: bool,
}

impl Person {
    /// The ticket listed last.
    pub(in crate::simulation) fn newest_ticket(&self) -> Option<KnownTicket> {
        self.market.known().tickets.last().cloned()
    }

    /// One of the newest tickets of any seller.
    pub(super) fn some_ticket(&self) -> Option<KnownTicket> {
        let known = self.market.known();
        let newest = &known.tickets[known.tickets.len().saturating_sub(6)..];
        self.chance.pick(newest).cloned()
    }

    /// One of the newest tickets; mostly the person's own.
    pub(super) fn ticket_to_change(&self) -> Option<String> {
        let is_meddling = self.chance.hits(1_500);
        let known = self.market.known();
        let newest = known.tickets.iter().rev().filter(|ticket| is_meddling || ticket.seller == self.number).take(3);
        self.chance.pick(&newest.map(|ticket| ticket.id.clone()).collect::<Vec<_>>()).cloned()
    }

    /// One of the newest orders; mostly the person's own.
    pub(super) fn some_order(&self) -> Option<String> {
        let is_prying = self.chance.hits(1_000);
        let known = self.market.known();
        let newest = known.orders.iter().rev().filter(|order| is_prying || order.buyer == self.number).take(4);
        self.chance.pick(&newest.map(|order| order.id.clone()).collect::<Vec<_>>()).cloned()
    }
}

impl Market {
    pub(in crate::simulation) fn known(&self) -> MutexGuard<'_, MarketState> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

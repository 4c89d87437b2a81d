use std::sync::{Mutex, MutexGuard, PoisonError};

/// What people know about the marketplace.
#[derive(Default)]
pub(in crate::simulation) struct Market(Mutex<MarketState>);

/// See [`Market`].
#[derive(Default)]
pub(in crate::simulation) struct MarketState {
    /// The ids of the listed tickets.
    pub(in crate::simulation) tickets: Vec<String>,
    pub(in crate::simulation) orders: Vec<KnownOrder>,
    /// By person: their sessions, as cookies.
    pub(in crate::simulation) sessions: Vec<Vec<KnownSession>>,
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

impl Market {
    pub(in crate::simulation) fn known(&self) -> MutexGuard<'_, MarketState> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

//! What the service does when events of other services arrive.

mod deliveries;
mod follow_order;

use runtime::listener::Listener;

use crate::state::TicketsState;

/// All listeners.
pub(crate) fn all(state: &TicketsState) -> Vec<Listener> {
    vec![follow_order::listener(state), deliveries::listener(state)]
}

//! What the service does periodically.

mod clear_superseded;
mod clear_unowned;
mod end_waits;
mod forget_people;
mod rewrap_keys;

use runtime::BackgroundTask;
use runtime::erasure::Erasures;

use crate::state::DeliveryState;

/// All of it.
pub(crate) fn all(state: &DeliveryState, erasures: &Erasures) -> Vec<BackgroundTask> {
    vec![
        end_waits::task(state.clone()),
        clear_superseded::task(state.clone()),
        clear_unowned::task(state.clone()),
        rewrap_keys::task(state.clone()),
        forget_people::task(erasures, state.clone()),
    ]
}

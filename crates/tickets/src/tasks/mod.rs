//! What the service does in the background.

mod finish_changes;
mod follow_changes;
mod follow_events;
mod forget_sellers;
mod keep_words;
mod reseat;
mod take_seals;
mod withdraw_overdue;

use runtime::BackgroundTask;
use runtime::erasure::Erasures;

use crate::state::TicketsState;

/// All background tasks.
pub(crate) fn all(state: &TicketsState, erasures: &Erasures) -> Vec<BackgroundTask> {
    vec![
        follow_changes::task(state),
        follow_events::task(state),
        finish_changes::task(state),
        take_seals::task(state),
        withdraw_overdue::task(state),
        keep_words::task(state),
        reseat::task(state),
        forget_sellers::task(erasures, state),
    ]
}

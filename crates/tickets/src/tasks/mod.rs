//! What the service does in the background.

mod finish_changes;
mod follow_changes;
mod keep_words;

use runtime::BackgroundTask;

use crate::state::TicketsState;

/// All background tasks.
pub(crate) fn all(state: &TicketsState) -> Vec<BackgroundTask> {
    vec![follow_changes::task(state), finish_changes::task(state), keep_words::task(state)]
}

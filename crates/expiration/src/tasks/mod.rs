//! What expiration does by itself.

mod clear_finished;
mod publish_due;

use runtime::BackgroundTask;

use crate::state::ExpirationState;

/// One line for each task.
pub(crate) fn all(state: &ExpirationState) -> Vec<BackgroundTask> {
    vec![publish_due::task(state.clone()), clear_finished::task(state.clone())]
}

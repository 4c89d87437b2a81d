//! What mail does by itself.

mod clear_finished;
mod send_due;

use runtime::BackgroundTask;

use crate::state::MailState;

/// One line for each task.
pub(crate) fn all(state: &MailState) -> Vec<BackgroundTask> {
    vec![send_due::task(state.clone()), clear_finished::task(state.clone())]
}

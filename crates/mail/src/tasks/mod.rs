//! What mail does by itself.

mod clear_finished;
mod forget_people;
mod send_due;

use runtime::BackgroundTask;
use runtime::erasure::Erasures;

use crate::state::MailState;

/// One line for each task.
pub(crate) fn all(state: &MailState, erasures: &Erasures) -> Vec<BackgroundTask> {
    vec![
        send_due::task(state.clone()),
        clear_finished::task(state.clone()),
        forget_people::task(erasures, state.clone()),
    ]
}

//! What the service does by itself.

mod forget_webhooks;
mod reconcile;

use runtime::BackgroundTask;

use crate::state::PaymentsState;

pub(crate) fn all(state: &PaymentsState) -> Vec<BackgroundTask> {
    vec![reconcile::task(state), forget_webhooks::task(state)]
}

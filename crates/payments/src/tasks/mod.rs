//! What the service does by itself.

mod forget_webhooks;
mod reconcile;

use runtime::BackgroundTask;
use runtime::erasure::Erasures;

use crate::erasure;
use crate::state::PaymentsState;

pub(crate) fn all(state: &PaymentsState, erasures: &Erasures) -> Vec<BackgroundTask> {
    vec![reconcile::task(state), forget_webhooks::task(state), erasure::task(erasures, state)]
}

use runtime::BackgroundTask;

use crate::state::PaymentsState;

/// Finishes what crashes and silences of Stripe have left unfinished, at the start and then
/// periodically.
pub(super) fn task(state: &PaymentsState) -> BackgroundTask {
    let reconciler = state.reconciler.clone();
    let reconcile = move || {
        let reconciler = reconciler.clone();
        async move { reconciler.reconcile_due().await }
    };
    BackgroundTask::periodic("reconcile", state.settings.reconcile_every, state.clock.clone(), reconcile)
}

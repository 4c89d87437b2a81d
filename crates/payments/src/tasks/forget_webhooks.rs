use std::time::Duration;

use runtime::BackgroundTask;

use crate::state::PaymentsState;
use crate::store::received_until;

/// Stripe delivers a webhook again for up to three days; later the memory of it is of no use.
const KEEP: Duration = Duration::from_secs(7 * 24 * 3600);
/// How often to look.
const EVERY: Duration = Duration::from_secs(3600);

/// Forgets webhooks that cannot come again.
pub(super) fn task(state: &PaymentsState) -> BackgroundTask {
    let (events, clock) = (state.received_events.clone(), state.clock.clone());
    let forget = move || {
        let (events, old) = (events.clone(), received_until(clock.now() - KEEP));
        async move { events.purge(&old).await.map(drop) }
    };
    BackgroundTask::periodic("forget-webhooks", EVERY, state.clock.clone(), forget)
}

use std::time::Duration;

use runtime::BackgroundTask;

use crate::error::TicketsError;
use crate::state::TicketsState;

/// How often it is looked for changes that were interrupted.
const EVERY: Duration = Duration::from_secs(2);
/// Longer than a change takes. One that is only slow is not harmed: it begins anew.
const INTERRUPTED_AFTER: Duration = Duration::from_secs(5);

/// Ends changes of tickets that a crash, or the orders service's silence, has interrupted. Until then
/// nobody can order the ticket.
pub(super) fn task(state: &TicketsState) -> BackgroundTask {
    let (state, clock) = (state.clone(), state.clock.clone());
    BackgroundTask::periodic("finish changes", EVERY, clock, move || finish(state.clone()))
}

async fn finish(state: TicketsState) -> Result<(), TicketsError> {
    for ticket in state.tickets.being_changed(state.clock.now() - INTERRUPTED_AFTER).await? {
        state.gate.finish_interrupted(&ticket).await?;
    }
    Ok(())
}

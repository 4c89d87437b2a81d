use std::time::Duration;

use runtime::BackgroundTask;

use crate::error::TicketsError;
use crate::sealing::seal;
use crate::state::TicketsState;

/// How often it is looked for tickets that do not say yet what their sellers have given us.
const EVERY: Duration = Duration::from_secs(2);

/// What the listener has noted and the ticket could not say at once, it says as soon as no order holds it.
pub(super) fn task(state: &TicketsState) -> BackgroundTask {
    let (state, clock) = (state.clone(), state.clock.clone());
    BackgroundTask::periodic("take seals", EVERY, clock, move || take(state.clone()))
}

async fn take(state: TicketsState) -> Result<(), TicketsError> {
    for ticket in state.tickets.to_seal().await? {
        seal(&state, &ticket).await?;
    }
    Ok(())
}

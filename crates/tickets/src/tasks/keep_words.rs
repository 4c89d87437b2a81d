use std::time::Duration;

use common::id::TicketId;
use common::outcome::Outcome;
use futures::future::try_join_all;
use ports::store::StoreError;
use runtime::BackgroundTask;

use crate::state::TicketsState;

/// How often it is looked again: a replica of an older version may be running still.
const EVERY: Duration = Duration::from_secs(60);
/// How many tickets are stored anew together.
const BATCH: usize = 100;

/// Stores the words and days of tickets for sale that were stored without. All others get theirs when they are stored
/// next, which is before they are for sale again.
pub(super) fn task(state: &TicketsState) -> BackgroundTask {
    let (state, clock) = (state.clone(), state.clock.clone());
    BackgroundTask::periodic("keep words", EVERY, clock, move || keep(state.clone()))
}

async fn keep(state: TicketsState) -> Result<(), StoreError> {
    loop {
        let tickets = state.tickets.hard_to_find(BATCH).await?;
        if tickets.is_empty() {
            return Ok(());
        }
        try_join_all(tickets.into_iter().map(|ticket| store_anew(&state, ticket))).await?;
    }
}

/// Nobody is told: only what the ticket is found by changes.
async fn store_anew(state: &TicketsState, ticket: TicketId) -> Result<(), StoreError> {
    let stored = state.tickets.update(ticket, |_, _| Ok::<_, StoreError>(Outcome::Changed(()))).await;
    stored.map(drop)
}

#[cfg(test)]
mod tests;

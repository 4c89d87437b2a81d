use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use common::outcome::Outcome;
use common::time::Timestamp;
use common::version::Versioned;
use futures::future::try_join_all;
use ports::store::StoreError;
use runtime::BackgroundTask;

use crate::domain::Ticket;
use crate::state::TicketsState;

/// How often it is looked again: a replica of an older version may be running still.
const EVERY: Duration = Duration::from_secs(60);
/// How many tickets are stored anew together.
const BATCH: usize = 100;
/// How long before it appears in the store a ticket may have been listed, by another replica's clock.
const LATE: Duration = Duration::from_secs(5 * 60);

/// Stores the words and days of tickets for sale anew that were stored by another rule, or without. All others get
/// theirs when they are stored next, which is before they are for sale again.
pub(super) fn task(state: &TicketsState) -> BackgroundTask {
    let (state, clock) = (state.clone(), state.clock.clone());
    let seen = Arc::new(Mutex::new(Timestamp::from_millis(0)));
    BackgroundTask::periodic("keep words", EVERY, clock, move || keep(state.clone(), seen.clone()))
}

/// Looks at all tickets once, the oldest first, and from then on at those listed since. No batch looks again at what
/// those before it have done, nor does the next try after a failure.
async fn keep(state: TicketsState, seen: Arc<Mutex<Timestamp>>) -> Result<(), StoreError> {
    let (began, seen) = (state.clock.now(), || seen.lock().unwrap_or_else(PoisonError::into_inner));
    loop {
        let since = *seen();
        let tickets = state.tickets.hard_to_find(since, BATCH).await?;
        let last = tickets.last().map(|ticket| ticket.listed_at);
        try_join_all(tickets.into_iter().map(|ticket| store_anew(&state, ticket))).await?;
        *seen() = last.unwrap_or(began - LATE);
        if last.is_none() {
            return Ok(());
        }
    }
}

/// Nobody is told: only what the ticket is found by changes.
async fn store_anew(state: &TicketsState, ticket: Versioned<Ticket>) -> Result<(), StoreError> {
    state.tickets.learn_words(&ticket).await?;
    let stored = state.tickets.update(ticket.id, |_, _| Ok::<_, StoreError>(Outcome::Changed(()))).await;
    stored.map(drop)
}

#[cfg(test)]
mod tests;

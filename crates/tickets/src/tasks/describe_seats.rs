use std::time::Duration;

use common::id::TicketId;
use ports::store::{Conflict, StoreError};
use runtime::BackgroundTask;
use runtime::store::UpdateContext;

use crate::domain::Ticket;
use crate::state::TicketsState;
use crate::store::ONE_LISTING_PER_DESCRIPTION;

/// How often it is looked again: a replica of an older version may be running still.
const EVERY: Duration = Duration::from_secs(60);
/// How many listings are described before it is looked again.
const BATCH: usize = 100;

/// Describes the seats of listings, live or sold, that a version of before stored, so that nobody lists one of them
/// again in other words.
pub(super) fn task(state: &TicketsState) -> BackgroundTask {
    let (state, clock) = (state.clone(), state.clock.clone());
    BackgroundTask::periodic("describe seats", EVERY, clock, move || describe_all(state.clone()))
}

async fn describe_all(state: TicketsState) -> Result<(), StoreError> {
    loop {
        let listings = state.tickets.seats_to_describe(BATCH).await?;
        if listings.is_empty() {
            return Ok(());
        }
        for listing in listings {
            describe(&state, listing.id).await?;
        }
    }
}

/// Nobody is told: what is for sale stays as it is. Of two that are of one seat, the second stays without a description.
async fn describe(state: &TicketsState, id: TicketId) -> Result<(), StoreError> {
    let described = state.tickets.update(id, |ticket, _| Ok::<_, StoreError>(ticket.describe_seat())).await;
    match described {
        Err(StoreError::Conflict(Conflict::Unique(ONE_LISTING_PER_DESCRIPTION))) => {
            let left = |ticket: &mut Ticket, _: UpdateContext| Ok::<_, StoreError>(ticket.leave_seat_undescribed());
            state.tickets.update(id, left).await.map(drop)
        }
        described => described.map(drop),
    }
}

#[cfg(test)]
mod tests;

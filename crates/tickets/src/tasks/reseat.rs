use std::time::Duration;

use common::id::TicketId;
use common::outcome::Outcome;
use ports::store::{Conflict, StoreError};
use runtime::BackgroundTask;

use crate::domain::Ticket;
use crate::state::TicketsState;

/// How often it is looked again: a replica of an older version may be running still.
const EVERY: Duration = Duration::from_secs(60);
/// How many listings are looked at before it is looked again.
const BATCH: usize = 100;

/// What becomes of a seat's texts: the first of these that no other listing of its seller is in the way of.
const ATTEMPTS: [fn(&mut Ticket) -> Outcome<()>; 3] = [Ticket::reseat, without_description, Ticket::keep_seat];

/// Tells the seats of listings, live or sold, that a version of before stored, by the present rule, so that nobody lists
/// one of them again in other words.
pub(super) fn task(state: &TicketsState) -> BackgroundTask {
    let (state, clock) = (state.clone(), state.clock.clone());
    BackgroundTask::periodic("tell seats anew", EVERY, clock, move || reseat_all(state.clone()))
}

async fn reseat_all(state: TicketsState) -> Result<(), StoreError> {
    loop {
        let listings = state.tickets.seats_of_before(BATCH).await?;
        if listings.is_empty() {
            return Ok(());
        }
        for listing in listings {
            reseat(&state, listing.id).await?;
        }
    }
}

/// Nobody is told: what is for sale stays as it is. Of two that are of one seat, the second keeps what it had.
async fn reseat(state: &TicketsState, id: TicketId) -> Result<(), StoreError> {
    for attempt in ATTEMPTS {
        match state.tickets.update(id, |ticket, _| Ok::<_, StoreError>(attempt(ticket))).await {
            Err(StoreError::Conflict(Conflict::Unique(_))) => {}
            reseated => return reseated.map(drop),
        }
    }
    Ok(())
}

fn without_description(ticket: &mut Ticket) -> Outcome<()> {
    let _ = ticket.reseat();
    ticket.leave_seat_undescribed()
}

#[cfg(test)]
mod tests;

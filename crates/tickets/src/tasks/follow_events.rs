use std::time::Duration;

use common::version::Versioned;
use futures::future::join_all;
use runtime::BackgroundTask;

use crate::domain::{Change, Event, SellerChange, Ticket};
use crate::error::TicketsError;
use crate::state::TicketsState;
use crate::store::states;

/// How often it is looked for tickets that are behind their events.
const EVERY: Duration = Duration::from_secs(2);
/// How many are changed before it is looked again.
const BATCH: usize = 100;
/// How many at once. Each asks orders, and waits for the disk a few times, which those beside it share: one after the other,
/// 300 tickets of a cancelled event were for sale for half a minute.
const AT_ONCE: usize = 16;

/// Tickets for sale take over when and where their event takes place now, and are withdrawn if it does not. What an order
/// holds stays what was bought; it follows as soon as it is for sale again.
pub(super) fn task(state: &TicketsState) -> BackgroundTask {
    let (state, clock) = (state.clone(), state.clock.clone());
    BackgroundTask::periodic("follow events", EVERY, clock, move || follow(state.clone()))
}

async fn follow(state: TicketsState) -> Result<(), TicketsError> {
    for event in state.events.changed(state.clock.now()).await? {
        for standing in [states::FREE, states::UNSEALED] {
            while bring_up(&state, &event, standing).await? {}
        }
    }
    Ok(())
}

/// Changes some of its tickets. Whether there may be more that can be changed.
async fn bring_up(
    state: &TicketsState,
    event: &Versioned<Event>,
    standing: &'static str,
) -> Result<bool, TicketsError> {
    let behind = state.tickets.behind(event, standing, BATCH).await?;
    let mut has_changed = false;
    for some in behind.chunks(AT_ONCE) {
        for changed in join_all(some.iter().map(|ticket| change(state, ticket, event))).await {
            has_changed |= changed?;
        }
    }
    Ok(behind.len() == BATCH && has_changed)
}

/// As its seller would, through the gate that orders pass: an order that came first keeps what it is made of.
async fn change(
    state: &TicketsState,
    ticket: &Versioned<Ticket>,
    event: &Versioned<Event>,
) -> Result<bool, TicketsError> {
    let wanted = SellerChange { seller: ticket.seller, seen: None, change: Change::Follow(event.clone()) };
    match state.gate.change(ticket.id, &wanted).await {
        Ok(_) => Ok(true),
        Err(TicketsError::ChangeRefused(_)) => Ok(false),
        Err(error) => Err(error),
    }
}

#[cfg(test)]
mod tests;

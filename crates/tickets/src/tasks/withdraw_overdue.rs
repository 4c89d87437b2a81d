use std::time::Duration;

use runtime::BackgroundTask;

use crate::domain::{Change, HEARD_WITHIN, SellerChange};
use crate::error::TicketsError;
use crate::sealing::seal;
use crate::state::TicketsState;

/// How often it is looked for them. Nobody can order them meanwhile.
const EVERY: Duration = Duration::from_secs(5);
/// How many are withdrawn before it is looked again.
const BATCH: usize = 100;

/// Withdraws tickets that nobody has bought by the moment their sellers had promised to deliver them: it cannot be kept
/// any more. What was given to us by then is sealed instead: a version of this service noted it that left such tickets as
/// they were.
pub(super) fn task(state: &TicketsState) -> BackgroundTask {
    let (state, clock) = (state.clone(), state.clock.clone());
    BackgroundTask::periodic("withdraw overdue", EVERY, clock, move || withdraw(state.clone()))
}

/// Through the gate that orders pass: what was ordered in time is left to its order.
async fn withdraw(state: TicketsState) -> Result<(), TicketsError> {
    loop {
        let overdue = state.tickets.overdue(state.clock.now() - HEARD_WITHIN, BATCH).await?;
        let mut withdrawn = 0;
        for ticket in &overdue {
            if ticket.can_take_seal() {
                seal(&state, ticket).await?;
                continue;
            }
            let change = SellerChange { seller: ticket.seller, seen: None, change: Change::WithdrawOverdue };
            match state.gate.change(ticket.id, &change).await {
                Ok(_) => withdrawn += 1,
                Err(TicketsError::ChangeRefused(_)) => {}
                Err(error) => return Err(error),
            }
        }
        if overdue.len() < BATCH || withdrawn == 0 {
            return Ok(());
        }
    }
}

#[cfg(test)]
mod tests;

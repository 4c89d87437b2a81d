//! A ticket says what its seller has given us, through the gate that orders pass.

use runtime::store::UpdateContext;

use crate::domain::{Change, ChangeRefused, SellerChange, Ticket, TicketLock};
use crate::error::TicketsError;
use crate::rivals;
use crate::state::TicketsState;

/// Has the ticket say what is noted, if it can. While an order holds it, that stays noted.
pub(crate) async fn seal(state: &TicketsState, ticket: &Ticket) -> Result<(), TicketsError> {
    if !ticket.can_take_seal() {
        return Ok(());
    }
    let sealing = SellerChange { seller: ticket.seller, seen: None, change: Change::Seal };
    match state.gate.change(ticket.id, &sealing).await {
        Err(TicketsError::ChangeRefused(ChangeRefused::Reserved)) => ask_later(state, ticket).await,
        Ok(sealed) => {
            // What was for sale before has been reported, and what was used is not for sale.
            if ticket.lock == TicketLock::Unsealed && sealed.lock == TicketLock::Free {
                rivals::report(&state.tickets, &sealed).await;
            }
            Ok(())
        }
        Err(TicketsError::ChangeRefused(_)) => Ok(()),
        Err(error) => Err(error),
    }
}

async fn ask_later(state: &TicketsState, ticket: &Ticket) -> Result<(), TicketsError> {
    let ask_later = |ticket: &mut Ticket, cx: UpdateContext| Ok::<_, TicketsError>(ticket.seal_still_waits(cx.now));
    state.tickets.update(ticket.id, ask_later).await?;
    Ok(())
}

use common::events::DeliverySealed;
use runtime::listener::{Handled, ListenError, Listener};
use runtime::store::UpdateContext;

use crate::NAME;
use crate::domain::{GivenSeal, Ticket};
use crate::sealing::seal;
use crate::state::TicketsState;

/// Lets tickets say what their sellers have given us.
pub(super) fn listener(state: &TicketsState) -> Listener {
    let state = state.clone();
    Listener::new(NAME, "deliveries").on(move |event: DeliverySealed| note(state.clone(), event))
}

/// It is noted before anything else, so that it is not lost, and the ticket need not be free.
async fn note(state: TicketsState, event: DeliverySealed) -> Handled {
    let DeliverySealed { ticket_id, version: _, seal: given, checked, mode, of_version } = event;
    let given = GivenSeal { mode, of_version, seal: given, checked };
    let note = |ticket: &mut Ticket, cx: UpdateContext| Ok::<_, ListenError>(ticket.note_seal(given, cx.now));
    let noted = state.tickets.update(ticket_id, note).await?;
    // Delivery knows of tickets what this service tells it: one that is missing will never come.
    let ticket = noted.ok_or_else(|| ListenError::Impossible(format!("there is no ticket {ticket_id}")))?;
    if let Err(error) = seal(&state, &ticket).await {
        tracing::warn!(%error, ticket = %ticket_id, "a ticket does not say yet what its seller has given us");
    }
    Ok(())
}

#[cfg(test)]
mod tests;

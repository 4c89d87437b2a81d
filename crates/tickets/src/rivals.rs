//! Two sellers may offer one seat, so that nobody can block a rival by claiming theirs. One of them is wrong: buyers are
//! told, and operators by the audit log.

use runtime::audit::{self, AuditEvent};

use crate::domain::{Ticket, TicketLock};
use crate::store::TicketStore;

/// Tells operators if somebody else offers the seat of a ticket that has just been listed, edited or sealed. What is not
/// for sale yet offers nothing: anybody could say that they have the seat, and never show it.
pub(crate) async fn report(tickets: &TicketStore, ticket: &Ticket) {
    if ticket.lock == TicketLock::Unsealed {
        return;
    }
    match tickets.also_offered(ticket).await {
        Ok(None) => {}
        Ok(Some(other)) => audit::record_about(AuditEvent::SeatOfferedTwice, &format!("{} {}", ticket.id, other.id)),
        // It is for sale all the same.
        Err(error) => tracing::warn!(%error, ticket = %ticket.id, "not known whether another seller has the same seat"),
    }
}

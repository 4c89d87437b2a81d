use anyhow::Context;
use client::TicketId;

use super::people::People;
use super::phase::Phase;
use super::plan::{Fate, Plan, PlannedTicket};

/// A listed ticket, and what is to happen to it.
pub(super) struct Listing {
    pub(super) ticket: TicketId,
    pub(super) fate: Fate,
    /// The index of the buyer who is to order it, if one is.
    pub(super) buyer: usize,
}

/// Lists the tickets of the plan.
pub(super) async fn list(plan: Plan, people: &People) -> anyhow::Result<Vec<Listing>> {
    let list = |PlannedTicket { seller, form, fate, buyer }, phase: Phase| async move {
        let seller = &people.sellers[seller];
        let ticket = phase.patiently(|| seller.create_ticket(&form)).await;
        let ticket = ticket.with_context(|| format!("cannot list {:?}", form.title))?.id;
        Ok(Listing { ticket, fate, buyer })
    };
    Phase::run("Tickets", plan.tickets, list).await
}

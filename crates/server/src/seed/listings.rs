use anyhow::Context;
use client::{Client, EventForm, EventId, TicketForm, TicketId};

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

/// Adds the events of the plan, and lists its tickets.
pub(super) async fn list(plan: Plan, people: &People) -> anyhow::Result<Vec<Listing>> {
    let events = add(plan.events, people).await?;
    let list = |PlannedTicket { event, seller, form, fate, buyer }, phase: Phase| {
        let form = TicketForm { event_id: Some(events[event].to_string()), ..form };
        async move {
            let seller = &people.sellers[seller];
            match phase.patiently(|| seller.create_ticket(&form)).await {
                Ok(ticket) => Ok(Some(Listing { ticket: ticket.id, fate, buyer })),
                // By an earlier run with the same seed.
                Err(error) if error.code() == Some("seat_listed") => Ok(None),
                Err(error) => Err(error).with_context(|| format!("cannot list {:?}", form.title)),
            }
        }
    };
    let listings = Phase::run("Tickets", plan.tickets, list).await?;
    Ok(listings.into_iter().flatten().collect())
}

/// The sellers add them in turn. What an earlier run has added is there already.
async fn add(events: Vec<EventForm>, people: &People) -> anyhow::Result<Vec<EventId>> {
    let sellers = people.sellers.iter().cycle();
    let add = |(form, seller): (EventForm, &Client), phase: Phase| {
        let seller = seller.clone();
        async move {
            let event = phase.patiently(|| seller.add_event(&form)).await;
            Ok(event.with_context(|| format!("cannot add {:?}", form.name))?.id)
        }
    };
    Phase::run("Events", events.into_iter().zip(sellers).collect(), add).await
}

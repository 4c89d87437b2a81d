//! I13: an order is made of what its ticket says, and nobody is told that the ticket has changed while the order has it.

use common::events::TicketSnapshot;
use common::time::Timestamp;

use super::books::Books;
use super::history::stories_of_tickets;
use super::rows::Order;
use super::violation::Violation;
use crate::processes::load::{Change, ChangeMade, Journal, Listed};

pub(super) fn violations(books: &Books, journal: &Journal) -> Vec<Violation> {
    let stories = &stories_of_tickets(books);
    let of_orders = books.orders.values().flat_map(|order| {
        let said = stories.get(&order.ticket.id).and_then(|story| story.get(&order.ticket.version.0));
        let listed = journal.tickets.get(&order.ticket.id);
        let changes = listed.map(|listed| listed.changes.as_slice()).unwrap_or_default();
        let acknowledged = journal.orders.get(&order.id).map(|placed| placed.at);
        let found = made_of_else(order, said).into_iter().chain(passed(order, acknowledged, changes));
        found.map(move |what| Violation::new("I13", format!("order {} {what}: {order:?}", order.id)).about(order.id))
    });
    let of_edits = journal.tickets.iter().flat_map(|(id, listed)| {
        let story = stories.get(id);
        let is_published = move |edited: &&client::Ticket| {
            story.and_then(|story| story.get(&edited.version.0)).is_some_and(|said| says(said, edited))
        };
        let unpublished = edits(listed).filter(move |edited| !is_published(edited));
        unpublished.map(|edited| Violation::new("I9", format!("never published: {edited:?}")).about(*id))
    });
    of_orders.chain(of_edits).collect()
}

/// How an order differs from what its ticket said at the version that it is made of.
fn made_of_else(order: &Order, said: Option<&TicketSnapshot>) -> Option<String> {
    let bought = &order.ticket;
    let is_same = said.is_some_and(|said| {
        bought.title == said.title
            && bought.price == i64::from(said.price.minor_units())
            && bought.currency == said.currency
            && bought.details == said.details
            && !said.withdrawn
    });
    (!is_same).then(|| format!("is of a ticket that said {said:?}"))
}

/// The acknowledged changes of its ticket that an order should have been made of, or that were acknowledged while it had
/// the ticket. `acknowledged` is when the buyer was told of the order, if they were.
fn passed(order: &Order, acknowledged: Option<Timestamp>, changes: &[Change]) -> impl Iterator<Item = String> {
    let end = order.cancellation.as_ref().map_or(Timestamp::MAX, |end| end.at);
    changes.iter().filter_map(move |Change { at, what }| {
        let is_in_it = match what {
            ChangeMade::Edited(ticket) => ticket.version <= order.ticket.version,
            ChangeMade::Withdrawn => false,
        };
        let when = if is_in_it {
            return None;
        } else if *at < order.created_at {
            "before it was made"
        } else if acknowledged.is_some_and(|acknowledged| acknowledged < *at) && *at < end {
            "while it had the ticket"
        } else {
            return None;
        };
        Some(format!("was passed at {at}, {when}, by {what:?}"))
    })
}

fn edits(listed: &Listed) -> impl Iterator<Item = &client::Ticket> {
    listed.changes.iter().filter_map(|change| match &change.what {
        ChangeMade::Edited(ticket) => Some(ticket.as_ref()),
        ChangeMade::Withdrawn => None,
    })
}

fn says(said: &TicketSnapshot, edited: &client::Ticket) -> bool {
    (&said.title, said.price, said.currency, &said.details)
        == (&edited.title, edited.price, edited.currency, &edited.details)
}

#[cfg(test)]
mod tests;

use client::{EventDetails, Ticket};
use maud::{Markup, html};

use super::{TicketState, moment};
use crate::pages::event;
use crate::visitor::Visitor;

/// A ticket in a list, with the actions available there. A script updates the parts marked `data-part` in
/// place.
pub(crate) fn ticket_card(visitor: &Visitor, ticket: &Ticket, action: Option<Markup>) -> Markup {
    let (text, state) = (&visitor.text.ticket, TicketState::of(ticket, visitor.now));
    let EventDetails { event: name, venue, event_id, .. } = &ticket.details;
    html! {
        li.card data-ticket-id=(ticket.id) data-version=(ticket.version) data-state=(state.name()) {
            div.card-body {
                p.overline {
                    @let name = name.as_deref().unwrap_or(text.ticket);
                    @match event_id {
                        Some(id) => a href=(event::address(id)) { (name) },
                        None => (name),
                    }
                }
                h2 { a href={ "/tickets/" (ticket.id) } data-part="title" { (ticket.title) } }
                @if let Some(begins) = moment::begins(visitor, &ticket.details) { p.card-when { (begins) } }
                @if let Some(venue) = venue { p.meta { (venue) } }
                @if ticket.reserved_not_bought > 0 { p.meta { ((text.reserved_not_bought)(ticket.reserved_not_bought)) } }
                @if let Some(place) = place(visitor, &ticket.details) { p.meta { (place) } }
            }
            p.card-stub {
                span.price {
                    span.visually-hidden { (text.price) " " }
                    span data-part="price" { (visitor.formats.money(ticket.price, ticket.currency)) }
                }
                span data-part="state" { (state.badge(visitor)) }
            }
            @if let Some(action) = action { (action) }
        }
    }
}

/// Section, row and seat, as far as they are known.
pub(crate) fn place(visitor: &Visitor, details: &EventDetails) -> Option<String> {
    let text = &visitor.text.ticket;
    let parts = [(text.section, &details.section), (text.row, &details.row), (text.seat, &details.seat)];
    let known: Vec<_> = parts.iter().filter_map(|(name, value)| Some(format!("{name} {}", value.as_ref()?))).collect();
    (!known.is_empty()).then(|| known.join(" · "))
}

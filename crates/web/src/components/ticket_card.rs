use client::{EventDetails, Ticket};
use maud::{Markup, html};

use super::{TicketState, isolated, moment};
use crate::visitor::Visitor;

/// A ticket in a list, with the actions available there. A script updates the parts marked `data-part` in
/// place.
pub(crate) fn ticket_card(visitor: &Visitor, ticket: &Ticket, action: Option<Markup>) -> Markup {
    let (text, state) = (&visitor.text.ticket, TicketState::of(ticket, visitor.now));
    let EventDetails { event, venue, starts_at, .. } = &ticket.details;
    html! {
        li.card data-ticket-id=(ticket.id) data-version=(ticket.version) data-state=(state.name()) {
            div.card-body {
                p.overline dir="auto" { (event.as_deref().unwrap_or(text.ticket)) }
                h2 { a href={ "/tickets/" (ticket.id) } data-part="title" dir="auto" { (ticket.title) } }
                @if let Some(starts_at) = starts_at { p.card-when { (moment::day_and_time(visitor, *starts_at)) } }
                @if let Some(venue) = venue { p.meta dir="auto" { (venue) } }
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
fn place(visitor: &Visitor, details: &EventDetails) -> Option<Markup> {
    let text = &visitor.text.ticket;
    let EventDetails { section, row, seat, .. } = details;
    let names = [(text.section, section.as_deref()), (text.row, row.as_deref()), (text.seat, seat.as_deref())];
    isolated::listed(names, " · ")
}

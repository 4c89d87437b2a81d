use client::{EventDetails, Ticket};
use maud::{Markup, html};

use super::{TicketState, event_name, isolated, moment};
use crate::visitor::Visitor;

/// A ticket in a list, with the actions available there. A script updates the parts marked `data-part` in
/// place.
pub(crate) fn ticket_card(visitor: &Visitor, ticket: &Ticket, action: Option<Markup>) -> Markup {
    let (text, state) = (&visitor.text.ticket, TicketState::of(ticket, visitor.now));
    let is_own = visitor.user.as_ref().is_some_and(|user| user.id == ticket.user_id);
    let badge = if is_own { state.badge_for_seller(visitor) } else { state.badge(visitor) };
    let EventDetails { event, venue, .. } = &ticket.details;
    let says_event = event.as_deref().is_some_and(|event| says(&ticket.title, [event]));
    let event = event_name(&ticket.details).filter(|_| !says_event);
    let place = place(visitor, &ticket.details).filter(|_| !says_place(&ticket.title, &ticket.details));
    html! {
        li.card data-ticket-id=(ticket.id) data-version=(ticket.version) data-state=(state.name())
            data-to-event=[ticket.details.event_id] {
            div.card-body {
                @if let Some(event) = event { (event) }
                h2 { a href={ "/tickets/" (ticket.id) } data-part="title" dir="auto" { (ticket.title) } }
                @if let Some(begins) = moment::begins(visitor, &ticket.details) { p.card-when { (begins) } }
                @if let Some(venue) = venue { p.meta dir="auto" { (venue) } }
                @if ticket.reserved_not_bought > 0 { p.meta { ((text.reserved_not_bought)(ticket.reserved_not_bought)) } }
                @if let Some(place) = place { p.meta { (place) } }
            }
            p.card-stub {
                span.price {
                    span.visually-hidden { (text.price) " " }
                    (price(visitor, ticket))
                }
                span data-part="state" { (badge) }
            }
            @if let Some(action) = action { (action) }
        }
    }
}

/// The price of a ticket, as only the server writes it. A script compares the amount with that of an event.
pub(crate) fn price(visitor: &Visitor, ticket: &Ticket) -> Markup {
    html! {
        span data-part="price" data-amount=(ticket.price) data-currency=(ticket.currency.code()) {
            (visitor.formats.money(ticket.price, ticket.currency))
        }
    }
}

/// Whether a title has all these words already: sellers like to write into it what the details say as well.
pub(crate) fn says<'a>(title: &str, texts: impl IntoIterator<Item = &'a str>) -> bool {
    let words = |text: &str| -> Vec<String> {
        let words = text.split(|letter: char| !letter.is_alphanumeric()).filter(|word| !word.is_empty());
        words.map(str::to_lowercase).collect()
    };
    let said = words(title);
    texts.into_iter().flat_map(words).all(|word| said.contains(&word))
}

fn says_place(title: &str, EventDetails { section, row, seat, .. }: &EventDetails) -> bool {
    says(title, [section, row, seat].into_iter().flatten().map(String::as_str))
}

/// Section, row and seat, as far as they are known.
pub(crate) fn place(visitor: &Visitor, details: &EventDetails) -> Option<Markup> {
    let text = &visitor.text.ticket;
    let EventDetails { section, row, seat, .. } = details;
    let names = [(text.section, section.as_deref()), (text.row, row.as_deref()), (text.seat, seat.as_deref())];
    isolated::listed(names, " · ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(section: Option<&str>, row: Option<&str>, seat: Option<&str>) -> EventDetails {
        let [section, row, seat] = [section, row, seat].map(|part| part.map(str::to_owned));
        EventDetails { section, row, seat, ..EventDetails::default() }
    }

    #[test]
    fn a_card_says_nothing_twice_and_leaves_nothing_out() {
        assert!(says("AIDA, front row", ["Aida"]) && says("Opéra: Aida", ["aida – Opéra"]));
        assert!(!says("Aidan sings", ["Aida"]) && !says("Front row", ["Aida"]));
        let place = at(Some("Stalls"), Some("C"), Some("23"));
        assert!(says_place("Stalls, row C, seat 23", &place));
        for title in ["Row C 23", "Stalls C 2", "Stalls C 233", "Stalls 23"] {
            assert!(!says_place(title, &place), "{title}");
        }
        assert!(says_place("Seat 23", &at(None, None, Some("23"))));
    }
}

//! Several tickets to one event are one card.

use client::{Event, EventId, Ticket};
use futures::future::join_all;
use maud::{Markup, html};

use crate::components::moment;
use crate::visitor::Visitor;

/// The events to which there are several of these tickets. Where one is not to be had at the moment, its tickets are shown
/// by themselves.
pub(super) async fn events_of(visitor: &Visitor, tickets: &[Ticket]) -> Vec<Event> {
    let several = named_twice(tickets.iter().filter_map(|ticket| ticket.details.event_id));
    let events = join_all(several.iter().map(|id| async { visitor.api.event(&id.to_string()).await })).await;
    // Its tickets may have been sold since they were listed here.
    events.into_iter().flatten().filter(|event| event.from_price.is_some()).collect()
}

fn named_twice(ids: impl Iterator<Item = EventId>) -> Vec<EventId> {
    let mut ids: Vec<_> = ids.map(|id| id.to_string()).collect();
    ids.sort_unstable();
    let twice = ids.chunk_by(|one, other| one == other).filter(|same| same.len() > 1);
    twice.filter_map(|same| same[0].parse().ok()).collect()
}

/// An event in a list of tickets. A script updates the part marked `data-part` in place.
pub(super) fn event_card(visitor: &Visitor, event: &Event) -> Markup {
    let text = &visitor.text.event;
    html! {
        li.card.event-card data-event-id=(event.id) data-state="for-sale" data-none=(text.none) {
            div.card-body {
                h2 { a href={ "/e/" (event.slug) } dir="auto" { (event.name) } }
                p.card-when { (moment::there(visitor, &event.starts_there())) }
                p.meta { bdi { (event.venue.name) } ", " bdi { (event.venue.city) } }
            }
            p.card-stub {
                @if let Some(price) = event.from_price {
                    span data-part="numbers" {
                        ((text.from)(&visitor.formats.money(price, event.currency), event.ticket_count))
                    }
                }
            }
        }
    }
}

use client::{Event, Page, Ticket};
use maud::{Markup, html};

use super::event_card::event_card;
use super::search::Search;
use crate::components::ticket_card;
use crate::visitor::Visitor;

/// What a search has found.
pub(super) struct Found {
    pub(super) tickets: Page<Ticket>,
    /// The events to which there are several of the tickets.
    pub(super) events: Vec<Event>,
}

/// The number of tickets, in words. If there are none, `results` explains why.
pub(super) fn count(visitor: &Visitor, search: &Search, tickets: &Page<Ticket>) -> String {
    let text = &visitor.text.catalogue;
    let number = tickets.items.len();
    let words = match (number, search.cursor.is_empty()) {
        _ if tickets.is_near && search.cursor.is_empty() => "",
        (_, false) => return (text.more)(number),
        (0, true) => "",
        (1, true) => text.one,
        (_, true) if tickets.has_next() => text.first,
        (_, true) => text.all,
    };
    words.replace("{}", &number.to_string())
}

/// The cards, and the link to the next page. Each of the events is one card, in place of its first ticket.
pub(super) fn results(visitor: &Visitor, search: &Search, Found { tickets, events }: &Found) -> Markup {
    let text = &visitor.text.catalogue;
    html! {
        @if tickets.is_near && search.cursor.is_empty() {
            div.notice {
                h2 { (text.near.replace("{}", search.q.trim())) }
                p { (text.near_words) }
            }
        }
        @if !tickets.items.is_empty() {
            ul.cards data-cards {
                @for (position, ticket) in tickets.items.iter().enumerate() {
                    @match events.iter().find(|event| is_to(ticket, event)) {
                        None => (ticket_card(visitor, ticket, None)),
                        Some(event) if tickets.items[..position].iter().any(|other| is_to(other, event)) => {},
                        Some(event) => (event_card(visitor, event)),
                    }
                }
            }
        } @else if search.cursor.is_empty() {
            (none(visitor, search))
        }
        p.more {
            @if !search.cursor.is_empty() { a.button href=(search.address(None)) { (text.beginning) } }
            @if let Some(next) = tickets.next_cursor() {
                a.button href=(search.address(Some(&next))) data-more { (text.load_more) }
            }
        }
    }
}

fn is_to(ticket: &Ticket, event: &Event) -> bool {
    ticket.details.event_id == Some(event.id)
}

/// Why there are no results, and what to do about it.
fn none(visitor: &Visitor, search: &Search) -> Markup {
    let text = &visitor.text.catalogue;
    html! {
        div.notice {
            @if search.is_narrowed() {
                h2 { (text.nothing) }
                p { (text.nothing_words) }
                p { a.button href="/" { (text.clear) } }
            } @else {
                h2 { (text.empty) }
                p { (text.empty_words) }
                p { a.button.primary href="/sell" { (text.sell) } }
            }
        }
    }
}

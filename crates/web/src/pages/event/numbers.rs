//! How many seats side by side a visitor asks for.

use client::{Event, Page, Ticket, TicketFilter};
use maud::{Markup, html};

use super::Shown;
use super::together::together;
use crate::visitor::Visitor;

/// Among how many it is looked for seats together.
const LOOKED_AMONG: usize = 500;
/// How many together one is asked for.
const TOGETHER: [usize; 3] = [2, 3, 4];
/// How many together one can ask for, by the address: more than most sellers have.
const MOST_TOGETHER: usize = 20;

/// The number in an address; `None` if it is none, or nobody has so many.
pub(super) fn number(text: &str) -> Option<usize> {
    (2..=MOST_TOGETHER).find(|number| number.to_string() == text)
}

/// A page of the tickets; and where so many together are wanted, all of which it is to be known who is beside whom.
pub(super) async fn read(
    visitor: &Visitor,
    filter: &TicketFilter,
    together: usize,
) -> Result<Page<Ticket>, client::Error> {
    if together == 1 {
        return visitor.api.tickets(filter).await;
    }
    let filter = TicketFilter { limit: Some(100), cursor: None, ..filter.clone() };
    let mut tickets = visitor.api.tickets(&filter).await?;
    while tickets.items.len() < LOOKED_AMONG
        && let Some(next) = visitor.api.next_page(&tickets).await?
    {
        let mut before = std::mem::replace(&mut tickets, next);
        before.items.append(&mut tickets.items);
        tickets.items = before.items;
    }
    Ok(tickets)
}

/// How many seats together, each number leading to the tickets that have so many, if some have.
pub(super) fn numbers(visitor: &Visitor, event: &Event, shown: &Shown, tickets: &Page<Ticket>) -> Markup {
    let (text, chosen) = (&visitor.text.event, shown.at_least());
    let name = |number| match number {
        1 => text.any_number.to_owned(),
        number if TOGETHER.last() <= Some(&number) => (text.so_many_or_more)(number),
        number => (text.so_many_together)(number),
    };
    let own = Some(chosen).filter(|chosen| TOGETHER.last() < Some(chosen));
    // Who is beside whom is not known of what is on other pages.
    let is_likely = tickets.has_next() || !shown.cursor.is_empty();
    let has_some = together(&tickets.items).iter().any(|group| group.len() > 1);
    html! {
        @if chosen > 1 || has_some || is_likely {
            nav.chips aria-label=(text.together) {
                ul {
                    @for number in std::iter::once(1).chain(TOGETHER).chain(own) {
                        li {
                            a href=(shown.of_number(number).address(event, None))
                                aria-current=[(number == chosen).then_some("page")] { (name(number)) }
                        }
                    }
                }
            }
        }
        @if chosen > 1 {
            p.meta {
                (text.together_words)
                @if tickets.has_next() { " " ((text.among)(tickets.items.len())) }
            }
        }
    }
}

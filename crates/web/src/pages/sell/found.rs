use client::Event;
use maud::{Markup, html};

use super::{FIND, address};
use crate::components::{Field, TicketForm, TypedTicket, moment};
use crate::forms::FormErrors;
use crate::pages::add_event;
use crate::visitor::Visitor;

/// The longest that can be looked for.
pub(super) const LONGEST: usize = 200;

/// The events that a seller is offered, who begins to say which it is.
pub(super) struct Found {
    q: String,
    /// `None` until they have begun, or if nobody answers: one can sell without.
    events: Option<Vec<Event>>,
}

impl Found {
    pub(super) async fn of(visitor: &Visitor, q: String) -> Self {
        if q.trim().is_empty() {
            return Self { q, events: None };
        }
        let events = visitor.api.events(q.trim()).await.ok();
        Self { q, events }
    }

    /// Its fields belong to the form of the ticket, so that what is typed there goes along.
    pub(super) fn show(&self, visitor: &Visitor, typed: &TypedTicket) -> Markup {
        let (text, none) = (&visitor.text.event.find, FormErrors::default());
        html! {
            section.find-event aria-labelledby="find" {
                // The first button of a form is the one that the Enter key presses.
                button.visually-hidden form=(TicketForm::ID) formaction=(FIND) formnovalidate name="entered" value="1"
                    tabindex="-1" aria-hidden="true" {}
                h2 #find { (text.heading) }
                p.meta { (text.words) }
                div role="search" {
                    (Field::text("q", text.label, &self.q, &none)
                        .kind("search").autocomplete("off").max_length(LONGEST).of_form(TicketForm::ID))
                    button form=(TicketForm::ID) formaction=(FIND) formnovalidate { (text.button) }
                }
                div data-region="events" {
                    @if let Some(events) = &self.events { (self.offers(visitor, typed, events)) }
                }
            }
        }
    }

    fn offers(&self, visitor: &Visitor, typed: &TypedTicket, events: &[Event]) -> Markup {
        let text = &visitor.text.event.find;
        html! {
            @if events.is_empty() { p { (text.none) } } @else {
                ul.offers { @for event in events { (offer(visitor, typed, event)) } }
            }
            p { a.button href=(add_event::address(self.q.trim())) { (text.add) } }
        }
    }
}

fn offer(visitor: &Visitor, typed: &TypedTicket, event: &Event) -> Markup {
    let id = event.id.to_string();
    html! {
        li {
            p {
                a href=(address(typed, ("event", id.as_str()))) dir="auto" { (event.name) } br;
                span.meta {
                    bdi { (event.venue.name) } ", " bdi { (event.venue.city) } " · "
                    (moment::there(visitor, &event.starts_there()))
                }
            }
        }
    }
}

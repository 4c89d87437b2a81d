use client::Event;
use maud::{Markup, html};

use crate::components::{Field, moment};
use crate::forms::FormErrors;
use crate::pages::add_event;
use crate::visitor::Visitor;

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

    pub(super) fn show(&self, visitor: &Visitor) -> Markup {
        let (text, none) = (&visitor.text.event.find, FormErrors::default());
        html! {
            section.find-event aria-labelledby="find" {
                h2 #find { (text.heading) }
                p.meta { (text.words) }
                form role="search" action="/sell" data-find-event {
                    (Field::text("q", text.label, &self.q, &none).kind("search").autocomplete("off").max_length(200))
                    button { (text.button) }
                }
                div data-region="events" {
                    @if let Some(events) = &self.events { (self.offers(visitor, events)) }
                }
            }
        }
    }

    fn offers(&self, visitor: &Visitor, events: &[Event]) -> Markup {
        let text = &visitor.text.event.find;
        html! {
            @if events.is_empty() { p { (text.none) } } @else {
                ul.offers { @for event in events { (offer(visitor, event)) } }
            }
            p { a.button href=(add_event::address(self.q.trim())) { (text.add) } }
        }
    }
}

fn offer(visitor: &Visitor, event: &Event) -> Markup {
    html! {
        li {
            p {
                a href={ "/sell?event=" (event.id) } dir="auto" { (event.name) } br;
                span.meta {
                    bdi { (event.venue.name) } ", " bdi { (event.venue.city) } " · "
                    (moment::there(visitor, &event.starts_there()))
                }
            }
        }
    }
}

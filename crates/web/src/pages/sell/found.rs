use client::{Event, EventFilter, Page};
use http::StatusCode;
use maud::{Markup, html};

use crate::components::{Field, moment};
use crate::forms::FormErrors;
use crate::pages::add_event;
use crate::visitor::Visitor;

/// The events that a seller is offered, who begins to say which it is.
pub(super) struct Found {
    q: String,
    /// Whether this is not the first page.
    is_further: bool,
    /// `None` until they have begun, or if nobody answers: one can sell without.
    events: Option<Page<Event>>,
}

impl Found {
    /// What is called so, from the cursor on.
    pub(super) async fn of(visitor: &Visitor, q: String, cursor: &str) -> Self {
        let sought = q.trim();
        if sought.is_empty() {
            return Self { q, is_further: false, events: None };
        }
        let page = async |cursor| {
            visitor.api.events(&EventFilter { q: Some(sought.to_owned()), cursor, ..EventFilter::default() }).await
        };
        let cursor = Some(cursor).filter(|cursor| !cursor.is_empty()).map(str::to_owned);
        let is_further = cursor.is_some();
        match page(cursor).await {
            // The cursor is of another list: that of this one begins with the first page.
            Err(error) if is_further && error.status() == Some(StatusCode::BAD_REQUEST) => {
                Self { events: page(None).await.ok(), is_further: false, q }
            }
            found => Self { events: found.ok(), is_further, q },
        }
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

    fn offers(&self, visitor: &Visitor, events: &Page<Event>) -> Markup {
        let text = &visitor.text.event.find;
        let next = events.next_cursor();
        html! {
            @if !events.items.is_empty() {
                ul.offers { @for event in &events.items { (offer(visitor, event)) } }
            } @else if self.is_further { p { (text.no_further) } } @else { p { (text.none) } }
            @if self.is_further || next.is_some() {
                p.more {
                    @if self.is_further { a.button href=(self.address(None)) data-more { (text.beginning) } }
                    @if let Some(next) = &next { a.button href=(self.address(Some(next))) data-more { (text.more) } }
                }
            }
            p { a.button href=(add_event::address(self.q.trim())) { (text.add) } }
        }
    }

    /// The address of a page of these events.
    fn address(&self, cursor: Option<&str>) -> String {
        let mut query = form_urlencoded::Serializer::new(String::new());
        query.append_pair("q", self.q.trim()).extend_pairs(cursor.map(|cursor| ("cursor", cursor)));
        format!("/sell?{}", query.finish())
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

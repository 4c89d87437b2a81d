use client::{Event, EventFilter, Page};
use http::StatusCode;
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

    fn offers(&self, visitor: &Visitor, typed: &TypedTicket, events: &Page<Event>) -> Markup {
        let text = &visitor.text.event.find;
        let next = events.next_cursor();
        html! {
            @if !events.items.is_empty() {
                ul.offers { @for event in &events.items { (offer(visitor, typed, event)) } }
            } @else if self.is_further { p { (text.no_further) } } @else { p { (text.none) } }
            @if self.is_further || next.is_some() {
                p.more {
                    @if self.is_further { a.button href=(self.page(typed, None)) data-more { (text.beginning) } }
                    @if let Some(next) = &next { a.button href=(self.page(typed, Some(next))) data-more { (text.more) } }
                }
            }
            p { a.button href=(add_event::address(self.q.trim())) { (text.add) } }
        }
    }

    /// The address of a page of these events, with what is typed.
    fn page(&self, typed: &TypedTicket, cursor: Option<&str>) -> String {
        let first = address(typed, ("q", self.q.trim()));
        let cursor = cursor.map(|cursor| form_urlencoded::byte_serialize(cursor.as_bytes()).collect::<String>());
        cursor.map_or(first.clone(), |cursor| format!("{first}&cursor={cursor}"))
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

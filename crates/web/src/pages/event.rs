use axum::extract::Path;
use axum::extract::rejection::PathRejection;
use axum::response::{IntoResponse, Redirect, Response};
use client::{Event, EventId, EventStatus, Page as Part, Ticket, TicketFilter, TicketSort};
use http::StatusCode;
use maud::{Markup, html};
use serde::Deserialize;

use crate::components::{moment, place, says};
use crate::error::PageError;
use crate::layout::Page;
use crate::pages::door;
use crate::preview::Preview;
use crate::query::Query;
use crate::structured_data;
use crate::visitor::Visitor;

mod calendar;
mod numbers;
mod together;

pub(crate) use calendar::show as calendar;
use numbers::{number, numbers, read};
use together::together;

/// How many tickets are shown at once.
const PAGE: u32 = 50;

/// The query: the kind of tickets, how many seats together, and the page of the list.
#[derive(Clone, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Shown {
    tier: String,
    /// How many seats side by side, as text: nonsense is the same as any number.
    together: String,
    cursor: String,
}

/// The address of its page, which leads on to the readable one.
pub(crate) fn address(id: &EventId) -> String {
    format!("/e/{id}")
}

/// The readable address of its page.
pub(crate) fn path(slug: &str) -> String {
    format!("/e/{slug}")
}

pub(crate) async fn show(
    visitor: Visitor,
    slug: Result<Path<String>, PathRejection>,
    Query(shown): Query<Shown>,
) -> Result<Response, PageError> {
    let slug = slug.ok().map(|Path(slug)| slug);
    let event = find(&visitor, slug.as_deref()).await?;
    if slug.is_some_and(|slug| slug != event.slug) {
        return Ok(Redirect::permanent(&shown.address(&event, None)).into_response());
    }
    let filter = TicketFilter {
        event_id: Some(event.id),
        tier: Some(shown.tier.clone()).filter(|tier| !tier.is_empty()),
        sort: Some(TicketSort::Cheapest),
        limit: Some(PAGE),
        cursor: Some(shown.cursor.clone()).filter(|cursor| !cursor.is_empty()),
        ..TicketFilter::default()
    };
    let (tickets, organises) = tokio::join!(read(&visitor, &filter, shown.at_least()), organises(&visitor, event.id));
    match tickets {
        Ok(tickets) => Ok(page(&visitor, &event, &shown, &tickets, organises == Some(true))),
        // The cursor is none, or the tier: start with all.
        Err(error) if error.status() == Some(StatusCode::BAD_REQUEST) => {
            Ok(Redirect::to(&Shown::default().address(&event, None)).into_response())
        }
        Err(error) => Err(error.into()),
    }
}

/// Whether the visitor organises the event, as far as that can be had now. Nobody is asked about strangers.
pub(crate) async fn organises(visitor: &Visitor, event: EventId) -> Option<bool> {
    if visitor.user.is_none() {
        return Some(false);
    }
    visitor.api.organises(event).await.ok()
}

/// The event that is called so in addresses, or has this id, in whichever letters.
pub(crate) async fn find(visitor: &Visitor, name: Option<&str>) -> Result<Event, PageError> {
    let name = name.map(str::to_ascii_lowercase).filter(|name| is_slug(name)).ok_or(PageError::NotFound)?;
    Ok(visitor.api.event(&name).await?)
}

fn is_slug(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte == b'-' || byte.is_ascii_lowercase() || byte.is_ascii_digit())
}

fn page(visitor: &Visitor, event: &Event, shown: &Shown, tickets: &Part<Ticket>, organises: bool) -> Response {
    let text = &visitor.text.event;
    let begins = event.starts_there();
    let main = html! {
        h1 dir="auto" { (event.name) }
        div data-region="event" {
            p.event-when { (moment::there(visitor, &begins)) (moment::yours(visitor, &begins)) }
            p.meta { bdi { (event.venue.name) } ", " bdi { (event.venue.city) } ", " bdi { (event.venue.country) } }
            @match event.status {
                EventStatus::Public => {},
                EventStatus::Moved => p.notice-line { (text.moved) },
                EventStatus::Cancelled => p.notice-line { (text.cancelled) },
            }
        }
        section data-region="event-tickets" data-event-id=(event.id) aria-labelledby="tickets" {
            @if let Some(price) = event.from_price {
                p.event-from { ((text.from)(&visitor.formats.money(price, event.currency), event.ticket_count)) }
            }
            h2.visually-hidden #tickets {
                @if shown.at_least() > 1 { (text.tickets_together) } @else { (text.tickets) }
            }
            (chips(visitor, event, shown))
            (numbers(visitor, event, shown, tickets))
            (offers(visitor, event, shown, tickets))
        }
        div data-region="event-ways" {
            // Also once it has begun: people come late.
            @if organises { p { a.button href=(door::address(event.id)) { (visitor.text.door.link) } } }
            @if event.starts_at > visitor.now && event.status != EventStatus::Cancelled {
                p { a.button href={ "/sell?event=" (event.id) } { (text.sell) } }
                p { a href={ (path(&event.slug)) "/event.ics" } { (visitor.text.layout.add_to_calendar) } }
            }
        }
    };
    Page::new(visitor, &event.name, main).script("event.js").preview(Some(preview(visitor, event))).into_response()
}

/// Whichever of its tickets are shown, it is the page of the event.
fn preview(visitor: &Visitor, event: &Event) -> Preview {
    let text = &visitor.text.event;
    let tickets = match event.from_price {
        _ if event.status == EventStatus::Cancelled => text.cancelled.to_owned(),
        Some(price) => (text.from)(&visitor.formats.money(price, event.currency), event.ticket_count),
        None => text.none.to_owned(),
    };
    let begins = moment::there_in_words(visitor, &event.starts_there());
    let said = [(text.about)(&event.name), begins, event.venue.to_string(), tickets].join(" · ");
    Preview::new(path(&event.slug), said).data(Some(structured_data::of_event(visitor, event)))
}

/// The kinds of tickets, each leading to those alone.
fn chips(visitor: &Visitor, event: &Event, shown: &Shown) -> Markup {
    let text = &visitor.text.event;
    let tiers = event.tiers.iter().map(|tier| (tier.name.as_str(), tier.name.as_str()));
    html! {
        @if event.tiers.len() > 1 {
            nav.chips aria-label=(text.tiers) {
                ul {
                    @for (tier, name) in std::iter::once(("", text.any)).chain(tiers) {
                        li {
                            a href=(shown.of_tier(tier).address(event, None))
                                aria-current=[(shown.tier == tier).then_some("page")] dir="auto" { (name) }
                        }
                    }
                }
            }
        }
    }
}

fn offers(visitor: &Visitor, event: &Event, shown: &Shown, tickets: &Part<Ticket>) -> Markup {
    let (text, at_least) = (&visitor.text.event, shown.at_least());
    let groups = together(&tickets.items);
    let is_shown = |group: &&Vec<&Ticket>| group.len() >= at_least;
    html! {
        @if groups.iter().any(|group| is_shown(&group)) {
            ul.offers {
                @if at_least == 1 {
                    @for ticket in &tickets.items { (offer(visitor, ticket, neighbours(&groups, ticket))) }
                } @else {
                    @for group in groups.iter().filter(is_shown) {
                        @for ticket in group { (offer(visitor, ticket, group.len())) }
                    }
                }
            }
        } @else if at_least > 1 && !tickets.items.is_empty() {
            p.meta { (text.none_together) }
        } @else if event.starts_at <= visitor.now {
            p.meta { (text.begun) }
        } @else if event.status == EventStatus::Cancelled {
            p.meta { (text.none_of_cancelled) }
        } @else if !shown.tier.is_empty() {
            p.meta { (text.none_of_tier) }
        } @else if shown.cursor.is_empty() {
            div.notice { p { strong { (text.none) } } p { (text.none_words) } }
        }
        p.more {
            @if at_least == 1 {
                @if !shown.cursor.is_empty() { a.button href=(shown.address(event, None)) { (text.beginning) } }
                @if let Some(next) = tickets.next_cursor() {
                    a.button href=(shown.address(event, Some(&next))) { (text.load_more) }
                }
            }
        }
    }
}

/// How many are together with this one.
fn neighbours(groups: &[Vec<&Ticket>], ticket: &Ticket) -> usize {
    let its_own = groups.iter().find(|group| group.iter().any(|other| other.id == ticket.id));
    its_own.map_or(1, Vec::len)
}

/// A ticket, named by what differs between tickets to one event; `together` is how many are side by side with it.
fn offer(visitor: &Visitor, ticket: &Ticket, together: usize) -> Markup {
    let number = (together > 1).then(|| html! { ((visitor.text.event.so_many_together)(together)) });
    let tier = ticket.details.tier.as_ref().map(|tier| html! { bdi { (tier) } });
    let (title, place) = (html! { (ticket.title) }, place(visitor, &ticket.details));
    let (name, place) = match place {
        Some(place) if is_only_of_event_and_seat(visitor, ticket) => (place, None),
        place => (title, place),
    };
    let facts: Vec<_> = [tier, place, number].into_iter().flatten().collect();
    html! {
        li data-ticket-id=(ticket.id) data-version=(ticket.version) {
            p {
                a href={ "/tickets/" (ticket.id) } dir="auto" { (name) }
                @if !facts.is_empty() { br; span.meta { (facts[0]) @for fact in &facts[1..] { " · " (fact) } } }
            }
            span.price { (visitor.formats.money(ticket.price, ticket.currency)) }
        }
    }
}

/// Whether the title says nothing but what the page says of the event and the seat as well.
fn is_only_of_event_and_seat(visitor: &Visitor, ticket: &Ticket) -> bool {
    let (text, details) = (&visitor.text.ticket, &ticket.details);
    let said = [&details.event, &details.tier, &details.section, &details.row, &details.seat];
    let said: Vec<_> = said.into_iter().flatten().map(String::as_str).collect();
    says(&[&said[..], &[text.section, text.row, text.seat]].concat().join(" "), [ticket.title.as_str()])
}

impl Shown {
    /// How many seats together at least.
    fn at_least(&self) -> usize {
        number(&self.together).unwrap_or(1)
    }

    fn of_tier(&self, tier: &str) -> Self {
        Self { tier: tier.to_owned(), ..self.clone() }
    }

    fn of_number(&self, number: usize) -> Self {
        let together = if number == 1 { String::new() } else { number.to_string() };
        Self { together, ..self.clone() }
    }

    /// The address of these tickets, from the cursor on.
    fn address(&self, event: &Event, cursor: Option<&str>) -> String {
        let together = if self.at_least() == 1 { "" } else { &self.together };
        let fields = [("tier", self.tier.as_str()), ("together", together), ("cursor", cursor.unwrap_or_default())];
        let given = fields.into_iter().filter(|(_, text)| !text.is_empty());
        let query = form_urlencoded::Serializer::new(String::new()).extend_pairs(given).finish();
        let path = path(&event.slug);
        if query.is_empty() { path } else { format!("{path}?{query}") }
    }
}

#[cfg(test)]
mod tests;

use axum::response::{IntoResponse, Redirect, Response};
use client::{DeliveryPromise, EventDetails, Order, Ticket, TicketId};
use maud::{Markup, html};

use crate::components::{TicketState, event_name, isolated, moment};
use crate::error::PageError;
use crate::forms::FormErrors;
use crate::layout::Page;
use crate::pages::order::EventNews;
use crate::pages::{catalogue, delivery, event};
use crate::path::PathId;
use crate::preview::Preview;
use crate::structured_data;
use crate::visitor::Visitor;

mod buy;
mod stub;
#[cfg(test)]
mod tests;

pub(crate) use buy::submit as buy;
use stub::stub;

pub(crate) async fn show(visitor: Visitor, PathId(id): PathId<common::id::Ticket>) -> Result<Response, PageError> {
    page(&visitor, id, &FormErrors::default()).await
}

/// For requests of the form's URL, such as a reload of its response.
pub(crate) async fn back(PathId(id): PathId<common::id::Ticket>) -> Redirect {
    Redirect::to(&address(id))
}

/// The address of its page.
pub(crate) fn address(id: TicketId) -> String {
    format!("/tickets/{id}")
}

async fn page(visitor: &Visitor, id: TicketId, errors: &FormErrors) -> Result<Response, PageError> {
    let ticket = visitor.api.ticket(id).await?;
    let (order, news, is_owed, used_at) = tokio::join!(
        own_order(visitor, &ticket),
        news_of_event(visitor, &ticket),
        delivery::is_owed(visitor, &ticket),
        delivery::used_at(visitor, &ticket)
    );
    let text = &visitor.text.ticket;
    let main = html! {
        p.visually-hidden role="status" data-announcement {}
        (errors.summary(visitor))
        article.ticket data-region="ticket" data-ticket-id=(id) data-version=(ticket.version)
            data-state=(TicketState::of(&ticket, visitor.now).name()) data-address=(address(id)) {
            div.ticket-body {
                @if let Some(event) = event_name(&ticket.details) { (event) }
                h1 dir="auto" { (ticket.title) }
                (news.in_words(visitor))
                (details(visitor, &ticket.details))
                @if ticket.also_offered { p.message.warn { (text.also_offered) } }
                @if visitor.user.as_ref().is_none_or(|user| user.id != ticket.user_id) { (assurances(visitor, &ticket)) }
            }
            (stub(visitor, &ticket, order.as_ref(), (is_owed, used_at)))
        }
        p.ticket-ways {
            @if let Some(event) = &ticket.details.event {
                a href=(more_of(&ticket, event)) { (isolated::within(text.more_of, event)) }
            }
            a href="/" { (text.browse) }
        }
    };
    let page = Page::new(visitor, &ticket.title, main).script("ticket.js").preview(preview(visitor, &ticket));
    Ok(errors.on(page).into_response())
}

/// Search engines are told of it while it may be bought, or may be again.
fn preview(visitor: &Visitor, ticket: &Ticket) -> Option<Preview> {
    match TicketState::of(ticket, visitor.now) {
        TicketState::ForSale | TicketState::Locked => {}
        TicketState::Unsealed
        | TicketState::Overdue
        | TicketState::Sold
        | TicketState::Withdrawn
        | TicketState::Begun => return None,
    }
    let (details, price) = (&ticket.details, visitor.formats.money(ticket.price, ticket.currency));
    let begins = moment::in_words(visitor, details);
    let known = [Some(ticket.title.clone()), details.event.clone(), begins, details.venue.clone(), Some(price)];
    let said = known.into_iter().flatten().collect::<Vec<_>>().join(" · ");
    Some(Preview::new(address(ticket.id), said).data(structured_data::of_ticket(visitor, ticket)))
}

/// What has become of its event. A ticket for sale follows it, any other is what was bought.
async fn news_of_event(visitor: &Visitor, ticket: &Ticket) -> EventNews {
    match TicketState::of(ticket, visitor.now) {
        TicketState::Locked | TicketState::Sold | TicketState::Withdrawn => {
            EventNews::of(visitor, &ticket.details).await
        }
        TicketState::ForSale | TicketState::Unsealed | TicketState::Overdue | TicketState::Begun => {
            EventNews::default()
        }
    }
}

/// The visitor's order that holds or has bought the ticket, if there is one.
async fn own_order(visitor: &Visitor, ticket: &Ticket) -> Option<Order> {
    visitor.user.as_ref()?;
    // An order of another user is refused; and while orders is unreachable the ticket is still shown.
    visitor.api.order(ticket.order_id?).await.ok()
}

/// What is known of the event and the seat.
pub(super) fn details(visitor: &Visitor, details: &EventDetails) -> Markup {
    let text = &visitor.text.ticket;
    let EventDetails { venue, section, row, seat, tier, .. } = details;
    let places = [(visitor.text.sell.form.tier, tier), (text.section, section), (text.row, row), (text.seat, seat)];
    let said = EventDetails { delivery: None, ..details.clone() };
    if said == EventDetails::default() {
        return html! { p.meta { (text.no_details) } };
    }
    html! {
        dl.ticket-facts {
            @if let Some(venue) = venue { div.wide { dt { (text.venue) } dd dir="auto" { (venue) } } }
            @if let Some(begins) = moment::begins(visitor, details) {
                div.wide {
                    dt { (text.starts_at) }
                    dd { (begins) @if let Some(time) = details.starts_there() { (moment::yours(visitor, &time)) } }
                }
            }
            @for (name, value) in places {
                @if let Some(value) = value { div { dt { (name) } dd dir="auto" { (value) } } }
            }
        }
    }
}

/// What a buyer may rely on.
fn assurances(visitor: &Visitor, ticket: &Ticket) -> Markup {
    let text = &visitor.text.ticket;
    let (is_promised, promise) = promise(visitor, &ticket.details);
    let is_ours = matches!(ticket.details.delivery, Some(DeliveryPromise::Ours { bought_by: None, .. }));
    let by_organiser = is_ours && !ticket.sold_on;
    let seller = if by_organiser { text.organiser } else { text.private_seller };
    html! {
        section.assurances aria-label=(text.assurances) {
            @if !is_promised { p.promise { (promise) } }
            ul {
                @if is_promised { li { (promise) } }
                @for (words, sentence) in text.assured.into_iter().chain([seller]) { li { strong { (words) } " " (sentence) } }
            }
        }
    }
}

/// How the ticket comes to its buyer, and whether anything is promised of that.
pub(super) fn promise(visitor: &Visitor, details: &EventDetails) -> (bool, Markup) {
    let text = &visitor.text.ticket.promise;
    let said = |(words, sentence): (&str, &str)| html! { strong { (words) } " " (sentence) };
    match &details.delivery {
        Some(DeliveryPromise::Sealed { seal, .. }) if seal.is_none() => (true, said(text.to_be_sealed)),
        Some(DeliveryPromise::Ours { seal, .. }) if seal.is_none() => (true, said(text.to_be_granted)),
        Some(DeliveryPromise::Sealed { checked: true, .. }) => (true, said(text.checked)),
        Some(DeliveryPromise::Sealed { checked: false, .. }) => (true, said(text.not_checked)),
        Some(DeliveryPromise::Later { .. }) => {
            let (words, sentence) = text.later;
            (true, html! { strong { (words) " " (delivery::until(visitor, details)) } ", " (sentence) })
        }
        Some(DeliveryPromise::Ours { .. }) => (true, said(text.ours)),
        Some(DeliveryPromise::Other) | None => (false, said(text.nothing)),
    }
}

/// All tickets to a known event; to another, those whose sellers call it the same, at the same venue.
fn more_of(ticket: &Ticket, event: &str) -> String {
    let EventDetails { event_id, venue, .. } = &ticket.details;
    event_id.map_or_else(|| catalogue::address_of(event, venue.as_deref()), |id| event::address(&id))
}

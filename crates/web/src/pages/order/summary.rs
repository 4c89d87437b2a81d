use client::{Event, EventDetails, EventStatus, Order};
use maud::{Markup, html};

use crate::components::{isolated, moment, order_number};
use crate::visitor::Visitor;

/// What is bought, as it was when it was ordered (invariant I14).
pub(super) async fn summary(visitor: &Visitor, order: &Order) -> Markup {
    let text = &visitor.text.orders;
    let news = event_news(visitor, &order.ticket.details).await;
    let price = visitor.formats.money(order.ticket.price, order.ticket.currency);
    html! {
        aside.panel.order-summary aria-labelledby="summary" {
            h2 #summary { (text.summary) }
            p.order-title { a href={ "/tickets/" (order.ticket.id) } dir="auto" { (order.ticket.title) } }
            @if let Some(news) = news { (news) }
            dl.facts {
                (details(visitor, &order.ticket.details))
                div.total { dt { (text.total) } dd { (price) } }
            }
            p.meta { (text.order_number) " " (order_number(order.id)) }
        }
    }
}

/// What has become of the event since a ticket said this of it, as far as that is known and can be had now.
pub(crate) async fn event_news(visitor: &Visitor, details: &EventDetails) -> Option<Markup> {
    let event = visitor.api.event(&details.event_id?.to_string()).await.ok()?;
    Some(news(visitor, &event, details))
}

fn news(visitor: &Visitor, event: &Event, ordered: &EventDetails) -> Markup {
    let venue = format!("{}, {}", event.venue.name, event.venue.city);
    let is_as_ordered = ordered.starts_at == Some(event.starts_at) && ordered.venue.as_ref() == Some(&venue);
    html! {
        @if event.status == EventStatus::Cancelled {
            p.message.warn { (visitor.text.event.cancelled) }
        } @else if !is_as_ordered {
            p.message.warn {
                (visitor.text.orders.event_moved) " " (moment::there(visitor, &event.starts_there())) ", " bdi { (venue) }
            }
        }
    }
}

/// The details of a ticket, as the rows of a list.
pub(crate) fn details(visitor: &Visitor, details: &EventDetails) -> Markup {
    let text = &visitor.text.orders;
    let EventDetails { event, venue, section, row, seat, tier, .. } = details;
    let names = &visitor.text.ticket;
    let seat = [(names.section, section.as_deref()), (names.row, row.as_deref()), (names.seat, seat.as_deref())];
    html! {
        @if let Some(event) = event { div { dt { (text.event) } dd dir="auto" { (event) } } }
        @if let Some(venue) = venue { div { dt { (text.venue) } dd dir="auto" { (venue) } } }
        @if let Some(begins) = moment::begins(visitor, details) { div { dt { (text.date) } dd { (begins) } } }
        @if let Some(tier) = tier { div { dt { (visitor.text.sell.form.tier) } dd dir="auto" { (tier) } } }
        @if let Some(seat) = isolated::listed(seat, ", ") { div { dt { (text.seat) } dd { (seat) } } }
    }
}

use client::{EventDetails, Order};
use maud::{Markup, html};

use crate::components::{moment, order_number};
use crate::visitor::Visitor;

/// What is bought, as it was when it was ordered (invariant I14).
pub(super) fn summary(visitor: &Visitor, order: &Order) -> Markup {
    let text = &visitor.text.orders;
    let price = visitor.formats.money(order.ticket.price, order.ticket.currency);
    html! {
        aside.panel.order-summary aria-labelledby="summary" {
            h2 #summary { (text.summary) }
            p.order-title { a href={ "/tickets/" (order.ticket.id) } { (order.ticket.title) } }
            dl.facts {
                (details(visitor, &order.ticket.details))
                div.total { dt { (text.total) } dd { (price) } }
            }
            p.meta { (text.order_number) " " (order_number(order.id)) }
        }
    }
}

/// The details of a ticket, as the rows of a list.
pub(crate) fn details(visitor: &Visitor, details: &EventDetails) -> Markup {
    let text = &visitor.text.orders;
    let EventDetails { event, venue, section, row, seat, tier, .. } = details;
    let seat = (text.seat_words)(section.as_deref(), row.as_deref(), seat.as_deref());
    html! {
        @if let Some(event) = event { div { dt { (text.event) } dd { (event) } } }
        @if let Some(venue) = venue { div { dt { (text.venue) } dd { (venue) } } }
        @if let Some(begins) = moment::begins(visitor, details) { div { dt { (text.date) } dd { (begins) } } }
        @if let Some(tier) = tier { div { dt { (visitor.text.sell.form.tier) } dd { (tier) } } }
        @if !seat.is_empty() { div { dt { (text.seat) } dd { (seat) } } }
    }
}

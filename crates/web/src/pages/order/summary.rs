use client::{EventDetails, Order};
use maud::{Markup, html};

use super::EventNews;
use crate::components::{isolated, moment, order_number};
use crate::visitor::Visitor;

/// What is bought, as it was when it was ordered (invariant I14).
pub(super) fn summary(visitor: &Visitor, order: &Order, news: &EventNews) -> Markup {
    let text = &visitor.text.orders;
    let price = visitor.formats.money(order.ticket.price, order.ticket.currency);
    html! {
        aside.panel.order-summary aria-labelledby="summary" {
            h2 #summary { (text.summary) }
            p.order-title { a href={ "/tickets/" (order.ticket.id) } dir="auto" { (order.ticket.title) } }
            (news.in_words(visitor))
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

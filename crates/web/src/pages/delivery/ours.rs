//! Of a ticket that we issue there is nothing to hand in: it is for sale once we have found that its seller may sell it.

use axum::response::{IntoResponse, Response};
use client::{DeliveryPromise, Sealing, SealingState, Ticket, Timestamp};
use maud::{Markup, html};

use crate::components::TicketState;
use crate::forms::FormErrors;
use crate::layout::Page;
use crate::visitor::Visitor;

/// Whether it is for sale.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Standing {
    /// In a moment.
    Soon,
    ForSale,
    /// Its seller may not sell it.
    Refused,
    Reserved,
    Sold,
    /// It is withdrawn, or its event has begun.
    Over,
}

impl Standing {
    fn of(ticket: &Ticket, sealing: &Sealing, now: Timestamp) -> Self {
        match (TicketState::of(ticket, now), sealing.state) {
            (TicketState::Sold, _) | (_, SealingState::Sold) => Self::Sold,
            (TicketState::Withdrawn | TicketState::Begun, _) | (_, SealingState::Withdrawn) => Self::Over,
            (TicketState::Locked, _) => Self::Reserved,
            // The ticket is told a moment later.
            (TicketState::Unsealed, SealingState::Refused) => Self::Refused,
            (TicketState::Unsealed, _) => Self::Soon,
            (TicketState::ForSale | TicketState::Overdue, _) => Self::ForSale,
        }
    }

    /// The CSS class of its colour.
    fn tone(self) -> &'static str {
        match self {
            Self::Soon | Self::ForSale | Self::Sold => "good",
            Self::Refused | Self::Reserved | Self::Over => "warn",
        }
    }
}

pub(super) fn page(visitor: &Visitor, ticket: &Ticket, sealing: &Sealing, errors: &FormErrors) -> Response {
    let text = &visitor.text.delivery.issued;
    let standing = Standing::of(ticket, sealing, visitor.now);
    let is_passing = standing == Standing::Soon;
    let main = html! {
        div.narrow data-region="delivery" data-ticket-id=(ticket.id) data-passing[is_passing] {
            h1 { (text.heading) }
            p.order-title dir="auto" { (ticket.title) }
            (errors.summary(visitor))
            div role="status" { div.message.(standing.tone()) { (words(visitor, ticket, sealing, standing)) } }
            p { (visitor.text.delivery.ours) }
            @if standing == Standing::Refused {
                p { a.button href={ "/tickets/" (ticket.id) "/withdraw" } { (visitor.text.sell.withdrawal.button) } }
            }
            p { a href={ "/tickets/" (ticket.id) } { (visitor.text.sell.back_to_ticket) } }
        }
    };
    let page = Page::new(visitor, text.heading, main).script("delivery.js").refreshed(is_passing);
    errors.on(page).into_response()
}

/// How it stands, and why.
fn words(visitor: &Visitor, ticket: &Ticket, sealing: &Sealing, standing: Standing) -> Markup {
    let text = &visitor.text.delivery.issued;
    let is_sold_on = matches!(ticket.details.delivery, Some(DeliveryPromise::Ours { bought_by: Some(_), .. }));
    let said = |(words, sentence): (&str, &str)| html! { p { strong { (words) } } p { (sentence) } };
    match standing {
        Standing::Soon => said(text.soon),
        Standing::ForSale if is_sold_on => said((text.for_sale.0, visitor.text.sell.form.delivery_sold_on)),
        Standing::ForSale => said(text.for_sale),
        Standing::Refused => {
            let (words, sentence) = text.refused;
            let because = sealing.refusal.as_deref().unwrap_or_default().trim_end_matches('.');
            html! { p { strong { (words) } } @if !because.is_empty() { p { (because) "." } } p { (sentence) } }
        }
        Standing::Reserved => said(text.reserved),
        Standing::Sold => said(text.sold),
        Standing::Over => html! { p { (text.over) } },
    }
}

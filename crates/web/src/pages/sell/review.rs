use axum::response::{IntoResponse, Response};
use client::{CheckedTicket, DeliveryPromise, EventDetails};
use maud::{Markup, html};

use super::CHANGE;
use crate::components::TypedTicket;
use crate::headers::Impersonal;
use crate::layout::Page;
use crate::pages::{delivery, ticket};
use crate::visitor::Visitor;

/// What will be for sale, as buyers will see it, before it is.
pub(super) fn page(visitor: &Visitor, typed: &TypedTicket, checked: &CheckedTicket, notice: Option<&str>) -> Response {
    let text = &visitor.text.sell.review;
    let typed = typed.clone().reviewed(checked.details.starts_at);
    let main = html! {
        h1 { (text.heading) }
        p { (text.words) }
        @if let Some(notice) = notice { p.notice-line role="alert" { (notice) } }
        article.ticket {
            div.ticket-body {
                // Not the way to the event's page: what was typed would be lost.
                @if let Some(event) = &checked.details.event { p.overline dir="auto" { (event) } }
                h2 dir="auto" { (checked.title) }
                (ticket::details(visitor, &checked.details))
                p.promise { (promise(visitor, &checked.details)) }
            }
            div.ticket-stub.good {
                p.price {
                    span.visually-hidden { (visitor.text.ticket.price) " " }
                    (visitor.formats.money(checked.price, checked.currency))
                }
                p.meta { (then(visitor, &checked.details)) }
                (decision(visitor, &typed))
            }
        }
    };
    // Gone back to, it has the key still: sent again it lists the same ticket.
    (axum::Extension(Impersonal), Page::new(visitor, text.heading, main)).into_response()
}

/// What happens when it is listed.
fn then(visitor: &Visitor, details: &EventDetails) -> &'static str {
    let text = &visitor.text.sell.review;
    match details.delivery {
        Some(DeliveryPromise::Sealed { .. }) => text.then_upload,
        Some(DeliveryPromise::Ours { .. }) => text.then_ours,
        Some(DeliveryPromise::Later { .. } | DeliveryPromise::Other) | None => text.then,
    }
}

/// How the buyer gets it.
fn promise(visitor: &Visitor, details: &EventDetails) -> Markup {
    let text = &visitor.text.sell.review;
    match details.delivery {
        Some(DeliveryPromise::Sealed { .. }) => html! { (text.sealed) },
        Some(DeliveryPromise::Later { .. }) => {
            html! { (text.later) " " (delivery::until(visitor, details)) ". " (text.later_else) }
        }
        Some(DeliveryPromise::Ours { bought_by: Some(_), .. }) => html! { (visitor.text.sell.form.delivery_sold_on) },
        Some(DeliveryPromise::Ours { .. }) => html! { (visitor.text.sell.form.delivery_hint_ours) },
        Some(DeliveryPromise::Other) | None => ticket::promise(visitor, details).1,
    }
}

/// What was typed, to be listed or changed.
fn decision(visitor: &Visitor, typed: &TypedTicket) -> Markup {
    let text = &visitor.text.sell;
    html! {
        form method="post" action="/sell" {
            @for (name, value) in typed.fields() {
                @if !value.is_empty() { input type="hidden" name=(name) value=(value); }
            }
            button.primary { (text.list_button) }
            button formaction=(CHANGE) { (text.review.change) }
        }
    }
}

#[cfg(test)]
mod tests;

use axum::response::{IntoResponse, Response};
use client::{Order, OrderStatus, Timestamp};
use http::StatusCode;
use maud::html;

use super::cards::Cards;
use super::countdown::countdown;
use super::frame::frame;
use super::summary::summary;
use super::{EventNews, Handover, OrderView};
use crate::error::PageError;
use crate::forms::FormErrors;
use crate::headers::WithStripe;
use crate::layout::Page;
use crate::pages::ticket;
use crate::visitor::Visitor;

/// Stripe requires its script to be loaded from this URL only.
const STRIPE_JS: &str = "https://js.stripe.com/v3/";

/// The checkout at `now`, in one of the views that ask for a card, with the error of a failed attempt.
///
/// # Errors
/// If the payment configuration is unavailable.
pub(crate) async fn page(
    visitor: &Visitor,
    order: &Order,
    (view, news): (OrderView, &EventNews),
    now: Timestamp,
    refused: &FormErrors,
) -> Result<Response, PageError> {
    let cards = Cards::of(visitor.api.payments_config().await?);
    let text = &visitor.text.orders;
    let content = html! {
        h1 { (text.views.checkout.heading) }
        (countdown(visitor, order, now))
        (refused.summary(visitor))
        @if !refused.is_empty() && !is_about_haste(refused) { p.notice-line { (text.checkout.try_another_card) } }
        div.checkout {
            (summary(visitor, order, news))
            section.panel.payment aria-labelledby="payment" {
                h2 #payment { (text.checkout.payment) }
                // Nobody is to pay for what does not take place.
                @if news.is_cancelled() { p { (text.checkout.event_cancelled) } } @else {
                    p.promise { (ticket::promise(visitor, &order.ticket.details).1) }
                    (cards.test_mode(&text.checkout))
                    (cards.form(visitor, order, refused))
                }
                // While a payment is being taken it cannot be cancelled.
                @if order.status == OrderStatus::Created {
                    form.cancel method="post" action={ (super::address(order.id)) "/cancel" } {
                        button.danger { (text.checkout.cancel) }
                    }
                }
            }
        }
    };
    let main = frame(visitor, order, (view, None, news), &Handover::None, content);
    let page = Page::new(visitor, text.views.checkout.heading, main).script("order.js");
    if cards.are_stripes() {
        return Ok((axum::Extension(WithStripe), refused.on(page.foreign_script(STRIPE_JS))).into_response());
    }
    Ok(refused.on(page).into_response())
}

/// Whether nothing is wrong with the card: its buyer, or everybody together, has paid too often for a while.
fn is_about_haste(refused: &FormErrors) -> bool {
    matches!(refused.status(), StatusCode::SERVICE_UNAVAILABLE | StatusCode::TOO_MANY_REQUESTS)
}

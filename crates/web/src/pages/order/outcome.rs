use axum::response::{IntoResponse, Response};
use client::{Order, OrderStatus};
use maud::{Markup, html};

use super::OrderView;
use super::frame::frame;
use super::refund::refund;
use super::summary::summary;
use crate::layout::Page;
use crate::visitor::Visitor;

/// An order that needs no action, or not at the moment.
pub(super) async fn page(visitor: &Visitor, order: &Order, view: OrderView) -> Response {
    // Another user's ticket may have changed since.
    let ticket = match view {
        OrderView::Paid => visitor.api.ticket(order.ticket.id).await.ok(),
        _ => None,
    };
    let said = view.text(&visitor.text.orders);
    let content = html! {
        div.checkout {
            section.panel.outcome.(view.tone()) {
                h1 { (said.heading) }
                @if let (OrderView::Declined, Some(reason)) = (view, &order.failure) { p.reason { (reason) } }
                p { (said.words) }
                (refund(visitor, order))
                p.steps { (steps(visitor, order, view)) }
            }
            (summary(visitor, order, ticket.as_ref()))
        }
    };
    let main = frame(visitor, order, view, content);
    Page::new(visitor, said.heading, main).script("order.js").into_response()
}

/// The next actions, the likeliest first.
fn steps(visitor: &Visitor, order: &Order, view: OrderView) -> Markup {
    let text = &visitor.text.orders;
    let here = super::address(order.id);
    let look_again = html! { a.button.primary href=(view.address(order.id)) { (text.look_again) } };
    let browse = html! { a.button href="/" { (text.browse) } };
    html! {
        @match view {
            OrderView::Paid => {
                a.button.primary href={ (here) "/receipt" } { (text.receipt.link) } " " (browse)
            }
            OrderView::BeingPaid if order.status == OrderStatus::Created => {
                (look_again) " " a.button href=(here) { (text.back_to_checkout) }
            }
            OrderView::Checkout | OrderView::TimeIsUp | OrderView::BeingPaid | OrderView::Confirming => (look_again),
            OrderView::Expired | OrderView::Declined | OrderView::CancelledByBuyer | OrderView::CalledOff
                | OrderView::PaidTooLate(_) => {
                a.button.primary href={ "/tickets/" (order.ticket.id) } { (text.back_to_ticket) } " " (browse)
            }
        }
    }
}

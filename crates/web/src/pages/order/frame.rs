use client::Order;
use maud::{Markup, html};

use super::OrderView;
use super::countdown;
use crate::visitor::Visitor;

/// Around what an order shows: what script needs to keep it true.
pub(super) fn frame(visitor: &Visitor, order: &Order, view: OrderView, content: Markup) -> Markup {
    // It is shown again when this changes, and what is being typed stays when it does not.
    let shown = format!("{view:?} {}", order.version.0);
    html! {
        div.order data-address=(view.address(order.id)) data-ticket-id=(order.ticket.id) {
            div data-region="order" data-shown=(shown) data-passing[view.is_passing()] { (content) }
            // Outside, since readers listen only to what was there before its content.
            p.visually-hidden role="status" data-announcer {}
            (countdown::announcements(visitor))
        }
    }
}

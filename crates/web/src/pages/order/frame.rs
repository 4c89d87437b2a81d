use std::hash::{DefaultHasher, Hasher};

use client::Order;
use maud::{Markup, html};

use super::countdown;
use super::{EventNews, Handover, Money, OrderView};
use crate::visitor::Visitor;

/// Wraps the content of an order's page with what the script needs to keep it up to date.
pub(super) fn frame(
    visitor: &Visitor,
    order: &Order,
    (view, money, news): (OrderView, Option<Money>, &EventNews),
    handover: &Handover,
    content: Markup,
) -> Markup {
    // The script replaces the content when this changes, and otherwise keeps what is being typed.
    let versions = (order.version.0, news.version());
    let shown = mark(&format!("{view:?} {money:?} {versions:?} {}", handover.shown()));
    let changes_unheard = handover.changes_unheard() || money.is_some_and(|money| money.changes_unheard(order));
    let is_passing = view.is_passing() || handover.is_passing() || money.is_some_and(|money| money.is_passing(order));
    html! {
        // Shown where the service worker has answered.
        p.message.warn role="status" data-kept data-words=(visitor.text.delivery.bought.kept) hidden {}
        div.order data-address=(view.address(order.id)) data-ticket-id=(order.ticket.id) {
            div data-region="order" data-shown=(shown) data-passing[is_passing] data-unheard[changes_unheard] { (content) }
            // Outside, since screen readers announce changes only of an element that existed before its
            // content.
            p.visually-hidden role="status" data-announcer {}
            (countdown::announcements(visitor))
        }
    }
}

/// What changes when `shown` does, and says nothing: all processes come to the same.
fn mark(shown: &str) -> String {
    let mut hasher = DefaultHasher::new();
    hasher.write(shown.as_bytes());
    format!("{:x}", hasher.finish())
}

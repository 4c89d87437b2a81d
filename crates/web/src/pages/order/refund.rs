use client::{Order, Refund, RefundState};
use maud::{Markup, html};

use crate::visitor::Visitor;

/// The state of the refund, if there is one, as payments has told the order.
pub(crate) fn refund(visitor: &Visitor, order: &Order) -> Markup {
    html! { @if let Some(refund) = &order.refund { p.refund { (words(visitor, order, refund)) } } }
}

/// A refund of a part of the price: the ticket stays bought.
pub(super) fn of_a_part(order: &Order) -> Option<&Refund> {
    order.refund.as_ref().filter(|refund| refund.amount < order.ticket.price)
}

pub(super) fn words(visitor: &Visitor, order: &Order, refund: &Refund) -> String {
    let text = &visitor.text.orders.money;
    let amount = visitor.formats.money(refund.amount, order.ticket.currency);
    match refund.state {
        RefundState::Pending => (text.going_back)(&amount),
        RefundState::Refunded => (text.given_back)(&amount),
        RefundState::Failed => (text.not_given_back)(&amount),
    }
}

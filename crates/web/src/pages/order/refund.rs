use client::{Order, RefundState};
use maud::{Markup, html};

use crate::visitor::Visitor;

/// The state of the refund, if there is one, as payments has told the order.
pub(crate) fn refund(visitor: &Visitor, order: &Order) -> Markup {
    let text = &visitor.text.orders.money;
    let Some(refund) = &order.refund else { return Markup::default() };
    let amount = visitor.formats.money(refund.amount, order.ticket.currency);
    let words = match refund.state {
        RefundState::Pending => (text.going_back)(&amount),
        RefundState::Refunded => (text.given_back)(&amount),
        RefundState::Failed => (text.not_given_back)(&amount),
    };
    html! { p.refund { (words) } }
}

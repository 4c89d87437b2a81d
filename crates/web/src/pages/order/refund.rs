use client::{Order, RefundState};
use maud::{Markup, html};

use crate::visitor::Visitor;

/// The state of the refund, if there is one.
pub(crate) fn refund(visitor: &Visitor, order: &Order) -> Markup {
    let text = &visitor.text.orders;
    let Some(refund) = &order.refund else { return Markup::default() };
    let amount = visitor.formats.money(refund.amount, order.ticket.currency);
    html! {
        p.refund {
            @match refund.state {
                RefundState::Pending => ((text.refund_pending)(&amount)),
                RefundState::Refunded => ((text.refunded)(&amount)),
            }
        }
    }
}

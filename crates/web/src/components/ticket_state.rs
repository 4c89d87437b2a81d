use client::Ticket;
use maud::{Markup, html};

use crate::visitor::Visitor;

/// The state of a ticket.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum TicketState {
    ForSale,
    Locked,
    Sold,
}

impl TicketState {
    /// All states.
    pub(crate) const ALL: [Self; 3] = [Self::ForSale, Self::Locked, Self::Sold];

    pub(crate) fn of(ticket: &Ticket) -> Self {
        match (ticket.sold, ticket.order_id) {
            (true, _) => Self::Sold,
            (false, Some(_)) => Self::Locked,
            (false, None) => Self::ForSale,
        }
    }

    /// Its name in `data-state`, for style sheets and scripts.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::ForSale => "for-sale",
            Self::Locked => "locked",
            Self::Sold => "sold",
        }
    }

    /// A short label.
    pub(crate) fn badge(self, visitor: &Visitor) -> Markup {
        let text = &visitor.text.ticket;
        match self {
            Self::ForSale => html! { span.badge.good { (text.for_sale) } },
            Self::Locked => html! { span.badge.warn { (text.locked) } },
            Self::Sold => html! { span.badge { (text.sold) } },
        }
    }
}

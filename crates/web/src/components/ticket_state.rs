use client::{DeliveryPromise, Ticket, Timestamp};
use maud::{Markup, html};

use crate::visitor::Visitor;

/// The state of a ticket.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum TicketState {
    ForSale,
    /// Its seller has yet to give us what they promise.
    Unsealed,
    /// Its seller has not given us what they promise, and the time for it is over.
    Overdue,
    Locked,
    Sold,
    /// Its seller has taken it back.
    Withdrawn,
    /// Nobody has bought it, and its event has begun.
    Begun,
}

impl TicketState {
    /// All states.
    pub(crate) const ALL: [Self; 7] =
        [Self::ForSale, Self::Unsealed, Self::Overdue, Self::Locked, Self::Sold, Self::Withdrawn, Self::Begun];

    /// The state of `ticket` at `now`.
    pub(crate) fn of(ticket: &Ticket, now: Timestamp) -> Self {
        match (ticket.sold, ticket.withdrawn, ticket.order_id) {
            (true, _, _) => Self::Sold,
            (false, true, _) => Self::Withdrawn,
            (false, false, Some(_)) => Self::Locked,
            (false, false, None) if ticket.details.starts_at.is_some_and(|begins| begins <= now) => Self::Begun,
            (false, false, None) => Self::of_free(ticket.details.delivery.as_ref(), now),
        }
    }

    fn of_free(promise: Option<&DeliveryPromise>, now: Timestamp) -> Self {
        match promise {
            Some(promise) if promise.can_be_bought(now) => Self::ForSale,
            Some(DeliveryPromise::Later { .. }) => Self::Overdue,
            Some(_) => Self::Unsealed,
            None => Self::ForSale,
        }
    }

    /// Whether its seller can change it. What has begun can be given another date.
    pub(crate) fn is_editable(self) -> bool {
        match self {
            Self::ForSale | Self::Unsealed | Self::Overdue | Self::Begun => true,
            Self::Locked | Self::Sold | Self::Withdrawn => false,
        }
    }

    /// Its name in `data-state`, for style sheets and scripts.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::ForSale => "for-sale",
            Self::Unsealed => "unsealed",
            Self::Overdue => "overdue",
            Self::Locked => "locked",
            Self::Sold => "sold",
            Self::Withdrawn => "withdrawn",
            Self::Begun => "begun",
        }
    }

    /// A short label for those who look for something to buy; none where nothing is in the way of that.
    pub(crate) fn badge(self, visitor: &Visitor) -> Markup {
        let text = &visitor.text.ticket;
        match self {
            Self::ForSale => html! {},
            Self::Unsealed => html! { span.badge.warn { (text.unsealed) } },
            Self::Overdue => html! { span.badge.calm { (text.overdue) } },
            Self::Locked => html! { span.badge.warn { (text.locked) } },
            Self::Sold => html! { span.badge.calm { (text.sold) } },
            Self::Withdrawn => html! { span.badge.calm { (text.withdrawn) } },
            Self::Begun => html! { span.badge.calm { (text.begun) } },
        }
    }

    /// A short label for the ticket's seller, who is glad of what is for sale and more so of what is sold.
    pub(crate) fn badge_for_seller(self, visitor: &Visitor) -> Markup {
        let text = &visitor.text.ticket;
        match self {
            Self::ForSale => html! { span.badge.good { (text.for_sale) } },
            Self::Sold => html! { span.badge.good { (text.sold) } },
            Self::Unsealed | Self::Overdue | Self::Locked | Self::Withdrawn | Self::Begun => self.badge(visitor),
        }
    }
}

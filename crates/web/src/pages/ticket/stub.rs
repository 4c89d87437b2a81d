use client::{Order, OrderId, OrderStatus, Ticket, UserId};
use maud::{Markup, html};

use crate::components::TicketState;
use crate::visitor::Visitor;

/// The state of the ticket from the visitor's point of view.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum TicketView {
    Own(TicketState),
    ForSale,
    Taken,
    Held(OrderId),
    Bought(OrderId),
    Sold,
}

impl TicketView {
    /// `order` is the visitor's own order for the ticket, if there is one.
    fn of(ticket: &Ticket, visitor: Option<UserId>, order: Option<&Order>) -> Self {
        let state = TicketState::of(ticket);
        if visitor == Some(ticket.user_id) {
            return Self::Own(state);
        }
        let order = order.map(|order| (order.id, order.status));
        match (state, order) {
            (TicketState::ForSale, _) => Self::ForSale,
            (_, Some((id, OrderStatus::Complete))) => Self::Bought(id),
            (TicketState::Locked, Some((id, OrderStatus::Created | OrderStatus::AwaitingPayment))) => Self::Held(id),
            // The ticket is about to be freed.
            (TicketState::Locked, Some((_, OrderStatus::Cancelled)) | None) => Self::Taken,
            (TicketState::Sold, _) => Self::Sold,
        }
    }

    /// The CSS class of its colour.
    fn tone(self) -> &'static str {
        match self {
            Self::ForSale | Self::Held(_) | Self::Bought(_) => "good",
            Self::Own(TicketState::ForSale | TicketState::Sold) => "good",
            Self::Taken | Self::Own(TicketState::Locked) => "warn",
            Self::Sold => "bad",
        }
    }
}

/// The stub: the price, the state of the ticket, and the one action available.
pub(super) fn stub(visitor: &Visitor, ticket: &Ticket, order: Option<&Order>) -> Markup {
    let text = &visitor.text.ticket;
    let view = TicketView::of(ticket, visitor.user.as_ref().map(|user| user.id), order);
    html! {
        div class={ "ticket-stub " (view.tone()) } {
            p.price {
                span.visually-hidden { (text.price) " " }
                (visitor.formats.money(ticket.price, ticket.currency))
            }
            (action(visitor, ticket, view))
        }
    }
}

fn action(visitor: &Visitor, ticket: &Ticket, view: TicketView) -> Markup {
    let text = &visitor.text.ticket;
    let way = |address: String, name| html! { a.button href=(address) { (name) } };
    let main_way = |id: OrderId, name| html! { a.button.primary href={ "/orders/" (id) } { (name) } };
    let buy = html! { form method="post" action={ "/tickets/" (ticket.id) "/buy" } { button.primary { (text.buy) } } };
    let (words, action, hint) = match view {
        TicketView::ForSale => (text.for_sale, buy, text.buy_hint),
        TicketView::Taken => (text.someone_buys, html! {}, text.someone_buys_hint),
        TicketView::Held(id) => (text.held, main_way(id, text.checkout), text.held_hint),
        TicketView::Bought(id) => (text.bought, main_way(id, text.order), ""),
        TicketView::Sold => (text.sold, html! {}, text.sold_hint),
        TicketView::Own(state) => {
            let listings = way("/listings".to_owned(), text.listings);
            match state {
                TicketState::ForSale => {
                    (text.own, way(format!("/tickets/{}/edit", ticket.id), text.edit), text.own_hint)
                }
                TicketState::Locked => (text.someone_buys, listings, text.someone_buys_own_hint),
                TicketState::Sold => (text.sold, listings, text.sold_own_hint),
            }
        }
    };
    html! {
        p.ticket-state data-words { (words) }
        (action)
        @if !hint.is_empty() { p.meta { (hint) } }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    const ORDER: &str = "5f1f77bcf86cd799439011bb";
    const SELLER: &str = "5f1f77bcf86cd799439011cc";
    const BUYER: &str = "5f1f77bcf86cd799439011dd";

    fn ticket(order: Option<&str>, sold: bool) -> Ticket {
        let id = "5f1f77bcf86cd799439011aa";
        let ticket = json!({
            "id": id, "title": "Row A", "price": 20, "userId": SELLER, "version": 1, "orderId": order, "sold": sold,
        });
        serde_json::from_value(ticket).expect("a ticket")
    }

    fn order(status: &str) -> Order {
        let ticket = json!({"id": "5f1f77bcf86cd799439011aa", "title": "Row A", "price": 20, "version": 1});
        let order = json!({
            "id": ORDER, "status": status, "userId": BUYER, "expiresAt": "2026-11-22T12:15:00Z", "version": 0,
            "ticket": ticket,
        });
        serde_json::from_value(order).expect("an order")
    }

    fn id<T: std::str::FromStr<Err: std::fmt::Debug>>(text: &str) -> T {
        text.parse().expect("an id")
    }

    #[test]
    fn a_ticket_is_to_each_what_they_can_do_with_it() {
        let (free, locked, sold) = (ticket(None, false), ticket(Some(ORDER), false), ticket(Some(ORDER), true));
        let (seller, buyer) = (Some(id(SELLER)), Some(id(BUYER)));
        let of = TicketView::of;

        assert_eq!(of(&free, None, None), TicketView::ForSale);
        assert_eq!(of(&locked, None, None), TicketView::Taken);
        assert_eq!(of(&sold, buyer, None), TicketView::Sold);

        assert_eq!(of(&free, seller, None), TicketView::Own(TicketState::ForSale));
        assert_eq!(of(&locked, seller, None), TicketView::Own(TicketState::Locked));
        assert_eq!(of(&sold, seller, None), TicketView::Own(TicketState::Sold));

        for open in ["created", "awaiting:payment"] {
            assert_eq!(of(&locked, buyer, Some(&order(open))), TicketView::Held(id(ORDER)), "{open}");
        }
        // The order is paid a moment before the ticket is sold.
        assert_eq!(of(&locked, buyer, Some(&order("complete"))), TicketView::Bought(id(ORDER)));
        assert_eq!(of(&sold, buyer, Some(&order("complete"))), TicketView::Bought(id(ORDER)));
        assert_eq!(of(&locked, buyer, Some(&order("cancelled"))), TicketView::Taken);
    }
}

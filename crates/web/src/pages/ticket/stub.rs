use client::{DeliveryPromise, Order, OrderId, OrderStatus, Ticket, Timestamp, UserId};
use maud::{Markup, html};

use crate::components::{TicketState, price};
use crate::pages::delivery;
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
    Withdrawn,
    Begun,
    Unsealed,
    Overdue,
}

impl TicketView {
    /// `order` is the visitor's own order for the ticket, if there is one.
    fn of(ticket: &Ticket, now: Timestamp, visitor: Option<UserId>, order: Option<&Order>) -> Self {
        let state = TicketState::of(ticket, now);
        if visitor == Some(ticket.user_id) {
            return Self::Own(state);
        }
        let order = order.map(|order| (order.id, order.status));
        match (state, order) {
            (TicketState::ForSale, _) => Self::ForSale,
            (TicketState::Withdrawn, _) => Self::Withdrawn,
            (TicketState::Begun, _) => Self::Begun,
            (TicketState::Unsealed, _) => Self::Unsealed,
            (TicketState::Overdue, _) => Self::Overdue,
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
            Self::Taken | Self::Own(TicketState::Locked | TicketState::Unsealed) => "warn",
            Self::Sold => "bad",
            Self::Withdrawn | Self::Begun | Self::Unsealed | Self::Overdue => "calm",
            Self::Own(TicketState::Withdrawn | TicketState::Begun | TicketState::Overdue) => "calm",
        }
    }
}

/// The stub: the price, the state of the ticket, and the one action available. Its seller is told whether they have yet to
/// hand it in, and when they went in with it.
pub(super) fn stub(
    visitor: &Visitor,
    ticket: &Ticket,
    order: Option<&Order>,
    (is_owed, used_at): (bool, Option<Timestamp>),
) -> Markup {
    let text = &visitor.text.ticket;
    let view = TicketView::of(ticket, visitor.now, visitor.user.as_ref().map(|user| user.id), order);
    html! {
        div class={ "ticket-stub " (view.tone()) } {
            p.price {
                span.visually-hidden { (text.price) " " }
                (price(visitor, ticket))
            }
            (action(visitor, ticket, view, used_at))
            @if let (TicketView::Own(TicketState::Sold), true) = (view, is_owed) { (owed(visitor, ticket)) }
        }
    }
}

fn action(visitor: &Visitor, ticket: &Ticket, view: TicketView, used_at: Option<Timestamp>) -> Markup {
    let text = &visitor.text.ticket;
    let main_way = |id: OrderId, name| html! { a.button.primary href={ "/orders/" (id) } { (name) } };
    let (words, action, hint) = match view {
        TicketView::ForSale => (text.for_sale, buy(ticket, text.buy), text.buy_hint),
        TicketView::Taken => (text.someone_buys, html! {}, text.someone_buys_hint),
        TicketView::Held(id) => (text.held, main_way(id, text.checkout), text.held_hint),
        TicketView::Bought(id) => (text.bought, main_way(id, text.order), ""),
        TicketView::Sold => (text.sold, html! {}, text.sold_hint),
        TicketView::Withdrawn => (text.withdrawn_state, html! {}, text.withdrawn_hint),
        TicketView::Begun => (text.begun_state, html! {}, text.begun_hint),
        TicketView::Unsealed if delivery::is_ours(&ticket.details) => {
            (text.unsealed_state, html! {}, text.unsealed_ours_buyer_hint)
        }
        TicketView::Unsealed => (text.unsealed_state, html! {}, text.unsealed_hint),
        TicketView::Overdue => (text.begun_state, html! {}, text.overdue_hint),
        TicketView::Own(state) => own(visitor, ticket, state),
    };
    html! {
        p.ticket-state data-words { (words) }
        (action)
        @if let Some(used_at) = used_at {
            p.meta { (text.used_own.0) " " (delivery::moment_there(visitor, &ticket.details, used_at)) ". " (text.used_own.1) }
        } @else if !hint.is_empty() {
            p.meta { (hint) }
        }
        @if ticket.reserved_not_bought > 0 { p.meta { ((text.reserved_not_bought)(ticket.reserved_not_bought)) } }
    }
}

/// The button that buys the ticket at the price that is shown.
pub(super) fn buy(ticket: &Ticket, name: &str) -> Markup {
    html! {
        form method="post" action={ "/tickets/" (ticket.id) "/buy" } {
            input type="hidden" name="price" value=(ticket.price);
            input type="hidden" name="currency" value=(ticket.currency.code());
            @if let Some(begins) = ticket.details.starts_at { input type="hidden" name="startsAt" value=(begins); }
            button.primary { (name) }
        }
    }
}

/// What the seller is told, and can do.
fn own(visitor: &Visitor, ticket: &Ticket, state: TicketState) -> (&'static str, Markup, &'static str) {
    let text = &visitor.text.ticket;
    let way = |address: String, name| html! { a.button href=(address) { (name) } };
    let upload = || html! { a.button.primary href=(delivery::address(ticket.id)) { (text.upload) } };
    let is_given = matches!(ticket.details.delivery, Some(DeliveryPromise::Sealed { .. }));
    let listings = way("/listings".to_owned(), text.listings);
    let change = html! {
        (way(format!("/tickets/{}/edit", ticket.id), text.edit))
        (way(format!("/tickets/{}/withdraw", ticket.id), text.withdraw))
    };
    match state {
        TicketState::ForSale if is_given => {
            let given = way(delivery::address(ticket.id), text.given);
            (text.own, html! { (given) (change) }, text.own_hint)
        }
        TicketState::ForSale => (text.own, change, text.own_hint),
        TicketState::Unsealed if is_given => (text.unsealed_own, html! { (upload()) (change) }, text.unsealed_own_hint),
        TicketState::Unsealed => {
            let standing = way(delivery::address(ticket.id), text.standing);
            (text.unsealed_own, html! { (standing) (change) }, text.unsealed_ours_hint)
        }
        TicketState::Overdue => (text.begun_state, change, text.overdue_own_hint),
        TicketState::Locked => (text.someone_buys, listings, text.someone_buys_own_hint),
        TicketState::Sold => (text.sold, listings, text.sold_own_hint),
        TicketState::Withdrawn if delivery::is_overdue(&ticket.details, visitor.now) => {
            (text.withdrawn_own, listings, text.undelivered_own_hint)
        }
        TicketState::Withdrawn => (text.withdrawn_own, listings, text.withdrawn_own_hint),
        TicketState::Begun => (text.begun_state, change, text.begun_own_hint),
    }
}

/// What the seller has yet to do: the ticket is sold, and its buyer does not have it.
fn owed(visitor: &Visitor, ticket: &Ticket) -> Markup {
    let text = &visitor.text.ticket;
    html! {
        p { strong { (text.owed) } " " (text.owed_by) " " (delivery::until(visitor, &ticket.details)) ". " (text.owed_else) }
        a.button.primary href=(delivery::address(ticket.id)) { (text.upload) }
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

    fn now() -> Timestamp {
        Timestamp::parse("2026-11-22T12:00:00Z").expect("a moment")
    }

    fn beginning(starts_at: &str) -> Ticket {
        let mut ticket = ticket(None, false);
        ticket.details.starts_at = Timestamp::parse(starts_at).ok();
        ticket
    }

    #[test]
    fn what_is_withdrawn_or_has_begun_is_not_for_sale() {
        let withdrawn = Ticket { withdrawn: true, ..ticket(None, false) };
        let (begun, soon) = (beginning("2026-11-22T12:00:00Z"), beginning("2026-11-22T12:00:00.001Z"));
        for visitor in [None, Some(id(BUYER))] {
            assert_eq!(TicketView::of(&withdrawn, now(), visitor, None), TicketView::Withdrawn);
            assert_eq!(TicketView::of(&begun, now(), visitor, None), TicketView::Begun);
            assert_eq!(TicketView::of(&soon, now(), visitor, None), TicketView::ForSale);
        }
        let seller = Some(id(SELLER));
        assert_eq!(TicketView::of(&withdrawn, now(), seller, None), TicketView::Own(TicketState::Withdrawn));
        assert_eq!(TicketView::of(&begun, now(), seller, None), TicketView::Own(TicketState::Begun));
        // Whoever holds it when the event begins, or has bought it, finds their order.
        let held = Ticket { order_id: Some(id(ORDER)), ..begun };
        assert_eq!(TicketView::of(&held, now(), Some(id(BUYER)), Some(&order("created"))), TicketView::Held(id(ORDER)));
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
        fn of(ticket: &Ticket, visitor: Option<UserId>, order: Option<&Order>) -> TicketView {
            TicketView::of(ticket, now(), visitor, order)
        }

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

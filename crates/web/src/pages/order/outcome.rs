use axum::response::{IntoResponse, Response};
use client::{CancelReason, DeliveryPromise, Order, OrderStatus};
use maud::{Markup, html};

use super::frame::frame;
use super::summary::summary;
use super::{Charge, EventNews, Handover, OrderView, countdown, money};
use crate::layout::Page;
use crate::messages::OrderViewText;
use crate::pages::{sell, ticket};
use crate::visitor::Visitor;

/// An order that needs no card, or not at the moment. `refused` says what could not be done with it.
pub(super) fn page(
    visitor: &Visitor,
    order: &Order,
    (view, news): (OrderView, &EventNews),
    (charge, handover): (&Charge, &Handover),
    refused: Option<&str>,
) -> Response {
    let views = &visitor.text.orders.views;
    let is_lost = handover.is_taken_back();
    let said = match view {
        OrderView::Paid if is_lost => &views.given_up,
        OrderView::Paid if handover.is_resold() => &views.sold_on,
        OrderView::Paid if news.is_cancelled() => &views.paid_for_nothing,
        OrderView::Paid if handover.is_awaited() => &views.paid_ahead,
        OrderView::Refunded(_) if order.reason == Some(CancelReason::NotDelivered) => never_came(visitor, order, news),
        view => view.text(&visitor.text.orders),
    };
    let content = html! {
        @if view == OrderView::AtTheBank { (countdown(visitor, order, visitor.now)) }
        @if let Some(refused) = refused { p.notice-line role="alert" { (refused) } }
        div.checkout {
            section.panel.outcome.(tone(view, handover)) {
                h1 { (said.heading) }
                @if let (OrderView::Declined, Some(reason)) = (view, &order.failure) { p.reason { (reason) } }
                @if !said.words.is_empty() { p { (said.words) } }
                @if view == OrderView::Paid && news.is_cancelled() && handover.is_due(visitor.now) { p { (views.still_due) } }
                @if is_lost || matches!(view, OrderView::Paid | OrderView::Disputed) { (handover.in_full(visitor, order, news)) }
                (money(visitor, order, charge))
                @if view == OrderView::Paid { (unconfirmed(visitor)) }
                p.steps { (steps(visitor, order, (view, news), (charge, handover))) }
            }
            (summary(visitor, order, news))
        }
    };
    let main = frame(visitor, order, (view, Some(charge.money), news), handover, content);
    let refreshed = view.is_passing() || handover.is_passing() || charge.money.is_passing(order);
    let mut response = Page::new(visitor, said.heading, main).script("order.js").refreshed(refreshed).into_response();
    handover.keep(view, order, &mut response);
    response
}

/// The CSS class of its colour.
fn tone(view: OrderView, handover: &Handover) -> &'static str {
    match view {
        OrderView::Paid if handover.is_taken_back() => "warn",
        OrderView::Paid if handover.is_resold() => "calm",
        view => view.tone(),
    }
}

/// Why the order of a ticket that never came was called off.
fn never_came(visitor: &Visitor, order: &Order, news: &EventNews) -> &'static OrderViewText {
    let views = &visitor.text.orders.views;
    match order.ticket.details.delivery {
        Some(DeliveryPromise::Ours { .. }) => &views.not_issued,
        Some(_) | None if news.is_cancelled() => &views.never_needed,
        Some(_) | None => &views.not_delivered,
    }
}

/// Whether the show is still to come, as far as that is known.
fn is_to_come(visitor: &Visitor, order: &Order, news: &EventNews) -> bool {
    let begins = news.moved().map_or(order.ticket.details.starts_at, |event| Some(event.starts_at));
    !news.is_cancelled() && begins.is_some_and(|begins| begins > visitor.now)
}

/// That nobody but this session may get at the order, as long as its buyer has not shown that their address is theirs.
fn unconfirmed(visitor: &Visitor) -> Markup {
    let text = &visitor.text.addresses;
    html! {
        @if visitor.user.as_ref().is_some_and(|user| !user.address_confirmed) {
            p { (text.missing_at_order) " " a href="/account" { (text.missing_at_order_link) } "." }
        }
    }
}

/// The next actions, the likeliest first.
fn steps(
    visitor: &Visitor,
    order: &Order,
    (view, news): (OrderView, &EventNews),
    (charge, handover): (&Charge, &Handover),
) -> Markup {
    let text = &visitor.text.orders;
    let here = super::address(order.id);
    let look_again = html! { a.button.primary href=(view.address(order.id)) { (text.look_again) } };
    let browse = html! { a.button href="/" { (text.browse) } };
    html! {
        @match view {
            OrderView::Paid | OrderView::Refunded(_) | OrderView::Disputed | OrderView::TakenBack => {
                a.button.primary href={ (here) "/receipt" } { (text.receipt.link) } " "
                @if view == OrderView::Paid && is_to_come(visitor, order, news) && !handover.is_lost() {
                    a.button href={ (here) "/event.ics" } { (visitor.text.layout.add_to_calendar) } " "
                    @if let Some(listing) = handover.offered_as() {
                        a.button href=(ticket::address(listing)) { (text.own_listing) } " "
                    } @else if handover.can_be_sold_on() {
                        a.button href=(sell::address_for_selling_on(order.id)) { (text.sell_on) } " "
                    }
                }
                (browse)
            }
            OrderView::AtTheBank => {
                @match charge.bank_page() {
                    Some(page) => a.button.primary href=(page) { (text.views.bank.link) },
                    None => (look_again),
                }
                " " a.button href=(OrderView::AnotherCard.address(order.id)) { (text.views.bank.another_card) }
            }
            OrderView::BeingPaid if order.status == OrderStatus::Created => {
                (look_again) " " a.button href=(here) { (text.back_to_checkout) }
            }
            OrderView::Checkout | OrderView::AnotherCard | OrderView::TimeIsUp | OrderView::BeingPaid | OrderView::Confirming => (look_again),
            OrderView::Expired
            | OrderView::Declined
            | OrderView::CancelledByBuyer
            | OrderView::EventCancelled
            | OrderView::CalledOff
                | OrderView::PaidTooLate(_) => {
                a.button.primary href={ "/tickets/" (order.ticket.id) } { (text.back_to_ticket) } " " (browse)
            }
        }
    }
}

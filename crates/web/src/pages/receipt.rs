use axum::response::{IntoResponse, Redirect, Response};
use client::{Order, OrderStatus};
use common::id;
use maud::html;

use super::order::{self, Charge};
use crate::components::{moment, order_number};
use crate::error::PageError;
use crate::layout::Page;
use crate::path::PathId;
use crate::visitor::Visitor;

pub(crate) async fn show(visitor: Visitor, PathId(id): PathId<id::Order>) -> Result<Response, PageError> {
    let order = order::find(&visitor, id).await?;
    if order.status != OrderStatus::Complete {
        return Ok(Redirect::to(&order::address(id)).into_response());
    }
    // The receipt is complete enough without the card.
    let charge = Charge::read(&visitor.api, &order).await;
    Ok(page(&visitor, &order, &charge).into_response())
}

fn page<'a>(visitor: &'a Visitor, order: &Order, charge: &Charge) -> Page<'a> {
    let text = &visitor.text.orders;
    let price = visitor.formats.money(order.ticket.price, order.ticket.currency);
    let main = html! {
        article.panel.receipt {
            header {
                h1 { (text.receipt.title) }
                p.meta { (visitor.text.layout.name) }
            }
            dl.facts {
                div { dt { (text.order_number) } dd { (order_number(order.id)) } }
                div { dt { (text.receipt.ordered) } dd { (moment::date_and_time(visitor, order.id.made_at())) } }
                @if let Some(user) = &visitor.user { div { dt { (text.receipt.buyer) } dd { (user.email.shown()) } } }
                div { dt { (text.receipt.ticket) } dd dir="auto" { (order.ticket.title) } }
                (order::details(visitor, &order.ticket.details))
                @if let Some(card) = charge.card() { div { dt { (text.receipt.card) } dd { ((text.card)(card)) } } }
                div.total { dt { (text.receipt.paid) } dd { (price) } }
            }
            @if charge.has_moved_on(order) { (order::money(visitor, order, charge)) }
        }
        p.receipt-hint {
            (text.receipt.print_hint) " "
            button type="button" data-print hidden { (text.receipt.print) }
        }
        p.receipt-hint { a href=(order::address(order.id)) { (text.receipt.back) } }
    };
    Page::new(visitor, text.receipt.title, main).script("receipt.js")
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::super::order::testing::*;
    use crate::testing::Site;

    const PLACE_OF_RECEIPT: &str = "/orders/692199c0bcf86cd7994390bb/receipt";

    #[tokio::test]
    async fn a_receipt_shows_buyer_price_and_what_was_bought() {
        let complete = with(json!({"status": "complete"}));
        let card = payment_with("captured", json!({"card": {"brand": "visa", "last4": "4242"}}));
        let site = Site::signed_in([(GET_ORDER, 200, complete.clone()), card]).await;
        let reply = site.get(PLACE_OF_RECEIPT).await;
        assert_eq!(reply.status, 200);
        for known in ["<h1>Receipt</h1>", "Row &lt;A&gt; &amp; B", "ada@example.com", "$20.50", "Nov 22, 2025"] {
            reply.assert_has(known);
        }
        for bought in [
            "Town Hall",
            "Section <bdi>A</bdi>, Row <bdi>1</bdi>, Seat <bdi>12</bdi>",
            ">9943-90BB<",
            "Visa ending in 4242",
        ] {
            reply.assert_has(bought);
        }
        assert!(site.calls().iter().all(|call| !call.contains("/api/tickets")), "{:?}", site.calls());
        // Without the payment it lacks the card and nothing else.
        let away = (GET_PAYMENT, 503, json!({"errors": []}));
        let reply = Site::signed_in([(GET_ORDER, 200, complete), away]).await.get(PLACE_OF_RECEIPT).await;
        reply.assert_has("$20.50");
        reply.assert_lacks("ending in");
    }

    #[tokio::test]
    async fn a_receipt_says_that_the_money_went_back() {
        let order = with(json!({"status": "complete", "refund": {"state": "refunded", "amount": 20.5}}));
        let reply = Site::signed_in([(GET_ORDER, 200, order), payment("refunded")]).await.get(PLACE_OF_RECEIPT).await;
        reply.assert_has("$20.50 has been given back.");
    }

    #[tokio::test]
    async fn a_receipt_says_that_a_part_of_the_money_went_back() {
        let order = with(json!({"status": "complete", "refund": {"state": "refunded", "amount": 10}}));
        let reply = Site::signed_in([(GET_ORDER, 200, order), payment("captured")]).await.get(PLACE_OF_RECEIPT).await;
        reply.assert_has("$20.50");
        reply.assert_has("$10.00 has been given back.");
    }

    #[tokio::test]
    async fn an_unpaid_order_has_no_receipt() {
        for order in [created(), with(json!({"status": "cancelled", "reason": "expired"}))] {
            let reply = Site::signed_in([(GET_ORDER, 200, order)]).await.get(PLACE_OF_RECEIPT).await;
            assert_eq!((reply.status, reply.location()), (303, PLACE));
        }
        assert_eq!(Site::signed_in([]).await.get(PLACE_OF_RECEIPT).await.status, 404);
    }
}

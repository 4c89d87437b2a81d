use axum::response::{IntoResponse, Redirect, Response};
use client::{Order, Ticket};
use common::id;
use maud::html;

use super::order::{self, OrderView};
use crate::components::moment;
use crate::error::PageError;
use crate::layout::Page;
use crate::path::PathId;
use crate::visitor::Visitor;

pub(crate) async fn show(visitor: Visitor, PathId(id): PathId<id::Order>) -> Result<Response, PageError> {
    let order = order::find(&visitor, id).await?;
    if OrderView::of(&order, visitor.now, None) != OrderView::Paid {
        return Ok(Redirect::to(&order::address(id)).into_response());
    }
    // The receipt is complete enough without the ticket's details.
    let ticket = visitor.api.ticket(order.ticket.id).await.ok();
    Ok(page(&visitor, &order, ticket.as_ref()).into_response())
}

fn page<'a>(visitor: &'a Visitor, order: &Order, ticket: Option<&Ticket>) -> Page<'a> {
    let text = &visitor.text.orders;
    let price = visitor.formats.money(order.ticket.price, order.ticket.currency);
    let main = html! {
        article.panel.receipt {
            header {
                h1 { (text.receipt.title) }
                p.meta { (visitor.text.layout.name) }
            }
            dl.facts {
                div { dt { (text.order_number) } dd.order-number { (order.id) } }
                div { dt { (text.receipt.ordered) } dd { (moment::date_and_time(visitor, order.id.made_at())) } }
                @if let Some(user) = &visitor.user { div { dt { (text.receipt.buyer) } dd { (user.email.as_str()) } } }
                div { dt { (text.receipt.ticket) } dd { (order.ticket.title) } }
                @if let Some(ticket) = ticket { (order::details(visitor, &ticket.details)) }
                div.total { dt { (text.receipt.paid) } dd { (price) } }
            }
            (order::refund(visitor, order))
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
    async fn a_receipt_shows_buyer_price_and_ticket() {
        let complete = with(json!({"status": "complete"}));
        for (answers, venue) in
            [(vec![(GET_ORDER, 200, complete.clone()), ticket()], true), (vec![(GET_ORDER, 200, complete)], false)]
        {
            let reply = Site::signed_in(answers).await.get(PLACE_OF_RECEIPT).await;
            assert_eq!(reply.status, 200);
            for known in
                ["<h1>Receipt</h1>", ORDER, "Row &lt;A&gt; &amp; B", "ada@example.com", "$20.50", "Nov 22, 2025"]
            {
                reply.assert_has(known);
            }
            assert_eq!(reply.body.contains("Town Hall"), venue, "details are nice to have");
        }
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

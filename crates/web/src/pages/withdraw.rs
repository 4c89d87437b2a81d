use axum::response::{IntoResponse, Redirect, Response};
use client::Ticket;
use common::id;
use maud::html;

use super::{edit, sign_in, ticket};
use crate::components::TicketState;
use crate::error::PageError;
use crate::forms::FormErrors;
use crate::layout::Page;
use crate::path::PathId;
use crate::visitor::Visitor;

/// Asks whether the seller means it.
pub(crate) async fn show(visitor: Visitor, PathId(id): PathId<id::Ticket>) -> Result<Response, PageError> {
    let ticket = edit::own(&visitor, id).await?;
    Ok(page(&visitor, &ticket, &FormErrors::default()))
}

pub(crate) async fn submit(visitor: Visitor, PathId(id): PathId<id::Ticket>) -> Result<Response, PageError> {
    if visitor.user.is_none() {
        return Ok(Redirect::to(&sign_in::address(&format!("/tickets/{id}/withdraw"))).into_response());
    }
    match visitor.api.withdraw_ticket(id).await {
        Ok(()) => Ok(Redirect::to(&ticket::address(id)).into_response()),
        Err(error) => {
            let errors = FormErrors::or_away(error, visitor.text.sell.withdrawal.away)?;
            let ticket = edit::own(&visitor, id).await?;
            Ok(page(&visitor, &ticket, &errors))
        }
    }
}

fn page(visitor: &Visitor, ticket: &Ticket, errors: &FormErrors) -> Response {
    let text = &visitor.text.sell.withdrawal;
    let obstacle = match TicketState::of(ticket, visitor.now) {
        TicketState::ForSale | TicketState::Unsealed | TicketState::Overdue | TicketState::Begun => None,
        TicketState::Locked => Some(text.reserved),
        TicketState::Sold => Some(text.sold),
        // As it was meant to be.
        TicketState::Withdrawn => return Redirect::to(&ticket::address(ticket.id)).into_response(),
    };
    let main = html! {
        div.narrow {
            h1 { (text.heading) }
            @if obstacle.is_none() { (errors.summary(visitor)) }
            p.order-title dir="auto" { (ticket.title) }
            p { (visitor.formats.money(ticket.price, ticket.currency)) }
            @if let Some(obstacle) = obstacle {
                p.message.warn role="alert" { (obstacle) }
                p { a href=(ticket::address(ticket.id)) { (visitor.text.sell.back_to_ticket) } }
            } @else {
                p { (text.words) }
                form method="post" { button.danger { (text.button) } }
                p { a href=(ticket::address(ticket.id)) { (text.keep) } }
            }
        }
    };
    errors.on(Page::new(visitor, text.heading, main)).into_response()
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use crate::testing::{CannedResponse, Site, USER, with};

    const PLACE: &str = "/tickets/5f1f77bcf86cd799439011b1/withdraw";
    const TICKET: &str = "/tickets/5f1f77bcf86cd799439011b1";
    const SHOW: &str = "GET /api/tickets/5f1f77bcf86cd799439011b1";
    const WITHDRAW: &str = "DELETE /api/tickets/5f1f77bcf86cd799439011b1";

    fn ticket(more: Value) -> CannedResponse {
        let ticket = json!({
            "id": "5f1f77bcf86cd799439011b1", "title": "Row <A>", "price": 20.5, "userId": USER, "version": 3,
        });
        (SHOW, 200, with(ticket, more))
    }

    #[tokio::test]
    async fn the_seller_is_asked_first() {
        let site = Site::signed_in([ticket(json!({}))]).await;
        let page = site.get(PLACE).await;
        assert_eq!(page.status, 200);
        for shown in ["<h1>Withdraw this ticket?</h1>", "Row &lt;A&gt;", "$20.50", ">Withdraw ticket</button>"] {
            page.assert_has(shown);
        }
        page.assert_has(&format!(r#"<a href="{TICKET}">No, keep it for sale</a>"#));
        assert_eq!(site.calls(), [SHOW], "nothing is withdrawn yet");
    }

    #[tokio::test]
    async fn a_withdrawal_leads_to_the_ticket() {
        let site = Site::signed_in([(WITHDRAW, 204, Value::Null)]).await;
        let reply = site.post(PLACE, &[]).await;
        assert_eq!((reply.status, reply.location()), (303, TICKET));
        assert_eq!(site.calls(), [WITHDRAW]);
        // The page of a ticket that is withdrawn already leads there, too.
        let again = Site::signed_in([ticket(json!({"withdrawn": true}))]).await.get(PLACE).await;
        assert_eq!((again.status, again.location()), (303, TICKET));
    }

    #[tokio::test]
    async fn a_seller_overtaken_by_a_buyer_sees_why() {
        let reserved = json!({"errors": [{"code": "ticket_reserved", "message": "Cannot edit a reserved ticket"}]});
        for (state, words) in [
            (
                json!({"orderId": "5f1f77bcf86cd799439011c1"}),
                "Someone is buying this ticket, so it cannot be withdrawn",
            ),
            (json!({"orderId": "5f1f77bcf86cd799439011c1", "sold": true}), "This ticket is sold"),
        ] {
            let page = Site::signed_in([(WITHDRAW, 400, reserved.clone()), ticket(state)]).await.post(PLACE, &[]).await;
            assert_eq!(page.status, 400);
            page.assert_has(words);
            page.assert_lacks("Withdraw ticket</button>");
        }
    }

    #[tokio::test]
    async fn while_nobody_answers_it_is_still_for_sale() {
        let away = json!({"errors": [{"code": "unavailable", "message": "Temporarily unavailable"}]});
        let page = Site::signed_in([(WITHDRAW, 503, away), ticket(json!({}))]).await.post(PLACE, &[]).await;
        assert_eq!(page.status, 503);
        page.assert_has("It is still for sale. Please try again");
        page.assert_has("Withdraw ticket</button>");
    }

    #[tokio::test]
    async fn nobody_else_may() {
        let stranger = Site::answering([ticket(json!({}))]).await;
        let sign_in = "/signin?next=%2Ftickets%2F5f1f77bcf86cd799439011b1%2Fwithdraw";
        assert_eq!(stranger.get(PLACE).await.location(), sign_in);
        assert_eq!(stranger.post(PLACE, &[]).await.location(), sign_in);
        let refused = json!({"errors": [{"message": "Not authorized"}]});
        let theirs = ticket(json!({"userId": "5f1f77bcf86cd799439011ff"}));
        let somebody = Site::signed_in([theirs, (WITHDRAW, 401, refused)]).await;
        for page in [somebody.get(PLACE).await, somebody.post(PLACE, &[]).await] {
            assert_eq!(page.status, 403);
        }
        assert_eq!(Site::signed_in([]).await.post(PLACE, &[]).await.status, 404);
    }
}

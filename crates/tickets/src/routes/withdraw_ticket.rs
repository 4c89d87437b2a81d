use axum::extract::State;
use common::errors::ErrorBody;
use common::id::{Ticket, TicketId};
use http::StatusCode;
use runtime::http::{ApiError, PathId};
use runtime::session::SignedIn;

use super::dto::IfMatch;
use crate::domain::{Change, ChangeRefused, SellerChange};
use crate::error::TicketsError;
use crate::state::TicketsState;

/// Withdraw a ticket of one's own, for good. Doing it once more changes nothing and succeeds.
#[utoipa::path(
    delete,
    path = "/api/tickets/{id}",
    operation_id = "withdrawTicket",
    tag = "tickets",
    security(("session" = [])),
    params(
        ("id" = TicketId, Path, description = "The ticket."),
        ("If-Match" = Option<String>, Header, description = "The version that the seller has seen, as `ETag` has it."),
    ),
    responses(
        (status = 204, description = "The ticket is withdrawn."),
        (status = 400, description = "The ticket is reserved or sold.", body = ErrorBody),
        (status = 401, description = "Not signed in, or not the seller.", body = ErrorBody),
        (status = 404, description = "There is no such ticket.", body = ErrorBody),
        (status = 409, description = "Somebody has changed it since the version that was seen.", body = ErrorBody),
        (status = 429, description = "Too many requests.", body = ErrorBody),
        (status = 503, description = "Temporarily unavailable.", body = ErrorBody),
    )
)]
pub(super) async fn withdraw_ticket(
    State(state): State<TicketsState>,
    SignedIn(seller): SignedIn,
    PathId(id): PathId<Ticket>,
    IfMatch(seen): IfMatch,
) -> Result<StatusCode, ApiError> {
    let withdrawal = SellerChange { seller: seller.user_id, seen, change: Change::Withdraw };
    match state.gate.change(id, &withdrawal).await {
        Ok(_) | Err(TicketsError::ChangeRefused(ChangeRefused::Withdrawn)) => Ok(StatusCode::NO_CONTENT),
        Err(error) => Err(error.into()),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use crate::testing::*;

    #[tokio::test(flavor = "multi_thread")]
    async fn a_withdrawn_ticket_is_not_for_sale_and_its_seller_still_sees_it() {
        let app = start().await;
        let seller = app.user();
        let ticket = listed(&app, &seller, draft("Concert", json!(20))).await;
        for _ in 0..2 {
            assert_eq!(app.delete(&path_of(&ticket)).by(&seller).send().await.status, 204);
        }
        assert_eq!(app.get("/api/tickets").send().await.body, json!([]));
        for path in ["/api/tickets?seller=me", "/api/tickets?seller=me&state=withdrawn", "/api/tickets?state=withdrawn"]
        {
            let mine = app.get(path).by(&seller).send().await.body;
            assert_eq!((&mine[0]["id"], &mine[0]["withdrawn"]), (&ticket["id"], &json!(true)), "{path}");
        }
        assert_eq!(app.get("/api/tickets?seller=me&state=for-sale").by(&seller).send().await.body, json!([]));
        for path in ["/api/tickets?state=gone", "/api/tickets?seller=me&state=gone"] {
            assert_eq!(app.get(path).by(&seller).send().await.status, 400, "{path}");
        }
        assert_eq!(app.get("/api/tickets?state=withdrawn").send().await.status, 401);
        let edit = app.put(&path_of(&ticket)).by(&seller).json(draft("Opera", json!(30))).await;
        assert_eq!((edit.status, edit.codes()), (400, vec!["ticket_withdrawn"]));
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn only_its_seller_withdraws_a_ticket_and_only_while_it_is_free() {
        let (app, orders) = start_with_orders().await;
        let seller = app.user();
        let ticket = listed(&app, &seller, draft("Concert", json!(20))).await;
        let path = path_of(&ticket);
        assert_eq!(app.delete(&path).send().await.status, 401);
        assert_eq!(app.delete(&path).by(&app.user()).send().await.status, 401);
        orders.reserve_all();
        let reply = app.delete(&path).by(&seller).send().await;
        assert_eq!((reply.status, reply.codes()), (400, vec!["ticket_reserved"]));
        assert_eq!(shown(&app, &ticket).await, ticket);
        assert_eq!(app.delete("/api/tickets/5f1f77bcf86cd799439011aa").by(&seller).send().await.status, 404);
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn what_has_been_changed_since_the_seller_saw_it_is_not_withdrawn() {
        let app = start().await;
        let seller = app.user();
        let ticket = listed(&app, &seller, draft("Concert", json!(20))).await;
        let edited = app.put(&path_of(&ticket)).by(&seller).json(draft("Concert", json!(30))).await.body;
        let withdraw = |seen: &'static str| app.delete(&path_of(&ticket)).by(&seller).header("if-match", seen).send();
        let late = withdraw("\"0\"").await;
        assert_eq!((late.status, late.codes()), (409, vec!["ticket_changed"]));
        assert_eq!(shown(&app, &ticket).await, edited);
        assert_eq!(withdraw("\"1\"").await.status, 204);
    }
}

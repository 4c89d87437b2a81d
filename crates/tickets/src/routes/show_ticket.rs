use axum::Json;
use axum::extract::State;
use axum::response::IntoResponse;
use common::errors::ErrorBody;
use common::id::{Ticket, TicketId};
use runtime::http::{ApiError, PathId};

use super::dto::{TicketResponse, entity_tag};
use crate::error::TicketsError;
use crate::state::TicketsState;

/// Show one ticket, whether for sale, locked, sold or withdrawn.
#[utoipa::path(
    get,
    path = "/api/tickets/{id}",
    operation_id = "showTicket",
    tag = "tickets",
    params(("id" = TicketId, Path, description = "The ticket.")),
    responses(
        (status = 200, description = "The ticket.", body = TicketResponse),
        (status = 404, description = "There is no such ticket.", body = ErrorBody),
        (status = 503, description = "Temporarily unavailable.", body = ErrorBody),
    )
)]
pub(super) async fn show_ticket(
    State(state): State<TicketsState>,
    PathId(id): PathId<Ticket>,
) -> Result<impl IntoResponse, ApiError> {
    let found = state.tickets.get(id).await.map_err(TicketsError::from)?;
    let ticket = found.ok_or(TicketsError::NotFound)?;
    Ok((entity_tag(ticket.version), Json(TicketResponse::from(ticket))))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use crate::testing::{draft, order_created, start};

    #[tokio::test(flavor = "multi_thread")]
    async fn a_ticket_is_shown_as_it_was_listed() {
        let app = start().await;
        let listed = app.post("/api/tickets").by(&app.user()).json(draft("Concert", json!("20.50"))).await.body;
        let shown = app.get(&format!("/api/tickets/{}", listed["id"].as_str().expect("an id"))).send().await;
        assert_eq!((shown.status, shown.body), (200, listed));
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn a_locked_ticket_names_its_order() {
        let app = start().await;
        let listed = app.post("/api/tickets").by(&app.user()).json(draft("Concert", json!(20))).await.body;
        let order = order_created(&app, &listed);
        app.publish("orders", &order).await;
        app.settle().await;
        let shown = app.get(&format!("/api/tickets/{}", listed["id"].as_str().expect("an id"))).send().await.body;
        assert_eq!((&shown["orderId"], &shown["version"]), (&json!(order.id), &json!(1)));
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn what_names_no_ticket_is_not_found() {
        let app = start().await;
        for id in ["5f1f77bcf86cd799439011aa", "nonsense", "5f1f77bcf86cd799439011aa0", "%00", "%F0%9F%8E%B8"] {
            let reply = app.get(&format!("/api/tickets/{id}")).send().await;
            assert_eq!((reply.status, reply.messages()), (404, vec!["Not Found"]), "{id}");
        }
    }
}

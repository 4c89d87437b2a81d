use axum::Json;
use axum::extract::State;
use axum::response::IntoResponse;
use common::errors::ErrorBody;
use common::id::{Ticket, TicketId};
use runtime::http::{ApiError, PathId};
use runtime::session::MaybeSignedIn;

use super::dto::{TicketResponse, entity_tag};
use crate::domain::{self, TicketLock};
use crate::error::TicketsError;
use crate::state::TicketsState;

/// Show one ticket, whether for sale, locked, sold or withdrawn.
///
/// Its seller is told a little more: how often it was reserved and not bought, and by which order they have it, if they
/// sell on what we issue.
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
    visitor: Result<MaybeSignedIn, ApiError>,
) -> Result<impl IntoResponse, ApiError> {
    let found = state.tickets.get(id).await.map_err(TicketsError::from)?;
    let ticket = found.ok_or(TicketsError::NotFound)?;
    // Whoever cannot be recognised at present sees what all see.
    let visitor = visitor.ok().and_then(|MaybeSignedIn(session)| session);
    let is_seller = visitor.is_some_and(|session| session.user_id == ticket.seller);
    // Whoever could buy it is told.
    let may_be_bought = matches!(ticket.lock, TicketLock::Free | TicketLock::Unsealed | TicketLock::Locked { .. });
    let also_offered = may_be_bought && is_also_offered(&state, &ticket).await?;
    let tag = entity_tag(ticket.version);
    let ticket = if is_seller { TicketResponse::for_seller(ticket) } else { ticket.into() };
    Ok((tag, Json(ticket.also_offered(also_offered))))
}

async fn is_also_offered(state: &TicketsState, ticket: &domain::Ticket) -> Result<bool, TicketsError> {
    Ok(state.tickets.also_offered(ticket).await?.is_some())
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use common::events::TicketUpdated;

    use crate::testing::{
        added, cancelled, draft, event_draft, listed, order_completed, order_created, path_of, shown, start,
    };

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
    async fn its_seller_alone_is_told_how_often_it_was_reserved_and_not_bought() {
        let app = start().await;
        let seller = app.user();
        let ticket = listed(&app, &seller, draft("Concert", json!(20))).await;
        let told = async |by: Option<&harness::TestUser>| {
            let one = app.get(&path_of(&ticket));
            let one = by.into_iter().fold(one, harness::Request::by).send().await.body;
            one["reservedNotBought"].as_u64()
        };
        assert_eq!(told(Some(&seller)).await, None);
        for times in 1..=2 {
            let order = order_created(&app, &ticket);
            app.publish("orders", &order).await;
            // It comes twice, and counts once.
            for _ in 0..2 {
                app.publish("orders", &cancelled(&order)).await;
            }
            app.settle().await;
            assert_eq!(told(Some(&seller)).await, Some(times));
        }
        assert_eq!((told(None).await, told(Some(&app.user())).await), (None, None));
        let mine = app.get("/api/tickets?seller=me").by(&seller).send().await.body;
        assert_eq!(mine[0]["reservedNotBought"], json!(2));
        let all = app.get("/api/tickets").by(&seller).send().await.body;
        assert_eq!((&all[0]["id"], &all[0]["reservedNotBought"]), (&ticket["id"], &json!(null)));
        let order = order_created(&app, &ticket);
        app.publish("orders", &order).await;
        app.publish("orders", &order_completed(&order)).await;
        app.settle().await;
        assert_eq!(told(Some(&seller)).await, Some(2), "a sale is none");
        let published = json!(app.published::<TicketUpdated>().await).to_string();
        assert!(!published.contains("reservedNotBought"), "{published}");
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn a_seat_that_another_seller_offers_too_is_told() {
        let app = start().await;
        let (ada, eve) = (app.user(), app.user());
        let gala = added(&app, &ada, event_draft("Gala")).await;
        let seat = |title: &str, row: &str| {
            let mut body = draft(title, json!(20));
            (body["eventId"], body["row"], body["seat"]) = (gala["id"].clone(), json!(row), json!("12"));
            body
        };
        let one = listed(&app, &ada, seat("Row F", "F")).await;
        let told = async |ticket: &Value| shown(&app, ticket).await["alsoOffered"].clone();
        assert_eq!(told(&one).await, Value::Null);
        listed(&app, &eve, seat("Another row", "G")).await;
        assert_eq!(told(&one).await, Value::Null);
        let other = listed(&app, &eve, seat("The same row", " f ")).await;
        assert_eq!((told(&one).await, told(&other).await), (json!(true), json!(true)));
        // Once one of the two is sold, whoever looks at the other has even more of a reason to know.
        let order = order_created(&app, &one);
        app.publish("orders", &order).await;
        app.publish("orders", &order_completed(&order)).await;
        app.settle().await;
        assert_eq!((told(&one).await, told(&other).await), (Value::Null, json!(true)));
        assert_eq!(app.delete(&path_of(&other)).by(&eve).send().await.status, 204);
        assert_eq!(told(&other).await, Value::Null);
        let third = listed(&app, &eve, seat("Once more", "F")).await;
        assert_eq!(told(&third).await, json!(true));
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

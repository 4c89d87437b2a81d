use axum::Json;
use axum::extract::State;
use common::gate::{CloseEdition, EditionClosing};
use ports::store::{Conflict, StoreError};

use crate::domain::ClosedEdition;
use crate::error::OrdersError;
use crate::state::OrdersState;

/// How often a closing is tried again because an order that was in its way had just ended.
const MAX_ATTEMPTS: u32 = 8;

/// Closes an edition of a ticket, unless an order holds the ticket (invariant I13).
pub(super) async fn close_edition(
    State(state): State<OrdersState>,
    Json(CloseEdition { ticket_id, edition }): Json<CloseEdition>,
) -> Result<Json<EditionClosing>, OrdersError> {
    for _ in 0..MAX_ATTEMPTS {
        // Orders from before there were editions are found only so. No new ones are made of that kind.
        if state.holders.find(ticket_id).await?.is_some() {
            return Ok(Json(EditionClosing::Reserved));
        }
        let closing = ClosedEdition::new(ticket_id, edition, state.clock.now());
        match state.closed.insert(closing, &()).await {
            Ok(_) | Err(StoreError::Conflict(Conflict::Exists)) => return Ok(Json(EditionClosing::Closed)),
            // An order came first.
            Err(StoreError::Conflict(Conflict::Unique(_))) => {}
            Err(error) => return Err(error.into()),
        }
    }
    Ok(Json(EditionClosing::Reserved))
}

#[cfg(test)]
mod tests {
    use common::edition::Edition;
    use common::events::TicketUpdated;
    use common::gate::{CLOSE_EDITION, CloseEdition, EditionClosing};
    use common::id::TicketId;
    use serde_json::json;

    use crate::testing::*;

    async fn close(app: &App, ticket_id: TicketId, edition: u32) -> EditionClosing {
        let reply = app.ask(CLOSE_EDITION).json(json!(CloseEdition { ticket_id, edition: Edition(edition) })).await;
        assert_eq!(reply.status, 200, "{:?}", reply.body);
        serde_json::from_value(reply.body).expect("an answer")
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn an_ordered_ticket_cannot_be_closed_until_its_order_ends() {
        let app = start().await;
        let (buyer, order_id) = app.placed_order().await;
        let ticket = app.stored(order_id).await.ticket.id;
        assert_eq!(close(&app, ticket, 0).await, EditionClosing::Reserved);
        app.delete(&format!("/api/orders/{order_id}")).by(&buyer).send().await;
        for _ in 0..2 {
            assert_eq!(close(&app, ticket, 0).await, EditionClosing::Closed, "and again");
        }
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn no_order_is_made_of_a_closed_edition_but_of_the_next() {
        let app = start().await;
        let ticket = app.listed_ticket().await;
        assert_eq!(close(&app, ticket.id, 0).await, EditionClosing::Closed);
        let reply = app.order(&app.user(), ticket.id).await;
        assert_eq!((reply.status, reply.codes()), (503, vec!["ticket_being_changed"]));
        let mut edited = next_version(&ticket);
        (edited.price, edited.edition) = (price(9900), Edition(1));
        app.publish("tickets", &TicketUpdated(edited)).await;
        app.settle().await;
        let reply = app.order(&app.user(), ticket.id).await;
        assert_eq!((reply.status, &reply.body["ticket"]["price"]), (201, &json!(99)));
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn of_orders_and_closings_at_once_one_wins() {
        let app = start().await;
        for _ in 0..20 {
            let ticket = app.listed_ticket().await;
            let buyer = app.user();
            let (ordered, closed) = tokio::join!(app.order(&buyer, ticket.id), close(&app, ticket.id, 0));
            let expected = if ordered.status == 201 { EditionClosing::Reserved } else { EditionClosing::Closed };
            assert_eq!(closed, expected, "{:?}", ordered.body);
        }
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn an_order_waits_for_the_edition_that_is_on_its_way() {
        let app = start().await;
        let ticket = app.listed_ticket().await;
        assert_eq!(close(&app, ticket.id, 0).await, EditionClosing::Closed);
        let buyer = app.user();
        let edit = async {
            app.until_somebody_waits().await;
            let mut edited = next_version(&ticket);
            (edited.price, edited.edition) = (price(9900), Edition(1));
            app.publish("tickets", &TicketUpdated(edited)).await;
        };
        let (reply, ()) = tokio::join!(app.order(&buyer, ticket.id), edit);
        assert_eq!((reply.status, &reply.body["ticket"]["price"]), (201, &json!(99)));
    }
}

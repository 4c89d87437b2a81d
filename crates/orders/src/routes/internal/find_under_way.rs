use std::collections::BTreeSet;

use axum::Json;
use axum::extract::State;
use common::erasure::{FindUnderWay, UnderWay};
use common::id::UserId;
use common::version::Versioned;
use ports::store::{Condition, Query};

use crate::domain::Ticket;
use crate::erasure::orders_of;
use crate::error::OrdersError;
use crate::state::OrdersState;
use crate::store::TICKET_SELLER;

/// Says what is under way of somebody's who wants to be erased: of what they buy, and of what they sell.
pub(super) async fn find_under_way(
    State(state): State<OrdersState>,
    Json(FindUnderWay { user_id }): Json<FindUnderWay>,
) -> Result<Json<BTreeSet<UnderWay>>, OrdersError> {
    let now = state.clock.now();
    let bought = orders_of(&state, user_id).await?;
    let mut under_way: BTreeSet<_> = bought.iter().filter_map(|order| order.under_way(now)).collect();
    for ticket in tickets_of(&state, user_id).await? {
        under_way.extend(of_listing(&state, &ticket).await?);
    }
    Ok(Json(under_way))
}

async fn of_listing(state: &OrdersState, ticket: &Ticket) -> Result<Option<UnderWay>, OrdersError> {
    let now = state.clock.now();
    Ok(match state.holders.find(ticket.id).await? {
        Some(order) if order.status().is_open() => Some(UnderWay::Listing),
        Some(order) => order.under_way(now),
        None if ticket.withdrawn => None,
        None => {
            // What nobody has bought until it began, nobody can buy any more.
            let has_begun = ticket.details.starts_at.is_some_and(|starts_at| starts_at <= now);
            (!has_begun).then_some(UnderWay::Listing)
        }
    })
}

async fn tickets_of(state: &OrdersState, seller: UserId) -> Result<Vec<Versioned<Ticket>>, OrdersError> {
    let of_seller = Condition::Equals(TICKET_SELLER, seller.to_string().into());
    Ok(state.tickets.find(&Query::all(vec![of_seller])).await?)
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use common::erasure::FIND_UNDER_WAY;
    use common::events::{TicketCreated, TicketUpdated};
    use common::id::UserId;
    use serde_json::{Value, json};

    use crate::testing::*;

    async fn under_way(app: &App, user: UserId) -> Value {
        let reply = app.ask(FIND_UNDER_WAY).json(json!({"userId": user})).await;
        assert_eq!(reply.status, 200, "{:?}", reply.body);
        reply.body
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn a_buyer_is_told_of_what_is_not_paid_yet() {
        let app = start().await;
        let (ada, order) = app.placed_order().await;
        assert_eq!(under_way(&app, ada.id).await, json!(["reservation"]));
        app.pay(order).await;
        assert_eq!(under_way(&app, ada.id).await, json!([]));
        assert_eq!(under_way(&app, app.user().id).await, json!([]), "who has done nothing");
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn a_seller_is_told_of_what_is_for_sale_or_reserved_until_it_is_withdrawn_sold_or_over() {
        let app = start().await;
        let mut ticket = app.ticket();
        ticket.details.starts_at = Some(app.clock.now() + Duration::from_secs(3600));
        app.publish("tickets", &TicketCreated(ticket.clone())).await;
        app.settle().await;
        let seller = ticket.user_id;
        assert_eq!(under_way(&app, seller).await, json!(["listing"]));
        let reply = app.order(&app.user(), ticket.id).await;
        assert_eq!(under_way(&app, seller).await, json!(["listing"]));
        app.pay(reply.body["id"].as_str().expect("an id").parse().expect("an id")).await;
        assert_eq!(under_way(&app, seller).await, json!(["event-to-come"]));
        app.clock.advance(Duration::from_secs(3600));
        assert_eq!(under_way(&app, seller).await, json!([]));

        let unsold = app.listed_ticket().await;
        assert_eq!(under_way(&app, unsold.user_id).await, json!(["listing"]));
        let mut withdrawn = next_version(&unsold);
        withdrawn.withdrawn = true;
        app.publish("tickets", &TicketUpdated(withdrawn)).await;
        app.settle().await;
        assert_eq!(under_way(&app, unsold.user_id).await, json!([]));
    }
}

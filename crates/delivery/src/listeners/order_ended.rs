use common::events::{OrderCancelled, OrderCompleted};
use common::id::OrderId;
use common::version::Version;
use runtime::listener::{Handled, ListenError};
use runtime::store::UpdateContext;

use super::NOT_HEARD_OF;
use crate::domain::{Handover, Heard};
use crate::handing_over::hand_over;
use crate::state::DeliveryState;

/// Hands over what the buyer has paid for.
pub(super) async fn completed(state: DeliveryState, event: OrderCompleted) -> Handled {
    hear(&state, event.id, event.version, Heard::Completed).await?;
    hand_over(&state, event.id).await
}

/// Takes back what was handed over by the order.
pub(super) async fn cancelled(state: DeliveryState, event: OrderCancelled) -> Handled {
    hear(&state, event.id, event.version, Heard::Cancelled).await?;
    hand_over(&state, event.id).await
}

async fn hear(state: &DeliveryState, order: OrderId, version: Version, heard: Heard) -> Handled {
    let hear = |handover: &mut Handover, _: UpdateContext| Ok::<_, ListenError>(handover.hear(version, heard)?);
    state.handovers.update(order, hear).await?.ok_or(NOT_HEARD_OF)?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use common::events::{CancelReason, DeliveryMissed, DeliveryReleased, TicketCreated};
    use common::version::Version;

    use crate::service_testing::*;

    #[tokio::test(flavor = "multi_thread")]
    async fn what_comes_after_the_sale_is_handed_over_when_it_comes() {
        let app = start().await;
        let (seller, buyer) = (app.user(), app.user());
        let ticket = app.listed(&seller, app.later()).await;
        let order = app.bought(&buyer, &ticket).await;
        assert_eq!(app.delivery(&buyer, order.id).await.body["state"], "waiting");
        assert_eq!(app.upload(&seller, &ticket, pdf("CODE=A1")).await.status, 200);
        let delivery = app.delivery(&buyer, order.id).await.body;
        assert_eq!((&delivery["state"], &delivery["codes"][0]["text"]), (&"released".into(), &"A1".into()));
        assert_eq!(app.sealed_file(&seller, &ticket).await.status, 404);
        let refused = app.upload(&seller, &ticket, pdf("CODE=B2")).await;
        assert_eq!((refused.status, refused.codes()), (400, vec!["ticket_sold"]));
        app.clock.advance(2 * HOUR);
        app.settle().await;
        assert_eq!(app.published::<DeliveryReleased>().await.len(), 1);
        assert!(app.published::<DeliveryMissed>().await.is_empty());
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn what_came_before_the_sale_of_a_later_listing_is_handed_over_with_it() {
        let app = start().await;
        let (seller, buyer) = (app.user(), app.user());
        let ticket = app.listed(&seller, app.later()).await;
        for code in ["A1", "B2"] {
            assert_eq!(app.upload(&seller, &ticket, pdf(&format!("CODE={code}"))).await.status, 200);
        }
        let order = app.bought(&buyer, &ticket).await;
        assert_eq!(app.delivery(&buyer, order.id).await.body["codes"][0]["text"], "B2");
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn events_that_come_in_any_order_and_twice_hand_it_over_once() {
        let app = start().await;
        let (seller, buyer) = (app.user(), app.user());
        let mut ticket = app.listing(&seller, app.later());
        let order = app.order(&buyer, &ticket);
        for _ in 0..2 {
            app.publish("orders", &order_completed(&order)).await;
            app.publish("orders", &order).await;
        }
        app.publish("tickets", &TicketCreated(ticket.clone())).await;
        app.settle().await;
        app.change(&mut ticket, |ticket| (ticket.order_id, ticket.sold) = (Some(order.id), true)).await;
        assert_eq!(app.upload(&seller, &ticket, pdf("CODE=A1")).await.status, 200);
        assert_eq!(app.delivery(&buyer, order.id).await.body["state"], "released");
        let released = app.published::<DeliveryReleased>().await;
        assert_eq!((released.len(), released[0].version), (1, Version(1)));
        assert_eq!(app.dead_letters().await, Vec::<String>::new());
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn an_order_that_is_cancelled_unpaid_gets_nothing_and_takes_nothing() {
        let app = start().await;
        let (seller, ada, bob) = (app.user(), app.user(), app.user());
        let ticket = app.sealed(&seller, "A1").await;
        let cancelled = app.order(&ada, &ticket);
        app.publish("orders", &cancellation(&cancelled, 1, CancelReason::Expired)).await;
        app.publish("orders", &cancelled).await;
        app.settle().await;
        assert_eq!(app.delivery(&ada, cancelled.id).await.body["state"], "unpaid");
        assert_eq!(app.sealed_file(&seller, &ticket).await.status, 200);
        let order = app.bought(&bob, &ticket).await;
        assert_eq!(app.delivery(&bob, order.id).await.body["state"], "released");
        assert_eq!(app.delivered_file(&ada, cancelled.id).await.status, 404);
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn an_order_gets_what_it_was_made_of_and_not_what_replaces_it() {
        let app = start().await;
        let (seller, buyer) = (app.user(), app.user());
        let ticket = app.sealed(&seller, "A1").await;
        let order = app.order(&buyer, &ticket);
        // Nobody here has heard of the order yet.
        assert_eq!(app.upload(&seller, &ticket, pdf("CODE=B2")).await.status, 200);
        app.publish("orders", &order).await;
        app.settle().await;
        app.publish("orders", &order_completed(&order)).await;
        app.settle().await;
        assert_eq!(app.delivery(&buyer, order.id).await.body["codes"][0]["text"], "A1");
    }
}

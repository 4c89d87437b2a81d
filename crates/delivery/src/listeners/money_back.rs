use common::events::{DisputeStatus, PaymentDisputed, PaymentRefunded, RefundStatus};
use common::id::OrderId;
use common::money::Price;
use common::outcome::Outcome;
use runtime::listener::{Handled, ListenError};
use runtime::store::UpdateContext;

use super::NOT_HEARD_OF;
use crate::domain::Handover;
use crate::handing_over::hand_over;
use crate::state::DeliveryState;

/// Takes the ticket from a buyer to whom all of the price goes back, whoever sees to that. What was said of an order's
/// refunds before, or is said of them later, does not matter: each such event says how all of them stand.
pub(super) async fn refunded(state: DeliveryState, event: PaymentRefunded) -> Handled {
    let back = going_back(&event);
    hear(&state, event.order_id, |handover| handover.hear_refunds(back.iter().copied())).await
}

/// Takes it from a buyer whose bank has taken the money back, for good.
pub(super) async fn disputed(state: DeliveryState, event: PaymentDisputed) -> Handled {
    match event.status {
        DisputeStatus::Lost => hear(&state, event.order_id, Handover::take_back).await,
        DisputeStatus::Open | DisputeStatus::Won | DisputeStatus::Other => Ok(()),
    }
}

/// The refunds that are under way or have succeeded.
fn going_back(event: &PaymentRefunded) -> Vec<Price> {
    let alone = [(event.amount, event.status)];
    let several = event.refunds.iter().map(|refund| (refund.amount, refund.status));
    let all = alone.into_iter().filter(|_| event.refunds.is_empty()).chain(several);
    let alive = all.filter(|(_, status)| matches!(status, RefundStatus::Pending | RefundStatus::Succeeded));
    alive.map(|(amount, _)| amount).collect()
}

async fn hear(state: &DeliveryState, order: OrderId, mut hear: impl FnMut(&mut Handover) -> Outcome<()>) -> Handled {
    let hear = |handover: &mut Handover, _: UpdateContext| Ok::<_, ListenError>(hear(handover));
    let heard = state.handovers.update(order, hear).await?.ok_or(NOT_HEARD_OF)?;
    if heard.aggregate.is_ended() { hand_over(state, order).await } else { Ok(()) }
}

#[cfg(test)]
mod tests {
    use common::events::{
        DeliveryMissed, DeliveryReleased, DisputeStatus, OrderCreated, PaymentDisputed, PaymentRefunded,
        RefundStanding, RefundStatus, TicketCreated,
    };
    use common::money::Price;
    use serde_json::json;

    use crate::service_testing::*;

    fn price(minor: i64) -> Price {
        Price::from_minor_units(minor).expect("a price")
    }

    /// All of the 20.50.
    fn refund(order: &OrderCreated, status: RefundStatus) -> PaymentRefunded {
        let amount = order.ticket.price;
        PaymentRefunded { order_id: order.id, amount, stripe_refund_id: "re_1".into(), status, refunds: Vec::new() }
    }

    /// The last of several refunds.
    fn part(order: &OrderCreated, all: &[(i64, RefundStatus)]) -> PaymentRefunded {
        let standing = |(number, (minor, status)): (usize, &(i64, RefundStatus))| RefundStanding {
            amount: price(*minor),
            stripe_refund_id: format!("re_{number}"),
            status: *status,
        };
        let refunds: Vec<_> = all.iter().enumerate().map(standing).collect();
        let last = refunds.last().expect("one").clone();
        let RefundStanding { amount, stripe_refund_id, status } = last;
        PaymentRefunded { order_id: order.id, amount, stripe_refund_id, status, refunds }
    }

    fn dispute(order: &OrderCreated, status: DisputeStatus) -> PaymentDisputed {
        let amount = order.ticket.price;
        PaymentDisputed { order_id: order.id, amount, stripe_dispute_id: "dp_1".into(), status }
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn a_full_refund_takes_the_ticket_away_for_good_and_gives_it_to_nobody() {
        let app = start().await;
        let (seller, buyer) = (app.user(), app.user());
        let ticket = app.sealed(&seller, "A1").await;
        let order = app.bought(&buyer, &ticket).await;
        assert_eq!(app.delivered_file(&buyer, order.id).await.status, 200);
        // It fails in the end, which does not bring the ticket back.
        for status in [RefundStatus::Pending, RefundStatus::Succeeded, RefundStatus::Failed, RefundStatus::Pending] {
            app.publish("payments", &refund(&order, status)).await;
            app.settle().await;
            let taken = app.delivery(&buyer, order.id).await.body;
            assert_eq!(
                (&taken["state"], &taken["codes"], &taken["file"]),
                (&json!("taken_back"), &json!([]), &json!(null))
            );
            assert_eq!(app.delivered_file(&buyer, order.id).await.status, 404, "{status:?}");
        }
        assert_eq!(app.sealed_file(&seller, &ticket).await.status, 404, "it is sold");
        assert_eq!(app.sealing(&seller, &ticket).await.body["state"], "sold");
        let again = app.listed(&seller, sealed(0)).await;
        assert_eq!(app.upload(&seller, &again, pdf("CODE=A1")).await.codes(), ["code_listed"]);
        app.clock.advance(HOUR);
        app.settle().await;
        assert_eq!(app.upload(&seller, &again, pdf("CODE=A1")).await.codes(), ["code_listed"]);
        assert_eq!(app.published::<DeliveryReleased>().await.len(), 1);
        assert_eq!(app.dead_letters().await, Vec::<String>::new());
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn parts_take_it_away_once_they_are_all_of_the_price() {
        use RefundStatus::{Failed, Pending, Succeeded};
        let app = start().await;
        let (seller, buyer) = (app.user(), app.user());
        let order = app.bought(&buyer, &app.sealed(&seller, "A1").await).await;
        for (all, state) in [
            (vec![(1000, Succeeded)], "released"),
            (vec![(1000, Failed), (1050, Succeeded)], "released"),
            (vec![(1000, Failed), (1050, Succeeded), (999, Pending)], "released"),
            (vec![(1000, Failed), (1050, Succeeded), (999, Pending), (1, Pending)], "taken_back"),
        ] {
            app.publish("payments", &part(&order, &all)).await;
            app.settle().await;
            assert_eq!(app.delivery(&buyer, order.id).await.body["state"], state, "{all:?}");
        }
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn a_lost_dispute_takes_it_away_and_no_other() {
        let app = start().await;
        let (seller, buyer) = (app.user(), app.user());
        let order = app.bought(&buyer, &app.sealed(&seller, "A1").await).await;
        for (status, state) in [
            (DisputeStatus::Open, "released"),
            (DisputeStatus::Won, "released"),
            (DisputeStatus::Lost, "taken_back"),
            (DisputeStatus::Open, "taken_back"),
            (DisputeStatus::Won, "taken_back"),
        ] {
            app.publish("payments", &dispute(&order, status)).await;
            app.settle().await;
            assert_eq!(app.delivery(&buyer, order.id).await.body["state"], state, "{status:?}");
        }
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn a_refund_that_overtakes_everything_else_waits_and_nothing_is_released() {
        let app = start().await;
        let (seller, buyer) = (app.user(), app.user());
        let mut ticket = app.listing(&seller, app.later());
        let order = app.order(&buyer, &ticket);
        app.publish("payments", &refund(&order, RefundStatus::Succeeded)).await;
        app.publish("orders", &order_completed(&order)).await;
        app.publish("orders", &order).await;
        app.publish("tickets", &TicketCreated(ticket.clone())).await;
        app.settle().await;
        app.change(&mut ticket, |ticket| (ticket.order_id, ticket.sold) = (Some(order.id), true)).await;
        assert_eq!(app.upload(&seller, &ticket, pdf("CODE=A1")).await.status, 200);
        assert_eq!(app.delivery(&buyer, order.id).await.body["state"], "taken_back");
        app.clock.advance(2 * HOUR);
        app.settle().await;
        assert!(app.published::<DeliveryReleased>().await.is_empty());
        assert!(app.published::<DeliveryMissed>().await.is_empty(), "there is nothing to give back any more");
        assert_eq!(app.dead_letters().await, Vec::<String>::new());
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn a_place_that_we_issue_is_void_once_its_money_went_back() {
        let app = start().await;
        let (organiser, buyer) = (app.user(), app.user());
        let event = app.organised_by(&organiser).await;
        let order = app.bought(&buyer, &app.issued(&organiser, event, None).await).await;
        let code = app.code(&buyer, order.id).await;
        for _ in 0..2 {
            app.publish("payments", &refund(&order, RefundStatus::Pending)).await;
        }
        app.settle().await;
        let taken = app.delivery(&buyer, order.id).await.body;
        assert_eq!((&taken["state"], &taken["codes"]), (&json!("taken_back"), &json!([])));
        assert_eq!(app.check_in(&organiser, event, "North", &[("1", &code)]).await[0]["answer"], "void");
        // Nor is it issued to an order that is heard to be paid afterwards.
        let ticket = app.issued(&organiser, event, None).await;
        let late = app.order(&buyer, &ticket);
        app.publish("orders", &late).await;
        app.settle().await;
        app.publish("payments", &refund(&late, RefundStatus::Pending)).await;
        app.settle().await;
        app.publish("orders", &order_completed(&late)).await;
        app.settle().await;
        assert_eq!(app.delivery(&buyer, late.id).await.body["state"], "taken_back");
        assert_eq!(app.sealing(&organiser, &ticket).await.body["state"], "sold");
        assert!(app.published::<DeliveryMissed>().await.is_empty());
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn what_was_sold_on_stays_with_who_bought_it_then() {
        let app = start().await;
        let (organiser, ada, bob) = (app.user(), app.user(), app.user());
        let event = app.organised_by(&organiser).await;
        let first = app.bought(&ada, &app.issued(&organiser, event, None).await).await;
        let second = app.bought(&bob, &app.issued(&ada, event, Some(first.id)).await).await;
        app.publish("payments", &refund(&first, RefundStatus::Succeeded)).await;
        app.settle().await;
        let code = app.code(&bob, second.id).await;
        assert_eq!(app.check_in(&organiser, event, "North", &[("1", &code)]).await[0]["answer"], "admitted");
    }
}

//! A ticket goes with its money: whoever has all of it back has the ticket no more, and nobody else has it.

use client::{Client, DeliveryForm, DeliveryState, Order, OrderStatus};
use stripe_sim::{DisputeOutcome, RefundFate, RefundStatus};
use testkit::on_both_engines;
use testkit::passes::pass;
use testkit::world::{Engine, PRICE, World, within};

use super::{bought, later, listed, refusal, sealed, texts};

on_both_engines!(
    a_refund_in_the_dashboard_takes_the_ticket_away_for_good,
    a_lost_dispute_takes_the_ticket_away,
    what_is_paid_back_is_not_awaited_any_more,
);

/// The intent that has paid an order.
async fn intent(world: &World, order: &Order) -> String {
    let ledger = world.simulator.ledger().await.expect("a ledger");
    ledger.with_metadata("order_id", &order.id.to_string()).next().expect("an intent").id.clone()
}

/// Returns when the order's buyer is told this of the ticket.
async fn until(world: &World, buyer: &Client, order: &Order, state: DeliveryState) {
    within(async {
        while buyer.delivery(order.id).await.expect("is there").state != state {
            tokio::time::sleep(std::time::Duration::from_millis(5)).await;
        }
    })
    .await;
    world.settle().await;
}

/// The buyer sees nothing of it any more, nor does its seller, and it cannot be listed again.
async fn assert_gone(world: &World, (seller, buyer): (&Client, &Client), order: &Order, code: &str) {
    until(world, buyer, order, DeliveryState::TakenBack).await;
    let delivery = buyer.delivery(order.id).await.expect("is there");
    assert!(delivery.codes.is_empty() && delivery.file.is_none(), "{delivery:?}");
    assert_eq!(refusal(buyer.delivered_file(order.id).await).0, 404);
    assert_eq!(refusal(seller.sealed_file(order.ticket.id).await).0, 404);
    let again = listed(world, seller, DeliveryForm::Sealed).await;
    assert_eq!(refusal(seller.seal_file(again.id, pass(code)).await), (409, "code_listed".into()));
    assert_eq!(buyer.order(order.id).await.expect("is there").status, OrderStatus::Complete, "the ticket stays sold");
}

async fn a_refund_in_the_dashboard_takes_the_ticket_away_for_good(engine: Engine) {
    let world = World::start(engine).await;
    let (seller, buyer) = (world.user("seller").await, world.user("buyer").await);
    let order = bought(&world, &buyer, sealed(&world, &seller, "REFUNDED").await.id).await;
    let intent = intent(&world, &order).await;
    let refund = async |part: Option<i64>, fate| {
        world.simulator.refund_in_dashboard_with(&intent, part, fate).await.expect("refunds")
    };
    refund(Some(PRICE - 1), None).await;
    within(async {
        while buyer.order(order.id).await.expect("is there").refund.is_none() {
            tokio::time::sleep(std::time::Duration::from_millis(5)).await;
        }
    })
    .await;
    world.settle().await;
    assert_eq!(texts(&buyer.delivery(order.id).await.expect("is there")), ["REFUNDED"], "a part changes nothing");
    // The rest is on its way, and never arrives.
    let rest = refund(None, Some(RefundFate::Pends)).await;
    assert_gone(&world, (&seller, &buyer), &order, "REFUNDED").await;
    world.simulator.settle_refund(&rest, RefundStatus::Failed).await.expect("fails");
    world.settle().await;
    assert_gone(&world, (&seller, &buyer), &order, "REFUNDED").await;
    assert_eq!(world.dead_letters().await, []);
    world.end().await;
}

async fn a_lost_dispute_takes_the_ticket_away(engine: Engine) {
    let world = World::start(engine).await;
    let (seller, buyer) = (world.user("seller").await, world.user("buyer").await);
    for (code, outcome) in [("WON", DisputeOutcome::Won), ("LOST", DisputeOutcome::Lost)] {
        let order = bought(&world, &buyer, sealed(&world, &seller, code).await.id).await;
        let intent = intent(&world, &order).await;
        world.simulator.open_dispute(&intent).await.expect("disputes");
        within(async {
            while buyer.order(order.id).await.expect("is there").dispute.is_none() {
                tokio::time::sleep(std::time::Duration::from_millis(5)).await;
            }
        })
        .await;
        world.settle().await;
        assert_eq!(texts(&buyer.delivery(order.id).await.expect("is there")), [code], "the bank has not decided");
        world.simulator.close_dispute(&intent, outcome).await.expect("decides");
        world.settle().await;
        match outcome {
            DisputeOutcome::Won => until(&world, &buyer, &order, DeliveryState::Released).await,
            DisputeOutcome::Lost => assert_gone(&world, (&seller, &buyer), &order, code).await,
        }
    }
    assert_eq!(world.dead_letters().await, []);
    world.end().await;
}

async fn what_is_paid_back_is_not_awaited_any_more(engine: Engine) {
    let world = World::start(engine).await;
    let (seller, buyer) = (world.user("seller").await, world.user("buyer").await);
    let order = bought(&world, &buyer, listed(&world, &seller, later(&world)).await.id).await;
    let intent = intent(&world, &order).await;
    world.simulator.refund_in_dashboard(&intent).await.expect("refunds");
    until(&world, &buyer, &order, DeliveryState::TakenBack).await;
    world.advance(super::HOUR * 2);
    world.settle().await;
    assert_eq!(buyer.delivery(order.id).await.expect("is there").state, DeliveryState::TakenBack);
    assert_eq!(buyer.order(order.id).await.expect("is there").status, OrderStatus::Complete, "nothing was missed");
    assert_eq!(world.dead_letters().await, []);
    world.end().await;
}

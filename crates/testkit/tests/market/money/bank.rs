//! Cards whose bank asks the buyer first (3-D Secure).

use std::time::Duration;

use client::OrderStatus::{AwaitingPayment, Cancelled, Complete, Created};
use client::PaymentStatus::{ActionRequired, Captured, NotCharged};
use client::{OrderId, PaymentAction};
use stripe_sim::Authentication::{self, Approved, Refused};
use testkit::on_both_engines;
use testkit::world::{Engine, PRICE, World};

use super::{Story, WINDOW};

on_both_engines!(
    what_the_buyer_approves_is_paid_once,
    what_the_buyer_refuses_can_be_paid_with_another_card,
    what_the_buyer_approves_too_late_is_given_up,
    what_the_buyer_abandons_is_no_decline,
);

/// An order whose buyer is at their bank.
async fn at_the_bank(story: &Story) -> OrderId {
    let order = story.order().await;
    let paid = story.buyer.pay(order, "tok_threeDSecure2Required").await.expect("the bank asks");
    assert!(matches!(paid.action, Some(PaymentAction::Redirect { .. })), "{paid:?}");
    story.until_told(order, (AwaitingPayment, ActionRequired)).await;
    order
}

async fn says(story: &Story, order: OrderId, told: Authentication) {
    let intent = story.intent(order).await.id;
    story.world.simulator.authenticate(&intent, told).await.expect("the bank asks");
}

/// The order can still be paid, although its buyer may have only one card declined.
async fn is_payable(story: &Story, order: OrderId) {
    story.world.settle().await;
    assert_eq!(story.intent(order).await.status, "canceled", "the buyer has the secret of it");
    story.buyer.pay(order, "tok_visa").await.expect("pays");
    story.until_told(order, (Complete, Captured)).await;
    assert_eq!(story.intents(order).await.iter().map(|intent| intent.captured).sum::<i64>(), PRICE);
}

/// Stripe tells at once, or nobody tells until payments has asked. Whatever the buyer says after that changes nothing.
async fn what_the_buyer_approves_is_paid_once(engine: Engine) {
    let story = Story::begin(World::start(engine).await).await;
    let faults = story.world.simulator.faults();
    for webhook_is_first in [true, false] {
        let order = at_the_bank(&story).await;
        let refused = story.buyer.cancel_order(order).await.expect_err("it is being paid");
        assert_eq!(refused.code(), Some("being_paid"));
        faults.hold_webhooks(!webhook_is_first);
        says(&story, order, Approved).await;
        if webhook_is_first {
            story.until_told(order, (Complete, Captured)).await;
        } else {
            story.in_time_told(order, (Complete, Captured)).await;
        }
        let intent = story.intent(order).await.id;
        for again in [Approved, Refused] {
            story.world.simulator.authenticate(&intent, again).await.expect_err("the bank does not ask any more");
        }
        faults.hold_webhooks(false);
        story.world.settle().await;
        assert_eq!(story.told(order).await, (Complete, Captured), "webhook first: {webhook_is_first}");
        let intent = story.intent(order).await;
        assert_eq!((intent.captured, intent.refunds.len()), (PRICE, 0));
    }
    story.end().await;
}

async fn what_the_buyer_refuses_can_be_paid_with_another_card(engine: Engine) {
    let story = Story::begin(World::start(engine).await).await;
    let order = at_the_bank(&story).await;
    says(&story, order, Refused).await;
    story.until_told(order, (Created, NotCharged)).await;
    is_payable(&story, order).await;
    story.end().await;
}

async fn what_the_buyer_approves_too_late_is_given_up(engine: Engine) {
    let story = Story::begin(World::start(engine).await).await;
    let faults = story.world.simulator.faults();
    for is_approved in [true, false] {
        let order = at_the_bank(&story).await;
        // It was approved, but nobody hears of it in time.
        faults.hold_webhooks(true);
        if is_approved {
            says(&story, order, Approved).await;
        }
        story.world.advance(WINDOW);
        // The clock stands still, so that orders waits for news: payments gives the intent up before the ticket is free.
        story.until_told(order, (Cancelled, NotCharged)).await;
        let intent = story.intent(order).await;
        assert_eq!((intent.status.as_str(), intent.captured, intent.refunds.len()), ("canceled", 0, 0));
        faults.hold_webhooks(false);
        story.world.settle().await;
        story.assert_reads(order, "You were not charged.").await;
        story.world.simulator.authenticate(&intent.id, Approved).await.expect_err("the bank does not ask any more");
    }
    story.end().await;
}

async fn what_the_buyer_abandons_is_no_decline(engine: Engine) {
    let story = Story::begin(World::start(engine).await).await;
    let order = at_the_bank(&story).await;
    story.world.advance(Duration::from_secs(10 * 60));
    story.in_time_told(order, (Created, NotCharged)).await;
    is_payable(&story, order).await;
    story.end().await;
}

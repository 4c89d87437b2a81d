//! What others do with the money: people in Stripe's dashboard, and the buyer's bank.

use client::OrderStatus::Complete;
use client::PaymentStatus::{Captured, Disputed, Refunded};
use client::{DisputeStatus, RefundState};
use stripe_sim::DisputeOutcome;
use testkit::on_both_engines;
use testkit::world::{Engine, World};

use super::Story;

on_both_engines!(a_refund_in_the_dashboard_is_shown_on_the_order, a_dispute_is_shown_on_the_order);

async fn a_refund_in_the_dashboard_is_shown_on_the_order(engine: Engine) {
    let story = Story::begin(World::start(engine).await).await;
    let order = story.paid().await;
    let intent = story.intent(order).await.id;
    let refund = story.world.simulator.refund_in_dashboard(&intent).await.expect("refunds");
    story.until_told(order, (Complete, Refunded)).await;
    story.world.settle().await;
    let shown = story.buyer.order(order).await.expect("is there").refund.expect("a refund");
    assert_eq!(shown.state, RefundState::Refunded);
    let payment = story.buyer.payment(order).await.expect("an answer").expect("a payment");
    assert_eq!(payment.stripe_refund_id, Some(refund));
    story.end().await;
}

async fn a_dispute_is_shown_on_the_order(engine: Engine) {
    let story = Story::begin(World::start(engine).await).await;
    let simulator = story.world.simulator.clone();
    for (outcome, told, shown) in
        [(DisputeOutcome::Lost, Disputed, DisputeStatus::Lost), (DisputeOutcome::Won, Captured, DisputeStatus::Won)]
    {
        let order = story.paid().await;
        let intent = story.intent(order).await.id;
        simulator.open_dispute(&intent).await.expect("disputes");
        story.until_told(order, (Complete, Disputed)).await;
        let dispute = || async { story.buyer.order(order).await.expect("is there").dispute };
        story.world.settle().await;
        assert_eq!(dispute().await, Some(DisputeStatus::Open));
        simulator.close_dispute(&intent, outcome).await.expect("decides");
        story.until_told(order, (Complete, told)).await;
        story.world.settle().await;
        assert_eq!(dispute().await, Some(shown));
    }
    story.end().await;
}
